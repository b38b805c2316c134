"""`netwatch register`: who is in the denominator, on which day, and what became of them."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from netwatch.cli.table import print_table
from netwatch.inventory.registers import COLUMNS, RegisterError, read_register
from netwatch.inventory.succession import compare

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from netwatch.model.register import Register, Unit

HELP = "List a register as of a date, or what changed in it between two."
EXAMPLE = "netwatch register show hung-yen --as-of 2017-12-22"

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Registers change at midnight there."""

SHOWN = ("code", "name", "kind", "district", "valid_from", "predecessors")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="the units in force on a day")
    show.add_argument("name", metavar="NAME", help="the register's name, such as hung-yen")
    show.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD; default: today")
    show.add_argument("--format", choices=("table", "csv"), default="table")
    diff = actions.add_parser("diff", help="what changed from one day to another")
    diff.add_argument("name", metavar="NAME")
    diff.add_argument("first", metavar="FROM", help="YYYY-MM-DD")
    diff.add_argument("second", metavar="TO", help="YYYY-MM-DD")
    for action in (show, diff):
        action.add_argument("--config", metavar="DIR", default="config", help="default: config")


def run(arguments: argparse.Namespace) -> int:
    """Print what was asked for; 1 where the register or a date is no good."""
    try:
        register = _read(Path(arguments.config) / "registers", arguments.name)
        if arguments.action == "show":
            day = _day(arguments.as_of) if arguments.as_of else dt.datetime.now(ZONE).date()
            _show(register, day, arguments.format)
        else:
            _diff(register, _day(arguments.first), _day(arguments.second))
    except (RegisterError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _read(folder: Path, name: str) -> Register:
    """Read a register by its name; a name is not a path."""
    known = sorted(path.stem for path in folder.glob("*.csv"))
    if name not in known:
        there = ", ".join(known) if known else "none; use --config DIR"
        raise ValueError(f"no register '{name}' in {folder}; there are: {there}")
    return read_register(folder / f"{name}.csv", name)


def _day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=ZONE).date()
    except ValueError as error:
        raise ValueError(f"'{text}' is not a date such as 2017-12-22") from error


def _show(register: Register, day: dt.date, form: str) -> None:
    units = register.as_of(day)
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([_cell(unit, column) for column in COLUMNS] for unit in units)
        return
    print_table([SHOWN, *([_cell(unit, column) for column in SHOWN] for unit in units)])
    kinds = Counter(unit.kind for unit in units)
    parts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    mark = " (an example, no official list)" if register.example else ""
    print(f"\n{register.name}{mark} as of {day}: {len(units)} units" + (f": {parts}" if parts else ""))


def _cell(unit: Unit, column: str) -> str:
    value = getattr(unit, column)
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _diff(register: Register, first: dt.date, second: dt.date) -> None:
    if second < first:
        raise ValueError(f"{second} is before {first}: give the earlier day first")
    changes = compare(register, first, second)
    _section("created", (_told(unit) for unit in changes.created))
    _section("abolished", (f"{_told(unit)} -> {_list(parts) or '?'}" for unit, parts in changes.abolished))
    _section("merged", (f"{_told(unit)} <- {_list(parts)}" for unit, parts in changes.merged))
    _section("renamed", (_renamed(before, after) for before, after in changes.renamed))
    _section("split", (f"{_told(unit)} -> {_list(parts)}" for unit, parts in changes.split))
    print(f"{register.name} {first} .. {second}: {changes.before} -> {changes.after} units")


def _section(title: str, lines: Iterable[str]) -> None:
    listed = list(lines)
    if listed:
        print(f"{title} ({len(listed)})")
        for line in listed:
            print(f"  {line}")
        print()


def _renamed(before: Unit, after: Unit) -> str:
    if (before.code, before.name) == (after.code, after.name):
        return f"{_told(before)}: {before.district} -> {after.district}"
    return f"{_told(before)} -> {_told(after)}"


def _told(unit: Unit) -> str:
    return f"{unit.name} ({unit.code})"


def _list(units: Sequence[Unit]) -> str:
    return ", ".join(_told(unit) for unit in units)
