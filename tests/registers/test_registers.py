"""A register is read strictly: what could be misread is refused, and told at its place."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from netwatch.inventory import registers
from netwatch.inventory.registers import RegisterError, read_register

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,name,kind,district,valid_from,valid_to,predecessors,latitude,longitude,source\n"
GOOD = '010,"Xã A, B",xã,Huyện C,2017-10-01,2019-05-01,,20.5,106.25,test\n'


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "some.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_row_becomes_a_unit(tmp_path: Path) -> None:
    """Codes stay text with their zeros, and quoted commas are part of a name."""
    path = written(tmp_path, "# province: Hưng Yên\n# example: true\n# any words\n" + HEADER + GOOD)
    register = read_register(path, "some")
    (unit,) = register.units
    assert (register.name, register.example) == ("some", True)
    assert (unit.code, unit.name, unit.kind, unit.province) == ("010", "Xã A, B", "xã", "Hưng Yên")
    assert (str(unit.valid_from), str(unit.valid_to)) == ("2017-10-01", "2019-05-01")
    assert (unit.predecessors, unit.latitude, unit.longitude) == ((), 20.5, 106.25)


def test_a_register_is_no_example_unless_it_says_so(tmp_path: Path) -> None:
    assert not read_register(written(tmp_path, HEADER + GOOD), "some").example


def test_text_is_nfc_however_it_was_written(tmp_path: Path) -> None:
    row = GOOD.replace("Xã A, B", unicodedata.normalize("NFD", "Xã Dị Sử"))
    (unit,) = read_register(written(tmp_path, HEADER + row), "some").units
    assert unit.name == "Xã Dị Sử"


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    text = "source,longitude,latitude,predecessors,valid_to,valid_from,district,kind,name,code\n"
    row = "s,,,1 2,,2020-01-01,,xã,Xã A,3\n"
    (unit,) = read_register(written(tmp_path, text + row), "some").units
    assert (unit.code, unit.predecessors, unit.valid_to, unit.latitude) == ("3", ("1", "2"), None, None)


def test_what_spreadsheets_write_is_read(tmp_path: Path) -> None:
    """A byte order mark, CR LF and empty lines at the end change nothing."""
    text = ("\ufeff" + HEADER + GOOD).replace("\n", "\r\n") + "\r\n\r\n"
    assert len(read_register(written(tmp_path, text), "some").units) == 1


def row(**fields: str) -> str:
    """One line, good but for `fields`."""
    values = {
        "code": "010",
        "name": "Xã A",
        "kind": "xã",
        "district": "C",
        "valid_from": "2017-10-01",
        "valid_to": "",
        "predecessors": "",
        "latitude": "",
        "longitude": "",
        "source": "t",
    }
    return ",".join((values | fields).values()) + "\n"


NO_CODE = "is not a code: up to 32 letters, digits, '.', '_' and '-'"
NO_DATE = "is not a date such as 2017-12-22"
NO_LATITUDE = "is not a number of degrees from -90 to 90"
NO_LONGITUDE = "is not a number of degrees from -180 to 180"
ALL = "no line names the columns: " + HEADER.strip()

BAD_HEADERS = {
    "empty file": ("", f"1:1: {ALL}"),
    "only comments": ("# a\n# b\n", f"1:1: {ALL}"),
    "strange mark": ("# example: yes\n" + HEADER + GOOD, "1:12: 'yes' is neither true nor false"),
    "misspelt": (HEADER.replace("kind", "kinds"), "1:11: unknown column 'kinds'; did you mean 'kind'?"),
    "foreign": (HEADER.replace(",source", ",source,x y"), "1:84: unknown column 'x y'"),
    "twice": (HEADER.replace("kind", "name"), "1:11: the column 'name' stands twice"),
    "one missing": (HEADER.replace(",source", ""), "1:1: missing column: source"),
    "two missing": ("# c\n" + HEADER[10:], "2:1: missing columns: code, name"),
    "no rows": (HEADER, "1:1: no unit is listed"),
}

BAD_ROWS = {
    "too few fields": ("010,Xã A\n", "2:1: 2 fields where the header names 10"),
    "too many fields": (row().strip() + ",\n", "2:1: 11 fields where the header names 10"),
    "open quote": ('010,"Xã A\n', "2:1: not CSV: unexpected end of data"),
    "stray quote": (row(name='"A"b'), "2:1: not CSV: ',' expected after '\"'"),
    "empty code": (row(code=""), f"2:1: '' {NO_CODE}"),
    "late comment": (row(code="# x"), f"2:1: '# x' {NO_CODE}"),
    "no name": (row(name=" "), "2:5: no name"),
    "no kind": (row(kind=""), "2:10: no kind"),
    "no date": (row(valid_from=""), f"2:15: '' {NO_DATE}"),
    "impossible date": (row(valid_from="2017-02-29"), f"2:15: '2017-02-29' {NO_DATE}"),
    "foreign date": (row(valid_from="22/12/2017"), f"2:15: '22/12/2017' {NO_DATE}"),
    "date without dashes": (row(valid_from="20171222"), f"2:15: '20171222' {NO_DATE}"),
    "empty validity": (
        row(valid_to="2017-10-01"),
        "2:26: valid_to 2017-10-01 is not after valid_from 2017-10-01",
    ),
    "north of the pole": (row(latitude="90.1", longitude="1"), f"2:28: '90.1' {NO_LATITUDE}"),
    "decimal comma": (row(latitude='"20,5"', longitude="1"), f"2:28: '20,5' {NO_LATITUDE}"),
    "not a number": (row(latitude="1", longitude="nan"), f"2:30: 'nan' {NO_LONGITUDE}"),
    "half a position": (row(longitude="106"), "2:28: latitude and longitude come together"),
    "predecessor twice": (row(predecessors="1 2 1"), "2:27: the predecessor 1 stands twice"),
    "bad predecessor": (row(predecessors="1;2"), f"2:27: '1;2' {NO_CODE}"),
    "the same twice": (row() + row(code="9") + row(), "4:1: 010 from 2017-10-01 on stands twice"),
    "overlap": (
        row(valid_to="2020-01-02") + row(valid_from="2020-01-01"),
        "3:1: 010 overlaps in time with line 2",
    ),
    "overlap with what never ended": (
        row(valid_from="2020-01-01") + row(),
        "3:1: 010 overlaps in time with line 2",
    ),
    "control character": (row(name="Xã\x07A"), "2:7: control character U+0007"),
    "override of direction": (row(name="Xã \u202eA"), "2:8: control character U+202E"),
    "endless field": (row(name="A" * 1001), "2:5: longer than 1000 characters"),
}

BAD_FILES = BAD_HEADERS | {name: (HEADER + rows, told) for name, (rows, told) in BAD_ROWS.items()}


@pytest.mark.parametrize(("text", "told"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RegisterError) as caught:
        read_register(path, "some")
    error = caught.value
    assert f"{error.line}:{error.column}: {error.message}" == told
    assert str(error) == f"{path}:{told}"


def test_one_unit_may_follow_another_under_one_code(tmp_path: Path) -> None:
    """valid_to is the first day no longer in force, so that it may be the next one's first."""
    text = HEADER + row(valid_from="2020-01-01") + row(valid_to="2020-01-01")
    assert len(read_register(written(tmp_path, text), "some").units) == 2


def test_bytes_that_are_no_utf8_are_told_at_their_place(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER.encode() + "010,Xã ".encode() + b"\xd5\n")
    with pytest.raises(RegisterError, match=r":2:8: not UTF-8: save the file as UTF-8$"):
        read_register(path, "some")


def test_an_unreadable_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="cannot be read: No such file or directory"):
        read_register(tmp_path / "missing.csv", "some")


def test_rows_are_capped(tmp_path: Path) -> None:
    rows = "".join(row(code=str(number)) for number in range(registers.MAX_ROWS + 1))
    with pytest.raises(RegisterError, match=r":100002:1: more than 100000 rows$"):
        read_register(written(tmp_path, HEADER + rows), "some")


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_register_or_an_error_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Nothing but RegisterError comes out of the reader, whatever the file holds."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    for data in (content, HEADER.encode() + content):
        path.write_bytes(data)
        assert place_of_mistake(path) >= (1, 1)


def place_of_mistake(path: Path) -> tuple[int, int]:
    """Where the reader stumbled; (1, 1) where it did not."""
    try:
        read_register(path, "any")
    except RegisterError as error:
        return error.line, error.column
    return 1, 1
