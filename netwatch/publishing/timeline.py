"""The last month of a unit as columns: of each day, and of each of the last hours, what was known of it."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zoneinfo
    from collections.abc import Iterable

DAYS = 31
"""Columns of days: as far back as tallies reach."""

HOURS = 72
"""Columns of hours."""

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time, and its minutes by verdict. Minutes that nobody judged are unknown."""

    start: float  # Unix seconds
    up: int
    down: int
    unknown: int

    @property
    def minutes(self) -> int:
        """How many have passed."""
        return self.up + self.down + self.unknown

    def share(self, count: int) -> float:
        """Return what part of the stretch `count` minutes are; 0 where none has passed."""
        return count / self.minutes if self.minutes else 0.0

    def stacked(self, height: float) -> tuple[tuple[str, float, float], ...]:
        """Return (state, y, height) of each part from the top: down, unknown, up. Even a small part shows."""
        parts = [("down", self.down), ("unknown", self.unknown), ("up", self.up)]
        heights = [max(1.0, self.share(count) * height) if count else 0.0 for _, count in parts]
        excess = sum(heights) - height if self.minutes else 0.0
        tallest = heights.index(max(heights))
        heights[tallest] -= excess
        found, y = [], 0.0
        for (state, _), part in zip(parts, heights, strict=True):
            if part > 0:
                found.append((state, round(y, 2), round(part, 2)))
            y += part
        return tuple(found)


Hour = tuple[float, int, int, int]
"""(its start in Unix seconds, minutes up, down, unknown)."""


def days(hours: Iterable[Hour], now: float, zone: zoneinfo.ZoneInfo) -> tuple[Column, ...]:
    """Return a column for each of the last `DAYS` local days, the present one the last."""
    today = dt.datetime.fromtimestamp(now, zone).date()
    starts = [_midnight(today - dt.timedelta(days=back), zone) for back in range(DAYS - 1, -2, -1)]
    return _columns(hours, starts, now)


def recent(hours: Iterable[Hour], now: float) -> tuple[Column, ...]:
    """Return a column for each of the last `HOURS` hours, the present one the last."""
    last = now // HOUR * HOUR
    return _columns(hours, [last + (back + 1) * HOUR for back in range(-HOURS, 1)], now)


def _midnight(day: dt.date, zone: zoneinfo.ZoneInfo) -> float:
    return dt.datetime.combine(day, dt.time(), zone).timestamp()


def _columns(hours: Iterable[Hour], starts: list[float], now: float) -> tuple[Column, ...]:
    """Sum hours into the stretches between `starts`; what was not judged of a stretch is unknown."""
    known = sorted(hours)
    columns, place = [], 0
    for start, end in itertools.pairwise(starts):
        up = down = 0
        while place < len(known) and known[place][0] < end:
            if known[place][0] >= start:
                up += known[place][1]
                down += known[place][2]
            place += 1
        passed = max(0, int(min(end, now) - start) // 60)
        columns.append(Column(start, up, down, max(0, passed - up - down)))
    return tuple(columns)
