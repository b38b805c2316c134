"""What signed papers say of a criterion, and how they stand beside what is measured."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.model.attestation import SAYS
from netwatch.model.claim import Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.attestation import Attestation
    from netwatch.model.claim import Criterion

NOON = dt.time(12, tzinfo=dt.UTC)
"""At which a paper's day is reckoned: the same date by the clock of any zone up to UTC+11."""


def says(attestation: Attestation, criterion: Criterion) -> bool:
    """Tell whether a paper says anything of a criterion."""
    return (
        attestation.criterion is criterion
        and attestation.finding in SAYS[attestation.kind].get(criterion, ())
        and not attestation.withdrawn
    )


def found(attestation: Attestation) -> Found:
    """Return what a paper finds."""
    at = dt.datetime.combine(attestation.date, NOON).timestamp()
    text = attestation.name
    return Found(attestation.finding, at, "", attestation.kind.value, text, attested=True)


def newest(measured: Found, papers: Iterable[Found]) -> Found:
    """Return the newest evidence of one site: a paper stands until something newer is known."""
    return max((measured, *papers), key=lambda each: each.at or 0.0)
