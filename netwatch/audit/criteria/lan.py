"""`lan`: whether a site has a network of its own, by the end stations that its devices count on working days.

Counts only; whose computers they are is told by no fact. A day is its number (`date.toordinal`); a set of
days is a number whose bit *n* is the day *n* before some last one.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, NamedTuple

from netwatch.inventory.moments import unix
from netwatch.model.claim import NOT_FOUND, Finding, Found
from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from netwatch.audit.criteria.span import Span
    from netwatch.audit.criteria.ways_out import Row
    from netwatch.inventory.hours import OfficeHours
    from netwatch.model.device import Device

LEAST_PORTS = 2
"""Ports with end stations that make a LAN …"""

LEAST_HOSTS = 2
"""… or as many hosts that a gateway knows."""

DAYS_OF_A_MONTH = 10
"""Working days on which there has to be one …"""

MONTH = 20
"""… in a period that has at least so many; of a shorter one half of them."""

LONGEST = 100
"""Days that are remembered: more than are needed of any period."""

MOST_NAMES = 4
"""Ports of a day that are remembered by name, as one may turn out to be an uplink; of more, that they are."""

ONE = dt.timedelta(days=1)
MIDNIGHT = dt.time()


class Day(NamedTuple):
    """What one device counted on a day, ways out left out. None: at more than :data:`MOST_NAMES` ports."""

    ports: tuple[str, ...] | None = ()  # that had end stations
    hosts: tuple[tuple[str, int], ...] | None = ()  # (interface, or "" for the whole device; at most two)


class Marks(NamedTuple):
    """Sets of days before a device's newest."""

    one_port: int  # with end stations at one port at least
    two_ports: int
    hosts: int  # with two hosts at least


class Working(NamedTuple):
    """The working days that a span touches, as a set before its last day."""

    last: int
    days: int
    start: float  # Unix seconds, of the span


class Memory:
    """The days of one device."""

    __slots__ = ("_days", "_marks", "newest", "source")

    def __init__(self) -> None:
        self.source = ""  # the MIB object that told last
        self.newest = 0
        self._days: list[Day | None] = []  # the newest first
        self._marks: tuple[frozenset[str], Marks] | None = None  # by what is left out; None: not worked out

    def take(
        self, day: int, groups: Mapping[FactKind, Mapping[str, list[Row]]], ways_out: Collection[str]
    ) -> None:
        """Take the counts of an entry of a local day; within it they only rise."""
        stations, hosts = groups.get(FactKind.STATIONS, {}), groups.get(FactKind.HOSTS, {})
        if not stations and not hosts:
            return
        self.source = sys.intern(next(iter((stations or hosts).values()))[0][4])
        self._make_room(day)
        place = self.newest - day
        if place >= len(self._days):
            return
        before = self._days[place] or Day()
        counted = Day(_ports(before.ports, stations, ways_out), _hosts(before.hosts, hosts, ways_out))
        yesterday = self._days[place + 1] if place + 1 < len(self._days) else None
        self._days[place] = yesterday if counted == yesterday else counted  # most days are alike: kept once
        self._marks = None

    def marks(self, uplinks: frozenset[str]) -> Marks:
        """Return on which days there was how much, but for what was counted at some ports."""
        if self._marks is None or self._marks[0] != uplinks:
            self._marks = uplinks, self._marked(uplinks)
        return self._marks[1]

    def _marked(self, uplinks: frozenset[str]) -> Marks:
        one_port = two_ports = hosts = 0
        for place, day in enumerate(self._days):
            if day is not None:
                ports = _count_ports(day, uplinks)
                one_port |= (ports >= 1) << place
                two_ports |= (ports >= LEAST_PORTS) << place
                hosts |= (_count_hosts(day, uplinks) >= LEAST_HOSTS) << place
        return Marks(one_port, two_ports, hosts)

    def _make_room(self, day: int) -> None:
        ahead = day - self.newest
        if ahead > 0:
            self._days[:0] = [None] * min(ahead, LONGEST)
            self.newest = day
        self._days += [None] * (min(self.newest - day + 1, LONGEST) - len(self._days))
        del self._days[LONGEST:]


