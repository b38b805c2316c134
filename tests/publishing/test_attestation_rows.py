"""Attestations and disputes as rows: everything that people have to see of them, and in which order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from netwatch.audit.standing import Standing
from netwatch.model.attestation import Answer, Attestation, AttestationKind, Dispute, Exhibit, Receipt
from netwatch.model.claim import Criterion, Finding
from netwatch.publishing.attestation_rows import attestation_rows, dispute_rows
from netwatch.publishing.papers import state_of

A = "aa" * 32
SAID = Attestation(
    at=100.0,
    name="A-2026-0001",
    kind=AttestationKind.INSPECTION,
    register="r",
    unit="12004",
    predecessor="",
    criterion=Criterion.FIBRE,
    finding=Finding.CONTRADICTED,
    date=dt.date(2026, 11, 20),
    by="An",
    exhibits=(A, "bb" * 32),
    text="cáp đồng",
)
DISPUTE = Dispute(100.0, "D-2026-0001", "fibre", "r", "12004", "UBND", "đã có", 500.0)
ANSWER = Answer(200.0, "D-2026-0001", "Sở", upheld=True, text="đúng", exhibits=(A,))
RECEIPT = Receipt("noc", 7, 100.5, "cc" * 32)


def name_on(register: str, code: str, day: dt.date) -> str:
    return f"{register} {code} {day}"


def name_in(claim: str, register: str, code: str) -> str:
    return f"{claim} {register} {code}"


def when(at: float) -> str:
    return f"<{at:g}>"


def test_an_attestation_tells_all_of_itself() -> None:
    standing = Standing([Exhibit(1.0, A, "bb.pdf", 7, "Biên bản", "An"), SAID])
    (row,) = attestation_rows(standing, name_on, when, {"A-2026-0001": RECEIPT})
    assert row == {
        "name": "A-2026-0001",
        "state": "stands",
        "register": "r",
        "unit": "12004",
        "unit_name": "r 12004 2026-11-20",
        "predecessor": None,
        "criterion": "fibre",
        "finding": "contradicted",
        "kind": "inspection",
        "date": "2026-11-20",
        "by": "An",
        "text": "cáp đồng",
        "signed": "paper",
        "signer": None,
        "documents": [{"sha256": A, "title": "Biên bản"}, {"sha256": "bb" * 32, "title": None}],
        "entered": "<100>",
        "receipt": {"poller": "noc", "seq": 7, "at": "<100.5>", "hash": "cc" * 32},
    }
    assert json.loads(json.dumps(row)) == row


def test_attestations_stand_by_unit_and_day_and_those_withdrawn_say_so() -> None:
    older = dataclasses.replace(
        SAID, name="A-2026-0002", date=dt.date(2026, 1, 1), signer="an", signature="…"
    )
    other = dataclasses.replace(SAID, name="A-2026-0003", unit="11953", predecessor="11956")
    gone = dataclasses.replace(SAID, at=300.0, by="Bình", text="sai", withdrawn=True)
    rows = attestation_rows(Standing([SAID, older, other, gone]), name_on, when)
    keys = ("name", "state", "signed", "signer", "predecessor", "by", "receipt")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("A-2026-0003", "stands", "paper", None, "11956", "An", None),
        ("A-2026-0002", "stands", "key", "an", None, "An", None),
        ("A-2026-0001", "withdrawn", "paper", None, None, "Bình", None),
    ]


def test_a_dispute_tells_all_of_itself_and_of_its_answer() -> None:
    standing = Standing([DISPUTE, ANSWER])
    (row,) = dispute_rows(standing, name_in, when, 900.0, {"D-2026-0001": RECEIPT})
    assert row == {
        "name": "D-2026-0001",
        "state": "upheld",
        "overdue": False,
        "claim": "fibre",
        "register": "r",
        "unit": "12004",
        "unit_name": "fibre r 12004",
        "by": "UBND",
        "text": "đã có",
        "opened": "<100>",
        "deadline": "<500>",
        "documents": [],
        "answer": {
            "at": "<200>",
            "by": "Sở",
            "upheld": True,
            "text": "đúng",
            "documents": [{"sha256": A, "title": None}],
        },
        "receipt": {"poller": "noc", "seq": 7, "at": "<100.5>", "hash": "cc" * 32},
    }
    assert json.loads(json.dumps(row)) == row


def test_open_disputes_come_first_by_their_deadline() -> None:
    later = dataclasses.replace(DISPUTE, name="D-2026-0002", deadline=950.0)
    sooner = dataclasses.replace(DISPUTE, name="D-2026-0003", deadline=600.0)
    rows = dispute_rows(Standing([DISPUTE, ANSWER, later, sooner]), name_in, when, 700.0)
    assert [(row["name"], row["state"], row["overdue"], row["receipt"]) for row in rows] == [
        ("D-2026-0003", "overdue", True, None),
        ("D-2026-0002", "open", False, None),
        ("D-2026-0001", "upheld", False, None),
    ]


STATES = {
    "in time": (None, 500.0, "open"),
    "its deadline has passed": (None, 500.1, "overdue"),
    "upheld": (ANSWER, 900.0, "upheld"),
    "rejected": (dataclasses.replace(ANSWER, upheld=False), 0.0, "rejected"),
}


@pytest.mark.parametrize(("answer", "now", "state"), STATES.values(), ids=STATES)
def test_the_state_of_a_dispute(answer: Answer | None, now: float, state: str) -> None:
    assert state_of(DISPUTE, answer, now) == state
