"""What the last few minutes showed of one line, a byte a slot, so that counting and uniting run at C speed.

A slot is known by its index: how many intervals its due time lies after the line's origin, rounded. Hence
noise in due times neither loses nor doubles a slot, replies may come in any order, and every slot belongs to
exactly one minute whatever the interval is.
"""

from __future__ import annotations

import math
from array import array
from typing import TypeVar

from netwatch.model.outcome import SlotResult

GOOD = 1
LOST = 2
MISSING = 4  # not reported: its time has not come, or it was never sent
INVALID = 8  # reported as saying nothing about the device
UNREACHABLE = LOST | 16
LATE = GOOD | 64
"""A bit each, so that the slots of several lines unite by *or* (see `minute`). Unreachable is lost too. Late
is good for being alive, and lost for quality: a reply came, after the timeout."""

VALID = GOOD | LOST

MARKS = bytes(
    {
        SlotResult.GOOD: GOOD,
        SlotResult.LOST: LOST,
        SlotResult.UNREACHABLE: UNREACHABLE,
        SlotResult.INVALID: INVALID,
    }[result]
    for result in sorted(SlotResult)
)
"""The mark of each SlotResult."""

IGNORED = 0
"""What `put` returns of a slot that it did not take; never the index of one."""

SLACK = 1e-6
"""Share of an interval by which a due time may be off before it counts for another minute."""

NOTHING = math.nan

_Ring = TypeVar("_Ring", bytearray, "array[float]")


