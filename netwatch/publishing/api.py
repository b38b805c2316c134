"""What `/api/v1/…` answers, for reading only: stable keys, told in docs/api.md. Times are UTC, ISO 8601."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from netwatch.model.claim import UnitVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.claim import ClaimResult, Criterion, Found, Measurement, UnitResult
    from netwatch.model.report import OutageAccount
    from netwatch.publishing.present import DeviceNow, UnitNow, Verdicts

Json = dict[str, object]

FINDINGS = {1: "shown", 0: "not_shown", -1: "contradicted"}
"""Words for the values of `Finding`."""


@functools.lru_cache(maxsize=16384)
def moment(time: float | None) -> str | None:
    """Return Unix seconds as ISO 8601 in UTC, to the second; None stays None."""
    if time is None:
        return None
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unit_row(now: UnitNow, verdicts: Verdicts) -> Json:
    """Return the row of a unit, also of one that nobody watches."""
    unit = now.unit
    return {
        "code": unit.code,
        "register": now.register,
        "name": unit.name,
        "kind": unit.kind,
        "area": now.area,
        "district": unit.district,
        "province": unit.province,
        "valid_from": unit.valid_from.isoformat(),
        "latitude": unit.latitude,
        "longitude": unit.longitude,
        "monitored": now.monitored,
        "state": now.state.value,
        "since": moment(now.since),
        "cause": "upstream" if now.root else None,
        "root": now.root or None,
        "maintenance": now.maintenance,
        "minutes": {verdict.value: count for verdict, count in now.minutes.items()} if now.minutes else None,
        "verdicts": [
            {"claim": result.claim.name, "unit": each.unit.code, "verdict": each.verdict.value}
            for result, each in verdicts
        ],
    }


def device_row(now: DeviceNow) -> Json:
    """Return the row of a device: what it is and how it fares, and not where."""
    return {
        "name": now.name,
        "role": now.role,
        "register": now.register or None,
        "unit": now.unit or None,
        "area": now.area or None,
        "via": now.via,
        "parents": list(now.parents),
        "state": now.state.value,
        "since": moment(now.since),
        "root": now.root or None,
    }


def claim_row(result: ClaimResult, *, units: bool = True) -> Json:
    """Return the row of a claim: what its document says, what evidence shows, and of which units."""
    claim = result.claim
    row: Json = {
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
        "start": moment(result.start),
        "end": moment(result.end),
        "minimum": claim.minimum,
        "observed": result.observed,
        "hours": claim.hours,
        "limits": {
            "availability": claim.limits.availability,
            "loss": claim.limits.loss,
            "rtt": claim.limits.rtt,
        },
        "declared": claim.declared,
        "count": claim.count,
        "lower": result.lower,
        "upper": result.upper,
        "verdict": result.verdict.value,
        "withheld": result.withheld.value if result.withheld else None,
        "measured": _measured(result.measured),
        "heirs": result.heirs,
        "units": {verdict.value: result.count(verdict) for verdict in UnitVerdict},
    }
    if units:
        row["unit_verdicts"] = {each.unit.code: each.verdict.value for each in result.units}
        row["results"] = [_result(each) for each in result.units]
    return row


def criteria_rows(criteria: Iterable[tuple[Criterion, Found]]) -> Json:
    """Return what was found of each criterion, by its name."""
    return {
        criterion.value: {
            "finding": FINDINGS[found.finding],
            "at": moment(found.at),
            "device": found.device or None,
            "source": found.source or None,
            "text": found.text or None,
            "attested": found.attested,
        }
        for criterion, found in criteria
    }


def outage_row(unit: str, outage: OutageAccount) -> Json:
    """Return the row of an outage; an end that is not known is null."""
    return {
        "unit": unit,
        "start": moment(outage.start),
        "end": moment(outage.end),
        "seconds": None if outage.end is None else round(outage.end - outage.start, 1),
        "unknown_seconds": round(outage.unknown, 1),
        "cause": outage.cause.value,
        "root": outage.root or None,
        "settled": outage.settled,
        "facts": [{"at": moment(fact.at), "device": fact.device, "text": fact.text} for fact in outage.facts],
        "notes": [
            {"at": moment(note.at), "by": note.by, "text": note.text, "ticket": note.ticket or None}
            for note in outage.notes
        ],
    }


def _result(each: UnitResult) -> Json:
    return {
        "unit": each.unit.code,
        "name": each.unit.name,
        "verdict": each.verdict.value,
        "heirs": list(each.heirs),
        "disputes": list(each.disputes),
        "criteria": criteria_rows(each.criteria),
    }


def _measured(measured: Measurement | None) -> Json | None:
    if measured is None:
        return None
    return {
        "at": moment(measured.at),
        "date": measured.date.isoformat(),
        "value": measured.value,
        "source": measured.source,
    }
