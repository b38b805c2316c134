"""What holds of every claim, whatever is asked and known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st
from judged import (
    ABOLISHED,
    CLAIM,
    LIT,
    NOW,
    OCTOBER,
    RADIO,
    REFUTED,
    REGISTER,
    THEN,
    UNDETERMINED,
    UNMONITORED,
    VERIFIED,
    judged,
    signed,
)
from signed import dispute, inspection, paper

from netwatch.audit.claims import Evidence, Judge, evaluate, verdict
from netwatch.audit.sites import Site
from netwatch.model.claim import (
    Claim,
    ClaimVerdict,
    Criterion,
    Finding,
    Limits,
    Population,
    UnitVerdict,
)
from netwatch.model.figures import Figures


@pytest.mark.parametrize(
    ("findings", "monitored", "disputed", "expected"),
    [
        ("", False, False, UNMONITORED),
        ("1", False, True, UNMONITORED),
        ("", True, False, UNDETERMINED),
        ("1", True, False, VERIFIED),
        ("10", True, False, UNDETERMINED),
        ("1-", True, False, REFUTED),
        ("0-", True, False, REFUTED),
        ("1", True, True, UNDETERMINED),
        ("-", True, True, UNDETERMINED),
    ],
)
def test_a_unit_needs_every_criterion_and_one_contradicted_refutes_it(
    findings: str, *, monitored: bool, disputed: bool, expected: UnitVerdict
) -> None:
    signs = {"1": Finding.SHOWN, "0": Finding.NOT_SHOWN, "-": Finding.CONTRADICTED}
    found = [signs[sign] for sign in findings]
    assert verdict(found, monitored=monitored, disputed=disputed) is expected


tallies = st.builds(Figures, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
founds = st.sampled_from([LIT, RADIO]).map(lambda found: ((Criterion.FIBRE, found),)) | st.just(())
some_sites = st.lists(
    st.builds(Site, st.just("r"), st.sampled_from("acdx"), st.sampled_from(["", "a", "b"]), tallies, founds)
)
claims = st.builds(
    lambda criteria, limit, declared, as_of: replace(
        CLAIM,
        criteria=tuple(criteria),
        limits=Limits(availability=limit),
        declared=declared,
        population=Population("r", as_of, ()),
    ),
    st.lists(
        st.sampled_from([Criterion.REACHABLE, Criterion.QUALITY, Criterion.FIBRE]), min_size=1, unique=True
    ),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([THEN, NOW]),
)
entries = st.lists(
    st.builds(paper, st.text(), unit=st.sampled_from("acdx"), date=st.just(NOW))
    | st.builds(inspection, st.text(), unit=st.sampled_from("acdx"), date=st.just(NOW))
    | st.builds(dispute, st.sampled_from("abcd"), st.text())
)


@given(claim=claims, sites=some_sites, observed=st.floats(0, 1), entries=entries)
def test_every_unit_has_one_verdict_and_the_bounds_are_in_order(
    claim: Claim, sites: list[Site], observed: float, entries: list[object]
) -> None:
    result = judged(*sites, claim=claim, observed=observed, **signed(*entries))
    assert [each.unit for each in result.units] == list(REGISTER.as_of(claim.population.as_of))  # type: ignore[union-attr]  # always one
    assert 0.0 <= result.lower <= result.upper <= 1.0
    assert sum(result.count(each) for each in UnitVerdict) == len(result.units)
    assert result.lower == result.count(VERIFIED) / len(result.units)
    if observed < claim.minimum:
        assert result.verdict is ClaimVerdict.UNDETERMINED


@given(claim=claims, sites=some_sites, entries=entries, data=st.data())
def test_more_evidence_never_widens_the_bounds(
    claim: Claim, sites: list[Site], entries: list[object], data: st.DataObject
) -> None:
    """Unknown minutes of the same sites turn out up or down: the new bounds lie within the old."""

    def learnt(site: Site) -> Site:
        figures = site.figures
        up = data.draw(st.integers(0, figures.unknown))
        down = data.draw(st.integers(0, figures.unknown - up))
        known = Figures(figures.up + up, figures.down + down, figures.unknown - up - down)
        return replace(site, figures=known)

    before = judged(*sites, claim=claim, **signed(*entries))
    after = judged(*(learnt(site) for site in sites), claim=claim, **signed(*entries))
    assert before.lower <= after.lower <= after.upper <= before.upper


@given(asked=st.lists(st.tuples(claims, some_sites), max_size=5))
def test_a_judge_remembers_nothing_but_work(asked: list[tuple[Claim, list[Site]]]) -> None:
    judge = Judge()
    for claim, sites in asked:
        evidence = Evidence(NOW, tuple(sites), 1.0, OCTOBER)
        for register in (REGISTER, ABOLISHED):
            assert judge.evaluate(claim, register, evidence) == evaluate(claim, register, evidence)
