"""`netwatch rules`: writes the generated Prometheus rules, or compares them with what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.cli.generated import compare, write
from netwatch.publishing.alerts.generate import RUNBOOKS, files

if TYPE_CHECKING:
    import argparse

HELP = "Write the generated Prometheus rules."
EXAMPLE = "netwatch rules --check"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the files differ")
    parser.add_argument(
        "--output",
        metavar="DIR",
        default="config/prometheus/rules",
        help="default: config/prometheus/rules",
    )
    parser.add_argument(
        "--runbooks",
        metavar="URL",
        default=RUNBOOKS,
        help=f"where people open the runbooks from, which alerts link to; default: {RUNBOOKS}",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write or compare; 1 where a file differs, is one too many, or cannot be written."""
    folder, made = Path(arguments.output), files(arguments.runbooks)
    return compare(folder, made, "netwatch rules", "*.yml") if arguments.check else write(folder, made)
