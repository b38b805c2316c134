"""When Alertmanager's time intervals hold, as its documentation says: to compare them with a calendar."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def active(config: dict[str, Any], route: dict[str, Any], at: dt.datetime) -> bool:
    """Tell whether a route sends at a moment: within an active interval, and in no muted one."""
    named = {interval["name"]: interval["time_intervals"] for interval in config["time_intervals"]}

    def holds(key: str) -> bool:
        return any(_holds(spec, at) for name in route.get(key, ()) for spec in named[name])

    return holds("active_time_intervals") and not holds("mute_time_intervals")


def _holds(spec: dict[str, Any], at: dt.datetime) -> bool:
    """Every field that is given has one value that holds; the end of a time does not belong to it."""
    unknown = set(spec) - {"times", "weekdays", "days_of_month", "months", "years", "location"}
    assert not unknown, f"not reckoned here: {unknown}"
    there = at.astimezone(zoneinfo.ZoneInfo(spec.get("location", "UTC")))
    clock = f"{there:%H:%M}"
    fields = {
        "times": lambda times: times["start_time"] <= clock < times["end_time"],
        "weekdays": lambda days: _within(there.weekday(), days, DAYS.index),
        "days_of_month": lambda days: _within(there.day, days, int),
        "months": lambda months: _within(there.month, months, int),
        "years": lambda years: _within(there.year, years, int),
    }
    return all(any(map(test, spec[field])) for field, test in fields.items() if field in spec)


def _within(value: int, spelt: str, number: Any) -> bool:
    first, _, last = spelt.partition(":")
    low, high = number(first), number(last or first)
    assert 0 <= low <= high, f"not reckoned here: {spelt}"
    return bool(low <= value <= high)
