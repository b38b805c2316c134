"""Papers that people sign, documents that are kept, and disputes, with defaults for the rest."""

from __future__ import annotations

import datetime as dt
from typing import Any

from netwatch.model.attestation import Answer, Attestation, AttestationKind, Dispute, Exhibit
from netwatch.model.claim import Criterion, Finding

INSPECTION, ACCEPTANCE = AttestationKind.INSPECTION, AttestationKind.ACCEPTANCE


def paper(name: str = "p", **changes: Any) -> Attestation:
    """Return an acceptance of fibre at unit u of register r, of 2026-11-10, unless said otherwise."""
    values: dict[str, Any] = {
        "at": 0.0,
        "name": name,
        "kind": ACCEPTANCE,
        "register": "r",
        "unit": "u",
        "predecessor": "",
        "criterion": Criterion.FIBRE,
        "finding": Finding.SHOWN,
        "date": dt.date(2026, 11, 10),
        "by": "somebody",
        "exhibits": (),
    }
    return Attestation(**(values | changes))


def inspection(name: str = "i", finding: Finding = Finding.CONTRADICTED, **changes: Any) -> Attestation:
    """Return an inspection that found no fibre, unless said otherwise."""
    return paper(name, **({"kind": INSPECTION, "finding": finding} | changes))


def exhibit(sha256: str, at: float = 0.0, name: str = "report.pdf") -> Exhibit:
    return Exhibit(at, sha256, name, 1, "a report", "somebody")


def dispute(unit: str, name: str = "d", claim: str = "fibre", register: str = "r") -> Dispute:
    return Dispute(0.0, name, claim, register, unit, "the commune", "we have none", 0.0)


def answer(name: str = "d") -> Answer:
    return Answer(0.0, name, "somebody", upheld=True, text="so it is")
