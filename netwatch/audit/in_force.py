"""All criteria of every unit of a register that is in force, whatever claims ask for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.audit.criteria import declared
from netwatch.audit.criteria.unit import DEFAULT_LIMITS, of_unit
from netwatch.model.claim import Population

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.audit.claims import Evidence, Judge
    from netwatch.model.claim import Claim, Criterion, Found, Limits
    from netwatch.model.register import Register


def criteria(
    judge: Judge,
    register: Register,
    evidence: Evidence,
    claims: Iterable[Claim],
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[tuple[str, tuple[tuple[Criterion, Found], ...]], ...]:
    """Return what is found of each criterion of each unit in force, by its code, in the register's order.

    A unit is declared by the document of a claim that counts it, or one that it was made of.
    """
    placement = judge.placement(Population(register.name, evidence.today, ()), register, evidence.today)
    sites = placement.sites(evidence.sites)
    papers = placement.attestations(evidence.standing.of_register(register.name))
    documents = _documents(judge, register, evidence, claims)
    return tuple(
        (
            unit.code,
            of_unit(
                sites.get(unit.code, ()),
                limits,
                papers.get(unit.code, ()),
                declared.found(documents.get(unit.code, ()), evidence.standing),
                evidence.until,
            ),
        )
        for unit in placement.units
    )


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
            heirs = judge.placement(population, register, evidence.today).heirs.values()
            for code in {code for each in heirs for code in each}:
                found[code].append(claim)
    return found
