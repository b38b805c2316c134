"""Two bounds instead of one percentage: what is not known may turn out either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.claim import Finding

if TYPE_CHECKING:
    from netwatch.model.figures import Figures


@dataclass(frozen=True, slots=True)
class Bounds:
    """A ratio between `lower`, where all that is unknown counts against it, and `upper`, where for it."""

    lower: float
    upper: float


UNKNOWN = Bounds(0.0, 1.0)
"""The ratio of nothing: it may be any."""


def share(shown: int, contradicted: int, total: int) -> Bounds:
    """Return the bounds of a share of `total` of which some is shown, some contradicted, the rest unknown."""
    if total == 0:
        return UNKNOWN
    return Bounds(shown / total, (total - contradicted) / total)


def availability(tally: Figures) -> Bounds:
    """Return U/(U+D+X) and (U+X)/(U+D+X) of settled minutes up, down and unknown."""
    return share(tally.up, tally.down, tally.total)


def reaches(bounds: Bounds, threshold: float) -> Finding:
    """Tell whether a ratio reaches `threshold`: shown by its lower bound, contradicted by its upper."""
    if bounds.lower >= threshold:
        return Finding.SHOWN
    return Finding.CONTRADICTED if bounds.upper < threshold else Finding.NOT_SHOWN


def loss(tally: Figures) -> Bounds:
    """Return the bounds of the share of slots that were lost: those that say nothing may have been or not."""
    return share(tally.lost, tally.valid - tally.lost, tally.expected)


def keeps_below(bounds: Bounds, limit: float) -> Finding:
    """Tell whether a ratio keeps within `limit`: shown by its upper bound, contradicted by its lower."""
    if bounds.upper <= limit:
        return Finding.SHOWN
    return Finding.CONTRADICTED if bounds.lower > limit else Finding.NOT_SHOWN