def working_days(span: Span, hours: OfficeHours) -> Working:
    """Return the working days that a span touches."""
    first, last = (dt.datetime.fromtimestamp(at, hours.zone).date() for at in (span.start, span.end - 1))
    length = (last - first).days + 1
    days = sum(hours.working_day(last - place * ONE) << place for place in range(length))
    return Working(last.toordinal(), days, span.start)


def found(
    devices: Sequence[Device], memories: Mapping[str, Memory], working: Working, hours: OfficeHours
) -> Found:
    """Return what the devices of one site show; they contradict nothing.

    Ports of several devices add up. Hosts do not: the same ones stand in the tables of several.
    """
    one_port = any_lan = told = 0
    teller = ""
    for device in devices:
        memory = memories.get(device.name)
        if memory is not None:
            marks = memory.marks(frozenset(each.interface for each in device.uplinks if each.interface))
            ports, enough = (
                _moved(each, working.last - memory.newest)
                for each in (marks.one_port, marks.two_ports | marks.hosts)
            )
            any_lan |= enough | (one_port & ports)
            one_port |= ports
            if (days := (enough | ports) & working.days) and (not told or days & -days <= told):
                told, teller = days & -days, device.name
    with_one = any_lan & working.days
    if not with_one:
        return NOT_FOUND
    return _counted(with_one, working, teller, memories[teller].source, hours)


def _counted(with_one: int, working: Working, device: str, source: str, hours: OfficeHours) -> Found:
    count, total = with_one.bit_count(), working.days.bit_count()
    if count < _enough(total):
        return Found(Finding.NOT_SHOWN, None, device, source, f"{count}/{total}")
    newest = dt.date.fromordinal(working.last - ((with_one & -with_one).bit_length() - 1))
    at = max(working.start, unix(newest, MIDNIGHT, hours.zone))
    return Found(Finding.SHOWN, at, device, source, f"{count}/{total}")


def _enough(working: int) -> int:
    """Return on how many of some working days there has to be a LAN."""
    return DAYS_OF_A_MONTH if working >= MONTH else max(1, -(-working // 2))


def _moved(days: int, by: int) -> int:
    """Return a set of days before one day as a set before another, so many days later."""
    return days << by if by >= 0 else days >> -by


def _ports(
    before: tuple[str, ...] | None, stations: Mapping[str, list[Row]], ways_out: Collection[str]
) -> tuple[str, ...] | None:
    """Return the ports of a day with those of another entry."""
    if before is None:
        return None
    told = {sys.intern(port) for port, rows in stations.items() if _total(rows) >= 1}
    every = (told | set(before)).difference(ways_out)
    return tuple(sorted(every)) if len(every) <= MOST_NAMES else None


def _hosts(
    before: tuple[tuple[str, int], ...] | None, hosts: Mapping[str, list[Row]], ways_out: Collection[str]
) -> tuple[tuple[str, int], ...] | None:
    """Return the hosts of a day with those of another entry."""
    if before is None:
        return None
    every = dict(before)
    for port, rows in hosts.items():
        count = min(_total(rows), LEAST_HOSTS)
        if count > every.get(port, 0):
            every[sys.intern(port)] = count
    kept = sorted(each for each in every.items() if each[0] not in ways_out)
    return tuple(kept) if len(kept) <= MOST_NAMES else None


def _count_ports(day: Day, uplinks: frozenset[str]) -> int:
    if day.ports is None:
        return MOST_NAMES + 1 - len(uplinks)
    return len(set(day.ports) - uplinks)


def _count_hosts(day: Day, uplinks: frozenset[str]) -> int:
    """Return how many hosts a device knew: by its own count, or at its ports together."""
    if day.hosts is None:
        return MOST_NAMES + 1 - len(uplinks)
    ports = sum(count for port, count in day.hosts if port and port not in uplinks)
    return max(ports, dict(day.hosts).get("", 0))


def _total(rows: Iterable[Row]) -> int:
    return int(min(sum(row[2] or 0.0 for row in rows), 1e9))
