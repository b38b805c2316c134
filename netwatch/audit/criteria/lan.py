"""`lan`: whether a site has a network of its own, by the end stations that its devices count on working days.

Counts only; whose computers they are is told by no fact.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

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

MOST_NAMES = 6
"""Ports that are remembered of a day: two, and those that may turn out to be uplinks."""

ONE = dt.timedelta(days=1)
MIDNIGHT = dt.time()


@dataclass(frozen=True, slots=True)
class Day:
    """What one device counted on a day, ways out left out."""

    ports: frozenset[str] = frozenset()  # that had end stations
    hosts: frozenset[tuple[str, int]] = frozenset()  # (interface, or "" for the device; at most two)


class Memory:
    """The days of one device. `longest`: how many of them are remembered."""

    __slots__ = ("_days", "_longest", "_newest", "source")

    def __init__(self, longest: int) -> None:
        self.source = ""  # the MIB object that told last
        self._longest = longest
        self._newest = 0  # ordinal of the newest day
        self._days: list[Day | None] = []  # the newest first

    def take(
        self, day: int, groups: Mapping[tuple[FactKind, str], tuple[Row, ...]], ways_out: Collection[str]
    ) -> None:
        """Take the counts of an entry of a local day; within it they only rise."""
        stations = _counts(groups, FactKind.STATIONS, ways_out)
        hosts = _counts(groups, FactKind.HOSTS, ways_out)
        if not stations and not hosts:
            return
        self.source = next(iter((stations or hosts).values()))[1]
        self._make_room(day)
        place = self._newest - day
        if place >= len(self._days):
            return
        before = self._days[place] or Day()
        counted = dict(before.hosts)
        for port, (count, _) in hosts.items():
            counted[port] = max(counted.get(port, 0), min(count, LEAST_HOSTS))
        self._days[place] = Day(
            frozenset(sorted((before.ports | stations.keys()) - set(ways_out))[:MOST_NAMES]),
            frozenset([each for each in sorted(counted.items()) if each[0] not in ways_out][:MOST_NAMES]),
        )

    def of(self, day: int) -> Day | None:
        """Return what was counted on a day, by its ordinal."""
        place = self._newest - day
        return self._days[place] if 0 <= place < len(self._days) else None

    def _make_room(self, day: int) -> None:
        ahead = day - self._newest
        if ahead > 0:
            self._days[:0] = [None] * min(ahead, self._longest)
            self._newest = day
        self._days += [None] * (self._newest - day + 1 - len(self._days))
        del self._days[self._longest :]


def found(devices: Sequence[Device], memories: Mapping[str, Memory], span: Span, hours: OfficeHours) -> Found:
    """Return what the devices of one site show; they contradict nothing."""
    there = [(device, memories[device.name]) for device in devices if device.name in memories]
    working = _working_days(span, hours)
    with_one = [day for day in working if _is_lan((device, memory.of(day)) for device, memory in there)]
    if not with_one:
        return NOT_FOUND
    text = f"{len(with_one)}/{len(working)}"
    newest = with_one[-1]
    device, memory = next((each, days) for each, days in there if days.of(newest) is not None)
    if len(with_one) < _enough(len(working)):
        return Found(Finding.NOT_SHOWN, None, device.name, memory.source, text)
    at = max(span.start, unix(dt.date.fromordinal(newest), MIDNIGHT, hours.zone))
    return Found(Finding.SHOWN, at, device.name, memory.source, text)


def _enough(working: int) -> int:
    """Return on how many of some working days there has to be a LAN."""
    return DAYS_OF_A_MONTH if working >= MONTH else max(1, -(-working // 2))


def _working_days(span: Span, hours: OfficeHours) -> list[int]:
    """Return the ordinals of the working days that a span touches."""
    day, last = (dt.datetime.fromtimestamp(at, hours.zone).date() for at in (span.start, span.end - 1))
    found = []
    while day <= last:
        if hours.working_day(day):
            found.append(day.toordinal())
        day += ONE
    return found


def _is_lan(days: Iterable[tuple[Device, Day | None]]) -> bool:
    """Tell whether what a site's devices counted on one day is a LAN.

    Ports of several devices add up. Hosts do not: the same ones stand in the tables of several.
    """
    ports = hosts = 0
    for device, day in days:
        if day is None:
            continue
        uplinks = {uplink.interface for uplink in device.uplinks if uplink.interface}
        ports += len(day.ports - uplinks)
        known = dict(day.hosts)
        leases = known.pop("", 0)
        hosts = max(hosts, leases, sum(count for port, count in known.items() if port not in uplinks))
    return ports >= LEAST_PORTS or hosts >= LEAST_HOSTS


def _counts(
    groups: Mapping[tuple[FactKind, str], tuple[Row, ...]], kind: FactKind, ways_out: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Return count and source by port, of those that have any and are no way out."""
    return {
        sys.intern(port): (int(min(sum(row[2] or 0.0 for row in rows), LEAST_HOSTS)), rows[0][4])
        for (each, port), rows in groups.items()
        if each is kind and port not in ways_out and sum(row[2] or 0.0 for row in rows) >= 1
    }
