"""Judges the claims over the report's period, and finds what they come to for each unit of today."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.audit import in_force
from netwatch.audit.claims import Evidence
from netwatch.audit.period import Window
from netwatch.audit.sites import sites
from netwatch.model.claim import Population
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netwatch.audit.claims import Judge
    from netwatch.audit.report.accounts import Books, Place
    from netwatch.audit.report.papers import Verdicts
    from netwatch.audit.report.record import Record
    from netwatch.audit.sites import Site
    from netwatch.inventory.load import Inventory
    from netwatch.model.attestation import Attestation
    from netwatch.model.claim import ClaimResult, Criterion, Found, UnitVerdict
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


class Known:
    """What the claims are judged by over a period; `share` of it has passed and was observed."""

    def __init__(
        self, said: Record, offices: Offices, asked: Period, *, today: dt.date, share: float
    ) -> None:
        self._said = said
        self._offices = offices
        self._window = Window(asked.start, asked.end)
        self._today = today
        self._share = share

    def by(self, hours: str) -> Evidence:
        """Return the evidence by the minutes of a claim's `hours`."""
        return Evidence(
            self._today,
            self._offices.sites(hours),
            self._share,
            self._window,
            self._said.standing,
            tuple(self._said.measurements),
            known=self._said.end,
        )


def judged(inventory: Inventory, judge: Judge, known: Known) -> tuple[ClaimResult, ...]:
    """Judge every claim of the configuration."""
    registers = (
        inventory.registers.get(claim.population.register if claim.population else "")
        for claim in inventory.claims
    )
    return tuple(
        judge.evaluate(claim, register, known.by(claim.hours))
        for claim, register in zip(inventory.claims, registers, strict=True)
    )


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
    """The criteria of the units of today, quality by QCVN 34:2019, and the papers that count for them."""

    def __init__(self, inventory: Inventory, judge: Judge, known: Known) -> None:
        evidence = known.by("24x7")
        self._criteria: dict[tuple[str, str], Shown] = {}
        self._papers: dict[tuple[str, str], tuple[Attestation, ...]] = {}
        for name, register in inventory.registers.items():
            for code, found in in_force.criteria(judge, register, evidence, inventory.claims):
                self._criteria[name, code] = found
            placement = judge.placement(Population(name, evidence.today, ()), register, evidence.today)
            for code, papers in placement.attestations(evidence.standing.of_register(name)).items():
                self._papers[name, code] = papers

    def attestations(self, register: str, code: str) -> tuple[Attestation, ...]:
        """Return the papers that count for a unit, by the day that they are of."""
        return self._papers.get((register, code), ())

    def criteria(self, register: str, code: str) -> Shown:
        """Return what is found of each criterion of a unit."""
        return self._criteria[register, code]
