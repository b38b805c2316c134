"""Sets of minutes as bits of one whole number: of a month, of an hour, whatever is counted at once.

Bit n is the minute that begins n minutes after a full hour. Which minutes are office hours, or left out for a
window, is worked out once so, and then cut into hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUTE, HOUR = 60, 3600
EVERY = (1 << 60) - 1
"""All minutes of an hour."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Minutes counted from `origin`, Unix seconds at a full hour, and not before it or after `end`."""

    origin: int
    end: float

    def within(self, spans: Iterable[tuple[float, float]]) -> int:
        """Return the minutes that lie wholly within one of the spans, given in Unix seconds."""
        found = 0
        for start, end in spans:
            first = max(0, math.ceil((start - self.origin) / MINUTE))
            after = math.floor((min(end, self.end) - self.origin) / MINUTE)
            if after > first:
                found |= (1 << after) - (1 << first)
        return found

    def of_hour(self, minutes: int, hour: int) -> int:
        """Return those of an hour that begins at `hour`, counted from there."""
        place = (hour - self.origin) // MINUTE
        return minutes >> place & EVERY if place >= 0 else 0


def calendar(start: float, end: float) -> Calendar:
    """Return the calendar of a period."""
    return Calendar(int(start // HOUR) * HOUR, end)


def places(minutes: Iterable[int]) -> int:
    """Return the set of some minutes 0…59 of an hour."""
    found = 0
    for minute in minutes:
        found |= 1 << minute
    return found
