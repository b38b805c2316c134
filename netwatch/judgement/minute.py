"""The verdict of a settled minute: the only measure of availability (architecture: *settled minute*).

A line's minute holds the slots that were due in it. A slot speaks until the next of its line is due, hence:

- A minute in which no slot was due, because the interval is longer, is judged by the one slot in force at
  its start.
- The slots of a device or unit are those of its line that is asked most often. Each is good if, of any of
  its lines, the slot in force is good; lost if the slots in force of all lines are lost; else it is invalid.
  A backup asked every 30 s thus counts for each of those seconds, and a unit is never called down while a
  line of it is unseen.
- What a line showed before it became part of the device or unit counts as not seen.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.slots import GOOD, INVALID, LOST, MISSING, UNREACHABLE, Slots
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE = 60.0

_UNITED = bytes(
    GOOD if mark & GOOD else MISSING if mark & (MISSING | INVALID) else LOST for mark in range(256)
)
"""What the marks of several lines come to, once *or*-ed together."""


class Count(NamedTuple):
    """The slots of one minute; what is neither good nor lost was invalid or missing."""

    expected: int
    good: int
    lost: int

    @property
    def verdict(self) -> State:
        """80 % of the expected valid and under half of those lost: up; half or more: down; else unknown."""
        valid = self.good + self.lost
        if not valid or valid * 5 < self.expected * 4:
            return State.UNKNOWN
        return State.UP if self.lost * 2 < valid else State.DOWN


class Member(NamedTuple):
    """Slots that count for a subject, from steady time `since` on."""

    slots: Slots
    since: float


def first_full(at: float) -> float:
    """Start of the first minute that lies wholly at or after steady time `at`."""
    return math.ceil(at / MINUTE) * MINUTE


def count_line(slots: Slots, start: float) -> Count:
    """Count the slots of one line in the minute that began at steady time `start`."""
    if not slots.seen:
        return Count(_nominal(slots.interval), 0, 0)
    marks = slots.marks(*_range(slots, start))
    return Count(len(marks), marks.count(GOOD), marks.count(LOST) + marks.count(UNREACHABLE))


def count(members: Sequence[Member], start: float) -> Count:
    """Count the slots of a device or unit in the minute that began at steady time `start`."""
    if not members:
        return Count(0, 0, 0)
    seen = [member for member in members if member.slots.seen]
    if not seen:
        return Count(_nominal(min(member.slots.interval for member in members)), 0, 0)
    marks = _unite(seen, start)
    # Lost of those that were seen is not lost of all.
    lost = marks.count(LOST) if len(seen) == len(members) else 0
    return Count(len(marks), marks.count(GOOD), lost)


def _nominal(interval: float) -> int:
    """Slots a minute of a line whose phase is not known."""
    return max(1, round(MINUTE / interval))


def _range(slots: Slots, start: float) -> tuple[int, int]:
    """Return the first index of a minute and the one after its last."""
    first, stop = slots.first(start), slots.first(start + MINUTE)
    return (first, stop) if first < stop else (first - 1, first)


def _unite(members: Sequence[Member], start: float) -> bytes:
    """One mark for each slot of the line that is asked most often."""
    clock = min(members, key=lambda member: member.slots.interval).slots
    first, stop = _range(clock, start)
    size = stop - first
    united = 0
    for slots, since in members:
        if slots.interval == clock.interval:
            shifted = slots.in_force(max(clock.due(first), start))
            marks = slots.marks(shifted, shifted + size)
        else:
            marks = _spread(slots, [max(clock.due(index), start) for index in range(first, stop)])
        if since > start:
            unseen = min(max(clock.first(since) - first, 0), size)
            marks = bytes((MISSING,)) * unseen + marks[unseen:]
        united |= int.from_bytes(marks, "little")
    return united.to_bytes(size, "little").translate(_UNITED)


def _spread(slots: Slots, times: Sequence[float]) -> bytes:
    """Return the mark in force at each of some times, which rise."""
    first = slots.in_force(times[0])
    marks = slots.marks(first, slots.in_force(times[-1]) + 1)
    return bytes(marks[slots.in_force(time) - first] for time in times)
