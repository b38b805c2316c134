"""The periods that a claim is judged over, as stretches of steady time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR

_ROLLING = re.compile(r"last-([1-9][0-9]?)d")


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` up to but not including `end`, in seconds since 1970-01-01 UTC; `start` is a full hour."""

    start: float
    end: float

    @property
    def minutes(self) -> int:
        """How many minutes it is long."""
        return round(self.end - self.start) // MINUTE


def window(period: str, at: float, zone: dt.tzinfo) -> Window:
    """Return the window of a claim's `period` at time `at`.

    "last-30d" are the 720 hours up to and including the present one, and so on; "month" is the calendar month
    of `zone`, also what is still to come of it. Any other period raises ValueError.
    """
    if rolling := _ROLLING.fullmatch(period):
        end = (at // HOUR + 1) * HOUR
        return Window(end - int(rolling[1]) * DAY, end)
    if period == "month":
        here = dt.datetime.fromtimestamp(at, zone)
        first = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = (first + dt.timedelta(days=31)).replace(day=1)
        return Window(first.timestamp() // HOUR * HOUR, following.timestamp())
    raise ValueError(f"unknown period '{period}': last-30d or month")
