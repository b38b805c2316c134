"""`netwatch import`: a spreadsheet of sites to a site file; what has no clear match is only listed."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.cli.progress import progress
from netwatch.inventory.columns import TITLES
from netwatch.inventory.importing import Known, Refusal, devices
from netwatch.inventory.matching import Match, Matcher
from netwatch.inventory.sorting import best_day, elsewhere, sort_out
from netwatch.inventory.source import TooLarge, read_bytes
from netwatch.inventory.spreadsheet import DELIMITERS, MAX_BYTES, SAVE_AS, SpreadsheetError, read_sheet
from netwatch.inventory.trial import Settled, Trial, settle
from netwatch.inventory.units import administrative
from netwatch.inventory.wording import counted, did_you_mean, quote
from netwatch.inventory.words import Date

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from netwatch.inventory.importing import Imported
    from netwatch.inventory.loading import Loading
    from netwatch.inventory.spreadsheet import Row, Sheet
    from netwatch.inventory.units import Units

HELP = "Turns a spreadsheet of sites into a site file: units are matched to the register, nothing is guessed."
EXAMPLE = 'netwatch import sites.csv --unit-column "Tên xã" --output config/sites/imported.yaml'

LONG = 2_000
"""Rows from which on matching takes long enough to show how far it is."""

SHOWN = ("LINE", "WRITTEN", "CODE", "UNIT", "PREDECESSOR")


class ImportFailed(Exception):  # noqa: N818 - says what happened
    """Nothing can be imported; the message says why and what to do."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help=f"{SAVE_AS}; UTF-16 is read too")
    parser.add_argument("--config", type=Path, default=Path("config"), metavar="DIR", help="default: config")
    parser.add_argument(
        "--register",
        default="",
        metavar="NAME[@DATE]",
        help="the register that units are of; @DATE: codes and names are those of that day, not of today",
    )
    parser.add_argument("--as-of", metavar="DATE", help="the day whose units are written; default: today")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    parser.add_argument("--force", action="store_true", help="overwrite the output file")
    parser.add_argument("--dry-run", action="store_true", help="only show which row is which unit")
    parser.add_argument("--delimiter", choices=DELIMITERS, help="default: seen from the titles")
    columns = parser.add_argument_group("columns", "Titles of columns, where netwatch does not know them.")
    for name, titles in TITLES.items():
        known = ", ".join(title for title in titles[:4] if title != name)
        columns.add_argument(
            f"--{name}-column", metavar="TITLE", help=f"known: {', '.join(filter(None, (name, known)))}"
        )


