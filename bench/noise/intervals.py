"""Alertmanager's time intervals: when a route sends."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


class Intervals:
    """The named time intervals of a configuration."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        named = [*config.get("time_intervals", ()), *config.get("mute_time_intervals", ())]
        self._named: dict[str, list[dict[str, Any]]] = {
            each["name"]: each["time_intervals"] for each in named
        }

    def any(self, names: Iterable[str], at: float) -> bool:
        """Tell whether one of the intervals named holds at `at`, Unix seconds. KeyError: there is no such."""
        return any(_holds(spec, at) for name in names for spec in self._named[name])


def _holds(spec: Mapping[str, Any], at: float) -> bool:
    local = dt.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(spec.get("location", "UTC")))
    minute = local.hour * 60 + local.minute
    following = (local.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    last_day = (following - dt.timedelta(days=1)).day

    def day(word: str) -> int:
        number = int(word)
        return number if number > 0 else last_day + 1 + number

    return (
        _one(
            spec.get("times"),
            lambda times: _minute(times["start_time"]) <= minute < _minute(times["end_time"]),
        )
        and _one(spec.get("weekdays"), lambda text: _between(local.weekday(), text, WEEKDAYS.index))
        and _one(spec.get("days_of_month"), lambda text: _between(local.day, text, day))
        and _one(spec.get("months"), lambda text: _between(local.month, text, _month))
        and _one(spec.get("years"), lambda text: _between(local.year, text, int))
    )


def _one(values: Any, fits: Any) -> bool:
    """Tell whether one of the values fits; what is not said holds always."""
    return values is None or any(map(fits, values))


def _between(value: int, text: Any, number: Any) -> bool:
    first, _, last = str(text).lower().partition(":")
    return bool(number(first) <= value <= number(last or first))


def _month(word: str) -> int:
    return MONTHS.index(word) + 1 if word in MONTHS else int(word)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
