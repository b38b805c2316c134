"""Attestations and disputes as JSON: for the API, the status page, and lists on a terminal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from netwatch.publishing import papers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from netwatch.audit.standing import Standing
    from netwatch.model.attestation import Attestation, Receipt

    Json = dict[str, object]
    When = Callable[[float], str]  # Unix seconds as text


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
    documents = partial(_documents, standing)
    return [
        {
            **papers.dispute_row(each, standing.answers.get(each.name), now, when, documents),
            "overdue": each.name not in standing.answers and now > each.deadline,
            "unit_name": name_of(each.claim, each.register, each.unit),
            "receipt": _receipt(known.get(each.name), when),
        }
        for each in in_order
    ]


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
        **papers.attestation_row(said, when, partial(_documents, standing)),
        "unit_name": name_of(said.register, said.unit, said.date),
        "receipt": _receipt(receipt, when),
    }


def _documents(standing: Standing, digests: Iterable[str]) -> list[Json]:
    """Return the documents by their hashes, with the titles that they were archived under."""
    exhibits = standing.exhibits
    return [{"sha256": each, "title": exhibits[each].title if each in exhibits else None} for each in digests]


def _receipt(receipt: Receipt | None, when: When) -> Json | None:
    if receipt is None:
        return None
    return {"poller": receipt.poller, "seq": receipt.seq, "at": when(receipt.at), "hash": receipt.hash}
