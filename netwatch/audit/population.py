"""Whose site, and whose paper, counts for whom: from the units of any day to those a claim was made of."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from netwatch.inventory.succession import Lineage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from netwatch.audit.sites import Site
    from netwatch.model.attestation import Attestation
    from netwatch.model.claim import Population
    from netwatch.model.register import Register, Unit


class Placement:
    """The units of a population, prepared once for a register and the day whose units the sites are of."""

    def __init__(self, population: Population, register: Register, today: dt.date) -> None:
        self.register = register
        self.today = today
        self.units = members(population, register)
        self._as_of = population.as_of
        self._codes = frozenset(unit.code for unit in self.units)
        self._lineage = Lineage(register)
        self._rows: dict[str, list[Unit]] = defaultdict(list)
        for row in register.units:
            self._rows[row.code].append(row)
        self._made_of = {unit.code: self._parts(unit) for unit in register.as_of(today)}
        heirs: dict[str, list[str]] = defaultdict(list)
        for code, parts in self._made_of.items():
            for part in parts:
                heirs[part].append(code)
        self.heirs: Mapping[str, tuple[str, ...]] = {code: tuple(there) for code, there in heirs.items()}
        # Of today's units, those that the population lives on in.
        self.successors = frozenset(code for code, parts in self._made_of.items() if parts)
        self._papers: dict[tuple[str, dt.date, str], tuple[str, str] | None] = {}

    def sites(self, sites: Iterable[Site]) -> Mapping[str, tuple[Site, ...]]:
        """Return the sites of each unit of the population; one that can be placed nowhere counts for nobody.

        A site counts for the predecessor that it names, else for its unit's only one in the population.
        """
        found: dict[str, list[Site]] = defaultdict(list)
        for site in sites:
            if site.register == self.register.name:
                code = _chosen(self._made_of.get(site.unit, frozenset()), site.predecessor)
                if code is not None:
                    found[code].append(site)
        return {code: tuple(there) for code, there in found.items()}

    def attestations(self, papers: Iterable[Attestation]) -> Mapping[str, tuple[Attestation, ...]]:
        """Return the papers of each unit of the population, those of days until `today`.

        A paper is of a unit of its own day. Of a younger unit than the population's it counts as a site does;
        of an older one for the only unit that this lives on in, as of the office in it (`predecessor`).
        """
        found: dict[str, list[Attestation]] = defaultdict(list)
        for paper in papers:
            if paper.register != self.register.name or paper.date > self.today:
                continue
            key = paper.unit, paper.date, paper.predecessor
            if key not in self._papers:
                self._papers[key] = self._place(paper)
            place = self._papers[key]
            if place is not None:
                code, office = place
                found[code].append(
                    replace(paper, predecessor=office) if office != paper.predecessor else paper
                )
        return {code: tuple(there) for code, there in found.items()}

    def _parts(self, unit: Unit) -> frozenset[str]:
        """Return the codes of the population that a unit was made of."""
        return self._lineage.ancestors(unit, self._as_of) & self._codes

    def _place(self, paper: Attestation) -> tuple[str, str] | None:
        """Return the code of the population that a paper counts for, and the office in it."""
        unit = next((each for each in self._rows.get(paper.unit, ()) if each.in_force(paper.date)), None)
        if unit is None:
            return None
        if unit.valid_from > self._as_of:
            code = _chosen(self._parts(unit), paper.predecessor)
            return None if code is None else (code, paper.predecessor)
        if unit.in_force(self._as_of):
            return (unit.code, paper.predecessor) if unit.code in self._codes else None
        younger = [each.code for each in self.units if unit.code in self._lineage.ancestors(each, paper.date)]
        return (younger[0], paper.predecessor or unit.code) if len(younger) == 1 else None


def members(population: Population, register: Register) -> tuple[Unit, ...]:
    """Return the units that the claim is about: in force on its day, of its kinds and its descent."""
    kinds = {_folded(kind) for kind in population.kinds}
    there = register.as_of(population.as_of)
    if (day := population.successors_of) is not None:
        lineage = Lineage(register)
        there = tuple(unit for unit in there if lineage.ancestors(unit, day))
    return tuple(unit for unit in there if not kinds or _folded(unit.kind) in kinds)


def _chosen(candidates: frozenset[str], named: str) -> str | None:
    """Return the one of some units that is named, else the only one."""
    if named in candidates:
        return named
    return next(iter(candidates)) if len(candidates) == 1 else None


def _folded(kind: str) -> str:
    return unicodedata.normalize("NFC", kind).casefold()
