"""The live view against the truth: every second of every unit, every delay, every date."""

from __future__ import annotations

import bisect
import itertools
import math
from typing import TYPE_CHECKING

from netwatch.model.state import State
from tools.truth.course import state_of
from tools.truth.score import Miss

if TYPE_CHECKING:
    from netwatch.model.decision import StateChanged
    from tools.truth.course import Course, Stretch
    from tools.truth.play import Played
    from tools.truth.score import Score
    from tools.truth.watch import Said

TO_DOWN = 7.5
TO_UP = 5.0
DATING = 1.0
SIGHT = 2.1
ROUND_TRIP = 0.05  # seconds that an echo which was under way may have been sent before a change
"""Seconds: see `tools.truth` for what is measured by them."""

FALSE_UP, FALSE_DOWN, UNKNOWN = "false up", "false down", "needlessly unknown"
UNLIKE = "gauge unlike decisions"


def compare(played: Played, code: str, course: Course, score: Score) -> None:
    """Compare what the live view said of one unit."""
    said = played.said[code]
    told = _told(said, played.start)
    found = [
        judge(course, played.start + k, state) if state is told[k] else UNLIKE
        for k, state in enumerate(said.seconds)
    ]
    score.seconds += len(found)
    score.false_up += found.count(FALSE_UP)
    score.false_down += found.count(FALSE_DOWN) + found.count(UNLIKE)
    score.unknown += found.count(UNKNOWN)
    for what, group in itertools.groupby(range(len(found)), key=found.__getitem__):
        if what:
            score.misses.append(_miss(played, code, course, what, list(group)))
    for stretch in course.stretches():
        _delay(played, code, stretch, score)
    for change in said.changes:
        _date(played, code, course, change, score)


def _miss(played: Played, code: str, course: Course, what: str, seconds: list[int]) -> Miss:
    first = seconds[0]
    truth = course.at(played.start + first)
    told = f"{state_of(truth)}" + ("" if truth.observable else ", unseen")
    return Miss(played.script, code, what, first, seconds[-1] + 1, played.said[code].seconds[first], told)


def judge(course: Course, time: float, said: State) -> str:
    """Return what is wrong with a state that is said at a time; "" where nothing is."""
    span = course.at(time)
    if said is State.UNKNOWN:
        within = TO_UP if span.up else TO_DOWN
        return UNKNOWN if course.always_seen(time - within, time) else ""
    if said is state_of(span):
        return ""
    if said is State.UP:
        return "" if course.ever(State.UP, time - TO_DOWN, time) else FALSE_UP
    return "" if course.ever(State.DOWN, time - TO_UP, time) else FALSE_DOWN


def _told(said: Said, start: float) -> list[State]:
    """Return the state at each second as the decisions tell it."""
    times = [change.at for change in said.changes]
    states = [State.UNKNOWN, *(change.state for change in said.changes)]
    return [states[bisect.bisect_right(times, start + k)] for k in range(len(said.seconds))]


def _delay(played: Played, code: str, stretch: Stretch, score: Score) -> None:
    """Measure how long it took until a stretch was noticed, where it lasts long enough to be."""
    most, delays = (TO_UP, score.to_up) if stretch.state is State.UP else (TO_DOWN, score.to_down)
    if stretch.end - stretch.start < most:
        return
    changes = played.said[code].changes
    before = bisect.bisect_right(changes, stretch.start, key=lambda change: change.at)
    if before and changes[before - 1].state is stretch.state:
        return  # it was said all the time
    at = next((each.at for each in changes[before:] if each.state is stretch.state), math.inf)
    if at < stretch.end:
        delays.append(at - stretch.start)
    if at - stretch.start > most:
        score.late += 1
        noticed = f"{stretch.state} after {at - stretch.start:.1f} s" if at < stretch.end else "nothing"
        start, end = stretch.start - played.start, stretch.end - played.start
        score.misses.append(Miss(score.script, code, "late", start, end, noticed, stretch.state))


def _date(played: Played, code: str, course: Course, change: StateChanged, score: Score) -> None:
    """Look at what a state is dated back to, where it is said for the first time in a stretch."""
    stretch = _stretch(course, change)
    if stretch is None or any(
        each.state is change.state and stretch.start <= each.at < change.at
        for each in played.said[code].changes
    ):
        return
    latest = stretch.start + (DATING if stretch.began == stretch.start else SIGHT) + ROUND_TRIP
    if stretch.began - DATING - ROUND_TRIP <= change.since <= latest:
        return
    score.misdated += 1
    start, end = max(stretch.began - played.start, 0.0), stretch.end - played.start
    said = f"{change.state} since {change.since - played.start:.1f} s"
    truth = f"{stretch.state}, seen from {stretch.start - played.start:.1f} s on"
    score.misses.append(Miss(score.script, code, "misdated", start, end, said, truth))


def _stretch(course: Course, change: StateChanged) -> Stretch | None:
    """Return the last stretch of a state before it was said; None where it is wrong, and counted as that."""
    found = (each for each in course.stretches() if each.state is change.state and each.start <= change.at)
    return max(found, default=None, key=lambda stretch: stretch.start)
