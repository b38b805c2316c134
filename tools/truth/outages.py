"""Settled outages and their causes against those of the truth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.agents.equipment import BOOT
from netwatch.model.cause import Cause
from netwatch.model.state import State
from tools.truth.live import DATING, ROUND_TRIP, SIGHT, TO_DOWN
from tools.truth.score import ALLOWED, NOT_ALLOWED, RIGHT, WRONG, Miss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.lab.world.truth import TrueOutage
    from netwatch.model.decision import CauseSettled, RunEnded
    from tools.truth.course import Course, Stretch
    from tools.truth.play import Played
    from tools.truth.score import Score

MARGIN = 2.0
"""Seconds: see `tools.truth` for what is measured by it."""

AT_THE_BEGINNING = 60.0
"""Seconds after the beginning within which a box that starts has, by definition, restarted."""

FIRST_POLL = 65.0
"""Seconds from the beginning within which every device has been polled once: there is no sign without it."""

SETTLED_WITHIN = 360.0
"""Seconds after its end within which an outage and its cause are settled: a minute, 92 s, 2.5 polls."""


class Edges(NamedTuple):
    """Between which times an outage may be said to begin and to end."""

    first: float
    start: float
    last: float
    end: float

    def fit(self, start: float, end: float) -> bool:
        """Tell whether an outage may be said to have been then."""
        return self.first <= start <= self.start and self.last <= end <= self.end


def compare(played: Played, code: str, course: Course, score: Score) -> None:
    """Compare the settled outages of one unit."""
    settled = {(cause.start, cause.end): cause for cause in played.said[code].causes}
    left = [run for run in played.said[code].runs if run.outage]
    for outage in (each for each in played.truth.outages if each.unit == code):
        down = _seen_down(course, outage)
        due = outage.end + SETTLED_WITHIN <= played.truth.end
        run = next((run for run in left if run.start < outage.end and outage.start < run.end), None)
        if run is not None:
            left.remove(run)
            _judge(played, course, outage, run, score)
            cause = settled.get((run.start, run.end))
            if cause is not None or due:
                _judge_cause(played, outage, cause, score)
        elif down >= played.rules.outage_after + MARGIN and due:
            score.outages += 1
            _miss(played, outage, "outage missed", "none", score)
    for run in left:
        score.outages_wrong += 1
        said = f"{run.cause} {run.root}".strip()
        start, end = run.start - played.start, run.end - played.start
        score.misses.append(Miss(score.script, code, "false outage", start, end, said, "none"))


def _noticed(course: Course, outage: TrueOutage) -> Iterator[Stretch]:
    """Yield when the unit could be seen to be down for long enough to be noticed, as far as in the outage."""
    for stretch in course.stretches():
        start, end = max(stretch.start, outage.start), min(stretch.end, outage.end)
        if stretch.state is State.DOWN and end - start >= TO_DOWN:
            yield stretch._replace(start=start, end=end)


def _seen_down(course: Course, outage: TrueOutage) -> float:
    return sum(stretch.end - stretch.start for stretch in _noticed(course, outage))


def _judge(played: Played, course: Course, outage: TrueOutage, run: RunEnded, score: Score) -> None:
    """Judge when an outage is said to have been."""
    score.outages += 1
    said = f"{run.start - played.start:.1f} s to {run.end - played.start:.1f} s"
    if _seen_down(course, outage) < played.rules.outage_after - MARGIN:
        _miss(played, outage, "blip called outage", said, score)
    elif not edges(course, outage, played.lines[outage.unit]).fit(run.start, run.end):
        _miss(played, outage, "outage misdated", said, score)


def edges(course: Course, outage: TrueOutage, lines: int) -> Edges:
    """Return between which times an outage of a unit with so many lines may be said to begin and to end."""
    dating = DATING * lines + ROUND_TRIP
    noticed = next(_noticed(course, outage), None)
    start = noticed.start + SIGHT if noticed else math.inf
    if noticed and noticed.start == outage.start:
        start = outage.start + dating
    last_seen = course.seen_until(outage.end)
    last = outage.end - dating if last_seen >= outage.end else last_seen - SIGHT
    end = outage.end + (dating if course.seen_from(outage.end) <= outage.end else SIGHT)
    return Edges(outage.start - dating, start, last, math.inf if outage.lasting else end)


def _judge_cause(played: Played, outage: TrueOutage, settled: CauseSettled | None, score: Score) -> None:
    """Judge why an outage is said to have been."""
    told = outage.sign and outage.start >= played.start + FIRST_POLL
    result = _result(outage, settled, told=told)
    score.causes[result] += 1
    if result in {NOT_ALLOWED, WRONG}:
        said = "not settled" if settled is None else f"{settled.cause} {settled.root}".strip()
        if settled is not None and settled.facts:
            said += " (" + "; ".join(f"{fact.device} {fact.text}" for fact in settled.facts) + ")"
        _tell(played, outage, f"cause {result}", said, score)


def _result(outage: TrueOutage, settled: CauseSettled | None, *, told: bool) -> str:
    if settled is None:
        return NOT_ALLOWED
    if settled.cause is outage.cause:
        return RIGHT if not outage.roots or settled.root in outage.roots else WRONG
    if settled.cause is Cause.UNDETERMINED:
        return NOT_ALLOWED if told else ALLOWED
    if settled.cause is Cause.RESTART and _started_anew_soon(outage):
        return RIGHT
    return WRONG


def _started_anew_soon(outage: TrueOutage) -> bool:
    """Tell whether a box that was off, without a sign of why, began to run again soon."""
    was_off = not outage.sign and outage.cause in {Cause.POWER, Cause.UNDETERMINED}
    return was_off and outage.end - BOOT - outage.start <= AT_THE_BEGINNING


def _miss(played: Played, outage: TrueOutage, what: str, said: str, score: Score) -> None:
    score.outages_wrong += 1
    _tell(played, outage, what, said, score)


def _tell(played: Played, outage: TrueOutage, what: str, said: str, score: Score) -> None:
    truth = f"{outage.cause} {outage.root}".strip() + ("" if outage.sign else ", without a sign")
    start, end = outage.start - played.start, outage.end - played.start
    score.misses.append(Miss(score.script, outage.unit, what, start, end, said, truth))