class Slots:
    """A ring of marks and round-trip times by slot index: `span` seconds, a slot every `interval` seconds."""

    __slots__ = (
        "_drained",
        "_marks",
        "_oldest",
        "_origin",
        "_overtaken",
        "_rate",
        "_remembered",
        "_rtts",
        "_size",
        "interval",
        "newest",
    )

    def __init__(self, interval: float, span: float) -> None:
        self.interval = interval
        self.newest = -2  # index; negative: no slot was ever put
        self._rate = 1 / interval
        self._size = math.ceil(span * self._rate) + 2
        self._origin = 0.0  # steady time of index 0
        self._marks = bytearray((MISSING,)) * self._size
        self._rtts = array("d", (NOTHING,)) * self._size
        self._oldest = 0  # the first index that was ever put
        self._drained = 0  # the first index that `drain` has not handed out
        self._remembered = 0  # the first index that was not forgotten
        self._overtaken: list[int] = []  # indices below `_drained` that came afterwards

    @property
    def seen(self) -> bool:
        """Whether any slot was ever put, so that the phase is known."""
        return self.newest >= 0

    def put(self, due: float, mark: int, rtt: float) -> int:
        """Keep what the slot due then showed; return its index, or IGNORED where it is too old or known."""
        index = int((due - self._origin) * self._rate + 0.5)
        if index == self.newest + 1:
            self.newest = index
        else:
            index = self._put_out_of_turn(due, index)
            if index == IGNORED:
                return IGNORED
        place = index % self._size
        self._marks[place] = mark
        self._rtts[place] = rtt
        return index

    def seen_before(self, time: float) -> bool:
        """Tell whether any slot due before `time` was ever put, whatever came after it."""
        return self.seen and self.due(self._oldest) < time

    def amend(self, due: float) -> int:
        """Take a loss back, as the reply came after all; return the index, or IGNORED where there is none.

        The reply may be told before the loss: the slot is late from the beginning then.
        """
        index = int((due - self._origin) * self._rate + 0.5)
        if not self.mark(index) & LOST:
            return self.put(due, LATE, NOTHING)
        self._marks[index % self._size] = LATE
        return index

    def fill(self, due: float, marks: bytes) -> None:
        """Put a row of slots whose round-trip times are not known, the first of which was due then."""
        for place, mark in enumerate(marks):
            if mark != MISSING:
                self.put(due + place * self.interval, mark, NOTHING)

    def due(self, index: int) -> float:
        """Steady time at which the slot was due."""
        return self._origin + index * self.interval

    def first(self, time: float) -> int:
        """Index of the first slot due at `time` or later."""
        return math.ceil((time - self._origin) * self._rate - SLACK)

    def in_force(self, time: float) -> int:
        """Index of the slot that speaks for `time`: the last one due until then."""
        return math.floor((time - self._origin) * self._rate + SLACK)

    def mark(self, index: int) -> int:
        """Return the mark of one slot; MISSING outside of what the ring holds."""
        return self._marks[index % self._size] if self._holds(index) else MISSING

    def marks(self, start: int, stop: int) -> bytes:
        """Return the marks of slots `start` … `stop` - 1, MISSING where none is held or it was forgotten."""
        low = min(max(start, self.newest - self._size + 1, self._remembered), stop)
        high = max(min(stop, self.newest + 1), low)
        held = bytes(_piece(self._marks, low, high))
        if len(held) == stop - start:
            return held
        return bytes((MISSING,)) * (low - start) + held + bytes((MISSING,)) * (stop - high)

    def rtts(self, start: int, stop: int) -> array[float]:
        """Return the round-trip times of slots `start` … `stop` - 1 as far as held; NaN where none."""
        low = max(start, self.newest - self._size + 1)
        return _piece(self._rtts, low, max(min(stop, self.newest + 1), low))

    def backwards(self, index: int) -> range:
        """Return the indices from `index` back to the oldest slot that is held."""
        return range(index, max(self.newest - self._size, -1), -1)

    def last_valid(self) -> int:
        """Index of the last slot that was good or lost; of the oldest one held if none was."""
        held = self.backwards(self.newest)
        return next((index for index in held if self.mark(index) & VALID), held[-1])

    def drain(self) -> tuple[bytes, array[float]]:
        """Return marks and round-trip times of the slots that came since the last call, each slot once.

        Slots missing so far are among the marks; they are handed out again once they come. To be called at
        least once a span.
        """
        stop = max(self.newest, -1) + 1
        start = max(self._drained, self.newest - self._size + 1)
        marks, rtts = bytes(_piece(self._marks, start, stop)), _piece(self._rtts, start, stop)
        for index in self._overtaken:
            marks += bytes((self.mark(index),))
            rtts += self.rtts(index, index + 1)
        self._overtaken.clear()
        self._drained = stop
        return marks, rtts

    def forget(self, before: float) -> None:
        """Tell nothing any more by `marks` of the slots due before that time."""
        if self.seen:  # else nothing is held, and there is no phase to count from
            self._remembered = self.first(before)
            if self._oldest < self._remembered:
                later = range(self._remembered, self.newest + 1)
                self._oldest = next((each for each in later if self.mark(each) != MISSING), self.newest + 1)

    def end(self, at: float) -> None:
        """Tell nothing any more of the slots due at that time or later."""
        if self.seen and (last := self.first(at) - 1) < self.newest:
            self._remembered = max(self._remembered, self.newest - self._size + 1)
            self.newest = last

    def _holds(self, index: int) -> bool:
        return self.newest - self._size < index <= self.newest

    def _put_out_of_turn(self, due: float, index: int) -> int:
        """Make room for a slot that is the first, comes after a gap or was overtaken; return its index."""
        if not self.seen:
            # A whole ring after the origin, so that a slot that this one overtook has an index above 0 too.
            self._origin = due - self._size * self.interval
            self.newest = self._drained = self._oldest = self._size
            return self._size
        if index <= self.newest:
            if not self._holds(index) or self.mark(index) != MISSING:
                return IGNORED
            if index < self._drained:
                self._overtaken.append(index)
            self._oldest = min(self._oldest, index)
            return index
        for missed in range(max(self.newest + 1, index - self._size + 1), index):
            self._marks[missed % self._size] = MISSING
            self._rtts[missed % self._size] = NOTHING
        self.newest = index
        return index


def _piece(ring: _Ring, start: int, stop: int) -> _Ring:
    """Cut indices `start` … `stop` - 1 out of a ring; at most one round of it."""
    if start >= stop:
        return ring[:0]
    low, high = start % len(ring), stop % len(ring)
    return ring[low:high] if low < high else ring[low:] + ring[:high]
