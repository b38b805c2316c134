"""What the ledger says was announced, and what maintenance.yaml says that the ledger does not say yet.

An announcement holds from the moment it entered the ledger, for what begins after it. What has begun stands
as it was announced, whatever is written later: no outage is excused, and no excuse taken back, in hindsight.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from netwatch.inventory.windows import WEEKDAYS, Once, Plan, Recurring, occurrences
from netwatch.model.maintenance import Announcement, Origin, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Announcements:
    """Every announcement by the name of its window. Grows with the ledger's entries, and only so."""

    def __init__(self, entries: Iterable[Announcement] = ()) -> None:
        self._of_file: dict[str, list[tuple[float, Plan | None]]] = defaultdict(list)
        self._by_command: dict[str, list[tuple[float, Plan | None]]] = {}
        self._ended: dict[str, float] = {}  # by the name of an occurrence
        for entry in entries:
            self.take(entry)

    def take(self, entry: Announcement) -> None:
        """Add an entry, in the ledger's order. Raises ValueError for one whose content is none of ours."""
        if entry.origin is Origin.FILE:
            self._of_file[entry.name].append((entry.at, plan_of(entry)))
        elif (end := _end_of(entry)) is not None:
            self._ended[entry.name] = min(end, self._ended.get(entry.name, math.inf))
        else:
            self._by_command.setdefault(entry.name, [(entry.at, plan_of(entry))])

    @property
    def names(self) -> frozenset[str]:
        """Every name that was ever given: no command gives it again."""
        return frozenset((*self._of_file, *self._by_command))

    def clashes(self, plans: Iterable[Plan]) -> tuple[str, ...]:
        """Return the names in maintenance.yaml that a command gave before: such windows are not announced."""
        return tuple(plan.name for plan in plans if plan.name in self._by_command)

    def due(self, plans: Iterable[Plan], at: float) -> tuple[Announcement, ...]:
        """Return what has to enter the ledger for it to say what maintenance.yaml says."""
        standing = {name: versions[-1][1] for name, versions in self._of_file.items()}
        wanted = {plan.name: plan for plan in plans if plan.name not in self._by_command}
        new = [announcement(plan, Origin.FILE, at) for plan in wanted.values() if _new(plan, standing)]
        gone = [name for name, plan in standing.items() if plan is not None and name not in wanted]
        return (*new, *(Announcement(at, Origin.FILE, name, "") for name in gone))

    def windows(self, since: float, until: float) -> tuple[Window, ...]:
        """Return every window that touches the time from `since` to `until` (Unix seconds), by its start."""
        found: dict[str, Window] = {}
        for versions in (*self._of_file.values(), *self._by_command.values()):
            for window in _begun_as_announced(versions, since, until):
                found.setdefault(window.name, window)
        standing = (each for each in map(self._until_ended, found.values()) if each.end > since)
        return tuple(sorted(standing, key=lambda each: (each.start, each.name)))

    def _until_ended(self, window: Window) -> Window:
        return replace(window, end=min(window.end, self._ended.get(window.name, math.inf)))


def _begun_as_announced(
    versions: list[tuple[float, Plan | None]], since: float, until: float
) -> Iterator[Window]:
    """Yield the occurrences of each version that begin before the next one was announced."""
    nexts = [at for at, _ in versions[1:]] + [math.inf]
    for (at, plan), superseded in zip(versions, nexts, strict=True):
        if plan is not None:
            for window in occurrences([plan], since, until, {plan.name: at}):
                if window.start < superseded:
                    yield window


def _new(plan: Plan, standing: dict[str, Plan | None]) -> bool:
    stands = standing.get(plan.name)
    return stands is None or content(stands) != content(plan)


def announcement(plan: Plan, origin: Origin, at: float) -> Announcement:
    """Return the ledger's entry that announces a plan."""
    return Announcement(at, origin, plan.name, content(plan))


def ending(window: Window, by: str, at: float) -> Announcement:
    """Return the ledger's entry that ends an open window at `at`."""
    return Announcement(at, Origin.COMMAND, window.name, _json({"ended": at, "by": by}))


def content(plan: Plan) -> str:
    """Return everything that a plan says as JSON; equal plans have equal content, whatever their order."""
    when = plan.when
    hours: dict[str, object]
    if isinstance(when, Once):
        hours = {"start": when.start, "end": when.end}
    else:
        hours = {
            "every": when.every,
            "weekday": None if when.weekday is None else WEEKDAYS[when.weekday],
            "day": when.day,
            "at": f"{when.at:%H:%M}",
            "duration": when.duration,
            "timezone": when.zone.key,
            "since": when.since and str(when.since),
            "until": when.until and str(when.until),
        }
    covered = {key: sorted(getattr(plan, key)) for key in ("devices", "units", "areas")}
    return _json({"by": plan.by, "text": plan.text, **hours, **covered})


def _json(what: dict[str, object]) -> str:
    given = {key: value for key, value in what.items() if value not in (None, [])}
    return json.dumps(given, ensure_ascii=False, sort_keys=True)


def plan_of(entry: Announcement) -> Plan | None:
    """Return the plan that an entry announces, None where it withdraws one. Raises ValueError."""
    if not entry.content:
        return None
    try:
        said = json.loads(entry.content)
        when = _recurring(said) if "every" in said else Once(float(said["start"]), float(said["end"]))
        covered = {key: tuple(said.get(key, ())) for key in ("devices", "units", "areas")}
        return Plan(entry.name, str(said["by"]), str(said["text"]), when, **covered)
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"the announcement of {entry.name!r} cannot be read: {error!r}") from error


def _recurring(said: dict[str, Any]) -> Recurring:
    since, until = (said.get(key) for key in ("since", "until"))
    return Recurring(
        every=str(said["every"]),
        at=dt.time.fromisoformat(said["at"]),
        duration=float(said["duration"]),
        zone=ZoneInfo(said["timezone"]),
        weekday=WEEKDAYS.index(said["weekday"]) if "weekday" in said else None,
        day=said.get("day"),
        since=dt.date.fromisoformat(since) if since else None,
        until=dt.date.fromisoformat(until) if until else None,
    )


def _end_of(entry: Announcement) -> float | None:
    """Return when an entry ends its window early; None for one that announces it."""
    try:
        said = json.loads(entry.content)
        return float(said["ended"]) if "ended" in said else None
    except (TypeError, ValueError) as error:
        raise ValueError(f"the announcement of {entry.name!r} cannot be read: {error!r}") from error
