"""What people signed for and what they object to, as JSON: for the API, and what lists add to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.api import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from netwatch.audit.standing import Standing
    from netwatch.model.attestation import Answer, Attestation, Dispute
    from netwatch.publishing.present import Key

    Json = dict[str, object]
    When = Callable[[float], str | None]  # Unix seconds as text
    Documents = Callable[[Iterable[str]], list[Json]]  # of their hashes


def disputes_of(standing: Standing, units: Collection[Key]) -> list[tuple[Dispute, Answer | None]]:
    """Return the disputes of some units, the newest first, with their answers."""
    found = [
        (each, standing.answers.get(each.name))
        for each in standing.disputes.values()
        if (each.register, each.unit) in units
    ]
    return sorted(found, key=lambda pair: pair[0].at, reverse=True)


def attestation_row(said: Attestation, when: When, documents: Documents) -> Json:
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
        "documents": documents(said.exhibits),
        "entered": when(said.at),
    }


def dispute_row(said: Dispute, answer: Answer | None, now: float, when: When, documents: Documents) -> Json:
    """Return what a unit's people object to, and what was answered; `now` is Unix seconds."""
    return {
        "name": said.name,
        "state": state_of(said, answer, now),
        "claim": said.claim,
        "register": said.register,
        "unit": said.unit,
        "by": said.by,
        "text": said.text,
        "opened": when(said.at),
        "deadline": when(said.deadline),
        "documents": documents(said.exhibits),
        "answer": None
        if answer is None
        else {
            "at": when(answer.at),
            "by": answer.by,
            "upheld": answer.upheld,
            "text": answer.text,
            "documents": documents(answer.exhibits),
        },
    }


def state_of(dispute: Dispute, answer: Answer | None, now: float) -> str:
    """Return `open`, `overdue` (open, and its deadline has passed), `upheld` or `rejected`."""
    if answer is not None:
        return "upheld" if answer.upheld else "rejected"
    return "overdue" if now > dispute.deadline else "open"


def hashes(digests: Iterable[str]) -> list[Json]:
    """Return documents by their hashes alone."""
    return [{"sha256": each} for each in digests]
