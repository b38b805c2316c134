"""A loop whose time passes only when nothing else is to be done, and the clocks that go with it.

An asyncio loop waits in its selector. This one's does not wait: it moves the time on by what it was to wait,
so that the real engines run in it unchanged, an hour in seconds, and every time the same.
"""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGINNING = 1000.0
"""Monotonic seconds at which every play begins."""


class VirtualSelector(selectors.SelectSelector):
    """Tells the descriptors in `readable`, whoever they are of, and else lets time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING
        self.readable: set[int] = set()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is readable; where nothing is, it is `timeout` seconds later at once."""
        keys: Mapping[int, selectors.SelectorKey] = self.get_map()  # type: ignore[assignment]  # by descriptor
        if self.readable:
            return [(keys[fd], selectors.EVENT_READ) for fd in sorted(self.readable) if fd in keys]
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        self.now += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio loop in virtual time."""

    def __init__(self) -> None:
        self.selector = VirtualSelector()
        super().__init__(self.selector)

    def time(self) -> float:
        """Return virtual monotonic seconds."""
        return self.selector.now


class VirtualClock:
    """The clocks of the poller's host: a wall clock that is stepped, and two that are not."""

    def __init__(self, loop: VirtualLoop, start: float) -> None:
        """Let it be steady `start` now."""
        self.epoch = start - loop.time()
        self._loop = loop
        self._steps = [(float("-inf"), 0.0)]  # steady time, and what the wall clock is off from then on

    def monotonic(self) -> float:
        """Return monotonic seconds."""
        return self._loop.selector.now

    def wall(self) -> float:
        """Return what the wall clock shows."""
        return self.epoch + self._loop.selector.now + self._steps[-1][1]

    def wall_at(self, steady: float) -> float:
        """Return what the wall clock showed at a steady time that is not long past."""
        off = next(off for since, off in reversed(self._steps) if since <= steady)
        return steady + off

    def step(self, at: float, by: float) -> None:
        """Set the wall clock by so many seconds, at a steady time."""
        self._steps.append((at, self._steps[-1][1] + by))
