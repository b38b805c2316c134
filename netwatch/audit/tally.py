"""Settled minutes by the hour, for as long as a claim looks back.

One byte a verdict, hour and key: 2.2 KB a unit, however long the process runs.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from netwatch.audit.period import HOUR, MINUTE
from netwatch.model.figures import Figures
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Collection

    from netwatch.audit.period import Window
    from netwatch.model.decision import MinuteSettled

HOURS = 31 * 24 + 1
"""The longest month, and the hour that is running."""


class RollingTally:
    """The settled minutes of many units, or devices, over the last :data:`HOURS` hours."""

    def __init__(self) -> None:
        self._minutes: dict[str, dict[State, array[int]]] = {}  # by key; a ring of hours, 'B'
        self._seen = [0] * HOURS  # a ring of hours: bit n where anything was up or down in minute n
        self._hour: int | None = None  # the newest hour that was counted
        self._settled = 0.0  # steady time up to which minutes were settled

    def count(self, minute: MinuteSettled) -> None:
        """Add one verdict; one that is older than the ring is dropped."""
        hour, second = divmod(int(minute.start), HOUR)
        if hour <= self._advanced(hour) - HOURS:
            return
        self._settled = max(self._settled, minute.start + MINUTE)
        rings = self._minutes.get(minute.key)
        if rings is None:
            rings = self._minutes[minute.key] = {
                State.UP: array("B", bytes(HOURS)),
                State.DOWN: array("B", bytes(HOURS)),
            }
        if minute.verdict in rings:
            rings[minute.verdict][hour % HOURS] += 1
            self._seen[hour % HOURS] |= 1 << second // MINUTE

    def retain(self, keys: Collection[str]) -> None:
        """Forget all but `keys`: a reload took the others away."""
        self._minutes = {key: rings for key, rings in self._minutes.items() if key in keys}

    def of(self, key: str, window: Window) -> Figures:
        """Return the minutes of `key` within `window`, as far as it has passed.

        A minute that nobody judged, be it that netwatch did not run or that the unit was not yet known, is
        *unknown* like one that was judged so.
        """
        passed = self._passed(window)
        rings = self._minutes.get(key)
        if rings is None:
            return Figures(unknown=passed)
        slices = self._slices(window)
        up, down = (sum(sum(rings[state][part]) for part in slices) for state in (State.UP, State.DOWN))
        return Figures(up, down, max(0, passed - up - down))

    def observed(self, window: Window) -> float:
        """Return the share of the whole `window`'s minutes in which anything at all was seen up or down."""
        seen = sum(bits.bit_count() for part in self._slices(window) for bits in self._seen[part])
        return min(1.0, seen / window.minutes)

    def _advanced(self, hour: int) -> int:
        """Make room for `hour` where it is new, and return the newest."""
        if self._hour is None or hour - self._hour >= HOURS:
            self._minutes.clear()
            self._seen = [0] * HOURS
            self._hour = hour
        for newer in range(self._hour + 1, hour + 1):
            self._seen[newer % HOURS] = 0
            for rings in self._minutes.values():
                for ring in rings.values():
                    ring[newer % HOURS] = 0
        self._hour = max(self._hour, hour)
        return self._hour

    def _slices(self, window: Window) -> tuple[slice, ...]:
        """Return the parts of a ring that hold the hours of `window`: none, one, or two where it wraps."""
        if self._hour is None:
            return ()
        first = max(int(window.start // HOUR), self._hour - HOURS + 1)
        end = min(int(-(-window.end // HOUR)), self._hour + 1)
        if end <= first:
            return ()
        start, stop = first % HOURS, (end - 1) % HOURS + 1
        return (slice(start, stop),) if start < stop else (slice(start, HOURS), slice(0, stop))

    def _passed(self, window: Window) -> int:
        end = min(window.end, self._settled)
        return max(0, round(end - window.start) // MINUTE)
