"""Judges the claims over the report's period, and finds what they come to for each unit of today."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.audit.claims import Evidence, evaluate
from netwatch.audit.period import Window
from netwatch.audit.sites import sites
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netwatch.audit.report.accounts import Books, Place
    from netwatch.audit.report.record import Record
    from netwatch.audit.sites import Site
    from netwatch.inventory.load import Inventory
    from netwatch.model.claim import Claim, ClaimResult, Criterion, Found, UnitVerdict
    from netwatch.model.device import Device
    from netwatch.model.report import Period

    Finding = Callable[[Sequence[Device]], Mapping[Criterion, Found]]

NOBODY = Figures()
GROSS, OFFICE = 0, 2


class Offices:
    """The sites of the places, with their minutes around the clock and of office hours."""

    def __init__(self, books: Books, there: Iterable[Place], found: Finding = lambda _devices: {}) -> None:
        self._books = books
        self._places = {(place.register, place.unit.code): place for place in there}
        self._devices = [device for place in self._places.values() for device in place.devices]
        self._found = found
        self._sites: dict[int, tuple[Site, ...]] = {}

    def sites(self, hours: str) -> tuple[Site, ...]:
        """Return all sites, by the minutes of a claim's `hours`."""
        which = OFFICE if hours == "office" else GROSS
        if which not in self._sites:
            self._sites[which] = self._make(which)
        return self._sites[which]

    def of(self, place: Place, hours: str = "24x7") -> tuple[Site, ...]:
        """Return the sites of one place."""
        key = place.register, place.unit.code
        return tuple(site for site in self.sites(hours) if (site.register, site.unit) == key)

    def _make(self, which: int) -> tuple[Site, ...]:
        units = {
            place.unit.code: self._books.unit(place)[which] for place in self._places.values() if place.judged
        }
        devices = {
            device.name: self._books.device(device.name, place)[which]
            for place in self._places.values()
            for device in place.deciding
        }
        return sites(
            self._devices,
            lambda code: units.get(code, NOBODY),
            lambda name: devices.get(name, NOBODY),
            self._found,
        )


def judged(
    inventory: Inventory, said: Record, offices: Offices, asked: Period, *, today: dt.date, share: float
) -> tuple[ClaimResult, ...]:
    """Judge every claim of the configuration; `share` of the period has passed and was observed."""

    def judge(claim: Claim) -> ClaimResult:
        evidence = Evidence(
            today,
            offices.sites(claim.hours),
            share,
            Window(asked.start, asked.end),
            said.standing,
            tuple(said.measurements),
        )
        name = claim.population.register if claim.population else ""
        return evaluate(claim, inventory.registers.get(name), evidence)

    return tuple(map(judge, inventory.claims))


def of_units(
    results: Iterable[ClaimResult],
) -> Mapping[tuple[str, str], tuple[tuple[str, str, UnitVerdict], ...]]:
    """Return, by register and code of a unit of today, what claims found of the units that live on in it."""
    found: dict[tuple[str, str], list[tuple[str, str, UnitVerdict]]] = defaultdict(list)
    for result in results:
        register = result.claim.population.register if result.claim.population else ""
        for each in result.units:
            for heir in each.heirs:
                found[register, heir].append((result.claim.name, each.unit.code, each.verdict))
    return {key: tuple(verdicts) for key, verdicts in found.items()}
