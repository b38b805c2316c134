"""The time that a criterion is judged over, and for how long a measured contradiction is proof."""

from __future__ import annotations

from dataclasses import dataclass

PROOF = 48 * 3600.0
"""Seconds for which what was measured still says something of the present.

Facts are written once a local day, so that a device that goes on answering renews its own within 25 hours;
one that says nothing for two days proves nothing any more.
"""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but not including `end`, Unix seconds; `known`: until when anything can be known."""

    start: float
    end: float
    known: float

    def holds(self, at: float) -> bool:
        """Tell whether a moment lies within."""
        return self.start <= at < self.end

    def proven(self, at: float) -> bool:
        """Tell whether what was measured at a moment still is proof."""
        return self.known - at <= PROOF
