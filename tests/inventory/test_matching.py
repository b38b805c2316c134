"""A row means a unit where every way to read it leads to the same one; else it is told why not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from netwatch.inventory.matching import Asked, Match, Matcher, NoMatch
from netwatch.inventory.registers import read_register
from netwatch.inventory.units import Units
from netwatch.model.register import Register, Unit

REGISTER = Path(__file__).parents[2] / "config" / "registers" / "hung-yen.csv"
TODAY = dt.date(2026, 10, 15)
CLAIMED = dt.date(2017, 12, 22)


@pytest.fixture(scope="module")
def units() -> Units:
    return Units(read_register(REGISTER, "hung-yen"), TODAY)


@pytest.fixture(scope="module")
def matcher(units: Units) -> Matcher:
    return Matcher(units, TODAY)


@pytest.mark.parametrize(
    ("asked", "code", "predecessor"),
    [
        (Asked(code="12004"), "12004", ""),
        (Asked(code="12004.0"), "12004", ""),
        (Asked(code="12004,00"), "12004", ""),
        (Asked(code="'12004"), "12004", ""),
        (Asked(name="Xã Như Quỳnh"), "12004", ""),
        (Asked(name="xa nhu quynh"), "12004", ""),
        (Asked(name="UBND X. NHƯ QUỲNH"), "12004", ""),
        (Asked(name="Như Quỳnh", kind="xã"), "12004", ""),
        # Old names lead to what was made of the unit.
        (Asked(name="TT. Như Quỳnh"), "12004", "11986"),
        (Asked(name="Như Quỳnh", kind="TT"), "12004", "11986"),
        (Asked(name="phuong chieu"), "11977", "12382"),
        (Asked(name="Phường Hiến Nam"), "11953", "11953"),
        # The code of an old unit, with its name: the code alone is another unit's today.
        (Asked(code="11953", name="Hiến Nam"), "11953", "11953"),
        (Asked(code="11986", name="Như Quỳnh"), "12004", "11986"),
        # Names that return elsewhere: the district or the kind tells which.
        (Asked(name="Long Hưng", district="Huyện Văn Giang"), "12031", "12034"),
        (Asked(name="Long Hung", district="van giang"), "12031", "12034"),
        (Asked(name="Xã Long Hưng, h. Văn Giang, tỉnh Hưng Yên"), "12031", "12034"),
        (Asked(name="Long Hưng (Văn Giang)"), "12031", "12034"),
        (Asked(name="Long Hưng - Văn Giang"), "12031", "12034"),
        (Asked(name="Phường Lê Lợi"), "11953", "11959"),
        (Asked(name="Lê Lợi", kind="Xã"), "13120", ""),
        # Mỹ Hào was a huyện until 2019, then a thị xã: one place to people.
        (Asked(name="Phường Bạch Sam", district="huyện Mỹ Hào"), "12127", "12124"),
        (Asked(name="Bạch Sam", district="TX. Mỹ Hào"), "12127", "12124"),
    ],
)
def test_what_a_row_means(matcher: Matcher, asked: Asked, code: str, predecessor: str) -> None:
    answer = matcher.match(asked)
    assert isinstance(answer, Match), answer
    assert (answer.unit.code, answer.predecessor) == (code, predecessor)
    assert answer.unit.in_force(TODAY)


@pytest.mark.parametrize(
    ("asked", "why", "candidates"),
    [
        (Asked(), "neither a name nor a code", ()),
        (Asked(district="Văn Lâm"), "neither a name nor a code", ()),
        (Asked(name="Xã"), "no unit has this name", ()),
        (Asked(name="Như Quinh"), "no unit has this name; did you mean one of these?", ("11986", "12004")),
        (
            Asked(name="Nhữ Quỳnh"),
            "no unit has just this name: these have another kind or other marks",
            ("11986", "12004"),
        ),
        (Asked(name="Phường Như Quỳnh"), "no unit has just this name", ("11986", "12004")),
        (Asked(name="Như Quỳnh", kind="Phường"), "none of this name is of kind 'Phường'", ("11986", "12004")),
        (Asked(name="Như Quỳnh", kind="bản"), "none of this name is of kind 'bản'", ("11986", "12004")),
        (
            Asked(name="Như Quỳnh", district="Ân Thi"),
            "none of this name lies, or lay, in 'Ân Thi'",
            ("11986",),
        ),
        (Asked(name="Long Hưng"), "may be any of several units", ("12031", "12034", "12613")),
        (Asked(name="Lê Lợi"), "may be any of several units", ("11953", "11959", "13120")),
        # Three were split in two.
        (Asked(name="Xã Đình Dù"), "its area went to several units", ("11995", "12004")),
        (Asked(name="Xã Ngọc Thanh"), "its area went to several units", ("11983", "12322")),
        (
            Asked(name="Lạc Đạo", district="Văn Lâm"),
            "may be any of several units",
            ("11989", "11992", "11995"),
        ),
        # Codes.
        (Asked(code="99999"), "unit '99999' is not in register 'hung-yen'", ()),
        (Asked(code="12007"), "only until 2025-06-30; it is now part of 11992 Xã Lạc Đạo: write", ("12007",)),
        (Asked(code="1.2004E+04"), "unit '1.2004E+04' is not in register", ()),
        (
            Asked(code="11953", name="Như Quỳnh"),
            "code '11953' is of Phường Hiến Nam and Phường Phố",
            ("11953",),
        ),
        (
            Asked(code="99999", name="Như Quỳnh"),
            "code '99999' is in no register of these days, not",
            ("12004",),
        ),
    ],
)
def test_why_a_row_means_no_unit(
    matcher: Matcher, asked: Asked, why: str, candidates: tuple[str, ...]
) -> None:
    answer = matcher.match(asked)
    assert isinstance(answer, NoMatch), answer
    assert why in answer.why
    told = {candidate.split()[0] for candidate in answer.candidates}
    assert set(candidates) <= told
    assert bool(candidates) == bool(told)


def test_a_name_of_today_and_of_older_days_has_no_predecessor(matcher: Matcher) -> None:
    """Đại Đồng merged three units; which of them a row `Đại Đồng` lies in cannot be told."""
    answer = matcher.match(Asked(name="Đại Đồng", district="Văn Lâm"))
    assert isinstance(answer, Match)
    assert (answer.unit.code, answer.predecessor, answer.doubted) == ("11995", "", True)


@pytest.mark.parametrize(
    ("asked", "code", "predecessor"),
    [
        (Asked(name="Đại Đồng"), "11995", "11995"),
        (Asked(name="Long Hưng"), "12031", "12034"),
        (Asked(code="11953"), "11953", "11953"),
        (Asked(code="12007"), "11992", "12007"),
    ],
)
def test_names_and_codes_of_a_day_that_was_said(
    units: Units, asked: Asked, code: str, predecessor: str
) -> None:
    answer = Matcher(units, TODAY, CLAIMED).match(asked)
    assert isinstance(answer, Match), answer
    assert (answer.unit.code, answer.predecessor) == (code, predecessor)


def test_a_register_of_the_past_knows_nothing_later() -> None:
    day = dt.date(2019, 6, 1)
    matcher = Matcher(Units(read_register(REGISTER, "hung-yen"), day), day)
    assert isinstance(matcher.match(Asked(name="Phường Phố Hiến")), NoMatch)
    answer = matcher.match(Asked(name="Xã Bạch Sam"))
    assert isinstance(answer, Match)
    assert (answer.unit.name, answer.predecessor) == ("Phường Bạch Sam", "12124")


def made(*rows: tuple[str, str, str]) -> Matcher:
    """A register of units in force: code, name with its kind, district."""
    units = tuple(
        Unit(code, name, "xã", district, "T", dt.date(2020, 1, 1), None, (), None, None, "test")
        for code, name, district in rows
    )
    return Matcher(Units(Register("made", units, example=False), TODAY), TODAY)


def test_lost_zeros_are_put_back_where_one_code_fits() -> None:
    matcher = made(("00123", "Xã A", ""), ("0045", "Xã B", ""), ("00045", "Xã C", ""))
    answer = matcher.match(Asked(code="123.0"))
    assert isinstance(answer, Match)
    assert (answer.unit.code, answer.note) == (
        "00123",
        "code '123' read as 00123, the only one that it can be",
    )
    assert isinstance(matcher.match(Asked(code="45")), NoMatch)


TWINS = made(
    ("1", "Xã Tân Dân", "Huyện A"),
    ("2", "Xã Tân Dân", "Huyện B"),
    ("3", "Xã Tấn Dân", "Huyện A"),
    ("4", "Xã Nam Sơn", "Huyện A"),
    ("5", "Xã Năm Sơn", "Huyện A"),
    ("6", "Xã Ba Na", "Huyện A"),
    ("7", "Xã Bà Nà", "Huyện A"),
)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (Asked(name="Tân Dân", district="Huyện B"), {"2"}),
        (Asked(name="Tân Dân"), {"1", "2"}),
        (Asked(name="Tấn Dân"), {"3"}),
        (Asked(name="Tân Dân", district="A"), {"1"}),  # exact goes before marks left out
        (Asked(name="Tan Dan", district="A"), {"1", "3"}),
        (Asked(name="Nam Sơn"), {"4"}),
        (Asked(name="Nam Son"), {"4", "5"}),
        (Asked(name="Ba Na"), {"6", "7"}),  # nothing is marked: the writer may use no marks at all
        (Asked(name="Xã Ba Na"), {"6"}),  # the writer uses marks
        (Asked(name="Bà Nà"), {"7"}),
        (Asked(code="6", name="Ba Na"), {"6"}),
    ],
)
def test_names_that_differ_in_marks_or_stand_twice(asked: Asked, codes: set[str]) -> None:
    answer = TWINS.match(asked)
    if isinstance(answer, Match):
        assert {answer.unit.code} == codes
    else:
        assert answer.why == "may be any of several units"
        assert {candidate.split()[0] for candidate in answer.candidates} == codes


@pytest.mark.parametrize(
    "name", ["UBND huyện Văn Lâm", "Uỷ ban nhân dân Huyện Văn Lâm", "ubnd huyen van lam"]
)
def test_offices_are_units_of_a_register_of_organisations(name: str) -> None:
    path = REGISTER.with_name("organisations.csv")
    answer = Matcher(Units(read_register(path, "organisations"), CLAIMED), CLAIMED).match(Asked(name=name))
    assert isinstance(answer, Match), answer
    assert answer.unit.name == "Ủy ban nhân dân huyện Văn Lâm"
