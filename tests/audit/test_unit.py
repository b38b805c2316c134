"""All criteria of one unit: what its sites show, beside papers that stand until something newer is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from signed import ACCEPTANCE, INSPECTION, inspection, paper

from netwatch.audit.criteria.unit import DEFAULT_LIMITS, of_unit, together
from netwatch.audit.sites import Site
from netwatch.model.attestation import Attestation, AttestationKind
from netwatch.model.claim import NOT_FOUND, Criterion, Finding, Found
from netwatch.model.figures import Figures

SHOWN, OPEN, AGAINST = Finding.SHOWN, Finding.NOT_SHOWN, Finding.CONTRADICTED


def noon(day: int) -> float:
    """Noon (UTC) of a day of November 2026, which a paper's date is reckoned as."""
    return dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC).timestamp()


AT = noon(30)
LIT = Found(SHOWN, noon(9), "gw", "light", "wan -18.3 dBm")
RADIO = Found(AGAINST, noon(9), "gw", "ifType", "lte1 radio")
STALE = Found(OPEN, noon(9), "gw", "ifType", "lte1 radio")


def site(found: Found = NOT_FOUND, predecessor: str = "", unit: str = "u", **changes: Any) -> Site:
    return Site("r", unit, predecessor, Figures(**changes), ((Criterion.FIBRE, found),))


def of(criterion: Criterion, *sites: Site, papers: tuple[Attestation, ...] = ()) -> Found:
    return dict(of_unit(sites, DEFAULT_LIMITS, papers, NOT_FOUND, AT))[criterion]


def fibre(*sites: Site, papers: tuple[Attestation, ...] = ()) -> Found:
    return of(Criterion.FIBRE, *sites, papers=papers)


def test_all_seven_criteria_are_told_of_a_unit_without_anything() -> None:
    assert of_unit((), DEFAULT_LIMITS, (), NOT_FOUND, AT) == tuple((each, NOT_FOUND) for each in Criterion)


def test_minutes_and_facts_and_documents_come_together() -> None:
    document = Found(SHOWN, noon(1), "", "document", "report.pdf")
    told = dict(of_unit((site(LIT, up=1000),), DEFAULT_LIMITS, (), document, AT))
    assert told[Criterion.FIBRE] is LIT
    assert told[Criterion.DECLARED] is document
    assert (told[Criterion.REACHABLE].finding, told[Criterion.REACHABLE].at) == (SHOWN, AT)
    assert told[Criterion.QUALITY].text == "1..1 >= 0.995, ? <= 0.05 s"
    assert told[Criterion.LAN] is NOT_FOUND


@pytest.mark.parametrize(
    ("findings", "finding"),
    [
        ([], OPEN),
        ([OPEN, SHOWN], SHOWN),
        ([AGAINST, SHOWN], SHOWN),
        ([AGAINST, OPEN], OPEN),
        ([AGAINST, AGAINST], AGAINST),
    ],
)
def test_of_several_sites_one_suffices_and_all_must_contradict(
    findings: list[Finding], finding: Finding
) -> None:
    told = together(Found(each, float(number)) for number, each in enumerate(findings))
    assert told.finding is finding
    newest = max((number for number, each in enumerate(findings) if each is finding), default=None)
    assert told.at == newest


@pytest.mark.parametrize(
    ("measured", "papers", "finding", "attested"),
    [
        (NOT_FOUND, (paper(),), SHOWN, True),
        (LIT, (paper(),), SHOWN, True),
        (LIT, (inspection(),), AGAINST, True),  # of the day after
        (LIT, (inspection(date=dt.date(2026, 11, 8)),), SHOWN, False),
        (RADIO, (paper(),), SHOWN, True),
        (RADIO, (paper(date=dt.date(2026, 11, 8)),), AGAINST, False),
        (STALE, (paper(date=dt.date(2026, 11, 8)),), OPEN, False),
        (NOT_FOUND, (inspection(date=dt.date(2017, 5, 1)),), AGAINST, True),  # it stands until newer evidence
        (NOT_FOUND, (inspection(), paper(date=dt.date(2026, 11, 11))), SHOWN, True),
        (NOT_FOUND, (paper(), inspection(date=dt.date(2026, 11, 11))), AGAINST, True),
        (NOT_FOUND, (paper(withdrawn=True),), OPEN, False),
    ],
)
def test_the_newest_evidence_counts(
    measured: Found, papers: tuple[Attestation, ...], finding: Finding, attested: bool
) -> None:
    told = fibre(site(measured), papers=papers)
    assert (told.finding, told.attested) == (finding, attested)


def test_a_paper_is_named_with_its_day() -> None:
    assert fibre(site(), papers=(paper("hand-over"),)) == Found(
        SHOWN, noon(10), "", "acceptance", "hand-over", attested=True
    )


@pytest.mark.parametrize("criterion", Criterion)
@pytest.mark.parametrize("kind", AttestationKind)
@pytest.mark.parametrize("finding", [SHOWN, AGAINST])
def test_what_a_paper_can_say(criterion: Criterion, kind: AttestationKind, finding: Finding) -> None:
    """Of figures it says nothing, an acceptance is of a line, and no paper says that none declared it."""
    told = of(criterion, site(), papers=(paper(kind=kind, criterion=criterion, finding=finding),))
    inspected = {Criterion.FIBRE, Criterion.INTERNET, Criterion.LAN, Criterion.IDENTIFIED}
    believed = (
        (kind is ACCEPTANCE and finding is SHOWN and criterion in {Criterion.FIBRE, Criterion.DECLARED})
        or (kind is INSPECTION and criterion in inspected)
        or (kind is INSPECTION and finding is SHOWN and criterion is Criterion.DECLARED)
    )
    assert told.finding is (finding if believed else OPEN)


OFFICES = (site(predecessor="a"), site(predecessor="b"))


@pytest.mark.parametrize(
    ("sites", "papers", "finding"),
    [
        (OFFICES, (inspection(predecessor="a"),), OPEN),  # of the other office nothing is known
        (OFFICES, (inspection("i", predecessor="a"), inspection("j", predecessor="b")), AGAINST),
        (OFFICES, (inspection(),), AGAINST),  # of the whole unit
        (OFFICES, (paper(predecessor="a"),), SHOWN),
        (OFFICES, (paper(predecessor="c"),), SHOWN),  # an office that has no device
        (OFFICES, (inspection(predecessor="c"),), OPEN),
        ((site(LIT, "a"), site(RADIO, "b")), (inspection(predecessor="a"),), AGAINST),
        ((site(LIT, "a"), site(RADIO, "b")), (inspection(predecessor="b"),), SHOWN),
        ((site(),), (inspection(predecessor="a"),), AGAINST),  # the only office, which names no predecessor
        ((site(predecessor="b"),), (inspection(predecessor="a"),), OPEN),
        ((), (inspection(predecessor="a"),), AGAINST),
        ((), (inspection("i", predecessor="a"), paper("p", predecessor="b")), SHOWN),
        # Two offices of one older unit that was split: a paper of one of today's units is of its own.
        ((site(predecessor="a"), site(predecessor="a", unit="v")), (inspection(predecessor="a"),), OPEN),
    ],
)
def test_a_paper_of_an_office_speaks_of_that_office(
    sites: tuple[Site, ...], papers: tuple[Attestation, ...], finding: Finding
) -> None:
    assert fibre(*sites, papers=papers).finding is finding
