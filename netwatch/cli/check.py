"""`netwatch check`: every mistake in a configuration with its place, or what the configuration comes to."""

from __future__ import annotations

import datetime as dt
import os
import sys
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.inventory.load import InvalidInventory, load
from netwatch.inventory.summary import monitored, summary
from netwatch.inventory.wording import counted

if TYPE_CHECKING:
    import argparse

HELP = "Validates a configuration; tells every mistake as file:line:column: message."
EXAMPLE = "netwatch check --config /etc/netwatch"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--config", type=Path, default="config", metavar="DIR", help="default: config")
    parser.add_argument("--unmonitored", action="store_true", help="also list the units that have no device")


def run(arguments: argparse.Namespace) -> int:
    """Print errors and warnings to stderr, the summary to stdout; 0 good, 1 invalid."""
    try:
        inventory = load(arguments.config, os.environ)
    except InvalidInventory as invalid:
        for problem in invalid.problems:
            print(problem, file=sys.stderr)
        print(f"{arguments.config}: {counted(len(invalid.problems), 'error')}", file=sys.stderr)
        return 1
    for warning in inventory.warnings:
        print(f"{warning.place}: warning: {warning.message}", file=sys.stderr)
    today = dt.datetime.now(zoneinfo.ZoneInfo(inventory.settings.timezone)).date()
    print(f"{arguments.config}: good, {counted(len(inventory.warnings), 'warning')}")
    for label, text in summary(inventory, today):
        print(f"  {label:<12}{text}")
    if arguments.unmonitored:
        for unit in monitored(inventory, today)[1]:
            print(f"  unmonitored {unit.code} {unit.name}")
    return 0
