"""Messages against the truth: how many, how many by night, whom they named wrongly, what they did not tell.

*Page*: a message about an alert of severity `critical`: somebody's telephone rings, at any hour. *Night*:
22:00 to 06:00 local. A message **names a unit that is up** where an alert that fires in it says that the unit
is down, and it was not at any moment of the last `ALLOWANCE` (as in bench/peers/compare.py: a tool that asks
once a minute cannot see earlier that a unit is back). An outage is **told** where a message that says the
unit is down went out between its beginning and its end. One of `LONG` or more that was not is **missed**;
*left for the morning* where none of it lay in office hours, which messages about a single unit wait for by
intent. Announced work (maintenance) need not be told; a message that tells of it is counted apart.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.noise.week import LOCAL, MONDAY
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bench.noise.alertmanager import Notification
    from bench.noise.engine import Firing
    from netwatch.lab.world.truth import TrueOutage

ALLOWANCE = 90.0  # seconds
LONG = 300.0  # seconds
NIGHT = (22, 6)  # local hours: from, to
OPENS, CLOSES = dt.time(7, 30), dt.time(17, 0)  # config/netwatch.yaml, monday to friday


@dataclass(slots=True)
class Row:
    """What one day, or the week, came to with one tool."""

    messages: int = 0
    ends: int = 0  # of these: about ends alone
    pages: int = 0
    night_pages: int = 0
    tickets: int = 0
    wrong_messages: int = 0  # that named a unit that was up
    wrong_names: int = 0  # how many units they named so, all together
    announced: int = 0  # messages that told of announced work as of an outage
    long: int = 0  # outages of LONG or more that were not announced
    missed: int = 0
    left: int = 0  # of the missed: left for the morning
    delays: list[float] = field(default_factory=list)  # seconds from an outage's beginning to its message

    def add(self, other: Row) -> None:
        """Add another row to this one."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Judge:
    """The truth of the week, and who is named by an alert as being down."""

    outages: Mapping[str, Sequence[TrueOutage]]  # by unit, in order
    down: Callable[[Firing, float], Iterable[str]]

    def days(self, messages: Sequence[Notification]) -> list[Row]:
        """Return a row for each day."""
        rows = [Row() for _ in range(7)]
        for message in messages:
            self._count(message, rows[day(message.at)])
        told: dict[str, list[float]] = {}
        for message in messages:
            for unit in self._named(message):
                told.setdefault(unit, []).append(message.at)
        for unit, outages in self.outages.items():
            for outage in outages:
                self._look(outage, told.get(unit, ()), rows[day(outage.start)])
        return rows

    def _count(self, message: Notification, row: Row) -> None:
        row.messages += 1
        row.ends += not message.firing
        severities = {dict(alert.labels).get("severity") for alert in (*message.firing, *message.resolved)}
        if "critical" in severities:
            row.pages += 1
            row.night_pages += is_night(message.at)
        row.tickets += severities == {"ticket"}
        wrong = [unit for unit in self._named(message) if not self._was_down(unit, message.at)]
        row.wrong_messages += bool(wrong)
        row.wrong_names += len(wrong)
        row.announced += any(self._is_announced(unit, message.at) for unit in self._named(message))

    def _named(self, message: Notification) -> set[str]:
        return {unit for alert in message.firing for unit in self.down(alert, message.at)}

    def _was_down(self, unit: str, at: float) -> bool:
        return any(each.start <= at < each.end + ALLOWANCE for each in self.outages.get(unit, ()))

    def _is_announced(self, unit: str, at: float) -> bool:
        return any(
            each.start <= at < each.end + ALLOWANCE and each.cause is Cause.MAINTENANCE
            for each in self.outages.get(unit, ())
        )

    @staticmethod
    def _look(outage: TrueOutage, told: Sequence[float], row: Row) -> None:
        if outage.end - outage.start < LONG or outage.cause is Cause.MAINTENANCE:
            return
        row.long += 1
        first = next((at for at in told if outage.start <= at < outage.end), None)
        if first is not None:
            row.delays.append(first - outage.start)
            return
        row.missed += 1
        row.left += not in_office_hours(outage.start, outage.end)


def day(at: float) -> int:
    """Return which day of the week a moment is in; what comes after the week belongs to its last."""
    return min(int((at - MONDAY.timestamp()) // 86400), 6)


def is_night(at: float) -> bool:
    """Tell whether people sleep."""
    hour = dt.datetime.fromtimestamp(at, LOCAL).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def in_office_hours(start: float, end: float) -> bool:
    """Tell whether any moment from `start` to `end`, less than a day, lies in office hours."""
    first, last = (dt.datetime.fromtimestamp(at, LOCAL) for at in (start, end))
    for date in {first.date(), last.date()}:
        opens, closes = (dt.datetime.combine(date, time, LOCAL) for time in (OPENS, CLOSES))
        if date.weekday() < 5 and first < closes and last > opens:
            return True
    return False


def kinds(outages: Iterable[TrueOutage]) -> Counter[str]:
    """Return how many outages there were of each cause."""
    return Counter(str(outage.cause) for outage in outages)
