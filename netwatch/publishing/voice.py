"""How numbers, dates and spans are said in Vietnamese and in English, local time with its offset stated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from netwatch.publishing.page_words import WORDS

if TYPE_CHECKING:
    import zoneinfo
    from collections.abc import Iterable, Mapping

    from netwatch.publishing.page_words import Words

NOTHING = "\N{EM DASH}"
"""Stands where there is no value."""

ROUNDINGS = {"lower": ROUND_FLOOR, "upper": ROUND_CEILING, "even": ROUND_HALF_EVEN}
"""A bound never looks tighter than it is."""

DATES = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, "vi" or "en", and the time zone of those who read."""

    language: str
    zone: zoneinfo.ZoneInfo

    @property
    def words(self) -> Words:
        """Everything that is said without figures in it."""
        return WORDS[self.language]

    @property
    def date_form(self) -> str:
        """How dates are written, in the letters of strftime."""
        return DATES[self.language]

    def date(self, day: dt.date) -> str:
        """Return a date as figures."""
        return day.strftime(self.date_form)

    def day(self, time: float) -> str:
        """Return the local date of Unix seconds."""
        return self.date(self._local(time))

    def hour(self, time: float) -> str:
        """Return the local time of Unix seconds, to the minute."""
        return self._local(time).strftime("%H:%M")

    def moment(self, time: float | None) -> str:
        """Return local date and time to the minute."""
        return NOTHING if time is None else self._local(time).strftime(f"{self.date_form} %H:%M")

    def iso(self, time: float) -> str:
        """Return local time with its offset, for a `datetime` attribute."""
        return self._local(time).isoformat(timespec="seconds")

    def offset(self, time: float) -> str:
        """Return what local time differs by: UTC+07:00."""
        return "UTC" + self._local(time).isoformat()[-6:]

    def lasted(self, seconds: float) -> str:
        """Return a span in its two largest units, rounded down: it never looks longer than it is."""
        left = max(0, int(seconds))
        days, hours, minutes = left // DAY, left % DAY // HOUR, left % HOUR // MINUTE
        words = self.words["spans"]
        if days:
            return f"{days} {words['day']} {hours} {words['hour']}"
        if hours:
            return f"{hours} {words['hour']} {minutes:02} {words['minute']}"
        if minutes:
            return f"{minutes} {words['minute']}"
        return f"{left} {words['second']}"

    def number(self, value: float) -> str:
        """Return a number with as many decimals as it has, three at most."""
        text = f"{value:.3f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.language == "vi" else text

    def percent(self, ratio: float | None, rounding: str = "even", places: int = 1) -> str:
        """Return a ratio in percent; "lower" rounds down, "upper" up."""
        if ratio is None:
            return NOTHING
        exact = Decimal(repr(ratio)) * 100
        if not exact.is_finite():
            return NOTHING
        text = str(exact.quantize(Decimal(1).scaleb(-places), ROUNDINGS[rounding]))
        return (text.replace(".", ",") if self.language == "vi" else text) + "\N{NO-BREAK SPACE}%"

    def tally(self, counts: Mapping[str, int], words: Mapping[str, str]) -> str:
        """Return what there is any of, with how many: "2 verified · 1 refuted"."""
        return " · ".join(f"{count} {words[name]}" for name, count in counts.items() if count) or NOTHING

    def text(self, texts: Iterable[tuple[str, str]]) -> tuple[str, str]:
        """Return the (language, text) of a statement in this language, or in one that it has."""
        said = dict(texts)
        if self.language in said:
            return self.language, said[self.language]
        return next(iter(said.items()), (self.language, NOTHING))

    def _local(self, time: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(time, self.zone)
