"""What signed papers say of a criterion, and how they stand beside what is measured."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.model.attestation import AttestationKind
from netwatch.model.claim import Criterion, Finding, Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.attestation import Attestation

INSPECTION, ACCEPTANCE = AttestationKind.INSPECTION, AttestationKind.ACCEPTANCE
SHOWN, CONTRADICTED = Finding.SHOWN, Finding.CONTRADICTED

SAYS = frozenset(
    (
        (ACCEPTANCE, Criterion.DECLARED, SHOWN),
        (INSPECTION, Criterion.DECLARED, SHOWN),
        (INSPECTION, Criterion.IDENTIFIED, SHOWN),
        (INSPECTION, Criterion.IDENTIFIED, CONTRADICTED),
        (ACCEPTANCE, Criterion.FIBRE, SHOWN),
        (INSPECTION, Criterion.FIBRE, SHOWN),
        (INSPECTION, Criterion.FIBRE, CONTRADICTED),
        (INSPECTION, Criterion.INTERNET, SHOWN),
        (INSPECTION, Criterion.INTERNET, CONTRADICTED),
        (INSPECTION, Criterion.LAN, SHOWN),
        (INSPECTION, Criterion.LAN, CONTRADICTED),
    )
)
"""What a paper can say at all. Of `reachable` and `quality`, figures of a period, none says anything."""

NOON = dt.time(12, tzinfo=dt.UTC)
"""At which a paper's day is reckoned: the same date by the clock of any zone up to UTC+11."""


def says(attestation: Attestation, criterion: Criterion) -> bool:
    """Tell whether a paper says anything of a criterion."""
    return (
        attestation.criterion is criterion
        and (attestation.kind, criterion, attestation.finding) in SAYS
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
