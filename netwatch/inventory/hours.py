"""Office hours: Monday to Friday by one clock (07:30 to 17:00 unless configured), less the holidays."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.moments import unix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

OPENS = dt.time(7, 30)
CLOSES = dt.time(17, 0)
SATURDAY = 5
LONGEST_CLOSED = 400
"""Days that are searched for the next opening; a calendar of nothing but holidays has none."""

ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When offices are open. Moments are Unix seconds; an end does not belong to what it ends."""

    zone: ZoneInfo
    holidays: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()  # days of a weekend that are worked in exchange for another
    opens: dt.time = OPENS
    closes: dt.time = CLOSES

    def working_day(self, day: dt.date) -> bool:
        """Tell whether offices open on a day at all."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.holidays)

    def contains(self, at: float) -> bool:
        """Tell whether offices are open."""
        return any(start <= at < end for start, end in self._of(self._day(at)))

    def spans(self, since: float, until: float) -> tuple[tuple[float, float], ...]:
        """Return the hours between two moments: start and end of each, cut where they reach beyond."""
        day, last = self._day(since), self._day(until)
        found = []
        while day <= last:
            found += [(max(start, since), min(end, until)) for start, end in self._of(day)]
            day += ONE
        return tuple((start, end) for start, end in found if start < end)

    def next_change(self, at: float) -> float:
        """Return when they next open or close after `at`; infinity where that is never."""
        day = self._day(at)
        for ahead in range(LONGEST_CLOSED):
            for span in self._of(day + ahead * ONE):
                for moment in span:
                    if moment > at:
                        return moment
        return math.inf

    def _day(self, at: float) -> dt.date:
        return dt.datetime.fromtimestamp(at, self.zone).date()

    def _of(self, day: dt.date) -> Iterator[tuple[float, float]]:
        if self.working_day(day):
            yield unix(day, self.opens, self.zone), unix(day, self.closes, self.zone)
