"""Judges the claims over the report's period, and finds what they come to for each unit of today."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.audit.claims import Evidence, Judge
from netwatch.audit.criteria import declared
from netwatch.audit.criteria.unit import DEFAULT_LIMITS, of_unit
from netwatch.audit.period import Window
from netwatch.audit.population import Placement
from netwatch.audit.sites import sites
from netwatch.model.claim import Population
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netwatch.audit.report.accounts import Books, Place
    from netwatch.audit.report.papers import Verdicts
    from netwatch.audit.report.record import Record
    from netwatch.audit.sites import Site
    from netwatch.inventory.load import Inventory
    from netwatch.model.attestation import Attestation
    from netwatch.model.claim import Claim, ClaimResult, Criterion, Found, UnitVerdict
    from netwatch.model.device import Device
    from netwatch.model.report import Period

    Finding = Callable[[Sequence[Device]], Mapping[Criterion, Found]]

NOBODY = Figures()
GROSS, OFFICE = 0, 2

Shown = tuple[tuple["Criterion", "Found"], ...]


class Offices:
    """The sites of the places, with their minutes around the clock and of office hours."""

    def __init__(self, books: Books, there: Iterable[Place], found: Finding) -> None:
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
    judge = Judge()

    def result(claim: Claim) -> ClaimResult:
        evidence = Evidence(
            today,
            offices.sites(claim.hours),
            share,
            Window(asked.start, asked.end),
            said.standing,
            tuple(said.measurements),
            known=said.end,
        )
        name = claim.population.register if claim.population else ""
        return judge.evaluate(claim, inventory.registers.get(name), evidence)

    return tuple(map(result, inventory.claims))


def of_units(results: Iterable[ClaimResult]) -> Mapping[tuple[str, str], Verdicts]:
    """Return, by register and code of a unit of today, what claims found of the units that live on in it."""
    found: dict[tuple[str, str], list[tuple[str, str, UnitVerdict]]] = defaultdict(list)
    for result in results:
        register = result.claim.population.register if result.claim.population else ""
        for each in result.units:
            for heir in each.heirs:
                found[register, heir].append((result.claim.name, each.unit.code, each.verdict))
    return {key: tuple(verdicts) for key, verdicts in found.items()}


class Units:
    """The criteria of the units of today, and the papers that count for them."""

    def __init__(self, inventory: Inventory, said: Record, offices: Offices, today: dt.date) -> None:
        self._at = said.end
        self._sites: dict[tuple[str, str], tuple[Site, ...]] = {}
        self._papers: dict[tuple[str, str], tuple[Attestation, ...]] = {}
        self._declared: dict[str, Found] = {}
        for name, register in inventory.registers.items():
            placement = Placement(Population(name, today, ()), register, today)
            for code, there in placement.sites(offices.sites("24x7")).items():
                self._sites[name, code] = there
            for code, papers in placement.attestations(said.standing.of_register(name)).items():
                self._papers[name, code] = papers
            about = (
                claim for claim in inventory.claims if claim.population and claim.population.register == name
            )
            self._declared[name] = declared.found(about, said.standing)

    def attestations(self, register: str, code: str) -> tuple[Attestation, ...]:
        """Return the papers that count for a unit, by the day that they are of."""
        return self._papers.get((register, code), ())

    def criteria(self, register: str, code: str) -> Shown:
        """Return what is found of each criterion of a unit, quality by the limits of QCVN 34:2019."""
        return of_unit(
            self._sites.get((register, code), ()),
            DEFAULT_LIMITS,
            self.attestations(register, code),
            self._declared[register],
            self._at,
        )
