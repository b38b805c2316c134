"""maintenance.yaml: windows of work that are announced before they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.moments import MomentWord, TimeOfDay
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.windows import LONGEST, PERIODS, WEEKDAYS, Once, Plan, Recurring
from netwatch.inventory.wording import quote
from netwatch.inventory.words import Date, Duration, Integer, Reference, Text, duration, name_kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.scope import Scope

MOST = 1000
"""Windows in the file: all of them are looked at whenever one begins."""

SPAN = Duration(60, LONGEST)
BY = Text("who announces it", 100)
WHAT = Text("what for", 500)
CODE = Text("a unit's code", 63)
AREA = Text("an area", 100)

ONCE = ("start", "end")
AGAIN = ("at", "weekday", "day", "since", "until")
COVERED = ("devices", "units", "areas")
NEEDED_DAY = {"week": "weekday", "month": "day"}


class WindowEntry(Record):
    """One window, held once or again and again."""

    noun = "a window"
    name = required(Reference(name_kind("a window's name")), "unique; stands in the ledger and in reports")
    what = required(WHAT, "what is done, for people")
    by = required(BY, "who announces it: a name that can be asked")
    start = optional(MomentWord(), "when it begins, by 'timezone' unless an offset is written", None)
    end = optional(MomentWord(), "when it ends; or write 'duration'", None)
    duration = optional(SPAN, "how long it lasts (1m to 31d)", None)
    every = optional(Choice("a rhythm", *PERIODS), "it recurs: day, week or month", None)
    weekday = optional(Choice("a day of the week", *WEEKDAYS), "of a weekly one", None)
    day = optional(Integer(1, 31), "of a monthly one; in a shorter month it is that month's last day", None)
    at = optional(TimeOfDay(), "when a recurring one begins, by 'timezone'", None)
    since = optional(Date(), "first day of a recurring one", None)
    until = optional(Date(), "first day on which a recurring one is not held any more", None)
    devices = optional(
        ListOf(Reference(name_kind("a device's name")), "'devices'", least=1), "that are worked on", ()
    )
    units = optional(ListOf(Reference(CODE), "'units'", least=1), "codes: all of their devices", ())
    areas = optional(ListOf(Reference(AREA), "'areas'", least=1), "all devices in them", ())

    def check(self, remarks: Remarks) -> None:
        """Once or again and again, from when to when, and about something."""
        if self.has("every"):
            self._check_recurring(remarks)
        else:
            self._check_once(remarks)
        if not any(map(self.has, COVERED)):
            remarks.error(
                self, "a window needs 'devices', 'units' or 'areas': without them it is about nothing"
            )

    def _check_once(self, remarks: Remarks) -> None:
        for key in filter(self.has, AGAIN):
            remarks.error(
                self.place(key), f"{quote(key)} is for a window that recurs: delete it, or add 'every'"
            )
        if not self.has("start") and not any(map(self.has, AGAIN)):
            remarks.error(self, "a window needs 'start', or 'every' where it recurs")
        if self.has("end") and self.has("duration"):
            remarks.error(self.place("duration"), "'end' is given as well as 'duration': keep one")
        if self.has("start") and not self.has("end") and not self.has("duration"):
            remarks.error(self, "a window needs 'end' or 'duration'")

    def _check_recurring(self, remarks: Remarks) -> None:
        for key in filter(self.has, ONCE):
            remarks.error(
                self.place(key), f"{quote(key)} is for a window that is held once: delete it, or 'every'"
            )
        for key in ("at", "duration"):
            if not self.has(key):
                remarks.error(self, f"a window that recurs needs {quote(key)}")
        if self.was_read("every"):
            self._check_rhythm(self.every or "", remarks)
        if self.since and self.until and self.until <= self.since:
            told = f"the window ends ({self.until}) before it begins ({self.since})"
            remarks.error(self.place("until"), told)

    def _check_rhythm(self, every: str, remarks: Remarks) -> None:
        for rhythm, key in NEEDED_DAY.items():
            if rhythm == every and not self.has(key):
                remarks.error(self, f"a window that recurs every {every} needs {quote(key)}")
            if rhythm != every and self.has(key):
                remarks.error(
                    self.place(key), f"{quote(key)} is for 'every: {rhythm}', and this is 'every: {every}'"
                )
        if self.duration and self.duration > PERIODS[every]:
            remarks.error(
                self.place("duration"),
                f"so long a window every {every} would never end: at most {duration(PERIODS[every])}",
            )

    def plan(self, zone: ZoneInfo) -> Plan | None:
        """Return what is announced; None where something that it takes could not be read."""
        when = self._recurring(zone) if self.has("every") else self._once(zone)
        if when is None or not self.whole:
            return None
        return Plan(
            name=self.name.text,
            by=self.by,
            text=self.what,
            when=when,
            devices=tuple(each.text for each in self.devices),
            units=tuple(each.text for each in self.units),
            areas=tuple(each.text for each in self.areas),
        )

    def _once(self, zone: ZoneInfo) -> Once | None:
        if self.start is None:
            return None
        start = self.start.unix(zone)
        if self.end is not None:
            return Once(start, self.end.unix(zone))
        return None if self.duration is None else Once(start, start + self.duration)

    def _recurring(self, zone: ZoneInfo) -> Recurring | None:
        if self.every is None or self.at is None or self.duration is None:
            return None
        return Recurring(
            every=self.every,
            at=self.at,
            duration=self.duration,
            zone=zone,
            weekday=WEEKDAYS.index(self.weekday) if self.weekday else None,
            day=self.day,
            since=self.since,
            until=self.until,
        )


class MaintenanceFile(Record):
    """The windows."""

    noun = "maintenance.yaml"
    windows = optional(
        ListOf(Of(WindowEntry), "'windows'"),
        "work that is announced; it explains an outage where it was announced before it began",
        (),
    )

    def plans(self, zone: ZoneInfo) -> Iterator[Plan]:
        """Yield what is announced."""
        return (plan for entry in self.windows if (plan := entry.plan(zone)) is not None)


def check_maintenance(
    file: MaintenanceFile, remarks: Remarks, zone: ZoneInfo, scope: Scope, today: dt.date
) -> None:
    """Remark names that stand twice, windows that end before they begin, and what does not exist.

    A window that is over stays in the file as long as people like: what it names may be gone by now.
    """
    if len(file.windows) > MOST:
        remarks.error(file.windows[MOST], f"more than {MOST:,} windows: delete those that are over")
    first: dict[str, int] = {}
    for entry in file.windows:
        if entry.was_read("name"):
            line = first.setdefault(entry.name.text, entry.name.line)
            if line != entry.name.line:
                remarks.error(
                    entry.name, f"window {quote(entry.name.text)} stands twice, first on line {line}"
                )
        plan = entry.plan(zone)
        if plan is not None and isinstance(plan.when, Once):
            _check_span(entry, plan.when, remarks)
        if plan is None or not plan.over(today, zone):
            scope.check(entry.devices, entry.units, entry.areas, remarks)


def _check_span(entry: WindowEntry, once: Once, remarks: Remarks) -> None:
    if once.end <= once.start:
        remarks.error(entry.place("end"), "the window ends before it begins")
    elif once.end - once.start > LONGEST:
        remarks.error(
            entry.place("end"), f"the window lasts too long: at most {duration(LONGEST)}, else write several"
        )
