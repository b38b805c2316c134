"""The verdict of a settled minute: the only measure of availability (architecture: *settled minute*).

A line's minute holds the slots that were due in it. A slot speaks until the next of its line is due, hence:

- A minute in which no slot was due, because the interval is longer, is judged by the one slot in force at
  its start.
- The slots of a device or unit are those of its line that is asked most often. Each is good if, of any of
  its lines, the slot in force is good; lost if the slots in force of all lines are lost; else it is invalid.
  A backup asked every 30 s thus counts for each of those seconds, and a unit is never called down while a
  line of it is unseen.
- What a line showed before it became part of the device or unit counts as not seen.
- Lost where the observation path was blind (see `sight`) is invalid; so is a loss from so long before the
  minute that nobody knows any more, of a device that is polled less often than once a minute.
- Lost while something behind it answered is late: it forwards, so that it lives (see `acquittal`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.acquittal import Clock, acquitted
from netwatch.judgement.settled import Judged
from netwatch.judgement.slots import GOOD, INVALID, LATE, LOST, MISSING, UNREACHABLE
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.judgement.acquittal import Witness
    from netwatch.judgement.sight import Sight
    from netwatch.judgement.slots import Slots
    from netwatch.judgement.track import Track

MINUTE = 60.0

BACK = 60.0
"""Seconds before a minute from which on is known where a path was blind: a slot due then may be in force."""

_UNITED = bytes(
    (LATE if mark & LATE == LATE and not mark & 128 else GOOD)
    if mark & GOOD
    else MISSING
    if mark & (MISSING | INVALID)
    else LOST
    for mark in range(256)
)
"""What the marks of several lines come to, once *or*-ed together."""

_BLINDED = bytes(INVALID if mark in {LOST, UNREACHABLE} else mark for mark in range(256))
_UNSEEN = bytes(MISSING if mark == LOST else mark for mark in range(256))


class Count(NamedTuple):
    """The slots of one minute; what is not good, lost or late was invalid or missing."""

    expected: int
    good: int
    lost: int
    late: int = 0

    @property
    def verdict(self) -> State:
        """80 % of the expected valid and under half of those lost: up; half or more: down; else unknown."""
        valid = self.good + self.late + self.lost
        if not valid or valid * 5 < self.expected * 4:
            return State.UNKNOWN
        return State.UP if self.lost * 2 < valid else State.DOWN


class Member(NamedTuple):
    """A row of slots that counts for a subject, from steady time `since` on."""

    track: Track
    since: float


def first_full(at: float) -> float:
    """Start of the first minute that lies wholly at or after steady time `at`."""
    return math.ceil(at / MINUTE) * MINUTE


class Minute:
    """One minute that is being settled; what several subjects need is found once."""

    def __init__(self, start: float) -> None:
        self.start = start
        self._blind: dict[Sight, list[tuple[float, float]]] = {}

    def blind_seconds(self, sight: Sight) -> float:
        """Return for how long a path was blind in this minute."""
        return sum(
            max(0.0, high - max(low, self.start))
            for low, high in self._blind_spans(sight)
            if high > self.start
        )

    def raw(self, slots: Slots) -> Judged | None:
        """Return the slots of a line as they were measured; None where none ever was."""
        if not slots.seen_before(self.start + MINUTE):
            return None
        first, stop = _range(slots, self.start)
        return Judged(slots.due(first), slots.interval, slots.marks(first, stop))

    def line(self, track: Track, raw: Judged) -> Judged:
        """Return the slots of a line as they count."""
        marks = self._seen(track, track.slots.in_force(raw.due), raw.marks)
        return raw if marks is raw.marks else raw._replace(marks=marks)

    def composite(self, members: Sequence[Member], witnesses: Sequence[Witness]) -> Judged | None:
        """Return the slots of a device or unit as they count; None where nothing measures it."""
        if not members:
            return None
        end = self.start + MINUTE
        seen = [member for member in members if member.track.slots.seen_before(end)]
        if not seen:
            size = _nominal(min(member.track.slots.interval for member in members))
            return Judged(self.start, MINUTE / size, bytes((MISSING,)) * size)
        judged = self._unite(seen)
        if len(seen) < len(members):  # lost of those that were seen is not lost of all
            judged = judged._replace(marks=judged.marks.translate(_UNSEEN))
        if not witnesses or LOST not in judged.marks:
            return judged
        alive = acquitted(Clock(judged.due, judged.interval, len(judged.marks)), witnesses)
        return judged._replace(
            marks=bytes(
                LATE if mark == LOST and shown else mark
                for mark, shown in zip(judged.marks, alive, strict=True)
            )
        )

    def _unite(self, members: Sequence[Member]) -> Judged:
        """One mark for each slot of the line that is asked most often."""
        start = self.start
        clock = min(members, key=lambda member: member.track.slots.interval).track.slots
        first, stop = _range(clock, start)
        size = stop - first
        if len(members) == 1 and members[0].since <= start:
            # Hardly ever anything else, and nothing to unite.
            marks = self._marks(members[0].track, first, stop)
            return Judged(clock.due(first), clock.interval, marks.translate(_UNITED))
        united = 0
        for track, since in members:
            slots = track.slots
            if slots.interval == clock.interval:
                shifted = slots.in_force(max(clock.due(first), start))
                marks = self._marks(track, shifted, shifted + size)
            else:
                marks = self._spread(track, [max(clock.due(index), start) for index in range(first, stop)])
            if since > start:
                unseen = min(max(clock.first(since) - first, 0), size)
                marks = bytes((MISSING,)) * unseen + marks[unseen:]
            united |= int.from_bytes(marks.translate(_ORABLE), "little")
        return Judged(clock.due(first), clock.interval, united.to_bytes(size, "little").translate(_UNITED))

    def _marks(self, track: Track, start: int, stop: int) -> bytes:
        return self._seen(track, start, track.slots.marks(start, stop))

    def _seen(self, track: Track, first: int, marks: bytes) -> bytes:
        """Make lost slots invalid where their path was blind; the first one has index `first`."""
        slots, sight = track.slots, track.sight
        if sight is None or not sight.quorum or marks.count(GOOD) == len(marks):
            return marks
        spans = self._blind_spans(sight)
        if slots.interval > BACK:
            spans = [(slots.due(first), self.start - BACK), *spans]
        for low, high in spans:
            start = min(max(slots.first(low) - first, 0), len(marks))
            stop = min(max(slots.first(high) - first, start), len(marks))
            marks = marks[:start] + marks[start:stop].translate(_BLINDED) + marks[stop:]
        return marks

    def _spread(self, track: Track, times: Sequence[float]) -> bytes:
        """Return the mark in force at each of some times, which rise."""
        slots = track.slots
        first = slots.in_force(times[0])
        marks = self._marks(track, first, slots.in_force(times[-1]) + 1)
        return bytes(marks[slots.in_force(time) - first] for time in times)

    def _blind_spans(self, sight: Sight) -> list[tuple[float, float]]:
        spans = self._blind.get(sight)
        if spans is None:
            spans = self._blind[sight] = sight.blind(self.start - BACK, self.start + MINUTE)
        return spans


_ORABLE = bytes(GOOD | 128 if mark == GOOD else mark for mark in range(256))
"""A good slot is told apart from a late one when several are *or*-ed: one that is good makes all good."""


def count(judged: Judged | None) -> Count:
    """Count the slots of a minute as they count."""
    if judged is None:
        return Count(0, 0, 0)
    marks = judged.marks
    lost = marks.count(LOST) + marks.count(UNREACHABLE)
    return Count(len(marks), marks.count(GOOD), lost, marks.count(LATE))


def unseen(interval: float) -> Count:
    """Return the count of a line of which no slot ever came."""
    return Count(_nominal(interval), 0, 0)


def _nominal(interval: float) -> int:
    """Slots a minute of a line whose phase is not known."""
    return max(1, round(MINUTE / interval))


def _range(slots: Slots, start: float) -> tuple[int, int]:
    """Return the first index of a minute and the one after its last."""
    first, stop = slots.first(start), slots.first(start + MINUTE)
    return (first, stop) if first < stop else (first - 1, first)
