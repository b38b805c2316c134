"""Announced windows, held once or again and again, and when that is on the clock of a zone.

What counts as announced is what entered the ledger before: the caller says when that was. A window of which
the ledger knows nothing is none yet.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.moments import told, unix
from netwatch.model.maintenance import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

DAY = 86400.0
LONGEST = 31 * DAY
"""Seconds that one window may last: one that never ends would explain everything."""

LONGEST_LOOK = 800 * DAY
"""Seconds over which occurrences are worked out at once; so many of a daily window are still few."""

PERIODS = {"day": 1 * DAY, "week": 7 * DAY, "month": 28 * DAY}
"""Seconds from one occurrence to the next, at least."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Once:
    """Held once. Unix seconds."""

    start: float
    end: float

    def spans(self, since: float, until: float) -> Iterator[tuple[float, float]]:
        """Yield it where it touches the time from `since` to `until`."""
        if self.start < until and self.end > since:
            yield self.start, self.end


@dataclass(frozen=True, slots=True)
class Recurring:
    """Held every day, week or month from the day `since` on and before the day `until`."""

    every: str  # one of PERIODS
    at: dt.time  # when it begins
    duration: float  # seconds
    zone: ZoneInfo  # whose clock `at` is read on
    weekday: int | None = None  # of a weekly one; Monday is 0
    day: int | None = None  # of a monthly one; in a shorter month its last
    since: dt.date | None = None
    until: dt.date | None = None

    def spans(self, since: float, until: float) -> Iterator[tuple[float, float]]:
        """Yield start and end of all that touch the time from `since` to `until`, in order."""
        day = dt.datetime.fromtimestamp(since - self.duration, self.zone).date()
        last = dt.datetime.fromtimestamp(until, self.zone).date()
        while day <= last:
            if self._falls_on(day):
                start = unix(day, self.at, self.zone)
                if start < until and start + self.duration > since:
                    yield start, start + self.duration
            day += dt.timedelta(days=1)

    def _falls_on(self, day: dt.date) -> bool:
        if (self.since and day < self.since) or (self.until and day >= self.until):
            return False
        if self.weekday is not None:
            return day.weekday() == self.weekday
        if self.day is not None:
            return day.day == min(self.day, calendar.monthrange(day.year, day.month)[1])
        return True


@dataclass(frozen=True, slots=True)
class Plan:
    """A window as it was announced."""

    name: str
    by: str
    text: str
    when: Once | Recurring
    devices: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def over(self, day: dt.date, zone: ZoneInfo) -> bool:
        """Tell whether it is never held again from `day` on."""
        midnight = unix(day, dt.time(), zone)
        if isinstance(self.when, Once):
            return self.when.end <= midnight
        if self.when.until is None:
            return False
        last = unix(self.when.until - dt.timedelta(days=1), self.when.at, self.when.zone)
        return last + self.when.duration <= midnight


def occurrences(
    plans: Iterable[Plan], since: float, until: float, announced: Mapping[str, float]
) -> tuple[Window, ...]:
    """Return every occurrence that touches the time from `since` to `until` (Unix seconds), by their start.

    `announced` tells when each plan, by its name, entered the ledger; one that is not in it has no
    occurrence. Raises ValueError where so long a time would be no view but a flood.
    """
    if until - since > LONGEST_LOOK:
        raise ValueError(f"occurrences are worked out over {LONGEST_LOOK / DAY:.0f} days at most")
    found = (
        _window(plan, start, end, announced[plan.name])
        for plan in plans
        if plan.name in announced
        for start, end in plan.when.spans(since, until)
    )
    return tuple(sorted(found, key=lambda window: (window.start, window.name)))


def _window(plan: Plan, start: float, end: float, announced: float) -> Window:
    name = plan.name if isinstance(plan.when, Once) else f"{plan.name} {told(start, plan.when.zone)}"
    return Window(name, start, end, announced, plan.by, plan.text, plan.devices, plan.units, plan.areas)
