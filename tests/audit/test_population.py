"""Whose site and whose paper counts for whom, where units merge, split and use codes again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from signed import paper

from netwatch.audit.population import Placement
from netwatch.audit.sites import Site
from netwatch.inventory.registers import read_register
from netwatch.model.claim import Population
from netwatch.model.figures import Figures
from netwatch.model.register import Register, Unit

THEN, MERGED, TODAY = dt.date(2017, 12, 22), dt.date(2025, 7, 1), dt.date(2026, 11, 30)
REAL = Path(__file__).parents[2] / "config" / "registers" / "hung-yen.csv"


def unit(code: str, kind: str, begins: dt.date, ends: dt.date | None, made_of: tuple[str, ...] = ()) -> Unit:
    return Unit(code, f"{kind} {code}", kind, "", "P", begins, ends, made_of, None, None, "test")


# Of 2017: a to d, and s. Today: a is made of a and b, c of c, d of d and a part of s, s of the rest of it;
# x is new, of another province.
REGISTER = Register(
    "r",
    (
        unit("a", "xã", THEN, MERGED),
        unit("b", "phường", THEN, MERGED),
        unit("c", "xã", THEN, MERGED),
        unit("d", "thị trấn", THEN, MERGED),
        unit("s", "xã", THEN, MERGED),
        unit("a", "xã", MERGED, None, ("a", "b")),
        unit("c", "xã", MERGED, None, ("c",)),
        unit("d", "phường", MERGED, None, ("d", "s")),
        unit("s", "xã", MERGED, None, ("s",)),
        unit("x", "xã", MERGED, None, ("y",)),
    ),
    example=False,
)
OLD = Placement(Population("r", THEN, ()), REGISTER, TODAY)
NEW = Placement(Population("r", TODAY, ()), REGISTER, TODAY)


def site(unit: str, predecessor: str = "", register: str = "r") -> Site:
    return Site(register, unit, predecessor, Figures())


def test_a_population_lives_on_in_the_units_made_of_it() -> None:
    assert [each.code for each in OLD.units] == ["a", "b", "c", "d", "s"]
    assert OLD.heirs == {"a": ("a",), "b": ("a",), "c": ("c",), "d": ("d",), "s": ("d", "s")}
    assert NEW.heirs == {code: (code,) for code in "acdsx"}
    assert (OLD.successors, NEW.successors) == (frozenset("acds"), frozenset("acdsx"))


def test_a_population_may_be_of_some_kinds_only() -> None:
    """However they are written: in capitals, or with the accents apart."""
    kinds = ("Phường", "THỊ TRẤN")
    assert [each.code for each in Placement(Population("r", THEN, kinds), REGISTER, TODAY).units] == [
        "b",
        "d",
    ]


@pytest.mark.parametrize(
    ("there", "of_2017", "of_today"),
    [
        (site("a", "a"), "a", "a"),
        (site("a", "b"), "b", "a"),
        (site("a"), None, "a"),  # which of the two is not said
        (site("a", "c"), None, "a"),  # its unit was not made of c
        (site("c"), "c", "c"),  # only one it can lie in
        (site("c", "zz"), "c", "c"),  # a name of another day's register
        (site("s"), "s", "s"),
        (site("d", "s"), "s", "d"),
        (site("x"), None, "x"),  # was another province's
        (site("x", "a"), None, "x"),
        (site("nowhere"), None, None),
        (site("c", register="other"), None, None),
    ],
    ids=str,
)
def test_a_site_counts_for_the_predecessor_it_lies_in(
    there: Site, of_2017: str | None, of_today: str | None
) -> None:
    assert OLD.sites([there]) == ({of_2017: (there,)} if of_2017 else {})
    assert NEW.sites([there]) == ({of_today: (there,)} if of_today else {})


LATE, EARLY = dt.date(2026, 5, 1), dt.date(2018, 5, 1)


@pytest.mark.parametrize(
    ("date", "of", "office", "of_2017", "of_today"),
    [
        (LATE, "a", "a", ("a", "a"), ("a", "a")),
        (LATE, "a", "b", ("b", "b"), ("a", "b")),
        (LATE, "a", "", None, ("a", "")),  # which of the two is not said
        (LATE, "c", "", ("c", ""), ("c", "")),
        (LATE, "d", "s", ("s", "s"), ("d", "s")),
        (LATE, "b", "", None, None),  # ended the year before
        (EARLY, "a", "", ("a", ""), ("a", "a")),  # of the commune a of then, an office in that of today
        (EARLY, "b", "", ("b", ""), ("a", "b")),
        (EARLY, "s", "", ("s", ""), None),  # in which of two it lies today is not said
        (EARLY, "x", "", None, None),
        (dt.date(2016, 1, 1), "a", "", None, None),  # before the register's time
        (dt.date(2026, 12, 1), "c", "", None, None),  # of a day that is still to come
    ],
    ids=str,
)
def test_a_paper_counts_for_the_unit_of_its_own_day(
    date: dt.date, of: str, office: str, of_2017: tuple[str, str] | None, of_today: tuple[str, str] | None
) -> None:
    for placement, expected in ((OLD, of_2017), (NEW, of_today)):
        found = placement.attestations([paper(unit=of, predecessor=office, date=date)])
        told = [(code, each.predecessor) for code, papers in found.items() for each in papers]
        assert told == ([expected] if expected else [])
        assert placement.attestations([paper(unit=of, date=date, register="other")]) == {}


@pytest.fixture(scope="module")
def real() -> Register:
    return read_register(REAL, "hung-yen")


def test_the_161_of_2017_live_on_in_39_of_104(real: Register) -> None:
    """Counted in the province's own register; the other 65 were Thái Bình's."""
    placement = Placement(Population("hung-yen", THEN, ("xã", "phường", "thị trấn")), real, TODAY)
    assert len(placement.units) == 161
    assert placement.heirs.keys() == {each.code for each in placement.units}
    heirs = {code for codes in placement.heirs.values() for code in codes}
    assert (len(heirs), len(real.as_of(TODAY))) == (39, 104)
    parts = Counter(code for codes in placement.heirs.values() for code in codes)
    assert (min(parts.values()), max(parts.values())) == (3, 7)


@pytest.mark.parametrize(
    ("split", "heirs"),
    [
        ("12322", {"11983", "12322"}),  # xã Ngọc Thanh
        ("11989", {"11992", "11995"}),  # xã Lạc Đạo
        ("12004", {"11995", "12004"}),  # xã Đình Dù
    ],
)
def test_an_office_of_a_unit_that_was_split_counts_wherever_it_lies_today(
    real: Register, split: str, heirs: set[str]
) -> None:
    placement = Placement(Population("hung-yen", THEN, ()), real, TODAY)
    assert set(placement.heirs[split]) == heirs
    for heir in heirs:
        named, silent = site(heir, split, "hung-yen"), site(heir, "", "hung-yen")
        assert placement.sites([named]) == {split: (named,)}
        assert placement.sites([silent]) == {}  # each of them merged several


def test_a_code_that_is_used_again_is_another_unit(real: Register) -> None:
    """11953 was phường Hiến Nam, and is phường Phố Hiến: a site there is not one of Hiến Nam by its code."""
    placement = Placement(Population("hung-yen", THEN, ()), real, TODAY)
    assert placement.sites([site("11953", "", "hung-yen")]) == {}
    other = next(code for code, codes in placement.heirs.items() if codes == ("11953",) and code != "11953")
    there = site("11953", other, "hung-yen")
    assert placement.sites([there]) == {other: (there,)}
    old = paper(register="hung-yen", unit="11953", date=EARLY)
    assert placement.attestations([old]) == {"11953": (old,)}
