"""Attestations and disputes as JSON: for the API, the status page, and lists on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.claim import Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from netwatch.audit.standing import Standing
    from netwatch.model.attestation import Answer, Attestation, Dispute, Receipt

    Json = dict[str, object]
    When = Callable[[float], str]  # Unix seconds as text

FINDINGS = {Finding.SHOWN: "shown", Finding.CONTRADICTED: "contradicted", Finding.NOT_SHOWN: "not_shown"}


def attestation_rows(
    standing: Standing,
    name_of: Callable[[str, str, dt.date], str],
    when: When,
    receipts: Mapping[str, Receipt] | None = None,
) -> list[Json]:
    """Return a row for each attestation, by unit and day.

    Of one that was withdrawn, `by`, `text` and `entered` are those of its withdrawal.
    `name_of` gives the name of a unit by register, code and day; `receipts` are by an attestation's name.
    """
    in_order = sorted(standing.attested, key=lambda each: (each.register, each.unit, each.date, each.name))
    known = receipts or {}
    return [_attestation(each, standing, name_of, when, known.get(each.name)) for each in in_order]


def dispute_rows(
    standing: Standing,
    name_of: Callable[[str, str, str], str],
    when: When,
    now: float,
    receipts: Mapping[str, Receipt] | None = None,
) -> list[Json]:
    """Return a row for each dispute with its answer, those that are open first, by their deadline.

    `name_of` gives the name of a unit by claim, register and code; `now` is Unix seconds.
    """
    in_order = sorted(
        standing.disputes.values(), key=lambda each: (each.name in standing.answers, each.deadline, each.name)
    )
    known = receipts or {}
    return [
        {
            **_dispute(each, standing.answers.get(each.name), now),
            "unit_name": name_of(each.claim, each.register, each.unit),
            "opened": when(each.at),
            "deadline": when(each.deadline),
            "documents": _documents(each.exhibits, standing),
            "answer": _answer(standing.answers.get(each.name), standing, when),
            "receipt": _receipt(known.get(each.name), when),
        }
        for each in in_order
    ]


def state_of(dispute: Dispute, answer: Answer | None, now: float) -> str:
    """Return `open`, `overdue` (open, and its deadline has passed), `upheld` or `rejected`."""
    if answer is not None:
        return "upheld" if answer.upheld else "rejected"
    return "overdue" if now > dispute.deadline else "open"


def _attestation(
    said: Attestation,
    standing: Standing,
    name_of: Callable[[str, str, dt.date], str],
    when: When,
    receipt: Receipt | None,
) -> Json:
    return {
        "name": said.name,
        "state": "withdrawn" if said.withdrawn else "stands",
        "register": said.register,
        "unit": said.unit,
        "unit_name": name_of(said.register, said.unit, said.date),
        "predecessor": said.predecessor or None,
        "criterion": said.criterion.value,
        "finding": FINDINGS[said.finding],
        "kind": said.kind.value,
        "date": said.date.isoformat(),
        "by": said.by,
        "text": said.text,
        "signed": "key" if said.signer else "paper",
        "signer": said.signer or None,
        "documents": _documents(said.exhibits, standing),
        "entered": when(said.at),
        "receipt": _receipt(receipt, when),
    }


def _dispute(said: Dispute, answer: Answer | None, now: float) -> Json:
    return {
        "name": said.name,
        "state": state_of(said, answer, now),
        "overdue": answer is None and now > said.deadline,
        "claim": said.claim,
        "register": said.register,
        "unit": said.unit,
        "by": said.by,
        "text": said.text,
    }


def _answer(answer: Answer | None, standing: Standing, when: When) -> Json | None:
    if answer is None:
        return None
    return {
        "at": when(answer.at),
        "by": answer.by,
        "upheld": answer.upheld,
        "text": answer.text,
        "documents": _documents(answer.exhibits, standing),
    }


def _documents(digests: Iterable[str], standing: Standing) -> list[Json]:
    """Return the documents by their hashes, with the titles that they were archived under."""
    exhibits = standing.exhibits
    return [{"sha256": each, "title": exhibits[each].title if each in exhibits else None} for each in digests]


def _receipt(receipt: Receipt | None, when: When) -> Json | None:
    if receipt is None:
        return None
    return {"poller": receipt.poller, "seq": receipt.seq, "at": when(receipt.at), "hash": receipt.hash}
