"""Judges claims: a verdict for each unit of the population, and one of the whole between two bounds.

Kinds stand in the table :data:`KINDS`; a new one is one file and one row. A claim whose kind stands in no row
is *declared, not measured*: it has a population and no verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.audit import population, uplink
from netwatch.audit.bounds import UNKNOWN, reaches, share
from netwatch.model.claim import ClaimResult, ClaimVerdict, Finding, UnitVerdict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from netwatch.audit.sites import Site
    from netwatch.model.claim import Claim, Criterion
    from netwatch.model.register import Register

KINDS: Mapping[str, Callable[[Claim, tuple[Site, ...]], Mapping[Criterion, Finding]]] = {
    "uplink": uplink.findings,
}

CLAIM_VERDICTS = {
    Finding.SHOWN: ClaimVerdict.HOLDS,
    Finding.NOT_SHOWN: ClaimVerdict.UNDETERMINED,
    Finding.CONTRADICTED: ClaimVerdict.DOES_NOT_HOLD,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a claim is judged."""

    today: dt.date  # the day whose register the sites' units are of
    sites: tuple[Site, ...]  # of any register; those that have a device
    observed: float  # share of the claim's whole period that has passed and was observed


def evaluate(claim: Claim, register: Register, evidence: Evidence) -> ClaimResult:
    """Judge `claim` over its `register`. The same arguments always give the same result."""
    units = population.members(claim.population, register)
    made_of = population.heirs(units, register, claim.population, evidence.today)
    sites = population.placed(evidence.sites, register.name, made_of)
    judge = KINDS.get(claim.kind)
    findings = {unit.code: judge(claim, sites.get(unit.code, ())) if judge else {} for unit in units}
    verdicts = {unit.code: verdict(findings[unit.code], monitored=unit.code in sites) for unit in units}
    counts = Counter(verdicts.values())
    bounds = share(counts[UnitVerdict.VERIFIED], counts[UnitVerdict.REFUTED], len(units))
    if register.example:
        bounds = UNKNOWN  # nobody knows how many there really are
    reason = _withheld(claim, register, evidence, any_unit=bool(units), any_heir=bool(made_of))
    return ClaimResult(
        claim=claim,
        units=tuple(verdicts.items()),
        lower=bounds.lower,
        upper=bounds.upper,
        verdict=ClaimVerdict.UNDETERMINED if reason else CLAIM_VERDICTS[reaches(bounds, claim.declared)],
        criteria=tuple((code, *pair) for code, found in findings.items() for pair in found.items()),
        why=f"{_counted(counts, len(units))}; {reason or _missing(findings)}".removesuffix("; "),
    )


def verdict(findings: Mapping[Criterion, Finding], *, monitored: bool) -> UnitVerdict:
    """Return a unit's verdict: all criteria have to be shown, and one that is contradicted refutes."""
    if not monitored:
        return UnitVerdict.UNMONITORED
    if Finding.CONTRADICTED in findings.values():
        return UnitVerdict.REFUTED
    if findings and all(found is Finding.SHOWN for found in findings.values()):
        return UnitVerdict.VERIFIED
    return UnitVerdict.UNDETERMINED


def _withheld(claim: Claim, register: Register, evidence: Evidence, *, any_unit: bool, any_heir: bool) -> str:
    """Return why there can be no verdict yet, or at all; "" where there can."""
    if register.example:
        return f"the register {register.name} is an example, so that there is no verdict"
    if not any_unit:
        return f"the register {register.name} lists no such unit as of {claim.population.as_of}"
    if claim.kind not in KINDS:
        return f"claims of kind {claim.kind} are declared, not measured"
    if not any_heir:
        return f"the population has ceased: none of its units lives on as of {evidence.today}"
    if evidence.observed < claim.minimum:
        asked = f"{claim.minimum:.0%} are asked for before any verdict"
        return f"{evidence.observed:.1%} of the period observed, {asked}"
    return ""


def _counted(counts: Counter[UnitVerdict], total: int) -> str:
    told = ", ".join(f"{counts[each]} {each}" for each in UnitVerdict)
    return f"of {total} units: {told}"


def _missing(findings: Mapping[str, Mapping[Criterion, Finding]]) -> str:
    """Name the criteria that nothing shows of any unit."""
    shown = {
        criterion for found in findings.values() for criterion, each in found.items() if each is Finding.SHOWN
    }
    asked = {criterion: None for found in findings.values() for criterion in found}
    missing = [criterion for criterion in asked if criterion not in shown]
    return "shown of no unit: " + ", ".join(missing) if missing else ""
