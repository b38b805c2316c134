"""What `/api/v1/…` answers: units and claims as JSON, for reading only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.claim import UnitVerdict
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.claim import ClaimResult
    from netwatch.publishing.unit_series import UnitSeries

Json = dict[str, object]


def unit_rows(units: Iterable[UnitSeries]) -> list[Json]:
    """Return a row for each unit, also for one that nobody watches."""
    return [_unit(series) for series in units]


def _unit(series: UnitSeries) -> Json:
    unit, view = series.unit, series.view
    return {
        "code": unit.code,
        "register": series.register,
        "name": unit.name,
        "kind": unit.kind,
        "area": series.area,
        "province": unit.province,
        "latitude": unit.latitude,
        "longitude": unit.longitude,
        "monitored": series.monitored,
        "state": (view.state if view else State.UNKNOWN).value,
        "since": _date(view.since) if view and series.monitored else None,
        "minutes": {verdict.value: count for verdict, count in view.minutes.items()} if view else None,
    }


def claim_rows(results: Iterable[ClaimResult]) -> list[Json]:
    """Return a row for each claim: what its document says, what evidence shows, and of which units."""
    return [_claim(result) for result in results]


def _claim(result: ClaimResult) -> Json:
    claim = result.claim
    counts = Counter(unit.verdict for unit in result.units)
    return {
        "name": claim.name,
        "kind": claim.kind,
        "statement": dict(claim.statement),
        "document": claim.source.document,
        "date": claim.source.date.isoformat(),
        "sha256": claim.source.sha256,
        "register": claim.population.register if claim.population else None,
        "as_of": claim.population.as_of.isoformat() if claim.population else None,
        "kinds": list(claim.population.kinds) if claim.population else [],
        "criteria": [criterion.value for criterion in claim.criteria],
        "period": claim.period,
        "declared": claim.declared,
        "lower": result.lower,
        "upper": result.upper,
        "verdict": result.verdict.value,
        "withheld": result.withheld.value if result.withheld else None,
        "units": {verdict.value: counts[verdict] for verdict in UnitVerdict},
        "unit_verdicts": {each.unit.code: each.verdict.value for each in result.units},
    }


def _date(time: float) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
