"""Figures by the hour, for as long as a claim looks back.

28 bytes an hour and key: 22 KB a unit, however long the process runs.
"""

from __future__ import annotations

from array import array
from operator import add, gt
from typing import TYPE_CHECKING

from netwatch.audit.period import HOUR
from netwatch.evidence.layout import MICRO
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from netwatch.audit.period import Window

HOURS = 31 * 24 + 1
"""The longest month, and the hour that is running."""

COLUMNS = "BBIIIBBQI"
"""What is kept of each hour, in the order of `_row`: minutes, slots, microseconds and replies."""

LARGEST = tuple({"B": 60, "I": 2**32 - 1, "Q": 2**64 - 1}[code] for code in COLUMNS)

MOST_SUMS = 4
"""Windows whose sums a ring remembers: those of the claims' periods, before and after they move."""

Row = tuple[int, ...]
NOTHING: Row = (0,) * len(COLUMNS)


class Ring:
    """The figures of one unit or device in the last :data:`HOURS` hours. Hours are numbered from 1970."""

    __slots__ = ("_columns", "_sums", "newest", "oldest")

    def __init__(self, hour: int) -> None:
        self.newest = hour  # that there is room for
        self.oldest = hour  # that anything was added to
        self._columns = tuple(array(code, bytes(array(code).itemsize * HOURS)) for code in COLUMNS)
        self._sums: dict[int, tuple[int, Row]] = {}  # by first hour: up to which one, and what they come to

    def add(self, hour: int, row: Row) -> None:
        """Add to an hour; one that is older than the ring is dropped. Raises ValueError: it cannot be."""
        self.advance(hour)
        if hour <= self.newest - HOURS:
            return
        row = _plus(self.row(hour), row)
        if min(row) < 0 or any(map(gt, row, LARGEST)):
            raise ValueError("more than an hour can come to")
        for column, value in zip(self._columns, row, strict=True):
            column[hour % HOURS] = value
        self.oldest = min(self.oldest, hour)
        if any(first <= hour < until for first, (until, _) in self._sums.items()):
            self._sums.clear()

    def advance(self, hour: int) -> None:
        """Make room for the hours up to this one, in place of the oldest."""
        for newer in range(max(self.newest + 1, hour - HOURS + 1), hour + 1):
            for column in self._columns:
                column[newer % HOURS] = 0
        self.newest = max(self.newest, hour)
        self.oldest = max(self.oldest, self.newest - HOURS + 1)

    def row(self, hour: int) -> Row:
        """Return what an hour comes to; nothing, where it is not in the ring."""
        if not self.newest - HOURS < hour <= self.newest:
            return NOTHING
        return tuple(column[hour % HOURS] for column in self._columns)

    def sum(self, first: int, end: int) -> Row:
        """Return what the hours from `first` up to but not including `end` come to.

        All but the newest hour are summed up once, and what follows is added as time goes on.
        """
        first, end = max(first, self.newest - HOURS + 1), min(end, self.newest + 1)
        still = min(end, self.newest)
        until, known = self._sums.get(first, (0, NOTHING))
        if not first <= until <= still:
            until, known = first, NOTHING
        if until < still:
            known = _plus(known, self._add_up(until, still))
            if len(self._sums) >= MOST_SUMS:
                self._sums.clear()
            self._sums[first] = still, known
        return _plus(known, self.row(still)) if still < end and first <= still else known

    def without(self, hours: Collection[int]) -> None:
        """Forget some hours."""
        for hour in hours:
            if self.newest - HOURS < hour <= self.newest:
                for column in self._columns:
                    column[hour % HOURS] = 0
        self._sums.clear()

    def _add_up(self, first: int, end: int) -> Row:
        slices = _slices(first, end)
        return tuple(sum(sum(column[part]) for part in slices) for column in self._columns)


class RollingTally:
    """The figures of many units, or devices."""

    def __init__(self) -> None:
        self.rings: dict[str, Ring] = {}

    def add(self, key: str, hour: int, figures: Figures) -> None:
        """Add what some minutes of an hour come to."""
        ring = self.rings.get(key)
        if ring is None:
            ring = self.rings[key] = Ring(hour)
        ring.add(hour, _row(figures))

    def adopt(self, key: str, earlier: Ring, leave_out: Collection[int]) -> None:
        """Take over what was found of the time before, but for some hours; what is known so far is added."""
        earlier.without(leave_out)
        known = self.rings.get(key)
        if known is not None:
            for hour in range(known.oldest, known.newest + 1):
                earlier.add(hour, known.row(hour))
        self.rings[key] = earlier

    def retain(self, keys: Collection[str]) -> None:
        """Forget all but `keys`: a reload took the others away."""
        self.rings = {key: ring for key, ring in self.rings.items() if key in keys}

    def of(self, key: str, window: Window, passed: int) -> Figures:
        """Return the figures of `key` within `window`, of which so many minutes have passed.

        A minute that nobody judged, be it that netwatch did not run or that the unit was not yet known, is
        *unknown* like one that was judged so.
        """
        ring = self.rings.get(key)
        if ring is None:
            return Figures(unknown=passed)
        up, down, expected, lost, valid, timed, slow, rtt_sum, rtt_count = ring.sum(
            int(window.start // HOUR), int(-(-window.end // HOUR))
        )
        unknown = max(0, passed - up - down)
        return Figures(up, down, unknown, expected, lost, valid, timed, slow, rtt_sum / MICRO, rtt_count)

    def hours(self, key: str, first: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield (hour, minutes up, minutes down) of each hour of a stretch, oldest first."""
        ring = self.rings.get(key)
        for hour in range(first, end):
            up, down, *_ = NOTHING if ring is None else ring.row(hour)
            yield hour, up, down


def _row(figures: Figures) -> Row:
    return (
        figures.up,
        figures.down,
        figures.expected,
        figures.lost,
        figures.valid,
        figures.timed,
        figures.slow,
        round(figures.rtt_sum * MICRO),
        figures.rtt_count,
    )


def _plus(one: Row, other: Row) -> Row:
    return tuple(map(add, one, other))


def _slices(first: int, end: int) -> tuple[slice, ...]:
    """Return the parts of a ring that hold some hours: none, one, or two where it wraps."""
    if end <= first:
        return ()
    start, stop = first % HOURS, (end - 1) % HOURS + 1
    return (slice(start, stop),) if start < stop else (slice(start, HOURS), slice(0, stop))
