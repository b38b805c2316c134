"""A claim is judged over the register as of its date, between two bounds, and never too early."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from judged import (
    ABOLISHED,
    CLAIM,
    END,
    EVERYWHERE,
    LIT,
    NOW,
    OCTOBER,
    OF_FIBRE,
    RADIO,
    REFUTED,
    REGISTER,
    SILENT,
    THEN,
    TODAY,
    UNDETERMINED,
    UNMONITORED,
    UP,
    VERIFIED,
    bounds,
    judged,
    lit,
    verdicts,
)
from signed import exhibit, paper

from netwatch.audit import in_force
from netwatch.audit.claims import Evidence, Judge
from netwatch.audit.sites import Site
from netwatch.audit.standing import Standing
from netwatch.inventory.registers import read_register
from netwatch.model.claim import (
    Claim,
    ClaimVerdict,
    Criterion,
    Finding,
    Found,
    Limits,
    Population,
    UnitVerdict,
    Withheld,
)
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    from netwatch.model.register import Register

REGISTERS = Path(__file__).parents[2] / "config" / "registers"


def test_a_claim_holds_where_every_unit_of_its_day_is_verified() -> None:
    result = judged(*EVERYWHERE)
    assert verdicts(result) == dict.fromkeys("abcd", VERIFIED)
    assert (*bounds(result), result.verdict) == (1.0, 1.0, ClaimVerdict.HOLDS)
    assert result.withheld is None
    assert (result.start, result.end, result.observed) == (OCTOBER.start, OCTOBER.end, 1.0)


def test_a_unit_is_told_with_what_was_found_and_whom_it_lives_on_in() -> None:
    first = judged(*EVERYWHERE, known=END - 60).units[0]
    found = Found(Finding.SHOWN, END - 60, "", "settled minutes", "100/100")
    assert first.criteria == ((Criterion.REACHABLE, found),)
    assert (first.unit, first.heirs, first.disputes) == (REGISTER.units[0], ("a",), ())
    assert judged().heirs == 3


def test_what_is_not_known_keeps_the_bounds_apart() -> None:
    result = judged(Site("r", "c", "", UP), Site("r", "d", "", SILENT))
    assert verdicts(result) == {"a": UNMONITORED, "b": UNMONITORED, "c": VERIFIED, "d": UNDETERMINED}
    assert (*bounds(result), result.verdict) == (0.25, 1.0, ClaimVerdict.UNDETERMINED)
    assert [result.count(each) for each in UnitVerdict] == [1, 0, 1, 2]


def test_a_claim_does_not_hold_once_its_upper_bound_misses_what_was_declared() -> None:
    claim = replace(CLAIM, criteria=(Criterion.QUALITY,), limits=Limits(availability=0.9))
    result = judged(*EVERYWHERE[:3], Site("r", "d", "", SILENT), claim=claim)
    assert (*bounds(result), result.verdict) == (0.75, 0.75, ClaimVerdict.DOES_NOT_HOLD)
    assert verdicts(result)["d"] is REFUTED
    assert judged(*EVERYWHERE[:3], claim=replace(claim, declared=0.75)).verdict is ClaimVerdict.HOLDS


def test_of_two_offices_in_one_merged_commune_one_proves_its_own_predecessor_only() -> None:
    assert verdicts(judged(lit("a", "a"), claim=OF_FIBRE))["a"] is VERIFIED
    assert verdicts(judged(lit("a", "a"), claim=OF_FIBRE))["b"] is UNMONITORED
    both = judged(lit("a", "a"), lit("a", "b", RADIO), claim=OF_FIBRE)
    assert (verdicts(both)["a"], verdicts(both)["b"]) == (VERIFIED, REFUTED)


def test_for_a_claim_of_today_one_office_suffices_and_all_must_refute() -> None:
    claim = replace(TODAY, criteria=(Criterion.FIBRE,))
    one, none = (lit("a", "a"), lit("a", "b", RADIO)), (lit("a", "a", RADIO), lit("a", "b", RADIO))
    assert verdicts(judged(*one, claim=claim)) == {"a": VERIFIED} | dict.fromkeys("cdx", UNMONITORED)
    assert verdicts(judged(*none, claim=claim))["a"] is REFUTED


def test_a_month_that_was_blind_for_300_minutes_does_not_pass() -> None:
    limits = Limits(availability=0.995)
    claim = replace(CLAIM, criteria=(Criterion.REACHABLE, Criterion.QUALITY), limits=limits)
    blind = Site("r", "c", "", Figures(up=43_200 - 300, unknown=300))
    assert verdicts(judged(blind, claim=claim))["c"] is UNDETERMINED


def test_no_verdict_before_the_least_share_of_the_period_was_observed() -> None:
    """The bounds so far are told all the same."""
    early = judged(*EVERYWHERE, observed=0.79)
    assert (*bounds(early), early.verdict) == (1.0, 1.0, ClaimVerdict.UNDETERMINED)
    assert early.withheld is Withheld.NOT_OBSERVED
    assert judged(*EVERYWHERE, observed=0.79, reading=True).withheld is Withheld.READING
    assert judged(*EVERYWHERE, observed=0.8).verdict is ClaimVerdict.HOLDS


@pytest.mark.parametrize(
    ("claim", "register", "withheld", "units"),
    [
        (CLAIM, replace(REGISTER, example=True), Withheld.EXAMPLE, 4),
        (replace(CLAIM, population=Population("r", dt.date(1990, 1, 1), ())), REGISTER, Withheld.NO_UNITS, 0),
        (replace(CLAIM, kind="service"), REGISTER, Withheld.NOT_MEASURED, 4),
        (replace(CLAIM, declared=None), REGISTER, Withheld.NOT_MEASURED, 4),
        (replace(CLAIM, population=None), None, Withheld.NOT_MEASURED, 0),
        (CLAIM, None, Withheld.NOT_MEASURED, 0),
        (CLAIM, ABOLISHED, Withheld.CEASED, 4),
    ],
)
def test_where_there_can_be_no_verdict_the_reason_is_told(
    claim: Claim, register: Register | None, withheld: Withheld, units: int
) -> None:
    result = judged(claim=claim, register=register)
    assert (result.verdict, result.withheld, len(result.units)) == (
        ClaimVerdict.UNDETERMINED,
        withheld,
        units,
    )
    assert bounds(result) == (0.0, 1.0)


def test_an_example_shows_its_units_and_no_share_of_them() -> None:
    result = judged(*EVERYWHERE, register=replace(REGISTER, example=True))
    assert (result.count(VERIFIED), *bounds(result)) == (4, 0.0, 1.0)


def test_the_districts_of_2017_have_ceased_and_their_list_is_an_example() -> None:
    organisations = read_register(REGISTERS / "organisations.csv", "organisations")
    claim = replace(CLAIM, kind="lan", population=Population("organisations", THEN, ("UBND huyện",)))
    assert judged(claim=claim, register=organisations).withheld is Withheld.EXAMPLE
    official = judged(claim=claim, register=replace(organisations, example=False))
    assert (official.withheld, official.heirs) == (Withheld.CEASED, 0)
    assert len(official.units) > 0


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, ClaimVerdict.HOLDS), (2, ClaimVerdict.UNDETERMINED), (4, ClaimVerdict.DOES_NOT_HOLD)],
)
def test_a_number_of_units_may_be_declared_instead_of_a_share(count: int, expected: ClaimVerdict) -> None:
    """One is verified, one refuted and two are unknown."""
    claim = replace(OF_FIBRE, declared=None, count=count)
    assert judged(lit("c"), lit("d", found=RADIO), claim=claim).verdict is expected


def test_a_claim_of_kind_lan_asks_for_a_lan() -> None:
    claim = replace(CLAIM, kind="lan", criteria=())
    told = Found(Finding.SHOWN, END, "sw", "dot1qTpFdbPort", "20/22")
    (result,) = (
        each
        for each in judged(Site("r", "c", "", UP, ((Criterion.LAN, told),)), claim=claim).units
        if each.unit.code == "c"
    )
    assert (result.verdict, result.criteria) == (VERIFIED, ((Criterion.LAN, told),))


def test_all_criteria_of_every_unit_in_force_are_told() -> None:
    sites = (lit("a", "a"), lit("a", "b", RADIO), Site("r", "x", "", SILENT))
    known = Evidence(NOW, sites, 1.0, OCTOBER, Standing([exhibit("ab" * 32), paper(unit="d", date=NOW)]))
    told = {code: dict(found) for code, found in in_force.criteria(Judge(), REGISTER, known, [CLAIM])}
    assert list(told) == ["a", "c", "d", "x"]
    assert all(list(found) == list(Criterion) for found in told.values())
    assert told["a"][Criterion.FIBRE] is LIT
    assert told["d"][Criterion.FIBRE].source == "acceptance"
    assert told["x"][Criterion.REACHABLE].finding is Finding.NOT_SHOWN
    declared = {code: found[Criterion.DECLARED].finding for code, found in told.items()}
    assert declared == {"x": Finding.NOT_SHOWN} | dict.fromkeys("acd", Finding.SHOWN)
