"""The week: seven scripts of the lab, one a day, cut into the episodes in which something happens.

Each day is a script as `netwatch lab` plays them; its times count from the day's local midnight. What
happens close together is one episode, which is played from shortly before its first step until what follows
from its last is over. Between episodes nothing happens, and nothing is played; Sunday holds half an hour
that is played all the same, so that silence is measured as well.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.script.reading import read_script
from netwatch.lab.script.selecting import select
from netwatch.lab.script.story import Announce, ScriptError, Strike
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.lab.plan.layout import Plan
    from netwatch.lab.script.story import Script, Step
    from netwatch.lab.world.truth import TrueOutage

FOLDER = Path(__file__).parent / "week"
LOCAL = dt.timezone(dt.timedelta(hours=7))
MONDAY = dt.datetime(2026, 10, 5, tzinfo=LOCAL)
"""No holiday is in that week (config/holidays.yaml)."""

OVER = MONDAY.timestamp() + 7 * 86400

BEFORE = 300.0  # seconds played before the first step: every device has been polled by then
AFTER = 600.0  # seconds played after the last: causes are settled 6 min after an outage's end
TOGETHER = 4500.0
"""Seconds: what is less far apart is one episode. Rules look an hour back (NetwatchUnitFlapping)."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of a day, as a script of its own; `start` in Unix seconds, on a step of the evaluation."""

    day: int  # 0 is Monday
    start: float
    script: Script


class _Span(NamedTuple):
    """When something happens, in seconds of its day, and the step that lets it."""

    start: float
    end: float
    step: Step


def days(folder: Path = FOLDER) -> list[Script]:
    """Return the days in their order. Raises ScriptError where a file says something wrong."""
    files = sorted(folder.glob("*.yaml"))
    return [read_script(path.read_text(encoding="utf-8"), path.name) for path in files]


def episodes(scripts: Sequence[Script]) -> Iterator[Episode]:
    """Yield the episodes of all days, in order."""
    for day, script in enumerate(scripts):
        midnight = (MONDAY + dt.timedelta(days=day)).timestamp()
        for spans in _together(sorted(_spans(script), key=lambda span: span.start)):
            yield _episode(day, midnight, script, spans)


def truly(outages: Iterable[TrueOutage], episode: Episode, plan: Plan) -> Iterator[TrueOutage]:
    """Yield an episode's outages, those below a router that is worked on as announced, too.

    The lab's truth calls those *upstream*: what is announced of a router explains nothing below it there. But
    who announced that work wants no message about them.
    """
    windows = [
        (episode.start + step.start, episode.start + step.end, select(step.on, plan))
        for step in episode.script.steps
        if isinstance(step, Announce)
    ]
    for outage in outages:
        announced = any(start <= outage.start < end and outage.root in on for start, end, on in windows)
        yield replace(outage, cause=Cause.MAINTENANCE) if announced else outage


def _spans(script: Script) -> Iterator[_Span]:
    for step in script.steps:
        if isinstance(step, Announce):
            yield _Span(step.start, step.end, step)
        elif isinstance(step, Strike):
            yield _Span(step.at, step.until or step.at + step.within, step)
        else:
            raise ScriptError(
                f"{script.source}:{step.line}: say 'until' when it ends, a week has no 'restore'"
            )


def _together(spans: Iterable[_Span]) -> Iterator[list[_Span]]:
    """Yield the spans that are too close to each other to be played apart."""
    found: list[_Span] = []
    end = 0.0
    for span in spans:
        if found and span.start > end + TOGETHER:
            yield found
            found = []
        end = max(end, span.end) if found else span.end
        found.append(span)
    if found:
        yield found


def _episode(day: int, midnight: float, script: Script, spans: Sequence[_Span]) -> Episode:
    start = max(spans[0].start - BEFORE, 0.0)
    last = max(span.end for span in spans)
    # What begins with the day is announced, or forbidden, before there is anything to be announced to.
    steps = tuple(_shifted(span.step, start) for span in spans)
    name = f"{script.name}-{int(start // 3600):02d}{int(start % 3600 // 60):02d}"
    return Episode(
        day, midnight + start, replace(script, name=name, duration=last - start + AFTER, steps=steps)
    )


def _shifted(step: Step, by: float) -> Step:
    at = max(step.at - by, 0.0)
    if isinstance(step, Announce):
        return replace(step, at=at, start=step.start - by, end=step.end - by)
    if isinstance(step, Strike):
        return replace(step, at=at, until=None if step.until is None else step.until - by)
    return replace(step, at=at)
