"""Judges claims: a verdict for each unit of the population, and one of the whole between two bounds.

Kinds stand in the table :data:`KINDS`; a new one is one file and one row. A claim whose kind stands in no row
is *declared, not measured*: it has a population and no verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.audit import population, uplink
from netwatch.audit.bounds import UNKNOWN, reaches, share
from netwatch.audit.standing import Standing
from netwatch.model.claim import ClaimResult, ClaimVerdict, Finding, UnitResult, UnitVerdict, Withheld

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from netwatch.audit.period import Window
    from netwatch.audit.sites import Site
    from netwatch.model.claim import Claim, Criterion, Found, Measurement
    from netwatch.model.register import Register

KINDS: Mapping[str, Callable[[Claim, tuple[Site, ...]], Mapping[Criterion, Found]]] = {
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

    today: dt.date  # the day whose register the sites' units are of: the last of the period
    sites: tuple[Site, ...]  # of any register; those that have a device
    observed: float  # share of the claim's whole period that has passed and was observed
    period: Window
    standing: Standing = field(default_factory=Standing)
    measurements: tuple[Measurement, ...] = ()  # of figures, in the ledger's order
    reading: bool = False  # whether the ledger is still being read after a start


def evaluate(claim: Claim, register: Register | None, evidence: Evidence) -> ClaimResult:
    """Judge `claim` over the `register` of its population. The same arguments always give the same result."""
    if claim.population is None or register is None or claim.declared is None:
        return ClaimResult(
            claim,
            evidence.period.start,
            evidence.period.end,
            evidence.observed,
            units=(),
            lower=0.0,
            upper=1.0,
            verdict=ClaimVerdict.UNDETERMINED,
            withheld=Withheld.NOT_MEASURED,
        )
    units = population.members(claim.population, register)
    made_of = population.heirs(units, register, claim.population, evidence.today)
    lives_on = {
        unit.code: tuple(heir for heir, parts in made_of.items() if unit.code in parts) for unit in units
    }
    sites = population.placed(evidence.sites, register.name, made_of)
    judge = KINDS.get(claim.kind)
    results = []
    for unit in units:
        findings = judge(claim, sites.get(unit.code, ())) if judge else {}
        shown = {each: found.finding for each, found in findings.items()}
        told = verdict(shown, monitored=unit.code in sites)
        results.append(UnitResult(unit, told, tuple(findings.items()), lives_on[unit.code]))
    counts = Counter(result.verdict for result in results)
    bounds = share(counts[UnitVerdict.VERIFIED], counts[UnitVerdict.REFUTED], len(units))
    if register.example:
        bounds = UNKNOWN  # nobody knows how many there really are
    withheld = _withheld(claim, register, evidence, any_unit=bool(units), any_heir=bool(made_of))
    return ClaimResult(
        claim=claim,
        start=evidence.period.start,
        end=evidence.period.end,
        observed=evidence.observed,
        units=tuple(results),
        lower=bounds.lower,
        upper=bounds.upper,
        verdict=ClaimVerdict.UNDETERMINED if withheld else CLAIM_VERDICTS[reaches(bounds, claim.declared)],
        withheld=withheld,
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


def _withheld(
    claim: Claim, register: Register, evidence: Evidence, *, any_unit: bool, any_heir: bool
) -> Withheld | None:
    """Return why there can be no verdict yet, or at all; None where there can."""
    if register.example:
        return Withheld.EXAMPLE
    if not any_unit:
        return Withheld.NO_UNITS
    if claim.kind not in KINDS:
        return Withheld.NOT_MEASURED
    if not any_heir:
        return Withheld.CEASED
    if evidence.observed < claim.minimum:
        return Withheld.READING if evidence.reading else Withheld.NOT_OBSERVED
    return None
