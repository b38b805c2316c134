"""A claim is judged over the register as of its date, between two bounds, and never too early."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from netwatch.audit.claims import Evidence, evaluate, verdict
from netwatch.audit.sites import Site
from netwatch.model.claim import (
    Claim,
    ClaimResult,
    ClaimVerdict,
    Criterion,
    Finding,
    Limits,
    Population,
    Source,
    UnitVerdict,
)
from netwatch.model.figures import Figures
from netwatch.model.register import Register, Unit

THEN, NOW = dt.date(2017, 12, 22), dt.date(2026, 10, 31)
MERGED = dt.date(2025, 7, 1)


def unit(code: str, kind: str, begins: dt.date, ends: dt.date | None, made_of: tuple[str, ...] = ()) -> Unit:
    return Unit(code, f"{kind} {code}", kind, "", "P", begins, ends, made_of, None, None, "test")


# Of 2017: a to e. Today: a is made of a and b; c of c; x is new, of another province. d and e: see CEASED.
REGISTER = Register(
    "r",
    (
        unit("a", "xã", THEN, MERGED),
        unit("b", "phường", THEN, MERGED),
        unit("c", "xã", THEN, MERGED),
        unit("d", "thị trấn", THEN, MERGED),
        unit("a", "xã", MERGED, None, ("a", "b")),
        unit("c", "xã", MERGED, None, ("c",)),
        unit("d", "phường", MERGED, None, ("d",)),
        unit("x", "xã", MERGED, None, ("y",)),
    ),
    example=False,
)

CLAIM = Claim(
    name="fibre",
    kind="uplink",
    statement=(("en", "…"),),
    source=Source("report", THEN, ""),
    declared=1.0,
    population=Population("r", THEN, ()),
    criteria=(Criterion.REACHABLE,),
    period="last-30d",
    minimum=0.8,
    limits=Limits(),
)

UP, SILENT = Figures(up=100), Figures(down=100)
EVERYWHERE = (
    Site("r", "a", "a", UP),
    Site("r", "a", "b", UP),
    Site("r", "c", "", UP),
    Site("r", "d", "", UP),
)


def judged(
    *sites: Site, claim: Claim = CLAIM, register: Register = REGISTER, observed: float = 1.0
) -> ClaimResult:
    return evaluate(claim, register, Evidence(NOW, sites, observed))


def test_a_claim_holds_where_every_unit_of_its_day_is_verified() -> None:
    result = judged(*EVERYWHERE)
    assert dict(result.units) == dict.fromkeys("abcd", UnitVerdict.VERIFIED)
    assert (result.lower, result.upper, result.verdict) == (1.0, 1.0, ClaimVerdict.HOLDS)
    assert result.criteria == tuple((code, Criterion.REACHABLE, Finding.SHOWN) for code in "abcd")
    assert result.why == "of 4 units: 4 verified, 0 refuted, 0 undetermined, 0 unmonitored"


def test_what_is_not_known_keeps_the_bounds_apart() -> None:
    result = judged(Site("r", "c", "", UP), Site("r", "d", "", SILENT))
    assert dict(result.units) == {
        "a": UnitVerdict.UNMONITORED,
        "b": UnitVerdict.UNMONITORED,
        "c": UnitVerdict.VERIFIED,
        "d": UnitVerdict.UNDETERMINED,
    }
    assert (result.lower, result.upper, result.verdict) == (0.25, 1.0, ClaimVerdict.UNDETERMINED)


def test_a_claim_does_not_hold_once_its_upper_bound_misses_what_was_declared() -> None:
    claim = replace(CLAIM, criteria=(Criterion.QUALITY,), limits=Limits(availability=0.9))
    result = judged(*EVERYWHERE[:3], Site("r", "d", "", SILENT), claim=claim)
    assert (result.lower, result.upper, result.verdict) == (0.75, 0.75, ClaimVerdict.DOES_NOT_HOLD)
    assert dict(result.units)["d"] is UnitVerdict.REFUTED
    assert judged(*EVERYWHERE[:3], claim=replace(claim, declared=0.75)).verdict is ClaimVerdict.HOLDS


def test_what_nothing_can_show_yet_leaves_the_claim_open_and_is_named() -> None:
    claim = replace(CLAIM, criteria=(Criterion.FIBRE, Criterion.REACHABLE, Criterion.INTERNET))
    result = judged(*EVERYWHERE, claim=claim)
    assert result.verdict is ClaimVerdict.UNDETERMINED
    assert (result.lower, result.upper) == (0.0, 1.0)
    assert result.why.endswith("; shown of no unit: fibre, internet")


def test_no_verdict_before_the_least_share_of_the_period_was_observed() -> None:
    """The bounds so far are told all the same."""
    early = judged(*EVERYWHERE, observed=0.79)
    assert (early.lower, early.upper, early.verdict) == (1.0, 1.0, ClaimVerdict.UNDETERMINED)
    assert early.why.endswith("; 79.0% of the period observed, 80% are asked for before any verdict")
    assert judged(*EVERYWHERE, observed=0.8).verdict is ClaimVerdict.HOLDS


@pytest.mark.parametrize(
    ("site", "counts_for"),
    [
        (Site("r", "a", "a", UP), "a"),
        (Site("r", "a", "b", UP), "b"),
        (Site("r", "a", "", UP), None),  # which of the two is not said
        (Site("r", "a", "c", UP), None),  # its unit was not made of c
        (Site("r", "c", "", UP), "c"),  # only one it can lie in
        (Site("r", "c", "zz", UP), "c"),  # a name of another day's register
        (Site("r", "x", "", UP), None),  # was another province's
        (Site("r", "x", "a", UP), None),
        (Site("r", "nowhere", "", UP), None),
        (Site("other", "c", "", UP), None),  # the same code in another register
    ],
)
def test_a_site_counts_for_the_predecessor_it_lies_in(site: Site, counts_for: str | None) -> None:
    verified = [code for code, each in judged(site).units if each is UnitVerdict.VERIFIED]
    assert verified == ([counts_for] if counts_for else [])


def test_a_claim_of_today_counts_each_site_for_its_own_unit() -> None:
    claim = replace(CLAIM, population=Population("r", NOW, ()))
    result = judged(*EVERYWHERE, Site("r", "x", "y", UP), claim=claim)
    assert dict(result.units) == dict.fromkeys("acdx", UnitVerdict.VERIFIED)


def test_a_population_may_be_of_some_kinds_only() -> None:
    claim = replace(CLAIM, population=Population("r", THEN, ("Phường", "thị trấn")))
    assert [code for code, _ in judged(*EVERYWHERE, claim=claim).units] == ["b", "d"]


@pytest.mark.parametrize(
    ("claim", "register", "reason"),
    [
        (CLAIM, replace(REGISTER, example=True), "the register r is an example, so that there is no verdict"),
        (
            replace(CLAIM, population=Population("r", dt.date(1990, 1, 1), ())),
            REGISTER,
            "the register r lists no such unit as of 1990-01-01",
        ),
        (replace(CLAIM, kind="lan"), REGISTER, "claims of kind lan are declared, not measured"),
        (
            CLAIM,
            replace(REGISTER, units=REGISTER.units[:4]),
            "the population has ceased: none of its units lives on as of 2026-10-31",
        ),
    ],
)
def test_where_there_can_be_no_verdict_the_reason_is_told(
    claim: Claim, register: Register, reason: str
) -> None:
    result = judged(*EVERYWHERE, claim=claim, register=register)
    assert (result.lower, result.upper, result.verdict) == (0.0, 1.0, ClaimVerdict.UNDETERMINED)
    assert result.why.endswith("; " + reason)


@pytest.mark.parametrize(
    ("findings", "monitored", "expected"),
    [
        ("", False, UnitVerdict.UNMONITORED),
        ("", True, UnitVerdict.UNDETERMINED),
        ("1", True, UnitVerdict.VERIFIED),
        ("10", True, UnitVerdict.UNDETERMINED),
        ("1-", True, UnitVerdict.REFUTED),
        ("0-", True, UnitVerdict.REFUTED),
    ],
)
def test_a_unit_needs_every_criterion_and_one_contradicted_refutes_it(
    findings: str, *, monitored: bool, expected: UnitVerdict
) -> None:
    signs = {"1": Finding.SHOWN, "0": Finding.NOT_SHOWN, "-": Finding.CONTRADICTED}
    found = {criterion: signs[sign] for criterion, sign in zip(Criterion, findings, strict=False)}
    assert verdict(found, monitored=monitored) is expected


tallies = st.builds(Figures, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
some_sites = st.lists(
    st.builds(Site, st.just("r"), st.sampled_from("acdx"), st.sampled_from(["", "a", "b"]), tallies)
)
claims = st.builds(
    lambda criteria, limit, declared: replace(
        CLAIM, criteria=tuple(criteria), limits=Limits(availability=limit), declared=declared
    ),
    st.lists(st.sampled_from([Criterion.REACHABLE, Criterion.QUALITY]), min_size=1, unique=True),
    st.floats(0, 1),
    st.floats(0, 1),
)


@given(claim=claims, sites=some_sites, observed=st.floats(0, 1))
def test_every_unit_has_one_verdict_and_the_bounds_are_in_order(
    claim: Claim, sites: list[Site], observed: float
) -> None:
    result = judged(*sites, claim=claim, observed=observed)
    assert [code for code, _ in result.units] == list("abcd")
    assert 0.0 <= result.lower <= result.upper <= 1.0
    told = result.why.split(":")[1].split(";")[0].split(",")
    assert sum(int(each.split()[0]) for each in told) == 4
    if observed < claim.minimum:
        assert result.verdict is ClaimVerdict.UNDETERMINED


@given(claim=claims, sites=some_sites, data=st.data())
def test_more_evidence_never_widens_the_bounds(claim: Claim, sites: list[Site], data: st.DataObject) -> None:
    """Unknown minutes of the same sites turn out up or down: the new bounds lie within the old."""

    def learnt(site: Site) -> Site:
        tally = site.tally
        up = data.draw(st.integers(0, tally.unknown))
        down = data.draw(st.integers(0, tally.unknown - up))
        return replace(site, tally=Figures(tally.up + up, tally.down + down, tally.unknown - up - down))

    before = judged(*sites, claim=claim)
    after = judged(*(learnt(site) for site in sites), claim=claim)
    assert before.lower <= after.lower <= after.upper <= before.upper
