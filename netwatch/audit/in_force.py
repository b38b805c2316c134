"""All criteria of every unit of a register that is in force, whatever claims ask for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.audit.criteria import declared
from netwatch.audit.criteria.unit import DEFAULT_LIMITS, of_unit
from netwatch.audit.steps import finish
from netwatch.model.claim import Population

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from netwatch.audit.claims import Evidence, Judge
    from netwatch.model.claim import Claim, Criterion, Found, Limits
    from netwatch.model.register import Register


OfUnit = tuple[str, tuple[tuple["Criterion", "Found"], ...]]
"""The code of a unit, and what is found of each criterion."""


def criteria(
    judge: Judge,
    register: Register,
    evidence: Evidence,
    claims: Iterable[Claim],
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[OfUnit, ...]:
    """Return what is found of each criterion of each unit in force, by its code, in the register's order.

    A unit is declared by the document of a claim that counts it, or one that it was made of.
    """
    return finish(steps(judge, register, evidence, claims, limits))


def steps(
    judge: Judge,
    register: Register,
    evidence: Evidence,
    claims: Iterable[Claim],
    limits: Limits = DEFAULT_LIMITS,
) -> Generator[None, None, tuple[OfUnit, ...]]:
    """Find the same, a unit at a time."""
    placement = judge.placement(Population(register.name, evidence.today, ()), register, evidence.today)
    sites = placement.sites(evidence.sites)
    papers = placement.attestations(evidence.standing.of_register(register.name))
    documents = _documents(judge, register, evidence, claims)
    found = []
    for unit in placement.units:
        code = unit.code
        document = declared.found(documents.get(code, ()), evidence.standing)
        known = sites.get(code, ()), limits, papers.get(code, ()), document, evidence.until
        found.append((code, of_unit(*known)))
        yield
    return tuple(found)


def _documents(
    judge: Judge, register: Register, evidence: Evidence, claims: Iterable[Claim]
) -> Mapping[str, list[Claim]]:
    """Return the claims whose document is kept, by the codes of today's units that they are about."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        population = claim.population
        if population is None or population.register != register.name:
            continue
        if claim.source.sha256 in evidence.standing.exhibits:
            for code in judge.placement(population, register, evidence.today).successors:
                found[code].append(claim)
    return found
