"""Reads the values of a figure, which somebody counted: a CSV file of date, value and source.

A file that could be read in two ways is refused, and told at its place; a value that is never told wrong is
worth more than one that is there.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from netwatch.inventory.source import Spot, TooLarge, read_bytes
from netwatch.inventory.wording import quote
from netwatch.inventory.words import Date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from netwatch.inventory.problem import Remarks

COLUMNS = ("date", "value", "source")
MOST_ROWS = 10_000
LARGEST = 4 * 2**20  # bytes
LONGEST = 500  # characters of a source

_VALUE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)(%?)")


class Row(NamedTuple):
    """One value, as the file has it."""

    date: dt.date
    value: float  # a share from 0 to 1, or a number, as the claim declares it
    source: str  # who counted it, and how


def read_measurements(path: Path, remarks: Remarks, *, share: bool) -> tuple[Row, ...]:
    """Return the rows of a file in its order; mistakes are remarked. `share`: values are 0 to 1, or per cent.

    Lines that begin with # are comments.
    """
    try:
        text = read_bytes(path, LARGEST).decode("utf-8-sig")
    except OSError as error:
        remarks.error(Spot(1, 1), f"cannot be read: {error.strerror}")
    except TooLarge:
        remarks.error(Spot(1, 1), f"larger than {LARGEST >> 20} MiB")
    except UnicodeDecodeError:
        remarks.error(Spot(1, 1), "not UTF-8: save the file as UTF-8")
    else:
        return tuple(_rows(text, remarks, share=share))
    return ()


def _rows(text: str, remarks: Remarks, *, share: bool) -> Iterator[Row]:
    header = True
    seen: set[dt.date] = set()
    for number, line in enumerate(io.StringIO(text), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place = Spot(number, 1)
        if number > MOST_ROWS:
            remarks.error(place, f"more than {MOST_ROWS} lines")
            return
        try:
            (fields,) = csv.reader([line.rstrip("\r\n")], strict=True)
        except (csv.Error, ValueError) as error:
            remarks.error(place, f"not CSV: {error}")
            return
        fields = [field.strip() for field in fields]
        if header:
            header = False
            if tuple(fields) != COLUMNS:
                remarks.error(place, f"the first line names the columns: {','.join(COLUMNS)}")
                return
            continue
        row = _row(fields, place, remarks, share=share)
        if row is not None and row.date in seen:
            remarks.error(place, f"a second value of {row.date}: keep one")
        elif row is not None:
            seen.add(row.date)
            yield row
    if header:
        remarks.error(Spot(1, 1), f"no line names the columns: {','.join(COLUMNS)}")


def _row(fields: list[str], place: Spot, remarks: Remarks, *, share: bool) -> Row | None:
    if len(fields) != len(COLUMNS):
        remarks.error(place, f"{len(fields)} fields where {len(COLUMNS)} are named: {','.join(COLUMNS)}")
        return None
    date, value, source = fields
    try:
        day = Date().parse(date)
        number = _number(value, share=share)
    except ValueError as error:
        remarks.error(place, str(error))
        return None
    if not source or len(source) > LONGEST or not source.isprintable():
        remarks.error(place, f"the source says who counted it, in 1 to {LONGEST} characters")
        return None
    return Row(day, number, source)


def _number(text: str, *, share: bool) -> float:
    match = _VALUE.fullmatch(text)
    if match is None or (match[2] and not share):
        raise ValueError(f"{quote(text)} is not {'a share, such as 0.75 or 75%' if share else 'a number'}")
    number = float(match[1]) / 100 if match[2] else float(match[1])
    if share and number > 1:
        raise ValueError(f"{quote(text)} is more than the whole: write 0 to 1, or up to 100%")
    return round(number, 12)
