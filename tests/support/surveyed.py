"""Surveys as the daemon keeps them: what is news of a day goes to the ledger, and from there into a book."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any

from netwatch.audit.fact_book import FactBook
from netwatch.evidence.facts import DaysFacts
from netwatch.inventory.hours import OfficeHours
from netwatch.model.device import Device, Role
from netwatch.model.fact import Fact, FactKind, Survey
from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from netwatch.model.claim import Criterion, Found

ZONE = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = OfficeHours(ZONE, holidays=frozenset({dt.date(2026, 11, 20)}))

Row = tuple[FactKind, str, float | None, str, str]


def on(day: int, hour: float = 8.0) -> float:
    """Return an hour of a day of November 2026, which begins with a Sunday, by the local clock."""
    midnight = dt.datetime(2026, 11, 1, tzinfo=ZONE) + dt.timedelta(days=day - 1)
    return midnight.timestamp() + hour * 3600


BEGINS, ENDS = on(1, 0), on(31, 0)


def route(port: str, version: str = "4") -> Row:
    return FactKind.DEFAULT_ROUTE, version, None, port, "inetCidrRouteIfIndex"


def over(port: str, below: str) -> Row:
    return FactKind.RUNS_OVER, port, None, below, "ifStackStatus"


def medium(port: str, name: str, number: float, source: str = "ifType") -> Row:
    return FactKind.MEDIUM, port, number, name, source


def light(port: str, dbm: float) -> Row:
    return FactKind.LIGHT, port, dbm, "", "light of profile x"


def alarm(port: str, dbm: float) -> Row:
    return FactKind.LIGHT_ALARM, port, dbm, "", "light of profile x"


def stations(port: str, count: float) -> Row:
    return FactKind.STATIONS, port, count, "", "dot1qTpFdbPort"


def hosts(port: str, count: float) -> Row:
    return FactKind.HOSTS, port, count, "", "ipNetToPhysicalPhysAddress"


def identity(key: str, text: str, *, fits: bool) -> Row:
    return FactKind.IDENTITY, key, float(fits), text, key


def probe(name: str, *, answered: bool) -> Row:
    return FactKind.INSIDE_PROBE, name, float(answered), "answered" if answered else "", "pingResultsProbe"


def device(name: str = "gw", role: Role = Role.UPLINK, **changes: Any) -> Device:
    return Device(name=name, address="198.18.0.1", role=role, unit="u", register="r", **changes)


class Surveyed:
    """A site whose devices were surveyed."""

    def __init__(self, *devices: Device) -> None:
        self.devices = devices or (device(),)
        self.book = FactBook(HOURS)
        self._days = DaysFacts(ZONE.key)

    def survey(self, at: float, *rows: Row, of: str = "gw") -> None:
        """Let one device answer one survey."""
        facts = tuple(Fact(at, of, *row) for row in rows)
        entry = self._days.entry(Survey(of, at, Outcome.ANSWERED, 1.0, facts=facts))
        if entry is not None:
            self.book.take(entry)

    def hourly(self, first: float, last: float, *rows: Row, of: str = "gw") -> None:
        """Let it answer each hour from one to another alike."""
        for hour in range(round((last - first) / 3600) + 1):
            self.survey(first + hour * 3600, *rows, of=of)

    def found(
        self, criterion: Criterion, known: float = ENDS, *, start: float = BEGINS, end: float = ENDS
    ) -> Found:
        """Return what is found of November, or another period, as of a time."""
        return self.book.found(self.devices, start, end, known)[criterion]
