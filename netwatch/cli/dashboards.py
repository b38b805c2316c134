"""`netwatch dashboards`: writes the generated Grafana dashboards, or compares them with what is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

HELP = "Write the generated Grafana dashboards."
EXAMPLE = "netwatch dashboards --check"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the files differ")
    parser.add_argument("--output", metavar="DIR", default="grafana", help="default: grafana")


def run(arguments: argparse.Namespace) -> int:
    """Write or compare; 1 where a file differs or cannot be written, or the SDK is missing."""
    try:
        from netwatch.publishing.dashboards.generate import files
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "grafana_foundation_sdk":
            raise
        print("grafana-foundation-sdk is missing: pip install 'netwatch[dev]'", file=sys.stderr)
        return 1
    folder = Path(arguments.output)
    return _compare(folder, files()) if arguments.check else _write(folder, files())


def _compare(folder: Path, files: Mapping[str, str]) -> int:
    differing = [name for name, text in files.items() if _text(folder / name) != text]
    for name in differing:
        print(f"{folder / name} differs from what is generated: run netwatch dashboards", file=sys.stderr)
    return 1 if differing else 0


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(folder: Path, files: Mapping[str, str]) -> int:
    for name, text in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            print(f"{path} cannot be written: {error.strerror}", file=sys.stderr)
            return 1
        print(path)
    return 0
