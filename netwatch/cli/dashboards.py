"""`netwatch dashboards`: writes the generated Grafana dashboards, or compares them with what is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.cli.generated import compare, write

if TYPE_CHECKING:
    import argparse

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
    made = files()
    return compare(folder, made, "netwatch dashboards") if arguments.check else write(folder, made)
