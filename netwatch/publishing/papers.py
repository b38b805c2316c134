"""What people signed for and object to, of one unit, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.api import FINDINGS, moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netwatch.audit.standing import Standing
    from netwatch.model.attestation import Answer, Attestation, Dispute
    from netwatch.publishing.present import Key

    Json = dict[str, object]


def disputes_of(standing: Standing, units: Collection[Key]) -> list[tuple[Dispute, Answer | None]]:
    """Return the disputes of some units, the newest first, with their answers."""
    found = [
        (each, standing.answers.get(each.name))
        for each in standing.disputes.values()
        if (each.register, each.unit) in units
    ]
    return sorted(found, key=lambda pair: pair[0].at, reverse=True)


def attestation_row(said: Attestation) -> Json:
    """Return what somebody signed for."""
    return {
        "name": said.name,
        "register": said.register,
        "unit": said.unit,
        "predecessor": said.predecessor or None,
        "criterion": said.criterion.value,
        "finding": FINDINGS[said.finding],
        "kind": said.kind.value,
        "date": said.date.isoformat(),
        "by": said.by,
        "text": said.text,
        "signed": "key" if said.signer else "paper",
        "signer": said.signer or None,
        "documents": _documents(said.exhibits),
        "entered": moment(said.at),
    }


def dispute_row(said: Dispute, answer: Answer | None, now: float) -> Json:
    """Return what a unit's people object to, and what was answered; `now` is Unix seconds."""
    return {
        "name": said.name,
        "state": _state(said, answer, now),
        "claim": said.claim,
        "register": said.register,
        "unit": said.unit,
        "by": said.by,
        "text": said.text,
        "opened": moment(said.at),
        "deadline": moment(said.deadline),
        "documents": _documents(said.exhibits),
        "answer": None
        if answer is None
        else {
            "at": moment(answer.at),
            "by": answer.by,
            "upheld": answer.upheld,
            "text": answer.text,
            "documents": _documents(answer.exhibits),
        },
    }


def _state(said: Dispute, answer: Answer | None, now: float) -> str:
    if answer is not None:
        return "upheld" if answer.upheld else "rejected"
    return "overdue" if now > said.deadline else "open"


def _documents(digests: Iterable[str]) -> list[Json]:
    return [{"sha256": each} for each in digests]
