"""Whose site counts for whom: from the units of today to the population that a claim was made of."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.inventory.succession import Lineage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from netwatch.audit.sites import Site
    from netwatch.model.claim import Population
    from netwatch.model.register import Register, Unit


def members(population: Population, register: Register) -> tuple[Unit, ...]:
    """Return the units that the claim is about: in force on its day, of its kinds and its descent."""
    kinds = {_folded(kind) for kind in population.kinds}
    there = register.as_of(population.as_of)
    if (day := population.successors_of) is not None:
        lineage = Lineage(register)
        there = tuple(unit for unit in there if lineage.ancestors(unit, day))
    return tuple(unit for unit in there if not kinds or _folded(unit.kind) in kinds)


def heirs(
    units: tuple[Unit, ...], register: Register, population: Population, today: dt.date
) -> Mapping[str, frozenset[str]]:
    """Return, by the code of each unit of today that was made of some of `units`, the codes of those."""
    codes = {unit.code for unit in units}
    lineage = Lineage(register)
    made_of = {unit.code: lineage.ancestors(unit, population.as_of) & codes for unit in register.as_of(today)}
    return {code: parts for code, parts in made_of.items() if parts}


def placed(
    sites: Iterable[Site], register: str, made_of: Mapping[str, frozenset[str]]
) -> Mapping[str, tuple[Site, ...]]:
    """Return the sites of each unit of the population; a site that can be placed nowhere counts for nobody.

    A site counts for the predecessor that it names, else for its unit's only one in the population.
    """
    found: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        candidates = made_of.get(site.unit, frozenset()) if site.register == register else frozenset()
        if site.predecessor in candidates:
            found[site.predecessor].append(site)
        elif len(candidates) == 1:
            found[next(iter(candidates))].append(site)
    return {code: tuple(there) for code, there in found.items()}


def _folded(kind: str) -> str:
    return unicodedata.normalize("NFC", kind).casefold()
