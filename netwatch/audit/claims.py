"""Judges claims: a verdict for each unit of the population, and one of the whole between two bounds.

Kinds that are measured unit by unit stand in the table :data:`KINDS`; a new one is one file and one row. A
claim of no such kind, or that declares no number, is *declared, not measured*: it has a population and no
verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.audit import figure, lan, uplink
from netwatch.audit.bounds import UNKNOWN, reaches, share
from netwatch.audit.criteria import declared
from netwatch.audit.criteria.unit import Known
from netwatch.audit.population import Placement
from netwatch.audit.standing import Standing
from netwatch.audit.steps import finish
from netwatch.model.claim import ClaimResult, ClaimVerdict, Finding, UnitResult, UnitVerdict, Withheld

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Generator, Iterable, Mapping

    from netwatch.audit.bounds import Bounds
    from netwatch.audit.period import Window
    from netwatch.audit.sites import Site
    from netwatch.model.claim import Claim, Criterion, Found, Measurement, Population
    from netwatch.model.register import Register

Findings = tuple[tuple["Criterion", "Found"], ...]

KINDS: Mapping[str, Callable[[Claim, Known], Findings]] = {
    "uplink": uplink.findings,
    "lan": lan.findings,
}

FIGURE = "figure"
"""The kind that is measured as a whole, and of no unit."""

UNIT_VERDICTS = {
    Finding.SHOWN: UnitVerdict.VERIFIED,
    Finding.NOT_SHOWN: UnitVerdict.UNDETERMINED,
    Finding.CONTRADICTED: UnitVerdict.REFUTED,
}

CLAIM_VERDICTS = {
    Finding.SHOWN: ClaimVerdict.HOLDS,
    Finding.NOT_SHOWN: ClaimVerdict.UNDETERMINED,
    Finding.CONTRADICTED: ClaimVerdict.DOES_NOT_HOLD,
}

MOST_PLACEMENTS = 64
"""Populations that are remembered: as many claims as anybody makes, and the days that pass."""


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
    known: float | None = None  # Unix seconds until which anything can be known; None: the period's end

    @property
    def until(self) -> float:
        """The end of what is known."""
        return self.period.end if self.known is None else min(self.known, self.period.end)


class Judge:
    """Judges claims again and again; what depends on a register and a day alone is worked out once.

    The same arguments always give the same result, whatever was judged before.
    """

    def __init__(self) -> None:
        self._placements: dict[tuple[Population, dt.date], Placement] = {}

    def placement(self, population: Population, register: Register, today: dt.date) -> Placement:
        """Return whose site and whose paper counts for whom in a population."""
        known = self._placements.get((population, today))
        if known is None or known.register is not register:
            if len(self._placements) >= MOST_PLACEMENTS:
                self._placements.clear()
            known = self._placements[population, today] = Placement(population, register, today)
        return known

    def evaluate(self, claim: Claim, register: Register | None, evidence: Evidence) -> ClaimResult:
        """Judge `claim` over the `register` of its population."""
        return finish(self.steps(claim, register, evidence))

    def steps(
        self, claim: Claim, register: Register | None, evidence: Evidence
    ) -> Generator[None, None, ClaimResult]:
        """Judge likewise, a unit at a time."""
        if claim.kind == FIGURE:
            return _figure(claim, evidence)
        if claim.population is None or register is None:
            return _result(claim, evidence, withheld=Withheld.NOT_MEASURED)
        placement = self.placement(claim.population, register, evidence.today)
        results = []
        for result in _units(claim, placement, evidence):
            results.append(result)
            yield
        units = tuple(results)
        bounds = _share(units)
        withheld = _withheld(claim, placement, evidence)
        if withheld is Withheld.EXAMPLE:
            bounds = UNKNOWN  # nobody knows how many there really are
        finding = None if withheld else reaches(bounds, _threshold(claim, len(units)))
        return _result(claim, evidence, units=units, bounds=bounds, finding=finding, withheld=withheld)


def evaluate(claim: Claim, register: Register | None, evidence: Evidence) -> ClaimResult:
    """Judge one claim once. The same arguments always give the same result."""
    return Judge().evaluate(claim, register, evidence)


def verdict(findings: Collection[Finding], *, monitored: bool, disputed: bool = False) -> UnitVerdict:
    """Return a unit's verdict: all criteria have to be shown, and one that is contradicted refutes.

    A dispute that is open leaves it undetermined, whatever is found.
    """
    if not monitored:
        return UnitVerdict.UNMONITORED
    if disputed or not findings:
        return UnitVerdict.UNDETERMINED
    return UNIT_VERDICTS[min(findings)]


def _units(claim: Claim, placement: Placement, evidence: Evidence) -> Iterable[UnitResult]:
    """Yield a result for each unit of the population, in its order."""
    standing, name = evidence.standing, placement.register.name
    sites = placement.sites(evidence.sites)
    papers = placement.attestations(standing.of_register(name))
    disputes = standing.disputed(claim.name, name)
    document = declared.found((claim,), standing)
    judge = KINDS.get(claim.kind)
    for unit in placement.units:
        code = unit.code
        known = Known(sites.get(code, ()), papers.get(code, ()), document, evidence.until)
        findings = judge(claim, known) if judge else ()
        open_disputes = disputes.get(code, ())
        found = [each.finding for _, each in findings]
        told = verdict(found, monitored=code in sites, disputed=bool(open_disputes))
        yield UnitResult(unit, told, findings, placement.heirs.get(code, ()), open_disputes)


def _share(units: tuple[UnitResult, ...]) -> Bounds:
    counts = Counter(each.verdict for each in units)
    return share(counts[UnitVerdict.VERIFIED], counts[UnitVerdict.REFUTED], len(units))


def _threshold(claim: Claim, units: int) -> float:
    """Return the share of units that is declared, be it as a number of them."""
    return claim.declared if claim.declared is not None else (claim.count or 0.0) / units


def _withheld(claim: Claim, placement: Placement, evidence: Evidence) -> Withheld | None:
    """Return why there can be no verdict yet, or at all; None where there can."""
    if placement.register.example:
        return Withheld.EXAMPLE
    if not placement.units:
        return Withheld.NO_UNITS
    if claim.kind not in KINDS or (claim.declared is None and claim.count is None):
        return Withheld.NOT_MEASURED
    if not placement.heirs:
        return Withheld.CEASED
    if evidence.observed < claim.minimum:
        return Withheld.READING if evidence.reading else Withheld.NOT_OBSERVED
    return None


def _figure(claim: Claim, evidence: Evidence) -> ClaimResult:
    """Compare the newest value that was measured with the one that was declared."""
    found = figure.measured(claim, evidence.measurements, evidence.until)
    if found is None or (claim.declared is None and claim.count is None):
        withheld = Withheld.READING if evidence.reading else Withheld.NOT_MEASURED
        return _result(claim, evidence, withheld=withheld)
    bounds = figure.share(claim, found)
    threshold = 1.0 if claim.declared is None else claim.declared
    return _result(claim, evidence, bounds=bounds, finding=reaches(bounds, threshold), measured=found)


def _result(
    claim: Claim,
    evidence: Evidence,
    *,
    units: tuple[UnitResult, ...] = (),
    bounds: Bounds = UNKNOWN,
    finding: Finding | None = None,
    withheld: Withheld | None = None,
    measured: Measurement | None = None,
) -> ClaimResult:
    return ClaimResult(
        claim=claim,
        start=evidence.period.start,
        end=evidence.period.end,
        observed=evidence.observed,
        units=units,
        lower=bounds.lower,
        upper=bounds.upper,
        verdict=CLAIM_VERDICTS[finding or Finding.NOT_SHOWN],
        withheld=withheld,
        measured=measured,
    )
