"""The live state of one row of slots: a line's echoes, or the polls of a device that is not echoed.

*Down* after `down_after` lost in a row, *up* after `up_after` good in a row, each dated back to the first of
them; *unknown* at the start, after `down_after` slots in a row that say nothing, and after silence.

- An invalid slot neither adds to a run of lost or of good ones nor breaks it; but `down_after` of them in a
  row are unknown time, and a run never reaches back across that.
- Slots count in the order in which they were due, not in which they came: a reply is known at once, a loss
  only after the timeout, so that the next slot's reply often overtakes it. A slot not reported yet therefore
  breaks a run; when it comes, it and those that had overtaken it are judged again.

A device that is not echoed has its polls as slots: at one a minute, *down* takes five minutes to be sure of.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.slots import GOOD, INVALID, LOST, VALID, Slots
from netwatch.model.state import State

if TYPE_CHECKING:
    from netwatch.model.device import StateRules

SILENCE_MARGIN = 5.0
"""Seconds granted beside `down_after` intervals before silence is unknown: for timeout and busy loop."""

RING_MARGIN = 30.0
"""Seconds by which minutes may be settled late without a slot being forgotten."""

_EXPECTED = {State.UP: GOOD, State.DOWN: LOST, State.UNKNOWN: INVALID}


class Change(NamedTuple):
    """A live state that changed, and since when it holds (steady seconds)."""

    state: State
    previous: State
    since: float
    why: str


class _Run(NamedTuple):
    """Like slots in a row: their mark, the index of the first, and how many."""

    mark: int
    first: int
    length: int


class Track:
    """Slots and the live state that follows from them. `label` and `asked` are for people."""

    __slots__ = (
        "_rules",
        "asked",
        "idle",
        "label",
        "not_silent_before",
        "patience",
        "since",
        "slots",
        "state",
    )

    def __init__(self, interval: float, rules: StateRules, at: float, label: str, asked: str) -> None:
        self.slots = Slots(interval, 60 + rules.settle_after + interval + RING_MARGIN)
        self.state = State.UNKNOWN
        self.since = at
        self.label = label
        self.asked = asked
        self.patience = rules.down_after * interval + SILENCE_MARGIN
        self.not_silent_before = -math.inf  # before this time it cannot be silent
        self._rules = rules
        self.idle = INVALID  # a slot so marked cannot change the present state

    def judge(self, index: int) -> Change | None:
        """Change the state as the slots up to `index` demand, if they do."""
        rules = self._rules
        run = _last_run(self.slots, index, self.idle, rules.down_after)
        since = self.slots.due(run.first)
        if run.mark == GOOD and run.length >= rules.up_after:
            return self._change(State.UP, since, f"{run.length} {self.asked} in a row were answered")
        if run.mark == LOST and run.length >= rules.down_after:
            return self._change(State.DOWN, since, f"{run.length} {self.asked} in a row were lost")
        if run.mark == INVALID and run.length >= rules.down_after:
            return self._change(State.UNKNOWN, since, f"{run.length} {self.asked} in a row were not measured")
        return None

    def silent(self, now: float) -> bool:
        """Tell whether no slot has come for longer than `patience`; only of a line of which one ever came."""
        return now - self.slots.due(self.slots.newest) > self.patience

    def watch(self, now: float) -> Change | None:
        """Lose sight of a silent line, dated back to the first slot after the last that told something."""
        self.not_silent_before = self.slots.due(self.slots.newest) + self.patience
        if self.state is State.UNKNOWN or now <= self.not_silent_before:
            return None
        since = self.slots.due(self.slots.last_valid() + 1)
        return self._change(State.UNKNOWN, since, f"no {self.asked} were reported for {self.patience:g} s")

    def _change(self, state: State, since: float, why: str) -> Change | None:
        """Take a new state; never dated before the one that it follows."""
        if state is self.state:
            return None
        change = Change(state, self.state, max(since, self.since), why)
        self.state, self.since, self.idle = state, change.since, _EXPECTED[state]
        return change


def _last_run(slots: Slots, index: int, idle: int, unknown_after: int) -> _Run:
    """Look back from `index` for the run that ends there, no further than the present state (`idle`) goes."""
    run = _Run(INVALID, index, 0)  # of valid slots, once there is one
    invalid = 0  # in a row
    for each in slots.backwards(index):
        mark = slots.mark(each)
        if mark == INVALID:
            invalid += 1
            if invalid == unknown_after:
                return run if run.length else _Run(INVALID, each, invalid)
        elif mark & VALID and mark & VALID != idle and (not run.length or mark & run.mark):
            run = _Run(mark & VALID, each, run.length + 1)
            invalid = 0
        elif run.length or mark & VALID:
            return run
    return run
