"""How many claims are about a unit: of today's units, by class, each claim once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from judged import CLAIM

from netwatch.audit import about
from netwatch.audit.claims import Judge
from netwatch.audit.steps import finish
from netwatch.model.claim import Claim, Population
from netwatch.model.register import Register, Unit

THEN, MERGED, TODAY = dt.date(2017, 12, 22), dt.date(2025, 7, 1), dt.date(2026, 11, 30)


def unit(code: str, kind: str, begins: dt.date, ends: dt.date | None, made_of: tuple[str, ...] = ()) -> Unit:
    return Unit(code, f"{kind} {code}", kind, "", "P", begins, ends, made_of, None, None, "test")


# Today's a was made of the communes a and b and the ward w; x is of another province.
REGISTERS = {
    "r": Register(
        "r",
        (
            unit("a", "xã", THEN, MERGED),
            unit("b", "xã", THEN, MERGED),
            unit("w", "phường", THEN, MERGED),
            unit("a", "xã", MERGED, None, ("a", "b", "w")),
            unit("x", "xã", MERGED, None, ("y",)),
        ),
        example=False,
    )
}


def claim(as_of: dt.date | None, class_: str = "standard", kinds: tuple[str, ...] = ()) -> Claim:
    population = Population("r", as_of, kinds) if as_of else None
    return replace(CLAIM, population=population, class_=class_)


def counted(*claims: Claim, today: dt.date = TODAY) -> dict[str, dict[str, int]]:
    found = finish(about.steps(Judge(), REGISTERS, claims, today))
    assert {register for register, _ in found} <= {"r"}
    return {code: dict(classes) for (_, code), classes in found.items()}


def test_a_claim_counts_once_for_a_unit_that_several_of_its_units_were_merged_into() -> None:
    assert counted(claim(THEN)) == {"a": {"standard": 1}}
    assert counted(claim(THEN), today=THEN) == {code: {"standard": 1} for code in "abw"}


def test_classes_are_counted_apart() -> None:
    assert counted(claim(THEN, "high"), claim(MERGED), claim(MERGED, "high")) == {
        "a": {"high": 2, "standard": 1},
        "x": {"high": 1, "standard": 1},
    }


def test_a_claim_is_about_units_of_its_kinds_and_what_they_became() -> None:
    assert counted(claim(THEN, kinds=("phường",))) == {"a": {"standard": 1}}
    assert counted(claim(MERGED, kinds=("phường",))) == {}


def test_a_claim_about_no_units_counts_for_none() -> None:
    """Nor does one whose register was not read."""
    elsewhere = replace(claim(THEN), population=Population("organisations", THEN, ()))
    assert counted(claim(None), elsewhere) == {}
