"""Facts as entries of the ledger: what is news of a day, so that a year of them stays small.

Of one kind and subject, facts are written when they are the first of their local day, and when they change
within it. Counts rise and fall all day: one is written again where it is twice what was written. Samples
(light, round-trip times) are written once a day.
"""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo
from typing import TYPE_CHECKING

from netwatch.evidence.kinds import Facts
from netwatch.model.fact import Fact, FactKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netwatch.model.fact import Survey

COUNTS = frozenset((FactKind.STATIONS, FactKind.HOSTS))
SAMPLES = frozenset((FactKind.LIGHT, FactKind.LIGHT_ALARM, FactKind.INSIDE_RTT))

MOST = 4096
"""Facts of one entry."""

Group = tuple[FactKind, str]


def told(facts: Facts) -> tuple[Fact, ...]:
    """Return the facts that an entry tells."""
    return tuple(Fact(facts.at, facts.device, *row) for row in facts.facts)


class DaysFacts:
    """What was written today, by the local date of a time zone. Begins empty with each process."""

    def __init__(self, timezone: str) -> None:
        self._zone = zoneinfo.ZoneInfo(timezone)
        self._days: dict[str, tuple[dt.date, dict[Group, tuple[object, ...]]]] = {}

    def keep(self, devices: Collection[str]) -> None:
        """Forget every device but these."""
        self._days = {name: day for name, day in self._days.items() if name in devices}

    def entry(self, survey: Survey) -> Facts | None:
        """Return an entry with what is news in a survey, and count it as written; None where nothing is."""
        today = dt.datetime.fromtimestamp(survey.at, self._zone).date()
        day, written = self._days.get(survey.device, (today, {}))
        if day != today:
            written = {}
        self._days[survey.device] = today, written
        news: list[Fact] = []
        for group, facts in _groups(survey.facts).items():
            signature = tuple(_signature(fact) for fact in facts)
            if _is_news(group[0], signature, written.get(group)):
                written[group] = signature
                news += facts
        return _entry(survey, news)


def _entry(survey: Survey, facts: Iterable[Fact]) -> Facts | None:
    """Return an entry with some facts of a survey; None where there are none."""
    rows = tuple(
        (fact.kind, fact.subject, fact.value, fact.text, fact.source)
        for fact in facts
        if fact.value is None or math.isfinite(fact.value)
    )
    return Facts(survey.at, survey.device, rows[:MOST]) if rows else None


def _groups(facts: Iterable[Fact]) -> dict[Group, list[Fact]]:
    found: dict[Group, list[Fact]] = {}
    for fact in facts:
        found.setdefault((fact.kind, fact.subject), []).append(fact)
    return found


def _signature(fact: Fact) -> object:
    """Return what of a fact makes it another one: of a probe, not how long ago it ran."""
    return (
        fact.value if fact.kind in COUNTS or fact.kind is FactKind.INSIDE_PROBE else (fact.value, fact.text)
    )


def _is_news(kind: FactKind, now: tuple[object, ...], before: tuple[object, ...] | None) -> bool:
    if before is None:
        return True
    if kind in SAMPLES:
        return False
    if kind in COUNTS:
        return _sum(now) >= max(2 * _sum(before), 1)
    return now != before


def _sum(counts: tuple[object, ...]) -> float:
    return sum(count for count in counts if isinstance(count, float))
