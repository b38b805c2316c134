"""A site file says what the spreadsheet said, and knows which of its lines come from which row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml
from hypothesis import given, strategies as st

from netwatch.inventory.importing import Known, devices, site_file
from netwatch.inventory.matching import Match
from netwatch.inventory.placenames import tidy
from netwatch.inventory.spreadsheet import Row
from netwatch.model.register import Unit

CELL = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(tidy).filter(bool)
NOBODY = Known(frozenset(), {})


def unit(code: str) -> Unit:
    return Unit(code, f"Xã {code}", "xã", "", "T", dt.date(2020, 1, 1), None, (), None, None, "test")


def row(line: int, code: str, **cells: str) -> tuple[Row, Match]:
    return Row(line, {"address": f"10.0.0.{line}", **cells}), Match(unit(code))


def loaded(*rows: tuple[Row, Match]) -> Any:
    made, refused = devices(rows, NOBODY)
    assert not refused
    return yaml.safe_load(site_file(made, "made", "test").text)["sites"]


@given(CELL, CELL, CELL)
def test_text_survives_yaml(area: str, contact: str, provider: str) -> None:
    """Also what YAML takes for something else: `no`, `010`, `#`, quotes, colons."""
    (site,) = loaded(row(2, "1", area=area, contact=contact, provider=provider))
    assert (site["area"], site["contact"]) == (area, contact)
    assert site["devices"][0]["uplinks"] == [{"provider": provider}]


def test_codes_are_text_to_every_reader() -> None:
    """`00123`, `12E4` and `1_0` are numbers to one or another."""
    for code in ("00123", "12E4", "1_0", "0x1F"):
        assert loaded(row(2, code))[0]["unit"] == code


def test_a_unit_is_one_site_unless_its_rows_say_different_things_of_it() -> None:
    sites = loaded(row(2, "1"), row(3, "2"), row(4, "1"), row(5, "1", contact="B"))
    told = [(site["unit"], site.get("contact"), len(site["devices"])) for site in sites]
    assert told == [("1", None, 2), ("2", None, 1), ("1", "B", 1)]


def test_an_area_that_one_row_tells_is_the_units() -> None:
    (site,) = loaded(row(2, "1"), row(3, "1", area="A"))[:1]
    assert site["area"] == "A"


def test_each_line_knows_its_row() -> None:
    made, _ = devices([row(2, "1"), row(3, "2"), row(7, "1", provider="V")], NOBODY)
    written = site_file(made, "made", "test")
    lines = enumerate(written.text.splitlines(), 1)
    rows = {line.split()[-1]: written.row(number) for number, line in lines if "address:" in line}
    assert rows == {"10.0.0.2": 2, "10.0.0.3": 3, "10.0.0.7": 7}
    assert written.row(1) == 0
    heads = [
        written.row(number) for number, line in enumerate(written.text.splitlines(), 1) if "unit:" in line
    ]
    assert heads == [2, 3]
