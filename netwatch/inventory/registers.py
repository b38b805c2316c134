"""Reads a register, the dated list that percentages are taken of, from one CSV file.

Every percentage of netwatch has a register as its denominator, so a file that could be read in two ways is
refused, and told at its place. `docs/registers.md` describes the format.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.register import Register, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = (
    "code",
    "name",
    "kind",
    "district",
    "valid_from",
    "valid_to",
    "predecessors",
    "latitude",
    "longitude",
    "source",
)
MAX_ROWS = 100_000
MAX_BYTES = 64 * 2**20
MAX_FIELD = 1_000
"""Characters of one field."""

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")
_MARK = re.compile(r"#\s*(province|example)\s*:\s*(.*)")


class RegisterError(Exception):
    """What is wrong with a register's file, and where: `line` and `column` count from 1."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}")
        self.path = path
        self.line = line
        self.column = column
        self.message = message


def read_register(path: Path, name: str) -> Register:
    """Read the register `name` from the file at `path`; its first mistake raises :class:`RegisterError`."""
    return _Reader(str(path)).register(_load(path), name)


def _load(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RegisterError(str(path), 1, 1, f"cannot be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class _Field:
    text: str  # NFC, without spaces around it
    line: int
    column: int


class _Reader:
    """One pass over one file; holds what the header said."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._province = ""
        self._example = False

    def register(self, data: bytes, name: str) -> Register:
        lines = self._lines(data)
        columns = self._header(lines)
        units: list[Unit] = []
        places: list[_Field] = []
        for number, line in lines:
            if len(units) == MAX_ROWS:
                raise self._error(number, 1, f"more than {MAX_ROWS} rows")
            row = self._row(columns, number, line)
            units.append(self._unit(row))
            places.append(row["code"])
        if not units:
            raise self._error(1, 1, "no unit is listed")
        self._check_validity(units, places)
        return Register(name=name, units=tuple(units), example=self._example)

    def _error(self, line: int, column: int, message: str) -> RegisterError:
        return RegisterError(self._path, line, column, message)

    def _wrong(self, field: _Field, message: str) -> RegisterError:
        return self._error(field.line, field.column, message)

    def _lines(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not empty, with their numbers."""
        if len(data) > MAX_BYTES:
            raise self._error(1, 1, f"larger than {MAX_BYTES >> 20} MiB")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
            raise self._error(before.count(b"\n") + 1, column, "not UTF-8: save the file as UTF-8") from error
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            bare = line.removesuffix("\r")
            if not bare.isprintable():
                self._check_characters(number, bare)
            if bare.strip():
                yield number, bare

    def _check_characters(self, number: int, line: str) -> None:
        for column, character in enumerate(line, 1):
            if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}:
                raise self._error(number, column, f"control character U+{ord(character):04X}")

    def _header(self, lines: Iterator[tuple[int, str]]) -> tuple[str, ...]:
        """Take the comment lines and the line that names the columns."""
        for number, line in lines:
            if line.startswith("#"):
                self._comment(number, line)
                continue
            fields = self._fields(number, line)
            self._check_columns(fields, number)
            return tuple(field.text for field in fields)
        raise self._error(1, 1, "no line names the columns: " + ",".join(COLUMNS))

    def _comment(self, number: int, line: str) -> None:
        mark = _MARK.fullmatch(line.rstrip())
        if mark is None:
            return
        key, value = mark.groups()
        if key == "province":
            self._province = unicodedata.normalize("NFC", value)
        elif value in {"true", "false"}:
            self._example = value == "true"
        else:
            raise self._error(number, mark.start(2) + 1, f"'{value}' is neither true nor false")

    def _check_columns(self, fields: list[_Field], number: int) -> None:
        seen: set[str] = set()
        for field in fields:
            if field.text not in COLUMNS:
                close = difflib.get_close_matches(field.text, COLUMNS, n=1)
                raise self._wrong(
                    field,
                    f"unknown column '{field.text}'" + (f"; did you mean '{close[0]}'?" if close else ""),
                )
            if field.text in seen:
                raise self._wrong(field, f"the column '{field.text}' stands twice")
            seen.add(field.text)
        missing = [column for column in COLUMNS if column not in seen]
        if missing:
            raise self._error(
                number, 1, "missing column" + "s" * (len(missing) > 1) + ": " + ", ".join(missing)
            )

    def _row(self, columns: tuple[str, ...], number: int, line: str) -> dict[str, _Field]:
        fields = self._fields(number, line)
        if len(fields) != len(columns):
            raise self._error(number, 1, f"{len(fields)} fields where the header names {len(columns)}")
        return dict(zip(columns, fields, strict=True))

    def _fields(self, number: int, line: str) -> list[_Field]:
        """Split one line by the rules of RFC 4180, except that a field ends on the line it began on."""
        try:
            texts = next(csv.reader([line], strict=True))
        except csv.Error as error:
            raise self._error(number, 1, f"not CSV: {error}") from error
        fields = [
            _Field(unicodedata.normalize("NFC", text).strip(), number, column)
            for text, column in zip(texts, _starts(line), strict=True)
        ]
        for field in fields:
            if len(field.text) > MAX_FIELD:
                raise self._wrong(field, f"longer than {MAX_FIELD} characters")
        return fields

    def _unit(self, row: dict[str, _Field]) -> Unit:
        valid_from = self._date(row["valid_from"])
        valid_to = self._date(row["valid_to"]) if row["valid_to"].text else None
        if valid_to is not None and valid_to <= valid_from:
            raise self._wrong(row["valid_to"], f"valid_to {valid_to} is not after valid_from {valid_from}")
        latitude = self._degrees(row["latitude"], 90)
        longitude = self._degrees(row["longitude"], 180)
        if (latitude is None) != (longitude is None):
            raise self._wrong(row["latitude"], "latitude and longitude come together")
        return Unit(
            code=self._code(row["code"], row["code"].text),
            name=self._filled(row["name"], "name"),
            kind=self._filled(row["kind"], "kind"),
            district=row["district"].text,
            province=self._province,
            valid_from=valid_from,
            valid_to=valid_to,
            predecessors=self._predecessors(row["predecessors"]),
            latitude=latitude,
            longitude=longitude,
            source=row["source"].text,
        )

    def _filled(self, field: _Field, column: str) -> str:
        if not field.text:
            raise self._wrong(field, f"no {column}")
        return field.text

    def _code(self, field: _Field, text: str) -> str:
        if not _CODE.fullmatch(text):
            raise self._wrong(field, f"'{text}' is not a code: up to 32 letters, digits, '.', '_' and '-'")
        return text

    def _predecessors(self, field: _Field) -> tuple[str, ...]:
        codes = tuple(self._code(field, text) for text in field.text.split())
        for index, code in enumerate(codes):
            if code in codes[:index]:
                raise self._wrong(field, f"the predecessor {code} stands twice")
        return codes

    def _date(self, field: _Field) -> dt.date:
        if _DATE.fullmatch(field.text):
            try:
                return dt.date.fromisoformat(field.text)
            except ValueError:
                pass
        raise self._wrong(field, f"'{field.text}' is not a date such as 2017-12-22")

    def _degrees(self, field: _Field, limit: int) -> float | None:
        if not field.text:
            return None
        value = float(field.text) if _DEGREES.fullmatch(field.text) else math.nan
        if not abs(value) <= limit:
            raise self._wrong(field, f"'{field.text}' is not a number of degrees from -{limit} to {limit}")
        return value

    def _check_validity(self, units: list[Unit], places: list[_Field]) -> None:
        """Refuse two rows of one code whose validities touch the same day."""
        latest: dict[str, int] = {}
        for index in sorted(range(len(units)), key=lambda at: (units[at].code, units[at].valid_from)):
            unit = units[index]
            if (previous := latest.get(unit.code)) is not None:
                first, second = sorted((previous, index))
                self._check_pair(units[previous], unit, places[second], places[first])
            latest[unit.code] = index

    def _check_pair(self, earlier: Unit, later: Unit, place: _Field, other: _Field) -> None:
        """Compare two in the order of time; `place` is the one that stands further down in the file."""
        if earlier.valid_from == later.valid_from:
            raise self._wrong(place, f"{later.code} from {later.valid_from} on stands twice")
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            raise self._wrong(place, f"{later.code} overlaps in time with line {other.line}")


def _starts(line: str) -> Iterator[int]:
    """Yield the column, from 1, at which each field of a CSV line begins."""
    yield 1
    quoted = False
    for column, character in enumerate(line, 1):
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            yield column + 1
