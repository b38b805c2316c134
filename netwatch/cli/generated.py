"""Files that are written from the code and committed: to write them, or to tell which differ."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def compare(folder: Path, files: Mapping[str, str], command: str, pattern: str = "") -> int:
    """Tell which of `files` (text by path below `folder`) differ; 1 if any does.

    So does a file that `pattern` (a glob) finds and nothing makes: whoever reads them all would read it too.
    """
    told = [
        f"{folder / name} differs from what is generated: run {command}"
        for name, text in files.items()
        if _text(folder / name) != text
    ]
    found = {str(path.relative_to(folder)) for path in folder.glob(pattern)} if pattern else set()
    told += [f"{folder / name} is not generated: remove it" for name in sorted(found - files.keys())]
    for line in told:
        print(line, file=sys.stderr)
    return 1 if told else 0


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def write(folder: Path, files: Mapping[str, str]) -> int:
    """Write `files` below `folder` and print their paths; 1 where one cannot be written."""
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
