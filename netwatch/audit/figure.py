"""Claims of kind `figure`: a number that somebody counts, beside the one that was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.bounds import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.claim import Claim, Measurement


def measured(claim: Claim, measurements: Iterable[Measurement], until: float) -> Measurement | None:
    """Return the value of the newest date that the ledger knew before `until` (Unix seconds).

    Of two values of one date the later entry counts. What can be no share of anything measures no ratio.
    """
    known = [
        each
        for each in measurements
        if each.claim == claim.name and each.at <= until and _possible(claim, each.value)
    ]
    return max(enumerate(known), key=lambda each: (each[1].date, each[0]))[1] if known else None


def share(claim: Claim, measurement: Measurement) -> Bounds:
    """Return a measured ratio; of a count the share of what was declared, at most all of it."""
    if claim.count:
        reached = min(1.0, measurement.value / claim.count)
        return Bounds(reached, reached)
    return Bounds(measurement.value, measurement.value)


def _possible(claim: Claim, value: float) -> bool:
    return value >= 0 if claim.declared is None else 0 <= value <= 1
