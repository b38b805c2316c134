"""The whole week as one, for rules that look back for days: budgets, and light that fades.

A week of quiet goes before it, and between episodes nothing changes but that minutes are settled. What the
lab cannot play, as it takes longer than any episode, is written into the series here: how many minutes one
unit had been down earlier in the month, and a fibre whose light fades. Both are assumed.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.noise.engine import Stretch
from bench.noise.samples import STEP, Samples, Series
from bench.noise.week import MONDAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.noise.playing import Recording

COARSE = 300.0
"""Seconds: the interval of budgets' group. Light is evaluated as seldom here, each minute there."""
WEEK = 7 * 86400.0
STEPS = int(2 * WEEK / COARSE)
BEGINNING = MONDAY.timestamp() - WEEK

SPENT = 130.0  # minutes that SPENT_BY had been down in the week before
FADING = 0.5 / 86400.0  # dB a second
_MINUTES = "netwatch_unit_minutes_total{"
_LIGHT = "netwatch_optical_receive_power_dbm{"


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is written into the week: of which unit, by code, and of which device."""

    spent: str
    fading: str


def stretch() -> Stretch:
    """Return what is evaluated: two weeks, the second of which is the one that is played."""
    return Stretch(BEGINNING, 0, STEPS - 1, 0, 0, COARSE)


def whole(recordings: Sequence[Recording], settled: int, names: frozenset[str], assumed: Assumed) -> Samples:
    """Return the series of the metrics named over both weeks. `settled`: an episode's first good step."""
    parts = sorted(recordings, key=lambda each: each.episode.start)
    found = Samples()
    series = {
        name: None for part in parts for name in part.netwatch.series if name.partition("{")[0] in names
    }
    for name in series:
        track = found.series[name] = Series(1)
        written = _written(name, assumed)
        for step, value in enumerate(_values(name, parts, settled)):
            at = BEGINNING + step * COARSE
            track.put(step, None if value is None else value + written(at))
    return found


def _values(name: str, parts: Sequence[Recording], settled: int) -> Iterator[float | None]:
    """Yield one series' value at each step: as in the episode that is on, or as the last one left it."""
    counts = name.partition("{")[0].endswith("_total")
    quiet = 1 / 60.0 if name.startswith(_MINUTES) and 'verdict="up"' in name else 0.0
    held: float | None = None
    total, since = 0.0, BEGINNING  # of a counter, when the last episode ended
    starts = [part.episode.start + settled * STEP for part in parts]
    tracks = [_Track(part, name, settled) for part in parts]
    current = -1
    for step in range(STEPS):
        at = BEGINNING + step * COARSE
        place = bisect.bisect_right(starts, at) - 1
        while current < place:
            if current >= 0:
                total += tracks[current].growth
                since = tracks[current].end
            current += 1
            total += quiet * (starts[current] - since)
        if current < 0:
            yield quiet * (at - BEGINNING) if counts else tracks[0].first
            continue
        track = tracks[current]
        if counts:
            grown = track.value(min(at, track.end))
            first = track.first or 0.0
            after = max(at - track.end, 0.0)
            yield total + ((grown or first) - first) + quiet * after
        else:
            held = track.value(min(at, track.end))
            yield held


class _Track:
    """One series in one episode. Unix seconds."""

    def __init__(self, part: Recording, name: str, settled: int) -> None:
        series = part.netwatch.series.get(name, Series(1))
        self._steps = [step for step, _ in series.changes]
        self._values = [value for _, value in series.changes]
        self._start = part.episode.start
        self.end = part.episode.start + part.end * STEP
        self.first = self.value(part.episode.start + settled * STEP)
        self.growth = (self.value(self.end) or 0.0) - (self.first or 0.0)

    def value(self, at: float) -> float | None:
        """Return the value at a moment."""
        place = bisect.bisect_right(self._steps, (at - self._start) / STEP) - 1
        return self._values[place] if place >= 0 else None


def _written(name: str, assumed: Assumed) -> Callable[[float], float]:
    """Return what is added to a series at each moment."""
    labels = dict(re.findall(r'(\w+)="([^"]*)"', name))
    if name.startswith(_MINUTES) and labels["unit"] == assumed.spent and labels["verdict"] == "down":
        # Over a day and a half in the middle of the week before.
        return lambda at: SPENT * min(max((at - BEGINNING - 3 * 86400.0) / (1.5 * 86400.0), 0.0), 1.0)
    if name.startswith(_LIGHT) and labels["device"] == assumed.fading:
        return lambda at: -FADING * max(at - MONDAY.timestamp(), 0.0)
    return lambda _: 0.0
