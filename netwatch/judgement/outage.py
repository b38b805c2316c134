"""Settled runs of *down*: when they become outages, when they end, and what they are due to.

What lies upstream is judged when both have been settled, so that it does not matter who was noticed first:

- A run is *upstream* if each parent was in a run of its own that began no later, give or take a slot or two.
  One that began before its parents' keeps a cause of its own.
- When a parent is back and the child is not `GRACE` seconds later, the child's run ends there, and another
  one begins that is judged afresh.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Any

from netwatch.judgement.run import DownRun, Span
from netwatch.judgement.settled import SettledState
from netwatch.model.cause import Cause
from netwatch.model.decision import OutageBegan, RunEnded
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.judgement.settled import Judged
    from netwatch.model.decision import Subject
    from netwatch.model.device import StateRules

GRACE = 60.0
"""Seconds after a parent's return within which its children are taken to be on their way back."""

SLOTS_APART = 2.0
"""Intervals by which the beginnings of one and the same failure may differ between two devices."""

REMEMBERED = 16
"""Ended runs that a device remembers, for the sake of its children."""


class Downs:
    """The settled state of a device or unit, and its runs of down."""

    __slots__ = ("announced", "ended", "interval", "key", "parents", "run", "settled", "subject")

    def __init__(self, subject: Subject, key: str, at: float) -> None:
        self.subject = subject
        self.key = key
        self.settled = SettledState(at)
        self.run = DownRun()
        self.announced = False
        self.ended: deque[Span] = deque(maxlen=REMEMBERED)
        self.parents: tuple[Downs, ...] = ()
        self.interval = 1.0  # seconds between two of its slots

    def read(self, slots: Judged, at: float, rules: StateRules) -> Iterator[OutageBegan | RunEnded]:
        """Follow a settled minute, whose verdict is given `at` that steady time."""
        self.interval = slots.interval
        for turn in self.settled.read(slots, rules):
            if span := self.run.enter(turn.state, turn.since):
                yield self._end(span, at, rules)
        end = slots.due + len(slots.marks) * slots.interval
        yield from self._judge_afresh(end, at, rules)
        start = self.run.start
        if start is not None and not self.announced and self.run.known(end) >= rules.outage_after:
            self.announced = True
            root = self.root(start)
            known = Cause.UPSTREAM if root else Cause.UNDETERMINED
            yield OutageBegan(at, self.subject, self.key, start, known, root)

    def lose(self, at: float) -> None:
        """Know nothing any more from steady time `at` on."""
        if turn := self.settled.lose(at):
            self.run.enter(turn.state, turn.since)

    def close(self, end: float, at: float, rules: StateRules) -> Iterator[RunEnded]:
        """End the run at `end` because what it is of is gone."""
        if span := self.run.close(end):
            yield self._end(span, at, rules)

    def root(self, start: float) -> str:
        """Return the failed ancestor of a run that began at `start`; "" where a parent was alive."""
        found = ""
        for parent in self.parents:
            run = parent.covering(start, SLOTS_APART * max(self.interval, parent.interval) + 1)
            if run is None:
                return ""
            found = found or parent.root(run.start) or parent.key
        return found

    def covering(self, time: float, slack: float) -> Span | None:
        """Return the run, over or not, that began until about `time` and went on after it."""
        runs = (
            [*self.ended, Span(self.run.start, math.inf, 0.0)] if self.run.start is not None else self.ended
        )
        return next((run for run in runs if run.start <= time + slack and time < run.end - slack), None)

    def _end(self, span: Span, at: float, rules: StateRules) -> RunEnded:
        root = self.root(span.start)
        outage = span.down >= rules.outage_after
        self.announced = False
        self.ended.append(span)
        known = Cause.UPSTREAM if root else Cause.UNDETERMINED
        return RunEnded(at, self.subject, self.key, span.start, span.end, outage, known, span.unknown, root)

    def _judge_afresh(self, end: float, at: float, rules: StateRules) -> Iterator[RunEnded]:
        """Begin another run where a parent is back since `GRACE` seconds and this one is not."""
        start = self.run.start
        if start is None or self.settled.state is not State.DOWN or not self.root(start):
            return
        back = self._parent_back(start)
        if back + GRACE <= end and (span := self.run.split(back)):
            yield self._end(span, at, rules)

    def _parent_back(self, start: float) -> float:
        """Return when the first of the parents that were down at `start` was back; +inf: none is."""
        back = math.inf
        for parent in self.parents:
            slack = SLOTS_APART * max(self.interval, parent.interval) + 1
            if run := parent.covering(start, slack):
                back = min(back, run.end)
        return back

    def dump(self) -> list[Any]:
        """Return everything as JSON knows it, for a snapshot."""
        spans = [list(span) for span in self.ended]
        return [self.settled.dump(), self.run.dump(), self.announced, spans, self.interval]

    def load(self, dumped: list[Any]) -> None:
        """Take what was dumped. Raises ValueError, TypeError or KeyError for what was not."""
        settled, run, announced, spans, interval = dumped
        self.settled.load(settled)
        self.run.load(run)
        self.announced = bool(announced)
        self.ended = deque((Span(*map(float, span)) for span in spans), maxlen=REMEMBERED)
        self.interval = float(interval)
