"""How numbers, times and names are written for people: one style a language, and nothing that misleads.

A bound is rounded outwards, so that the lower one never looks higher than it is, nor the upper one lower.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NBSP = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
NOTHING = "\N{EM DASH}"
"""Stands where there is no value."""

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e007f]"
)
"""Characters that steer a text instead of standing in it: controls, format and bidi marks, line ends."""

SPANS = (86400, 3600, 60, 1)
"""Seconds of a day, an hour, a minute and a second."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a language writes differently."""

    decimal: str
    group: str  # between thousands
    day: str  # for `strftime`
    month: str
    spans: tuple[str, str, str, str]  # units of time: day, hour, minute, second
    between: str  # two days: "{} to {}"


STYLES: Mapping[str, Style] = {
    "vi": Style(",", ".", "%d/%m/%Y", "tháng %m/%Y", ("ngày", "giờ", "phút", "giây"), "từ {} đến {}"),
    "en": Style(".", ",", "%Y-%m-%d", "%Y-%m", ("d", "h", "min", "s"), "{} to {}"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes values in one language, and times by one clock."""

    style: Style
    zone: dt.tzinfo

    def lower(self, ratio: float, digits: int = 2) -> str:
        """Write a lower bound in percent, rounded down."""
        return self._percent(ratio, digits, ROUND_FLOOR) + NBSP + "%"

    def upper(self, ratio: float, digits: int = 2) -> str:
        """Write an upper bound in percent, rounded up."""
        return self._percent(ratio, digits, ROUND_CEILING) + NBSP + "%"

    def bounds(self, lower: float, upper: float, digits: int = 2) -> str:
        """Write both bounds, rounded outwards."""
        return f"{self._percent(lower, digits, ROUND_FLOOR)}{DASH}{self.upper(upper, digits)}"

    def exact(self, ratio: float) -> str:
        """Write a ratio that somebody stated in percent, with the digits that it was stated with."""
        return self._plain(Decimal(repr(ratio)) * 100) + NBSP + "%"

    def number(self, value: float) -> str:
        """Write a number with all its digits, in groups of three."""
        return self._plain(Decimal(repr(value)))

    def milliseconds(self, seconds: float) -> str:
        """Write a time that is told in milliseconds, with one decimal."""
        rounded = (Decimal(repr(seconds)) * 1000).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
        return self._localised(f"{rounded:,f}") + NBSP + "ms"

    def day(self, day: dt.date) -> str:
        """Write a day of the calendar."""
        return day.strftime(self.style.day)

    def iso_day(self, text: str) -> str:
        """Write a day that is given as ISO 8601; any other text as it is."""
        try:
            return self.day(dt.date.fromisoformat(text))
        except ValueError:
            return text

    def period(self, label: str) -> str:
        """Write what a report was asked for: a month, a day, or two days."""
        if re.fullmatch(r"\d{4}-\d{2}", label):
            return dt.date.fromisoformat(f"{label}-01").strftime(self.style.month)
        first, apart, last = label.partition("..")
        return (
            self.style.between.format(self.iso_day(first), self.iso_day(last))
            if apart
            else self.iso_day(first)
        )

    def days(self, start: float, end: float) -> str:
        """Write the first and the last local day of a stretch of Unix seconds; its end is not in it."""
        first, last = (self._local(at).date() for at in (start, end - 0.001))
        return (
            self.day(first) if first == last else self.style.between.format(self.day(first), self.day(last))
        )

    def moment(self, at: float) -> str:
        """Write a moment, Unix seconds, to the second, by the local clock and with its offset."""
        there = self._local(at)
        return f"{self.day(there)} {there:%H:%M:%S}{NBSP}{_offset(there)}"

    def iso(self, at: float) -> str:
        """Write a moment for machines (ISO 8601)."""
        return self._local(at).isoformat(timespec="seconds")

    def offset(self, at: float) -> str:
        """Write by how much the local clock is ahead of UTC at a moment."""
        return "UTC" + _offset(self._local(at))

    def duration(self, seconds: float) -> str:
        """Write a length of time by its two largest units, cut and not rounded; seconds to the second."""
        left, parts = max(int(seconds), 0), []
        for length, name in zip(SPANS, self.style.spans, strict=True):
            count, left = divmod(left, length)
            parts.append((count, name))
        first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
        shown = [f"{count}{NBSP}{name}" for count, name in parts[first : first + 2] if count]
        return " ".join(shown) or f"0{NBSP}{self.style.spans[-1]}"

    def _local(self, at: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(at, self.zone)

    def _percent(self, ratio: float, digits: int, rounding: str) -> str:
        """Write 100 times a ratio.

        The shortest decimal that stands for the float is what is rounded: a ratio of two counts below 10 ** 9
        lies on the same side of every figure with so few digits as its float does.
        """
        exact = Decimal(repr(ratio)) * 100
        if not exact.is_finite():
            raise ValueError(f"{ratio} is no ratio")
        return self._localised(f"{exact.quantize(Decimal(1).scaleb(-digits), rounding):f}")

    def _plain(self, value: Decimal) -> str:
        if not value.is_finite():
            raise ValueError(f"{value} is no number")
        whole = value == value.to_integral_value()
        return self._localised(f"{value.to_integral_value() if whole else value.normalize():,f}")

    def _localised(self, text: str) -> str:
        return text.translate({ord(","): self.style.group, ord("."): self.style.decimal})


def _offset(there: dt.datetime) -> str:
    """Return the offset of a local time: +07:00."""
    return f"{there:%z}"[:3] + ":" + f"{there:%z}"[3:5]


def clean(text: str) -> str:
    """Return a text in NFC, with a mark for each character that would steer what stands around it."""
    return unicodedata.normalize("NFC", _STEERING.sub(_marked, text))


def _marked(match: re.Match[str]) -> str:
    return " " if match[0] in "\t\r\n" else "\ufffd"