def run(arguments: argparse.Namespace) -> int:
    """Write the site file, and tell on stderr what is not in it; 0 if every row is, 1 else."""
    try:
        return _import(arguments)
    except SpreadsheetError as error:
        place = f"{arguments.file}:{error.line}" if error.line else str(arguments.file)
        print(f"{place}: {error}", file=sys.stderr)
    except ImportFailed as error:
        print(error, file=sys.stderr)
    return 1


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the configuration has before the import."""

    loading: Loading
    register: str
    named: dt.date | None  # the day that the rows' codes and names are of; None: not said
    today: dt.date

    @property
    def units(self) -> Units:
        return self.loading.registers[self.register]

    def known(self) -> Known:
        drafts = self.loading.drafts
        here = [draft.device for draft in drafts if draft.device and draft.device.register == self.register]
        return Known(
            frozenset(draft.name.text for draft in drafts if draft.name),
            {device.unit: device.area for device in here if device.unit and device.area},
        )


def _import(arguments: argparse.Namespace) -> int:
    _check_output(arguments)
    sheet = _sheet(arguments)
    ground = _ground(arguments)
    matched, refused = _match(sheet.rows, ground)
    if sheet.columns.unused:
        print("columns not used: " + ", ".join(map(quote, sheet.columns.unused)), file=sys.stderr)
    if arguments.dry_run:
        _table(matched)
        made: list[Imported] = []
    else:
        if "address" not in sheet.columns.places:
            told = (
                "no column of addresses: name it with --address-column, or look at the units with --dry-run"
            )
            raise SpreadsheetError(sheet.title_line, told)
        made, more = devices(matched, ground.known())
        settled = _settled(made, ground, arguments)
        made = list(settled.made)
        refused += [*more, *settled.refused]
        if made:
            _put(settled.text, arguments)
    _tell(arguments.file, sheet, refused)
    _tell_notes(arguments.file, matched, ground)
    parts = [f"{len(matched)} of {counted(len(sheet.rows), 'row')} matched"]
    if not arguments.dry_run:
        units = len({each.unit.code for each in made})
        parts.append(f"{counted(len(made), 'device')} at {counted(units, 'unit')} written")
    if refused:
        parts.append(f"{counted(len({each.line for each in refused}), 'row')} left out, listed above")
    print("; ".join(parts), file=sys.stderr)
    _hint(sheet.rows, matched, ground)
    return 1 if refused else 0


def _check_output(arguments: argparse.Namespace) -> None:
    """Refuse before the work what would be refused after it."""
    output = arguments.output
    if output is not None and not arguments.dry_run and output.exists() and not arguments.force:
        raise ImportFailed(f"{output} is there already: choose another --output, or overwrite with --force")


def _sheet(arguments: argparse.Namespace) -> Sheet:
    named = {name: getattr(arguments, f"{name}_column") for name in TITLES}
    try:
        data = read_bytes(arguments.file, MAX_BYTES)
    except OSError as error:
        raise ImportFailed(f"{arguments.file}: cannot be read: {error.strerror}") from error
    except TooLarge as error:
        raise ImportFailed(f"{arguments.file}: larger than {MAX_BYTES >> 20} MiB: split it") from error
    delimiter = DELIMITERS[arguments.delimiter] if arguments.delimiter else ""
    return read_sheet(data, {name: title for name, title in named.items() if title}, delimiter)


def _ground(arguments: argparse.Namespace) -> _Ground:
    """Read the configuration; what it has errors in besides does not matter here."""
    as_of = _day(arguments.as_of, "--as-of") if arguments.as_of else None
    name, _, date = arguments.register.partition("@")
    named = _day(date, "--register") if date else None
    trial = Trial(arguments.config, _replaced(arguments))
    if reason := trial.unusable():
        raise ImportFailed(f"{arguments.config}: {reason}")
    loading = trial.load(os.environ, as_of)
    register = _register(name, loading, arguments.config)
    return _Ground(loading, register, named, as_of or dt.datetime.now(loading.zone).date())


def _day(text: str, option: str) -> dt.date:
    try:
        return Date().parse(text)
    except ValueError as error:
        raise ImportFailed(f"{option}: {error}") from error


def _register(name: str, loading: Loading, folder: Path) -> str:
    there = loading.registers
    if name:
        if name not in there:
            hint = did_you_mean(name, there) or f"; there are: {', '.join(there) or 'none'}"
            raise ImportFailed(f"{folder} has no register {quote(name)}{hint}")
        return name
    main = [each for each, units in there.items() if administrative(units.register)]
    if len(main) == 1:
        return main[0]
    if not there:
        raise ImportFailed(f"{folder} has no register that can be read: 'netwatch check' tells why")
    raise ImportFailed(f"units may be of several registers: choose with --register ({', '.join(there)})")


def _replaced(arguments: argparse.Namespace) -> str:
    """Return the name of the site file that the output replaces, or ""."""
    output = arguments.output
    if output is None or output.resolve().parent != (arguments.config / "sites").resolve():
        return ""
    return str(output.name)


def _match(rows: Sequence[Row], ground: _Ground) -> tuple[list[tuple[Row, Match]], list[Refusal]]:
    matcher = Matcher(ground.units, ground.today, ground.named)
    if len(rows) < LONG:
        return sort_out(rows, matcher)
    matched: list[tuple[Row, Match]] = []
    refused: list[Refusal] = []
    with progress("matching", len(rows), "rows") as shown:
        for start in range(0, len(rows), LONG):
            some = rows[start : start + LONG]
            good, bad = sort_out(some, matcher)
            matched += good
            refused += bad
            shown.advance(len(some))
    return matched, refused


def _settled(made: list[Imported], ground: _Ground, arguments: argparse.Namespace) -> Settled:
    """Leave out what `netwatch check` would refuse, and warn where it refuses other files."""
    origin = f"From {quote(arguments.file.name)} by `netwatch import`, units as of {ground.today}."

    def trial(content: bytes) -> Trial:
        return Trial(arguments.config, _replaced(arguments), content)

    try:
        settled = settle(made, ground.register, origin, trial, environment=os.environ, today=ground.today)
    except ValueError as error:
        raise ImportFailed(f"{arguments.file}: {error}") from error
    if settled.others:
        told = f"{counted(settled.others, 'error')} of its own: 'netwatch check' tells them"
        print(f"{arguments.config}: warning: has {told}", file=sys.stderr)
    return settled


def _put(text: str, arguments: argparse.Namespace) -> None:
    if arguments.output is None:
        print(text, end="")
        return
    try:
        with arguments.output.open("w" if arguments.force else "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ImportFailed(f"{arguments.output}: cannot be written: {error.strerror}") from error


def _table(matched: Sequence[tuple[Row, Match]]) -> None:
    rows = [SHOWN]
    for row, match in matched:
        rows.append((str(row.line), _text(row), match.unit.code, match.unit.name, match.predecessor))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def _text(row: Row) -> str:
    """Return what a row says of its unit, short and harmless for a terminal."""
    said = [row.cells[name] for name in ("code", "kind", "unit", "district") if name in row.cells]
    return quote(", ".join(said))[1:-1]


def _tell(file: Path, sheet: Sheet, refused: Iterable[Refusal]) -> None:
    rows = {row.line: row for row in sheet.rows}
    for each in sorted(refused):
        near = f" ({'; '.join(each.candidates)})" if each.candidates else ""
        print(f"{file}:{each.line}: {quote(_text(rows[each.line]))}: {each.why}{near}", file=sys.stderr)


def _tell_notes(file: Path, matched: Sequence[tuple[Row, Match]], ground: _Ground) -> None:
    for row, match in matched:
        if match.note:
            print(f"{file}:{row.line}: note: {match.note}", file=sys.stderr)
    doubted = sum(match.doubted for _, match in matched)
    if doubted:
        told = "no 'predecessor' is written; were they the older ones, say so with --register NAME@DATE"
        print(
            f"{counted(doubted, 'row')} may name a unit of today or an older part of it: {told}",
            file=sys.stderr,
        )
    bare = sum("unit" not in row.cells for row, _ in matched)
    if bare and ground.named is None:
        told = "codes are reused: were these of an older register, say so with --register NAME@DATE"
        print(f"{counted(bare, 'code')} without a name read as of {ground.today}; {told}", file=sys.stderr)


def _hint(rows: Sequence[Row], matched: Sequence[tuple[Row, Match]], ground: _Ground) -> None:
    """Say which register or day would fit better, so that the user can; it is not for us to suppose."""
    done = {row.line for row, _ in matched}
    left = [row for row in rows if row.line not in done]
    if not left or len(rows) > LONG:
        return
    others = {name: units for name, units in ground.loading.registers.items() if name != ground.register}
    for name, count in elsewhere(left, others, ground.today).items():
        told = f"{counted(count, 'row')} left out would match in register {quote(name)}"
        print(f"{told}: import the file again with --register {name}", file=sys.stderr)
    day, count = best_day(rows, ground.units, ground.today)
    if ground.named is None and count > len(done):
        told = f"if its names are those of {day}, add --register {ground.register}@{day}"
        print(f"{told}: {counted(count, 'row')} would match", file=sys.stderr)
