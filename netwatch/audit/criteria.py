"""What the evidence so far shows of one site, criterion by criterion.

Each finding is *shown*, *contradicted* or *not shown*, and none follows from another. What has no source of
evidence yet is not shown: nothing is taken for granted because a document declares it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.bounds import availability, reaches
from netwatch.model.claim import Criterion, Finding

if TYPE_CHECKING:
    from netwatch.model.claim import Limits
    from netwatch.model.figures import Figures


def finding(criterion: Criterion, figures: Figures, limits: Limits) -> Finding:
    """Return what the minutes of a site show of `criterion`."""
    if criterion is Criterion.REACHABLE:
        return reachable(figures)
    if criterion is Criterion.QUALITY:
        return quality(figures, limits)
    return Finding.NOT_SHOWN


def reachable(figures: Figures) -> Finding:
    """Tell whether the site was up for a settled minute; silence contradicts nothing."""
    return Finding.SHOWN if figures.up > 0 else Finding.NOT_SHOWN


def quality(figures: Figures, limits: Limits) -> Finding:
    """Tell whether availability keeps its limit.

    Limits of loss and RTT are not measured over the period yet: where one is set, quality is never shown, but
    an availability that misses its own limit contradicts it all the same.
    """
    if limits.availability is None:
        return Finding.NOT_SHOWN
    found = reaches(availability(figures), limits.availability)
    measured = limits.loss is None and limits.rtt is None
    return found if measured or found is Finding.CONTRADICTED else Finding.NOT_SHOWN


def together(findings: tuple[Finding, ...]) -> Finding:
    """Join the findings of the sites of one unit: one that shows it suffices, all must contradict it."""
    return max(findings, default=Finding.NOT_SHOWN)
