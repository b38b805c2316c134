"""holidays.yaml: public holidays and Tết, and days of a weekend that are worked in exchange."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.inventory.hours import SATURDAY, OfficeHours
from netwatch.inventory.kind import ListOf
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.words import Date, Text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from netwatch.inventory.problem import Remarks

LONGEST = 31
"""Days of one holiday: a range with a slip in its year would close the offices for good."""

NAME = Text("a holiday's name", 100)


class HolidayEntry(Record):
    """One holiday, of a day or of several in a row."""

    noun = "a holiday"
    exactly_one = ("day", "first")
    day = optional(Date(), "the day of a holiday of one day", None)
    first = optional(Date(), "the first day of a longer one; with 'last'", None)
    last = optional(Date(), "its last day, which belongs to it", None)
    vi = required(NAME, "its name in Vietnamese")
    en = optional(NAME, "its name in English", "")

    def check(self, remarks: Remarks) -> None:
        """A range has two ends, in their order."""
        if self.has("first") and not self.has("last"):
            remarks.error(self, "a holiday with 'first' needs 'last'")
        if self.has("last") and self.has("day") and not self.has("first"):
            remarks.error(self.place("last"), "'last' is for a holiday with 'first': delete it")
        if self.first and self.last:
            if self.last < self.first:
                remarks.error(
                    self.place("last"), f"the holiday ends ({self.last}) before it begins ({self.first})"
                )
            elif (self.last - self.first).days >= LONGEST:
                remarks.error(self.place("last"), f"the holiday is too long: at most {LONGEST} days")

    def days(self) -> list[dt.date]:
        """Return its days; none where they could not be read."""
        if self.day is not None:
            return [self.day]
        if self.first is None or self.last is None:
            return []
        length = min((self.last - self.first).days + 1, LONGEST)
        return [self.first + dt.timedelta(days=number) for number in range(length)]


class WorkedEntry(Record):
    """A day of a weekend on which offices are open."""

    noun = "a worked day"
    day = required(Date(), "a Saturday or Sunday")
    vi = optional(NAME, "in exchange for what, in Vietnamese", "")
    en = optional(NAME, "in exchange for what, in English", "")


class HolidaysFile(Record):
    """The calendar that office hours go by."""

    noun = "holidays.yaml"
    holidays = optional(ListOf(Of(HolidayEntry), "'holidays'"), "days on which offices are closed", ())
    worked = optional(
        ListOf(Of(WorkedEntry), "'worked'"),
        "days of a weekend on which offices are open, in exchange for a working day that is off",
        (),
    )

    def hours(self, zone: ZoneInfo, opens: dt.time, closes: dt.time) -> OfficeHours:
        """Return the office hours by this calendar."""
        closed = frozenset(day for entry in self.holidays for day in entry.days())
        worked = frozenset(entry.day for entry in self.worked if entry.whole)
        return OfficeHours(zone, closed, worked, opens, closes)


def check_holidays(file: HolidaysFile, remarks: Remarks, today: dt.date) -> None:
    """Remark days that stand twice or are worked anyway; warn where the calendar has run out."""
    first: dict[dt.date, int] = {}
    for entry in file.holidays:
        for day in entry.days():
            line = first.setdefault(day, entry.line)
            if line != entry.line:
                place = entry.place("day" if entry.day else "first")
                remarks.error(place, f"{day} is a holiday already, on line {line}")
                break
    for worked in file.worked:
        if worked.whole:
            _check_worked(worked, first, remarks)
    if first and today.year > max(first).year:
        remarks.warn(
            None, f"names no holiday of {today.year}: office hours are reckoned as if there were none"
        )


def _check_worked(entry: WorkedEntry, holidays: dict[dt.date, int], remarks: Remarks) -> None:
    if entry.day.weekday() < SATURDAY:
        remarks.error(
            entry.place("day"), f"{entry.day} is a {entry.day:%A}, which is worked anyway: delete it"
        )
    elif entry.day in holidays:
        told = f"{entry.day} is a holiday on line {holidays[entry.day]}: it is one or the other"
        remarks.error(entry.place("day"), told)
