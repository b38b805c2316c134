"""Makes the report of a period out of a ledger and a configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from netwatch import __version__
from netwatch.audit.claims import Judge
from netwatch.audit.fact_book import FactBook
from netwatch.audit.report import hours, record
from netwatch.audit.report.accounts import Books, places
from netwatch.audit.report.asked import midnight
from netwatch.audit.report.claims import Known, Offices, Units, judged, of_units
from netwatch.audit.report.masks import MINUTE, calendar
from netwatch.audit.report.papers import disputes
from netwatch.audit.report.roster import rosters
from netwatch.audit.report.sums import Plan
from netwatch.evidence.store import Store
from netwatch.model.report import Report, UnitAccount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.audit.report.accounts import Place
    from netwatch.audit.report.papers import Verdicts
    from netwatch.audit.report.record import Record
    from netwatch.inventory.hours import OfficeHours
    from netwatch.inventory.load import Inventory
    from netwatch.model.register import Register, Unit
    from netwatch.model.report import AnchorNote, Head, Period

Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Is told how many hours there are to read, and gives what is told how many have been read since."""


@contextmanager
def unseen(_hours: int) -> Iterator[Callable[[int], None]]:
    """Show no progress."""
    yield lambda _count: None


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
    progress: Progress = unseen,
) -> Report:
    """Return the report of a period, told until `until`, which was made at `made_at` (Unix seconds).

    Hours are read in up to `jobs` processes, and `progress` told of them. Raises Nothing, LedgerError, and
    BrokenBodyError naming the entry that cannot be read.
    """
    where = source.url, source.poller
    store = Store(*where)
    said = record.read(store, asked.start, until)
    _check(said, asked, source.poller)
    there, plan = _planned(inventory, said, asked, until)
    days = hours.find(store, asked.start, until)
    with progress(sum(map(len, days))) as done:
        books = Books(plan, hours.totals(where, plan, days, jobs, done))
    book = FactBook(inventory.hours)
    for told in record.facts(store, asked.start, until):
        book.take(told)
    offices = Offices(books, there, lambda devices: book.found(devices, asked.start, asked.end, until))
    observed = books.totals.seen / (round(asked.end - asked.start) // MINUTE)
    today = _day(until - 1, asked)
    judge, known = Judge(), Known(said, offices, asked, today=today, share=observed)
    results = judged(inventory, judge, known)
    verdicts = of_units(results)
    found = Units(inventory, judge, known)
    return Report(
        period=asked,
        made_at=made_at,
        version=__version__,
        claims=results,
        units=tuple(_account(place, said, books, found, verdicts) for place in there),
        parameters=tuple(said.processes.rules),
        office_hours=f"Mon-Fri {inventory.hours.opens:%H:%M}-{inventory.hours.closes:%H:%M}",
        holidays=_holidays(inventory.hours, asked),
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


def _planned(inventory: Inventory, said: Record, asked: Period, until: float) -> tuple[list[Place], Plan]:
    """Return who has an account, and which minutes count for whom."""
    minutes = calendar(asked.start, until)
    passed = minutes.within([(asked.start, until)])
    zone = ZoneInfo(asked.timezone)
    units = list(_units(inventory, _day(until - 1, asked), said))
    begun = {(register, unit.code): midnight(unit.valid_from, zone) for register, unit in units}
    own = {key: minutes.within([(at, until)]) & passed for key, at in begun.items() if at > asked.start}
    windows = said.announcements.windows(asked.start, until)
    there = places(
        units, said.configured[-1] if said.configured else None, windows, minutes, own=own, passed=passed
    )
    mine = [place for place in there if place.judged]
    return there, Plan(
        minutes,
        rosters(said.configured),
        passed,
        minutes.within(inventory.hours.spans(asked.start, until)) & passed,
        {place.unit.code: place.own for place in mine if place.own != passed},
        {place.unit.code: place.left_out for place in mine if place.left_out},
    )


def _account(
    place: Place,
    said: Record,
    books: Books,
    found: Units,
    verdicts: Mapping[tuple[str, str], Verdicts],
) -> UnitAccount:
    register, code = place.register, place.unit.code
    gross, net, office = books.unit(place)
    judged_ = verdicts.get((register, code), ())
    return UnitAccount(
        register=register,
        unit=place.unit,
        area=place.area,
        monitored=bool(place.devices),
        gross=gross,
        net=net,
        office=office,
        blind=books.totals.blind.get(code, 0) if place.judged else 0,
        blips=said.runs.blips(code) if place.judged else 0,
        outages=said.runs.outages(code) if place.judged else (),
        excluded=place.excluded,
        uplinks=books.uplinks(place),
        criteria=found.criteria(register, code),
        verdicts=judged_,
        attestations=found.attestations(register, code),
        disputes=disputes(said.standing, register, judged_),
    )


def _check(said: Record, asked: Period, poller: str) -> None:
    begun = said.processes.begun
    if begun is None:
        raise Nothing(f"poller {poller} has written nothing to the ledger yet")
    if begun >= said.end:
        first = dt.datetime.fromtimestamp(begun, ZoneInfo(asked.timezone)).isoformat(" ", "minutes")
        why = (
            f"period '{asked.label}' lies before it"
            if begun >= asked.end
            else "no hour since then is settled yet: that is two minutes after each full hour"
        )
        raise Nothing(f"the ledger of poller {poller} begins at {first}: {why}")


def _units(inventory: Inventory, today: dt.date, said: Record) -> Iterator[tuple[str, Unit]]:
    """Yield the units in force: all of the main register, and of others those that have a device."""
    main = inventory.register
    registers = sorted(inventory.registers.values(), key=lambda register: register is not main)
    watched = (
        {(device.register, device.unit) for device in said.configured[-1].devices if device.unit}
        if said.configured
        else set()
    )
    for register in registers:
        yield from _of(register, today, watched if register is not main else None)


def _of(register: Register, today: dt.date, only: set[tuple[str, str]] | None) -> Iterator[tuple[str, Unit]]:
    for unit in register.as_of(today):
        if only is None or (register.name, unit.code) in only:
            yield register.name, unit


def _holidays(office: OfficeHours, asked: Period) -> tuple[str, ...]:
    first, last = _day(asked.start, asked), _day(asked.end - 1, asked)
    return tuple(
        day.isoformat()
        for day in sorted(office.holidays)
        if first <= day <= last and not office.working_day(day)
    )


def _day(at: float, asked: Period) -> dt.date:
    return dt.datetime.fromtimestamp(at, ZoneInfo(asked.timezone)).date()
