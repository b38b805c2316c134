"""Settled minutes against the truth; what is expected is computed from the truth alone."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from netwatch.model.state import State
from tools.truth.score import Miss

if TYPE_CHECKING:
    from tools.truth.course import Course
    from tools.truth.play import Played
    from tools.truth.score import Score

MINUTE = 60.0
EDGE = 3.0
"""Seconds of a minute that may be taken either way: the phase of slots, and round trips."""

SEEN = 0.8  # share of a minute that has to be observable
HALF = 0.5


def compare(played: Played, code: str, course: Course, score: Score) -> None:
    """Compare the settled minutes of one unit."""
    for minute in played.said[code].minutes:
        shares = Shares.of(course, minute.start)
        score.minutes += 1
        if minute.verdict not in shares.verdicts():
            score.minutes_wrong += 1
            start = minute.start - played.start
            said = f"{minute.verdict} ({minute.good} good, {minute.late} late, {minute.lost} lost)"
            score.misses.append(Miss(score.script, code, "minute", start, start + MINUTE, said, str(shares)))


class Shares:
    """How many seconds of a minute a unit was seen up, seen down, and not seen."""

    def __init__(self, up: float, down: float) -> None:
        self.up, self.down, self.unseen = up, down, MINUTE - up - down

    @classmethod
    def of(cls, course: Course, start: float) -> Shares:
        """Return those of one minute."""
        end = start + MINUTE
        return cls(
            course.seconds(start, end, lambda span: span.observable and span.up),
            course.seconds(start, end, lambda span: span.observable and not span.up),
        )

    def __str__(self) -> str:
        """Return them for people."""
        return f"{self.up:.1f} s up, {self.down:.1f} s down, {self.unseen:.1f} s unseen"

    def verdict(self) -> State:
        """Return what follows."""
        seen = self.up + self.down
        if seen < SEEN * MINUTE:
            return State.UNKNOWN
        return State.DOWN if self.down >= HALF * seen else State.UP

    def verdicts(self) -> set[State]:
        """Return all verdicts that are right, as up to `EDGE` seconds may count for another kind."""
        shares = (self.up, self.down, self.unseen)
        found = {self.verdict()}
        for source, target in itertools.permutations(range(3), 2):
            moved = list(shares)
            step = min(EDGE, moved[source])
            moved[source] -= step
            moved[target] += step
            found.add(Shares(moved[0], moved[1]).verdict())
        return found
