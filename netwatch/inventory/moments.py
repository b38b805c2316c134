"""Moments and times of day as people write them, and what they are on a clock of some zone."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from netwatch.inventory.kind import Word
from netwatch.inventory.wording import quote

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from netwatch.inventory.kind import JSON

CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
FORM = rf"20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}[ T]{CLOCK}(:[0-5][0-9])?(?: ?(?:Z|[+-]{CLOCK}))?"
"""Of this century: a year with a digit too many is a slip, and hardly a plan."""


class Moment(NamedTuple):
    """A moment that was written, with an offset or by the clock on the wall."""

    written: dt.datetime
    to_the_minute: bool  # no seconds were written

    def unix(self, zone: ZoneInfo) -> float:
        """Return Unix seconds; without an offset by the clock of `zone`.

        Where that clock was set back, the first of both; where it skips the time, as late after the gap.
        """
        known = self.written if self.written.tzinfo else self.written.replace(tzinfo=zone)
        return known.timestamp()


class MomentWord(Word[Moment]):
    """A date and a time of day."""

    what = "a date and a time, such as 2026-12-05 22:00"

    def parse(self, text: str) -> Moment:
        """Return the moment."""
        found = re.fullmatch(FORM, text)
        if found is None:
            raise ValueError(
                f"{quote(text)} is not a date and a time: write such as 2026-12-05 22:00, "
                "with an offset (+07:00) where another clock is meant"
            )
        try:
            written = dt.datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))
        except ValueError:
            raise ValueError(f"{quote(text)} is no day of the calendar") from None
        return Moment(written, to_the_minute=found[1] is None)

    def schema(self) -> JSON:
        """Return a string with a pattern."""
        return {"type": "string", "pattern": f"^{FORM}$"}


class TimeOfDay(Word[dt.time]):
    """Hours and minutes."""

    what = "a time of day, such as 02:00"

    def parse(self, text: str) -> dt.time:
        """Return the time."""
        if re.fullmatch(CLOCK, text) is None:
            raise ValueError(f"{quote(text)} is not a time of day: write hours and minutes, such as 02:00")
        return dt.time.fromisoformat(text)

    def schema(self) -> JSON:
        """Return a string with a pattern."""
        return {"type": "string", "pattern": f"^{CLOCK}$"}


class Span(Word[tuple[dt.time, dt.time]]):
    """From one time of a day to a later one."""

    what = "hours, such as 07:30-17:00"

    def parse(self, text: str) -> tuple[dt.time, dt.time]:
        """Return its beginning and its end."""
        if re.fullmatch(f"{CLOCK}-{CLOCK}", text) is None:
            raise ValueError(f"{quote(text)} is not {self.what}")
        opens, closes = map(dt.time.fromisoformat, text.split("-"))
        if closes <= opens:
            raise ValueError(f"{quote(text)} ends before it begins")
        return opens, closes

    def schema(self) -> JSON:
        """Return a string with a pattern."""
        return {"type": "string", "pattern": f"^{CLOCK}-{CLOCK}$"}

    def written(self, value: object) -> object:
        """Return a default in one piece."""
        return "-".join(f"{time:%H:%M}" for time in value) if isinstance(value, tuple) else None


def unix(day: dt.date, time: dt.time, zone: ZoneInfo) -> float:
    """Return the Unix seconds of a time of day by the clock of `zone`."""
    return dt.datetime.combine(day, time, zone).timestamp()


def told(at: float, zone: ZoneInfo) -> str:
    """Return a moment by the clock of `zone`, with its offset: `2026-12-05T22:00:00+07:00`."""
    return dt.datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
