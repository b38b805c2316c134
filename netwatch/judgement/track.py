"""The live state of one row of slots: a line's echoes, or the polls of a device that is not echoed.

*Down* after `down_after` lost in a row, *up* after `up_after` good in a row, each dated back to the first of
them; *unknown* at the start, after `down_after` slots in a row that show nothing, and after silence.

- A lost slot counts as lost only if the observation path was alive around it (see `sight`); until that is
  known it waits, and where the path was dead it is invalid.
- An invalid slot neither adds to a run of lost or of good ones nor breaks it; but `down_after` of them in a
  row are unknown time, and a run never reaches back across that. And up does not outlast `down_after` slots
  in a row of which none was good, however they failed: that is unknown at least.
- On a line that loses much by chance, five in a row mean little: there it takes as many as chance would show
  once in a million slots, by the losses since it came up (`enough`); until then it is unknown.
- Slots count in the order in which they were due, not in which they came: a reply is known at once, a loss
  only after the timeout, so that the next slot's reply often overtakes it. A slot not reported yet therefore
  breaks a run; when it comes, it and those that had overtaken it are judged again.

A device that is not echoed has its polls as slots: at one a minute, *down* takes five minutes to be sure of.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.sight import Seen
from netwatch.judgement.slots import GOOD, INVALID, LOST, MISSING, VALID, Slots
from netwatch.model.state import State

if TYPE_CHECKING:
    from netwatch.judgement.sight import Sight
    from netwatch.model.device import StateRules

SILENCE_MARGIN = 5.0
"""Seconds granted beside `down_after` intervals before silence is unknown: for timeout and busy loop."""

RING_MARGIN = 30.0
"""Seconds by which minutes may be settled late without a slot being forgotten."""

RING_BACK = 60.0
"""Seconds before a minute from which a slot of another line may speak in it (see `minute`)."""

CHANCE = 1e-6
"""How often a run of losses that is called down may be mere chance."""

LOOK_BACK = 60
"""Slots by which the share of random losses is told."""

MOST = 30
"""Lost slots in a row that are always enough."""

_EXPECTED = {State.UP: GOOD, State.DOWN: LOST, State.UNKNOWN: INVALID}


class Change(NamedTuple):
    """A live state that changed, and since when it holds (steady seconds)."""

    state: State
    previous: State
    since: float
    why: str


def enough(down_after: int, lost: int) -> int:
    """Return how many lost slots in a row are no chance, where `lost` of `LOOK_BACK` were lost before."""
    if not lost:
        return down_after
    share = min(lost / LOOK_BACK, 0.99)
    return max(down_after, min(math.ceil(math.log(CHANCE) / math.log(share)), MOST))


class _Run(NamedTuple):
    """Like slots in a row: their mark, the index of the first, and how many."""

    mark: int
    first: int
    length: int
    nothing: int = 0  # slots in a row, the last one among them, of which none was good
    since: int = 0  # index of the first of those


class Track:
    """Slots and the live state that follows from them. `label` and `asked` are for people."""

    __slots__ = (
        "_rules",
        "_up_from",
        "asked",
        "idle",
        "label",
        "not_silent_before",
        "patience",
        "sight",
        "since",
        "slots",
        "state",
        "waits",
    )

    def __init__(self, interval: float, rules: StateRules, at: float, label: str, asked: str) -> None:
        self.slots = Slots(interval, RING_BACK + 60 + rules.settle_after + interval + RING_MARGIN)
        self.state = State.UNKNOWN
        self.since = at
        self.label = label
        self.asked = asked
        self.patience = rules.down_after * interval + SILENCE_MARGIN
        self.not_silent_before = -math.inf  # before this time it cannot be silent
        self._rules = rules
        self.sight: Sight | None = None  # of the path that it is asked over
        self._up_from = math.inf  # steady time at which it was up last began; none since it was down
        self.waits = False  # for slots of a reference, to know what its newest ones mean
        self.idle = INVALID  # a slot so marked cannot change the present state

    def judge(self, index: int, now: float) -> Change | None:
        """Change the state as the slots up to `index` demand, if they do."""
        rules = self._rules
        run = self._last_run(index, now)
        since = self.slots.due(run.first)
        if run.mark == GOOD and run.length >= rules.up_after:
            return self._change(State.UP, since, f"{run.length} {self.asked} in a row were answered")
        if run.mark == LOST and run.length >= rules.down_after and run.length >= self._enough(run.first, now):
            return self._change(State.DOWN, since, f"{run.length} {self.asked} in a row were lost")
        if run.mark == INVALID and run.length >= rules.down_after:
            return self._change(State.UNKNOWN, since, f"{run.length} {self.asked} in a row were not measured")
        if self.state is State.UP and run.nothing >= rules.down_after:
            since = self.slots.due(run.since)
            return self._change(
                State.UNKNOWN, since, f"none of {run.nothing} {self.asked} showed it to be up"
            )
        return None

    def _enough(self, first: int, now: float) -> int:
        """Return how many have to be lost from `first` on, by what was lost since it came up.

        What was lost while the path was dead was not lost by chance.
        """
        if self._up_from == math.inf:
            return self._rules.down_after
        before = range(max(first - LOOK_BACK, self.slots.first(self._up_from)), first)
        return enough(self._rules.down_after, sum(1 for each in before if self._mark(each, now) & LOST))

    def _mark(self, index: int, now: float) -> int:
        """Return what a slot shows, now: 0 where that depends on a reference that has not answered yet."""
        mark = self.slots.mark(index)
        if not mark & LOST or self.sight is None:
            return mark
        seen = self.sight.at(self.slots.due(index), now)
        if seen is Seen.YES:
            return mark
        return INVALID if seen is Seen.NO else 0

    def _last_run(self, index: int, now: float) -> _Run:
        """Look back from `index` for the run that ends there, no further than the present state goes."""
        run = _Run(INVALID, index, 0)  # of valid slots, once there is one
        invalid = nothing = 0  # in a row
        self.waits = False
        for each in self.slots.backwards(index):
            mark = self._mark(each, now)
            if not mark:
                self.waits = True
                continue
            if mark == INVALID:
                invalid += 1
                if invalid == self._rules.down_after:
                    return run if run.length else _Run(INVALID, each, invalid)
            elif mark & VALID and mark & VALID != self.idle and (not run.length or mark & run.mark):
                run = _Run(mark & VALID, each, run.length + 1)
                invalid = 0
            elif run.length or mark & VALID:
                break
            if mark != MISSING and not run.mark & GOOD:
                nothing += 1
                run = run._replace(nothing=nothing, since=each)
        return run

    @property
    def doubtful(self) -> bool:
        """Whether a lost slot may mean something else than it seems to: its path is in doubt."""
        return self.sight is not None and self.sight.in_doubt()

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
        if state is not State.UNKNOWN:
            self._up_from = change.since if state is State.UP else math.inf
        return change
