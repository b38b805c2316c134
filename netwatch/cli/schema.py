"""`netwatch schema`: JSON Schema of the YAML files, so that an editor helps while one types."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.inventory.schema import KINDS, schema, text

if TYPE_CHECKING:
    import argparse

HELP = "JSON Schema of the YAML files, for editors."
EXAMPLE = "netwatch schema sites > sites.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "kind", nargs="?", choices=list(KINDS), metavar="KIND", help=f"one of {', '.join(KINDS)}"
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="write KIND.json there instead of printing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one schema, or all in one object by kind; with --output, write a file for each."""
    kinds = [arguments.kind] if arguments.kind else list(KINDS)
    if arguments.output is None:
        everything = json.dumps({kind: schema(kind) for kind in kinds}, ensure_ascii=False, indent=2) + "\n"
        print(text(arguments.kind) if arguments.kind else everything, end="")
        return 0
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
        for kind in kinds:
            (arguments.output / f"{kind}.json").write_text(text(kind), "utf-8")
    except OSError as error:
        print(f"{arguments.output}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return 0
