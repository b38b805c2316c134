"""The period that a report is asked for: a month, a day, or some days, by the calendar of a time zone."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from netwatch.model.report import Period

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FORMS = "write a month (2026-10), a day (2026-10-07), or two days (2026-10-01..2026-10-15), both included"

LONGEST = 400
"""Days of a period: a year, and the days around it."""

SEALED_AFTER = 300
"""Seconds after its end by which an hour stands in the ledger: its last minute is judged 90 s after that."""

HOUR = 3600
ONE = dt.timedelta(days=1)

_MONTH = re.compile(r"20[0-9]{2}-[0-9]{2}")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def period(text: str, zone: ZoneInfo) -> Period:
    """Return the period that `text` means by the clock of `zone`. Raises ValueError, in one line."""
    first, following = _days(text)
    if (following - first).days > LONGEST:
        raise ValueError(f"period '{text}' is longer than {LONGEST} days: ask for a part of it")
    return Period(text, midnight(first, zone), midnight(following, zone), zone.key)


def month_before(day: dt.date) -> str:
    """Return the month before that of `day`, as it is asked for: 2026-10."""
    return f"{day.replace(day=1) - ONE:%Y-%m}"


def reached(asked: Period, now: float) -> float:
    """Return until when a period can be told at Unix time `now`: its end, or that of the last sealed hour.

    Raises ValueError for a period that is still to come, or of which no hour is sealed yet.
    """
    if asked.start >= now:
        raise ValueError(f"period '{asked.label}' has not begun yet: ask for one that has")
    sealed = (now - SEALED_AFTER) // HOUR * HOUR
    if sealed <= asked.start:
        raise ValueError(
            f"period '{asked.label}' has only just begun: the first hour of it is in the ledger "
            f"{SEALED_AFTER // 60} minutes after that hour's end"
        )
    return min(asked.end, sealed)


def _days(text: str) -> tuple[dt.date, dt.date]:
    """Return the first day, and the day after the last."""
    if _MONTH.fullmatch(text):
        first = _day(f"{text}-01", text)
        return first, (first + 31 * ONE).replace(day=1)
    if _DAY.fullmatch(text):
        return _day(text, text), _day(text, text) + ONE
    start, dots, end = text.partition("..")
    if not dots or not _DAY.fullmatch(start) or not _DAY.fullmatch(end):
        raise ValueError(f"'{text:.40}' is not a period: {FORMS}")
    first, last = _day(start, text), _day(end, text)
    if last < first:
        raise ValueError(f"period '{text}' ends before it begins")
    return first, last + ONE


def _day(written: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{text:.40}' is not a period: {written} is no day of the calendar") from None


def midnight(day: dt.date, zone: ZoneInfo) -> float:
    """Return the Unix seconds at which a day begins."""
    return dt.datetime.combine(day, dt.time(), zone).timestamp()
