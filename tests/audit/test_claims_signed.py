"""Papers count beside what is measured, documents show that it was declared, disputes hold a verdict back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from judged import (
    CLAIM,
    END,
    EVERYWHERE,
    LIT,
    NOW,
    OF_FIBRE,
    RADIO,
    REFUTED,
    UNDETERMINED,
    UNMONITORED,
    UP,
    VERIFIED,
    judged,
    lit,
    signed,
    verdicts,
)
from signed import answer, dispute, exhibit, inspection, paper

from netwatch.audit.criteria import declared
from netwatch.audit.sites import Site
from netwatch.audit.standing import Standing
from netwatch.model.claim import (
    Criterion,
    Finding,
    Found,
)


def test_a_paper_counts_beside_what_is_measured() -> None:
    at_c = Site("r", "c", "", UP)
    shown = judged(at_c, claim=OF_FIBRE, **signed(paper(unit="c", date=NOW)))
    assert verdicts(shown)["c"] is VERIFIED
    assert shown.units[2].criteria[0][1].attested
    before = replace(LIT, at=END - 86_400)
    refuted = judged(lit("c", found=before), claim=OF_FIBRE, **signed(inspection(unit="c", date=NOW)))
    assert verdicts(refuted)["c"] is REFUTED


def test_a_paper_of_one_office_of_a_merged_unit_counts_for_its_own_predecessor_only() -> None:
    two = (Site("r", "a", "a", UP), Site("r", "a", "b", UP))
    told = judged(*two, claim=OF_FIBRE, **signed(paper(unit="a", predecessor="b", date=NOW)))
    assert (verdicts(told)["a"], verdicts(told)["b"]) == (UNDETERMINED, VERIFIED)


def test_a_unit_without_a_device_stays_unmonitored_whatever_was_signed_and_it_is_told() -> None:
    told = judged(claim=OF_FIBRE, **signed(paper(unit="c", date=NOW))).units[2]
    assert (told.verdict, told.criteria[0][1].finding) == (UNMONITORED, Finding.SHOWN)


def test_a_paper_of_tomorrow_shows_nothing_yet() -> None:
    late = paper(unit="c", date=NOW + dt.timedelta(days=1))
    assert verdicts(judged(Site("r", "c", "", UP), claim=OF_FIBRE, **signed(late)))["c"] is UNDETERMINED


def test_a_claim_is_declared_where_its_document_is_kept() -> None:
    claim = replace(CLAIM, criteria=(Criterion.DECLARED,))
    assert set(verdicts(judged(*EVERYWHERE, claim=claim)).values()) == {UNDETERMINED}
    kept = judged(*EVERYWHERE, claim=claim, **signed(exhibit("ab" * 32, at=7.0)))
    assert set(verdicts(kept).values()) == {VERIFIED}
    assert kept.units[0].criteria[0][1] == Found(Finding.SHOWN, 7.0, "", "document", "report.pdf")
    assert judged(*EVERYWHERE, claim=claim, **signed(exhibit("cd" * 32))).lower == 0.0


def test_of_several_documents_the_newest_is_named() -> None:
    other = replace(CLAIM, source=replace(CLAIM.source, sha256="cd" * 32))
    kept = [exhibit("cd" * 32, at=9.0, name="newer"), exhibit("ab" * 32, at=7.0, name="older")]
    assert declared.found([CLAIM, other], Standing(kept)).text == "newer"
    assert declared.found([other, CLAIM], Standing(kept)).text == "newer"


@pytest.mark.parametrize("found", [LIT, RADIO])
def test_a_unit_whose_people_object_is_undetermined_until_they_are_answered(found: Found) -> None:
    sites = (lit("c", found=found), lit("d"))
    settled = judged(*sites, claim=OF_FIBRE)
    objected = judged(*sites, claim=OF_FIBRE, **signed(dispute("c", "first"), dispute("c", "second")))
    assert (objected.units[2].verdict, objected.units[2].disputes) == (UNDETERMINED, ("first", "second"))
    assert objected.units[2].criteria == settled.units[2].criteria
    assert objected.units[3] == settled.units[3]
    assert objected.lower <= settled.lower <= settled.upper <= objected.upper
    answered = (dispute("c", "first"), answer("first"))
    assert judged(*sites, claim=OF_FIBRE, **signed(*answered)) == settled
    elsewhere = (dispute("c", claim="other"), dispute("c", "e", register="other"))
    assert judged(*sites, claim=OF_FIBRE, **signed(*elsewhere)) == settled


def test_a_dispute_of_a_unit_that_nobody_monitors_is_named_and_changes_nothing() -> None:
    told = judged(claim=OF_FIBRE, **signed(dispute("c"))).units[2]
    assert (told.verdict, told.disputes) == (UNMONITORED, ("d",))
