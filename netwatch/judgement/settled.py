"""The settled state of a device or unit: what `track` tells live, told once more when everything is known.

It reads the slots of each minute in the order in which they were due, 90 s after the minute's end, with
paths, late replies and acquittals known: so it depends on what was measured and on nothing else, and whoever
has the slots finds the same runs of down. A slot that was never reported was not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from netwatch.judgement.slots import GOOD, INVALID, LOST, MISSING
from netwatch.judgement.track import LOOK_BACK, enough
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.model.device import StateRules

_WINDOW = (1 << LOOK_BACK) - 1


class Judged(NamedTuple):
    """The slots of one minute as they count: the first is due at steady time `due`, an interval apart."""

    due: float
    interval: float
    marks: bytes


class Turn(NamedTuple):
    """A settled state that changed, and since when it holds (steady seconds)."""

    state: State
    since: float


class _Row:
    """Like slots in a row: how many, and when the first was due."""

    __slots__ = ("first", "length")

    def __init__(self) -> None:
        self.first = 0.0
        self.length = 0

    def add(self, due: float) -> int:
        if not self.length:
            self.first = due
        self.length += 1
        return self.length


class SettledState:
    """The state, and the rows of slots that lead up to the present one."""

    __slots__ = ("_good", "_invalid", "_losses", "_lost", "_needed", "_nothing", "_was_up", "since", "state")

    def __init__(self, at: float) -> None:
        self.state = State.UNKNOWN
        self.since = at
        self._good, self._lost, self._invalid, self._nothing = _Row(), _Row(), _Row(), _Row()
        self._was_up = False  # last, when it was known
        self._losses = 0  # a bit for each of the last slots since it came up, the newest lowest: 1 lost
        self._needed = 0  # lost slots of the present row that are no chance

    def read(self, slots: Judged, rules: StateRules) -> Iterator[Turn]:
        """Read a minute; yield each change of state."""
        marks = slots.marks
        if self._steady(marks, rules):
            return
        due = slots.due
        for place, mark in enumerate(marks):
            turn = self._read(mark, due + place * slots.interval, rules)
            if turn is not None and turn is not self.state:
                since = self._since(turn)
                self.state, self.since = turn, since
                if turn is not State.UNKNOWN:
                    self._was_up, self._losses = turn is State.UP, 0
                yield Turn(turn, since)
                if self._steady(marks[place + 1 :], rules):
                    return

    def lose(self, at: float) -> Turn | None:
        """Know nothing any more from steady time `at` on; return the turn, if that is one."""
        self._good.length = self._lost.length = self._invalid.length = self._nothing.length = 0
        if self.state is State.UNKNOWN:
            return None
        self.state, self.since = State.UNKNOWN, max(at, self.since)
        return Turn(self.state, self.since)

    def _steady(self, marks: bytes, rules: StateRules) -> bool:
        """Tell, at the cost of a count, whether slots only go on as the state has it: the usual case."""
        size = len(marks)
        if self.state is State.UP:
            if marks.count(GOOD) < size:
                return False
            self._lost.length = self._invalid.length = self._nothing.length = 0
        elif self.state is State.DOWN:
            if marks.count(LOST) < size:
                return False
            self._good.length = self._invalid.length = 0
        elif self._invalid.length < rules.down_after or marks.count(INVALID) + marks.count(MISSING) < size:
            return False
        self._losses = (self._losses << size) & _WINDOW
        return True

    def _since(self, state: State) -> float:
        """Return the date of a new state: the first slot of the row that showed it."""
        rows = {State.UP: self._good, State.DOWN: self._lost}
        row = rows.get(state) or (self._nothing if self.state is State.UP else self._invalid)
        return max(row.first, self.since)

    def _read(self, mark: int, due: float, rules: StateRules) -> State | None:
        if mark & GOOD:
            self._lost.length = self._invalid.length = self._nothing.length = 0
            self._remember(0)
            return State.UP if self._good.add(due) >= rules.up_after else None
        nothing = self._nothing.add(due)
        if mark & LOST:
            self._good.length = self._invalid.length = 0
            if not self._lost.length:
                self._needed = enough(rules.down_after, self._losses.bit_count())
            self._remember(1)
            if self._lost.add(due) >= self._needed:
                return State.DOWN
        else:
            self._remember(0)
            if self._invalid.add(due) >= rules.down_after:
                self._good.length = self._lost.length = 0
                return State.UNKNOWN
        return State.UNKNOWN if self.state is State.UP and nothing >= rules.down_after else None

    def _remember(self, lost: int) -> None:
        if self._was_up:
            self._losses = (self._losses << 1 | lost) & _WINDOW

    def dump(self) -> list[Any]:
        """Return everything as JSON knows it, for a snapshot."""
        rows = (self._good, self._lost, self._invalid, self._nothing)
        return [
            self.state.value,
            self.since,
            [[row.first, row.length] for row in rows],
            self._was_up,
            self._losses,
            self._needed,
        ]

    def load(self, dumped: list[Any]) -> None:
        """Take what was dumped. Raises ValueError, TypeError or KeyError for what was not."""
        state, since, rows, was_up, losses, needed = dumped
        self.state, self.since = State(state), float(since)
        mine = (self._good, self._lost, self._invalid, self._nothing)
        for row, (first, length) in zip(mine, rows, strict=True):
            row.first, row.length = float(first), int(length)
        self._was_up, self._losses, self._needed = bool(was_up), int(losses), int(needed)
