"""`quality`: whether availability, loss and round-trip time keep their limits over the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.bounds import availability, keeps_below, loss, reaches
from netwatch.audit.criteria.reachable import SOURCE
from netwatch.model.claim import NOT_FOUND, Finding, Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.model.claim import Limits
    from netwatch.model.figures import Figures


def found(figures: Figures, limits: Limits, at: float) -> Found:
    """Return what the minutes of a site show: all that is asked for must be shown, one suffices against it.

    `at`: the end of what is known, Unix seconds. Where nothing is asked for, or no minute is known of at
    all, nothing is found.
    """
    if figures.total == 0:
        return NOT_FOUND
    judged = tuple(_judged(figures, limits))
    if not judged:
        return NOT_FOUND
    return Found(min(finding for finding, _ in judged), at, "", SOURCE, ", ".join(text for _, text in judged))


def _judged(figures: Figures, limits: Limits) -> Iterator[tuple[Finding, str]]:
    """Yield what is found of each limit, with the figures."""
    if limits.availability is not None:
        up = availability(figures)
        text = f"{up.lower:.6g}..{up.upper:.6g} >= {limits.availability:.6g}"
        yield reaches(up, limits.availability), text
    if limits.loss is not None:
        lost = loss(figures)
        yield keeps_below(lost, limits.loss), f"{lost.lower:.6g}..{lost.upper:.6g} <= {limits.loss:.6g}"
    if limits.rtt is not None:
        yield _rtt(figures.rtt_mean, limits.rtt)


def _rtt(mean: float | None, limit: float) -> tuple[Finding, str]:
    """Judge the mean over all replies; lost packets have no round-trip time (RFC 2681 section 2.4)."""
    if mean is None:
        return Finding.NOT_SHOWN, f"? <= {limit:.6g} s"
    finding = Finding.SHOWN if mean <= limit else Finding.CONTRADICTED
    return finding, f"{mean:.6g} <= {limit:.6g} s"
