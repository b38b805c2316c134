"""CSV as spreadsheets write it is read; what only a guess could read is refused at its line."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io

import pytest
from hypothesis import given, strategies as st

from netwatch.inventory import spreadsheet
from netwatch.inventory.columns import TITLES, recognised
from netwatch.inventory.placenames import tidy
from netwatch.inventory.spreadsheet import SpreadsheetError, read_sheet

PLAIN = "Tên xã,Địa chỉ IP\nXã Như Quỳnh,10.0.0.1\n"
CELLS = {"unit": "Xã Như Quỳnh", "address": "10.0.0.1"}


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip().encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        ("DANH SÁCH CÁC XÃ,\n,\n\n" + PLAIN).encode(),
        'Tên xã,IP\n"Xã\nNhư\u00a0Quỳnh ",10.0.0.1\n'.encode(),
        "TÊN XÃ,ip\nXã Như Quỳnh,10.0.0.1\n,\n".encode(),
        "ten xa,dia chi ip\nXã Như Quỳnh,10.0.0.1\n".encode(),
        "STT,Tên xã,Địa chỉ IP\n1,Xã Như Quỳnh,10.0.0.1\n".encode(),
        "Tên xã,Địa chỉ IP,Ghi chú\nXã Như Quỳnh,10.0.0.1\n".encode(),
    ],
)
def test_ways_to_write_one_table(data: bytes) -> None:
    (row,) = read_sheet(data, {}).rows
    assert (dict(row.cells), row.problem) == (CELLS, "")


def test_a_row_knows_the_line_it_begins_on() -> None:
    """Fields with line ends and empty lines count."""
    sheet = read_sheet(b'heading\n\nunit,ip\n"a\nb",1\n\nc,2\n', {})
    assert sheet.title_line == 3
    assert [(row.line, row.cells["unit"]) for row in sheet.rows] == [(4, "a b"), (7, "c")]


def test_the_line_of_sep_counts_too() -> None:
    sheet = read_sheet(b"sep=;\nunit;ip\na;1\n", {})
    assert [row.line for row in sheet.rows] == [3]


def test_a_row_with_too_many_fields_is_told_and_the_others_are_read() -> None:
    one, two = read_sheet(b"unit,ip\na,1,x\nb,2,\n", {}).rows
    assert one.problem == "3 fields where there are 2 columns: put text that holds ',' in quotes"
    assert two.problem == ""


SAVE = ": save the spreadsheet as 'CSV UTF-8 (Comma delimited)'"
NOT_UTF8 = " (Windows-1258 and TCVN3 are not guessed)" + SAVE


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 0, "the file is empty"),
        (b"\xef\xbb\xbf\n \n", 0, "the file is empty"),
        ("unit,ip\nLê Lợi,1\n".encode("cp1258", "replace"), 2, f"byte 0xea is not UTF-8{NOT_UTF8}"),
        (b"unit\nok\nX\xb7 Nh\xad Qu\xfanh\n", 3, f"byte 0xb7 is not UTF-8{NOT_UTF8}"),
        (b"unit\r\nok\r\nX\xb7\r\n", 3, f"byte 0xb7 is not UTF-8{NOT_UTF8}"),
        (codecs.BOM_UTF16_LE + "unit\na".encode("utf-16-le") + b"\n", 2, "byte 0x0a is not UTF-16"),
        ("unit\na\n".encode("utf-16-le"), 1, f"control character U+0000: delete it, or{SAVE[1:]}"),
        (b"unit\na\x1b[2J\n", 2, "control character U+001B: delete it"),
        (b"PK\x03\x04rest", 0, f"this is a workbook, not text{SAVE}"),
        (b"\xd0\xcf\x11\xe0rest", 0, f"this is a workbook, not text{SAVE}"),
        (b'unit,ip\na,1\n"b,2\nc,3\n', 3, 'a field begins with a quote (") that is never closed'),
        (b'unit,ip\n"a"b,1\n', 2, 'text stands behind a closing quote ("): write a quote within quotes'),
        (b"unit,ip\na,1\n" + b"x" * 4097 + b",2\n", 3, "a field of 4,097 characters: at most 4,096"),
        (b"unit,ip\na" + b"," * 256 + b"\n", 2, "257 columns are too many: at most 256"),
        (b"unit,ip\na" + b"," * 2**18 + b"\n", 2, "longer than 262,144 characters"),
        (b"\n\nx,y\n1,2\n", 3, "no title of a column of units or codes, such as 'Tên xã' or 'Mã ĐVHC'"),
        (b"x,y\n", 1, "name it with --unit-column or --code-column; there are 'x' or 'y'"),
        ("a,b\nMã,Mã ĐVHC\n".encode(), 2, "the columns 'Mã' and 'Mã ĐVHC' may each be the code: choose with"),
    ],
)
def test_bad_files_are_refused_at_their_line(data: bytes, line: int, message: str) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        read_sheet(data, {})
    assert message in str(refused.value)
    assert refused.value.line == line


def test_files_are_bounded() -> None:
    with pytest.raises(SpreadsheetError, match="larger than 16 MiB: split it"):
        read_sheet(b"unit\n" + b"a" * spreadsheet.MAX_BYTES, {})
    rows = b"unit\n" + b"a\n" * spreadsheet.MAX_ROWS
    assert len(read_sheet(rows, {}).rows) == spreadsheet.MAX_ROWS
    with pytest.raises(SpreadsheetError, match="more than 100,000 rows") as refused:
        read_sheet(rows + b"a\n", {})
    assert refused.value.line == spreadsheet.MAX_ROWS + 2


def test_a_delimiter_that_was_said_is_not_looked_for() -> None:
    data = b"unit,x;ip\na;1\n"
    with pytest.raises(SpreadsheetError, match="there are 'unit,x' or 'ip'"):
        read_sheet(data, {}, ";")
    assert read_sheet(data, {"unit": "unit,x"}, ";").rows[0].cells == {"unit": "a", "address": "1"}


def test_a_title_that_was_said_goes_before_those_that_are_known() -> None:
    sheet = read_sheet("Tên xã,Trụ sở,IP\na,b,1\n".encode(), {"unit": "tru so"})
    assert sheet.rows[0].cells == {"unit": "b", "address": "1"}
    assert sheet.columns.unused == ("Tên xã",)


def test_a_title_that_is_not_there_is_told_with_what_is() -> None:
    with pytest.raises(SpreadsheetError, match=r"'Tên xá' \(--unit-column\); did you mean 'Tên xã x'") as no:
        read_sheet("Tên xã x,IP\n".encode(), {"unit": "Tên xá"})
    assert no.value.line == 1


def test_every_known_title_is_found_and_means_one_column() -> None:
    for name, titles in TITLES.items():
        for title in titles:
            assert recognised([title.upper()], {}).places == {name: 0}


@given(
    st.binary(max_size=200) | st.text(st.sampled_from("unit,ip;\t\"\r\nXã1 '="), max_size=80).map(str.encode)
)
def test_whatever_the_bytes_are_they_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(SpreadsheetError):
        read_sheet(b"unit,ip\n" + data, {})
    with contextlib.suppress(SpreadsheetError):
        read_sheet(data, {})


CELL = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).map(tidy).filter(bool)


@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from([",", ";", "\t"]))
def test_what_a_csv_writer_writes_is_read_back(cells: list[tuple[str, str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("unit", "ip"), *cells])
    sheet = read_sheet(text.getvalue().encode(), {})
    assert [(row.cells["unit"], row.cells["address"]) for row in sheet.rows] == cells
