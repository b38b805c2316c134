"""A line: its live state, its totals, and the gauges of its last minute."""

from __future__ import annotations

import math
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.minute import first_full
from netwatch.judgement.slots import GOOD, LATE, LOST, NOTHING, UNREACHABLE
from netwatch.judgement.tally import Tally
from netwatch.judgement.track import Track
from netwatch.model.state import State

if TYPE_CHECKING:
    from array import array

    from netwatch.judgement.settled import Judged
    from netwatch.model.device import Line, StateRules
    from netwatch.model.observation import EchoError

WINDOW = 60.0
"""Seconds that the live gauges look back."""


class Quality(NamedTuple):
    """The gauges of the last minute; NaN where nothing was measured.

    `loss` is the share of lost among valid slots. `rtt` is the mean round-trip time in seconds; what was lost
    has none (RFC 2681). `jitter` is the mean of the absolute difference between the round-trip times of
    consecutive slots that were both good: RFC 3393's variation with consecutive packets selected, taken of
    the round trip.
    """

    loss: float
    rtt: float
    jitter: float


class LineState(Track):
    """One line as it is now. `minutes` (settled, by verdict) and the tally never step back."""

    __slots__ = ("_tally", "first_minute", "last_error", "line", "minutes")

    def __init__(self, line: Line, rules: StateRules, at: float, label: str) -> None:
        super().__init__(line.interval, rules, at, label, "polls" if line.polled else "echoes")
        self.line = line
        self.last_error: EchoError | None = None
        self.first_minute = first_full(at)
        self.minutes = dict.fromkeys(State, 0)
        self._tally = Tally()

    @property
    def tally(self) -> Tally:
        """Totals since the line was added, of every slot that was put."""
        self.drain()
        return self._tally

    def drain(self) -> None:
        """Count the slots that came since the last time: a stretch at once costs a fifth of one by one."""
        self._tally.add(*self.slots.drain())

    def forget_totals(self) -> None:
        """Count from 0 on."""
        self.drain()
        self._tally = Tally()
        self.minutes = dict.fromkeys(State, 0)

    def rtts(self, minute: Judged) -> tuple[float, int]:
        """Return the sum of the round-trip times known of a minute (seconds), and how many they are."""
        first = self.slots.in_force(minute.due)
        times = self.slots.rtts(first, first + len(minute.marks))
        total = sum(times)
        if math.isnan(total):
            known = [time for time in times if not math.isnan(time)]
            return sum(known), len(known)
        return total, len(times)

    def quality(self, now: float) -> Quality:
        """Return the gauges over the slots due in the minute before steady `now`, or over the last slot."""
        slots = self.slots
        if not slots.seen or self.silent(now):
            return Quality(NOTHING, NOTHING, NOTHING)
        start = min(slots.first(now - WINDOW), slots.newest)
        stop = slots.newest + 1
        marks = slots.marks(start, stop)
        lost = marks.count(LOST) + marks.count(UNREACHABLE) + marks.count(LATE)
        valid = lost + marks.count(GOOD)
        rtts = slots.rtts(start, stop)
        return Quality(
            lost / valid if valid else NOTHING,
            _mean(rtts),
            _mean(list(map(abs, map(sub, rtts[1:], rtts)))),
        )


def _mean(values: list[float] | array[float]) -> float:
    """Mean of what is no NaN."""
    total = sum(values)
    if math.isnan(total):
        return _mean([value for value in values if not math.isnan(value)])
    return total / len(values) if values else NOTHING
