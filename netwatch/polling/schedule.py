"""When things are due: spread evenly, the same after a restart, and cheap to walk with ten thousand of them.

A thing is due at `cycle * interval + offset(key, interval)` in steady time, for every whole number `cycle`.
Its phase depends on nothing but its key, so that a reload or a restart moves nobody and asks nobody twice.
"""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


def offset(key: str, interval: float) -> float:
    """Return the phase of `key`, in seconds from 0 up to but not including `interval` (hash mod interval).

    The hash is stable: Python's own differs from process to process.
    """
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 12) / 2**52 * interval


class Turn(NamedTuple):
    """Items of a wheel that are due in one cycle: those from `start` up to but not including `stop`."""

    cycle: int
    start: int
    stop: int


class Wheel(Generic[T]):
    """Things of one interval in the order in which they are due; walking it costs only what is due.

    `items` are pairs of an offset and a thing; an item is due at `cycle * interval + offset`, in steady
    seconds. The first turn is the first after `after`.
    """

    def __init__(self, interval: float, items: Iterable[tuple[float, T]], after: float) -> None:
        ordered = sorted(items, key=itemgetter(0))
        self.interval = interval
        self.offsets = [offset for offset, _ in ordered]
        self.things = [thing for _, thing in ordered]
        self._cycle = self._next = 0
        self._phase = 0.0
        self.walk_from(after)

    @property
    def walked(self) -> float:
        """Everything due until then has been told or passed over."""
        return self._cycle * self.interval + self._phase

    def walk_from(self, after: float) -> None:
        """Go on from there: what was due before is passed over."""
        cycle = math.floor(after / self.interval)
        self._place(cycle, after - cycle * self.interval)

    def follow(self, other: Wheel[T]) -> None:
        """Go on from where a wheel of the same interval has come to, exactly."""
        self._place(other._cycle, other._phase)

    def turns(self, until: float, limit: int = sys.maxsize) -> Iterator[Turn]:
        """Tell what is due until then, at most `limit` items in all; the rest is told next time."""
        total = len(self.things)
        while limit > 0 and total:
            phase = until - self._cycle * self.interval
            stop = bisect_right(self.offsets, phase, self._next)
            if stop > self._next:
                turn = Turn(self._cycle, self._next, min(stop, self._next + limit))
                limit -= turn.stop - turn.start
                self._next = turn.stop
                self._phase = self.offsets[turn.stop - 1]
                yield turn
            elif phase >= self.interval:
                self._place(self._cycle + 1, -1.0)  # before everything
            else:
                self._phase = max(self._phase, phase)
                return

    def due(self, cycle: int, index: int) -> float:
        """Return when an item is due in a cycle."""
        return cycle * self.interval + self.offsets[index]

    def _place(self, cycle: int, phase: float) -> None:
        # A cycle and a phase, as their sum is too coarse to tell neighbours apart.
        self._cycle, self._phase = cycle, phase
        self._next = bisect_right(self.offsets, phase)
