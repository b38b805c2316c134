"""Whether an observation path was alive: told by its references, and by them alone (architecture: *via*).

Behind a path that is dead nothing can be called lost. So that no verdict hangs on what was noticed first, a
time counts as seen only if it lies between two neighbouring slots of a reference that were both answered, for
as many references as the path's quorum: a path is blind from the last good slot of a reference on, until the
next good one. A path without references is always in sight.
"""

from __future__ import annotations

import enum
import math
from typing import TYPE_CHECKING

from netwatch.judgement.slots import GOOD, MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netwatch.judgement.slots import Slots

PATIENCE = 3.0
"""Seconds after which a slot of a reference that was not reported will not come: a good one comes at once."""

Reference = tuple["Slots", ...]
"""The slots of the lines of one reference; one of them is enough."""


class Seen(enum.Enum):
    """Whether a path was alive at some time."""

    YES = enum.auto()
    NO = enum.auto()
    NOT_YET = enum.auto()  # the slots that will tell have not been reported


class Sight:
    """One observation path, its references, and how many of them have to answer."""

    __slots__ = ("name", "quorum", "references")

    def __init__(self, name: str, references: Sequence[Reference], quorum: int) -> None:
        self.name = name
        self.references = tuple(references)
        self.quorum = quorum

    def at(self, time: float, now: float) -> Seen:
        """Tell whether the path was alive at steady `time`, as far as is known `now`."""
        if not self.quorum:
            return Seen.YES
        alive = open_ = 0
        for reference in self.references:
            found = {_bracket(slots, time, now) for slots in reference}
            alive += Seen.YES in found
            open_ += Seen.YES not in found and Seen.NOT_YET in found
        if alive >= self.quorum:
            return Seen.YES
        return Seen.NOT_YET if alive + open_ >= self.quorum else Seen.NO

    def in_doubt(self) -> bool:
        """Tell whether fewer references than the quorum answered their last slot that was reported."""
        answering = sum(
            any(slots.mark(slots.newest) & GOOD for slots in reference) for reference in self.references
        )
        return answering < self.quorum

    def last_seen(self) -> float:
        """Return the steady time of the last slot up to which the quorum answered; -inf if never."""
        last = sorted((_last_good(reference) for reference in self.references), reverse=True)
        return last[self.quorum - 1] if len(last) >= self.quorum > 0 else -math.inf

    def blind(self, start: float, stop: float) -> list[tuple[float, float]]:
        """Return the spans of steady time in which the path was blind, cut to `start` … `stop`, in order.

        To be asked when all slots that tell are known: what was not reported was not answered.
        """
        if not self.quorum:
            return []
        edges: list[tuple[float, int]] = []
        for reference in self.references:
            edges += _edges(_alive(reference, start, stop))
        edges.sort()
        spans: list[tuple[float, float]] = []
        alive, since = 0, start
        for time, step in [*edges, (stop, 0)]:
            if alive < self.quorum and time > since:
                if spans and spans[-1][1] == since:
                    spans[-1] = (spans[-1][0], time)
                else:
                    spans.append((since, time))
            alive += step
            since = time
        return spans


def _bracket(slots: Slots, time: float, now: float) -> Seen:
    """Tell whether the slots around `time` were both answered."""
    if not slots.seen:
        return Seen.NO
    index = slots.in_force(time)
    before, after = slots.mark(index), slots.mark(index + 1)
    if before & GOOD and after & GOOD:
        return Seen.YES
    hopeless = not before & (GOOD | MISSING) or not after & (GOOD | MISSING)
    return Seen.NO if hopeless or now > slots.due(index + 1) + PATIENCE else Seen.NOT_YET


def _last_good(reference: Reference) -> float:
    return max(
        (
            slots.due(index)
            for slots in reference
            if (index := next((i for i in slots.backwards(slots.newest) if slots.mark(i) & GOOD), None))
            is not None
        ),
        default=-math.inf,
    )


def _alive(reference: Reference, start: float, stop: float) -> Iterator[tuple[float, float]]:
    """Return the spans in which one of a reference's lines was answered at both ends, without overlaps."""
    spans = sorted(span for slots in reference for span in _answered(slots, start, stop))
    end = -math.inf
    for low, high in spans:
        if high > end:
            yield max(low, end), high
            end = high


def _answered(slots: Slots, start: float, stop: float) -> Iterator[tuple[float, float]]:
    """Return the spans between neighbouring good slots of one line, joined, cut to `start` … `stop`."""
    if not slots.seen:
        return
    first, last = slots.in_force(start), slots.in_force(stop) + 1
    marks = slots.marks(first, last + 1)
    begun: int | None = None
    for place, mark in enumerate((*marks, MISSING)):
        if mark & GOOD:
            begun = place if begun is None else begun
        elif begun is not None:
            if place - 1 > begun:
                yield max(slots.due(first + begun), start), min(slots.due(first + place - 1), stop)
            begun = None


def _edges(spans: Iterator[tuple[float, float]]) -> Iterator[tuple[float, int]]:
    for low, high in spans:
        if high > low:
            yield low, 1
            yield high, -1
