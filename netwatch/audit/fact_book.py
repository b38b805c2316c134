"""What devices have told of themselves, kept small: of each criterion the newest finding, of `lan` the days.

Facts are read from the ledger in its order, the daemon's as they are written and a report's from the file, so
that both find the same.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.audit.criteria import fibre, identified, internet, lan
from netwatch.audit.criteria.span import Span
from netwatch.audit.criteria.ways_out import WaysOut, grouped
from netwatch.model.claim import Criterion
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from netwatch.evidence.kinds import Facts
    from netwatch.inventory.hours import OfficeHours
    from netwatch.model.claim import Found
    from netwatch.model.device import Device

MOST_SPANS = 16
"""Of which the working days are remembered: periods of claims, as they move on."""


class _Told:
    """What one device has told."""

    __slots__ = ("fibre", "identified", "internet", "lan", "ways_out")

    def __init__(self) -> None:
        self.ways_out = WaysOut()
        self.fibre = fibre.Memory()
        self.internet = internet.Memory()
        self.identified = identified.Memory()
        self.lan = lan.Memory()

    def take(self, facts: Facts, day: int) -> None:
        groups = grouped(facts.facts)
        if self.ways_out.take(day, groups):
            self.fibre.take(facts.at, facts.device, self.ways_out)
        self.internet.take(facts.at, facts.device, groups)
        self.identified.take(facts.at, groups)
        self.lan.take(day, groups, self.ways_out.interfaces)


class FactBook:
    """The facts of many devices. `hours`: working days, and the time zone whose days are meant."""

    def __init__(self, hours: OfficeHours) -> None:
        self._hours = hours
        self._devices: dict[str, _Told] = {}
        self._working: dict[tuple[float, float], lan.Working] = {}

    def take(self, facts: Facts) -> None:
        """Take an entry, in the ledger's order. One of no day of the calendar is left out."""
        try:
            day = dt.datetime.fromtimestamp(facts.at, self._hours.zone).toordinal()
        except (ValueError, OverflowError, OSError):
            return
        told = self._devices.get(facts.device)
        if told is None:
            told = self._devices[facts.device] = _Told()
        told.take(facts, day)

    def retain(self, names: Collection[str]) -> None:
        """Forget every device but these."""
        self._devices = {name: told for name, told in self._devices.items() if name in names}

    @property
    def names(self) -> frozenset[str]:
        """The devices that have told anything."""
        return frozenset(self._devices)

    def use(self, hours: OfficeHours) -> None:
        """Judge by these working days from now on."""
        self._hours = hours
        self._working.clear()

    def parts(self, size: int) -> Iterator[FactBook]:
        """Yield what so many devices at a time have told."""
        names = sorted(self._devices)
        for start in range(0, len(names), size):
            part = FactBook(self._hours)
            part._devices = {name: self._devices[name] for name in names[start : start + size]}
            yield part

    def join(self, other: FactBook) -> None:
        """Take over what another book knows of its devices, in place of what this one does."""
        self._devices |= other._devices

    def found(
        self, devices: Sequence[Device], start: float, end: float, known: float | None = None
    ) -> Mapping[Criterion, Found]:
        """Return what the facts of the devices of one site show over a period, judged as of its end.

        The period is [start, end), Unix seconds; where it still runs, `known` is the present. What is newer
        than its end hides what is older: of a period that is over, take what came before its end alone.
        """
        span = Span(start, end, end if known is None else min(end, known))
        told = {device.name: self._devices[device.name] for device in devices if device.name in self._devices}
        uplinks = [device.name for device in devices if device.role is Role.UPLINK]
        ways = [told[name].fibre if name in told else fibre.Memory() for name in uplinks]
        return {
            Criterion.IDENTIFIED: identified.found(
                devices, {name: each.identified for name, each in told.items()}, span
            ),
            Criterion.FIBRE: fibre.found(ways, span),
            Criterion.INTERNET: internet.found({name: each.internet for name, each in told.items()}, span),
            Criterion.LAN: lan.found(
                devices,
                {name: each.lan for name, each in told.items()},
                self._working_days(span),
                self._hours,
            ),
        }

    def _working_days(self, span: Span) -> lan.Working:
        key = span.start, span.end
        if key not in self._working:
            if len(self._working) >= MOST_SPANS:
                self._working.clear()
            self._working[key] = lan.working_days(span, self._hours)
        return self._working[key]
