"""Reads a spreadsheet that was saved as CSV: bytes to rows that know their lines.

Excel writes what the machine's settings say: commas, semicolons or tabs, with or without a byte order mark,
UTF-16 as "Unicode text". What tells itself apart is read; encodings that only a guess could tell are refused.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.columns import Columns, recognised
from netwatch.inventory.placenames import tidy
from netwatch.inventory.wording import counted, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_BYTES = 16 * 2**20
MAX_ROWS = 100_000
MAX_FIELD = 4096
"""Characters of one field."""

MAX_COLUMNS = 256
MAX_LINE = 2**18
"""Characters of one line of the file; a row may have several, in quotes."""

TITLE_ROWS = 20
"""Rows among which the titles of the columns are looked for: a heading often stands above them."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}

SAVE_AS = "save the spreadsheet as 'CSV UTF-8 (Comma delimited)'"

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods are ZIP archives, .xls is OLE 2
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SEPARATOR = re.compile(r"sep=(.)\r?\n?")  # what Excel understands on the first line
_LINE_END = re.compile("\r\n|\r|\n")


class SpreadsheetError(Exception):
    """Why a file cannot be read as a spreadsheet; `line` counts from 1, 0 means the whole file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the titles."""

    line: int  # on which it begins
    cells: Mapping[str, str]  # by the names of `columns.TITLES`; tidy, and never empty
    problem: str = ""  # why it cannot be used


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet whose columns are known."""

    title_line: int
    columns: Columns
    rows: tuple[Row, ...]


def read_sheet(data: bytes, named: Mapping[str, str], delimiter: str = "") -> Sheet:
    """Read a file of at most MAX_BYTES; raises SpreadsheetError.

    `named` gives titles that the user named, by column; `delimiter` "" means to see it from the titles.
    """
    text, first = _without_separator(decode(data))
    chosen = delimiter or first
    skipped = 1 if first else 0
    found = [
        candidate
        for each in ([chosen] if chosen else DELIMITERS.values())
        if (candidate := _titles(text, each, skipped, named)) is not None
    ]
    if not found:
        raise _no_titles(text, chosen, skipped, named)
    best = max(found, key=lambda titles: len(titles.columns.places))
    if best.columns.problem:
        raise SpreadsheetError(best.line, best.columns.problem)
    rows = _rows(text, best, skipped)
    return Sheet(best.line, best.columns, tuple(rows))


def decode(data: bytes) -> str:
    """Return the text of a file, without its byte order mark; raises SpreadsheetError."""
    if len(data) > MAX_BYTES:
        raise SpreadsheetError(0, f"larger than {MAX_BYTES >> 20} MiB: split it")
    if data.startswith(_WORKBOOKS):
        raise SpreadsheetError(0, f"this is a workbook, not text: {SAVE_AS}")
    if encoding := _UTF16.get(data[:2], ""):
        text = _decoded(data[2:], encoding, "UTF-16")
    else:
        text = _decoded(data.removeprefix(b"\xef\xbb\xbf"), "utf-8", "UTF-8")
    if found := _CONTROL.search(text):
        sign = f"U+{ord(found.group()):04X}"
        raise SpreadsheetError(
            _line(text, found.start()), f"control character {sign}: delete it, or {SAVE_AS}"
        )
    return text


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line(data[: error.start].decode(encoding), error.start)
        told = f"byte 0x{data[error.start]:02x} is not {name} (Windows-1258 and TCVN3 are not guessed)"
        raise SpreadsheetError(line, f"{told}: {SAVE_AS}") from None


def _line(text: str, position: int) -> int:
    return sum(1 for _ in _LINE_END.finditer(text, 0, position)) + 1


def _without_separator(text: str) -> tuple[str, str]:
    """Return the text below a line `sep=;`, and the delimiter that such a line names, or ""."""
    found = _SEPARATOR.match(text)
    return (text[found.end() :], found[1]) if found else (text, "")


@dataclass(frozen=True, slots=True)
class _Titles:
    delimiter: str
    line: int
    columns: Columns
    width: int


def _titles(text: str, delimiter: str, skipped: int, named: Mapping[str, str]) -> _Titles | None:
    """Return the first row that names units, as this delimiter shows it; None where there is none."""
    try:
        for count, (line, fields) in enumerate(_split(text, delimiter, skipped)):
            if count == TITLE_ROWS:
                break
            columns = recognised(fields, named)
            if columns.enough:
                return _Titles(delimiter, line, columns, len(fields))
    except SpreadsheetError:
        # With another delimiter the same row may be good; where it is not, reading it tells.
        return None
    return None


def _no_titles(text: str, delimiter: str, skipped: int, named: Mapping[str, str]) -> SpreadsheetError:
    """Say what is wrong where no row names columns, and what the first row with several fields holds."""
    for each in [delimiter] if delimiter else DELIMITERS.values():
        rows = (row for row, _ in zip(_split(text, each, skipped), range(TITLE_ROWS), strict=False))
        for line, fields in rows:
            if len(fields) > 1 or delimiter:
                return SpreadsheetError(line, Columns.missing(fields, named))
    first = next(_split(text, ",", skipped), None)
    if first is None:
        return SpreadsheetError(0, "the file is empty")
    return SpreadsheetError(first[0], Columns.missing(first[1], named))


def _split(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty with the line that each begins on (RFC 4180)."""
    reader = csv.reader(_lines(text, skipped), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1 + skipped
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise SpreadsheetError(begins, _advice(str(error))) from None
        if fields is None:
            return
        if any(field.strip() for field in fields):
            _check(fields, begins)
            yield begins, fields


def _lines(text: str, skipped: int) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1 + skipped):
        if len(line) > MAX_LINE:
            raise SpreadsheetError(number, f"longer than {MAX_LINE:,} characters: this is no spreadsheet")
        yield line


def _advice(problem: str) -> str:
    if "end of data" in problem or "field limit" in problem:
        return 'a field begins with a quote (") that is never closed'
    if "expected after" in problem:
        return 'text stands behind a closing quote ("): write a quote within quotes twice'
    return f"not CSV: {problem}"


def _check(fields: Sequence[str], line: int) -> None:
    if len(fields) > MAX_COLUMNS:
        raise SpreadsheetError(line, f"{len(fields):,} columns are too many: at most {MAX_COLUMNS}")
    longest = max(map(len, fields))
    if longest > MAX_FIELD:
        raise SpreadsheetError(
            line, f"a field of {longest:,} characters: at most {MAX_FIELD:,} (is a quote missing?)"
        )


def _rows(text: str, titles: _Titles, skipped: int) -> Iterator[Row]:
    count = 0
    for line, fields in _split(text, titles.delimiter, skipped):
        if line <= titles.line:
            continue
        if count == MAX_ROWS:
            raise SpreadsheetError(line, f"more than {MAX_ROWS:,} rows: split the file")
        count += 1
        yield _row(line, fields, titles)


def _row(line: int, fields: Sequence[str], titles: _Titles) -> Row:
    cells = {
        name: cell
        for name, index in titles.columns.places.items()
        if index < len(fields) and (cell := tidy(fields[index]))
    }
    problem = ""
    if any(field.strip() for field in fields[titles.width :]):
        told = f"{counted(len(fields), 'field')} where there are {counted(titles.width, 'column')}"
        problem = f"{told}: put text that holds {quote(titles.delimiter)} in quotes"
    return Row(line, cells, problem)
