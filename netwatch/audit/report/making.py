"""Makes the report of a period out of a ledger and a configuration."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from netwatch import __version__
from netwatch.audit.fact_book import FactBook
from netwatch.audit.report import hours, record
from netwatch.audit.report.accounts import Books, places
from netwatch.audit.report.claims import judged, unit_account
from netwatch.audit.report.masks import calendar
from netwatch.audit.report.roster import rosters
from netwatch.audit.report.sums import Plan
from netwatch.evidence.store import Store
from netwatch.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netwatch.audit.report.accounts import Place
    from netwatch.audit.report.record import Record
    from netwatch.inventory.hours import OfficeHours
    from netwatch.inventory.load import Inventory
    from netwatch.model.register import Register, Unit
    from netwatch.model.report import AnchorNote, Head, Period

ONE = dt.timedelta(days=1)


class Nothing(ValueError):  # noqa: N818 - it says what there is not
    """The ledger says nothing of a period; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """One chain of a ledger, and what is known of its end."""

    url: str
    poller: str
    heads: tuple[Head, ...] = ()
    anchors: tuple[AnchorNote, ...] = ()


def make(
    source: Source,
    inventory: Inventory,
    asked: Period,
    until: float,
    made_at: float,
    *,
    jobs: int = 1,
    total: Callable[[int], None] = lambda _hours: None,
    done: Callable[[int], None] = lambda _hours: None,
) -> Report:
    """Return the report of a period, told until `until`, which was made at `made_at` (Unix seconds).

    `total` is told how many hours there are to read, and `done` how many have been read since, in up to
    `jobs` processes. Raises Nothing, LedgerError, and BrokenBodyError naming the entry that cannot be read.
    """
    store = Store(source.url, source.poller)
    said = record.read(store, asked.start, until)
    _check(said, asked, source.poller)
    zone = ZoneInfo(asked.timezone)
    today = dt.datetime.fromtimestamp(until - 1, zone).date()
    minutes = calendar(asked.start, until)
    passed = minutes.within([(asked.start, until)])
    last = said.configured[-1] if said.configured else None
    own = {
        (register, unit.code): minutes.within([(_midnight(unit.valid_from, zone), until)]) & passed
        for register, unit in _units(inventory, today, said)
        if _midnight(unit.valid_from, zone) > asked.start
    }
    there = places(
        _units(inventory, today, said),
        last,
        said.announcements.windows(asked.start, until),
        minutes,
        own,
        passed,
    )
    plan = Plan(
        minutes,
        rosters(said.configured),
        passed,
        minutes.within(inventory.hours.spans(asked.start, until)) & passed,
        {place.unit.code: place.own for place in there if place.judged and place.own != passed},
        {place.unit.code: place.left_out for place in there if place.judged and place.left_out},
    )
    days = hours.find(store, asked.start, until)
    total(sum(map(len, days)))
    books = Books(plan, hours.totals(source.url, source.poller, plan, days, jobs, done))
    facts = FactBook()
    for each in record.facts(store, asked.start, until):
        facts.take(each)
    results, found = judged(inventory, said, books, there, facts, asked, today)
    return Report(
        period=asked,
        made_at=made_at,
        version=__version__,
        claims=results,
        units=tuple(unit_account(place, said, books, results, found) for place in there),
        parameters=tuple(said.processes.rules),
        office_hours=f"Mon-Fri {inventory.hours.opens:%H:%M}-{inventory.hours.closes:%H:%M}",
        holidays=_holidays(inventory.hours, asked, zone),
        pauses=tuple(said.processes.pauses),
        gaps=tuple(sorted(said.gaps.items())),
        registers=tuple(
            (name, inventory.files.get(inventory.register_files.get(name, ""), ""), register.example)
            for name, register in inventory.registers.items()
        ),
        exhibits=tuple(said.standing.exhibits.values()),
        heads=source.heads,
        anchors=source.anchors,
        until=None if until == asked.end else until,
    )


def _check(said: Record, asked: Period, poller: str) -> None:
    begun = said.processes.begun
    if begun is None:
        raise Nothing(f"poller {poller} has written nothing to the ledger yet")
    if begun >= said.end:
        first = dt.datetime.fromtimestamp(begun, ZoneInfo(asked.timezone)).isoformat(" ", "minutes")
        raise Nothing(f"the ledger of poller {poller} begins at {first}: period '{asked.label}' lies before it")


def _units(inventory: Inventory, today: dt.date, said: Record) -> Iterator[tuple[str, Unit]]:
    """Yield the units in force: all of the main register, and of others those that have a device."""
    main = inventory.register
    watched = (
        {(device.register, device.unit) for device in said.configured[-1].devices if device.unit}
        if said.configured
        else set()
    )
    for register in inventory.registers.values():
        yield from _of(register, today, watched if register is not main else None)


def _of(register: Register, today: dt.date, only: set[tuple[str, str]] | None) -> Iterator[tuple[str, Unit]]:
    for unit in register.as_of(today):
        if only is None or (register.name, unit.code) in only:
            yield register.name, unit


def _holidays(office: OfficeHours, asked: Period, zone: ZoneInfo) -> tuple[str, ...]:
    first = dt.datetime.fromtimestamp(asked.start, zone).date()
    last = dt.datetime.fromtimestamp(asked.end - 1, zone).date()
    return tuple(
        day.isoformat()
        for day in sorted(office.holidays)
        if first <= day <= last and not office.working_day(day)
    )


def _midnight(day: dt.date, zone: ZoneInfo) -> float:
    return dt.datetime.combine(day, dt.time(), zone).timestamp()
