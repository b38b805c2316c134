"""The report as tables for spreadsheets: a row for each unit, each unit of each claim, or each outage.

UTF-8 with a byte order mark, without which spreadsheets take it for another encoding; commas, decimal points
and CRLF (RFC 4180). `docs/report.md` tells what each column is.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zoneinfo
from typing import TYPE_CHECKING

from netwatch.audit.bounds import availability
from netwatch.model.claim import NOT_FOUND, Criterion, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from netwatch.model.claim import ClaimResult, Found, UnitResult
    from netwatch.model.figures import Figures
    from netwatch.model.report import OutageAccount, Report, UnitAccount

    Row = Mapping[str, object]

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""The byte order mark."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; an apostrophe in front makes it text."""

FINDINGS = {finding: finding.name.lower() for finding in Finding}


def write(report: Report, table: str) -> str:
    """Return one of :data:`TABLES`, with its header."""
    out = io.StringIO(newline="")
    out.write(MARK)
    rows = list(TABLES[table](report))
    writer = csv.DictWriter(out, COLUMNS[table])
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    """Return a value as it is written: nothing for None, numbers with a point, text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.9g}"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _units(report: Report) -> Iterator[Row]:
    told = _period(report)
    return ({**told, **_unit(account)} for account in report.units)


def _unit(account: UnitAccount) -> Row:
    unit, found = account.unit, dict(account.criteria)
    return {
        **_named(account),
        "monitored": account.monitored,
        **_minutes("", account.gross),
        **_minutes("net_", account.net),
        **_minutes("office_", account.office),
        "slots_expected": account.gross.expected,
        "slots_valid": account.gross.valid,
        "slots_lost": account.gross.lost,
        "rtt_mean_seconds": account.gross.rtt_mean,
        "minutes_timed": account.gross.timed,
        "minutes_slow": account.gross.slow,
        "minutes_blind": account.blind,
        "minutes_left_out": sum(each.minutes for each in account.excluded),
        "left_out_for": "; ".join(
            f"{each.window.name} ({each.window.by})" for each in account.excluded if each.in_time
        ),
        "announced_too_late": "; ".join(each.window.name for each in account.excluded if not each.in_time),
        "outages": len(account.outages),
        "blips": account.blips,
        **{criterion.value: FINDINGS[found.get(criterion, NOT_FOUND).finding] for criterion in Criterion},
        "verdicts": "; ".join(
            f"{claim} {code}: {verdict.value}" for claim, code, verdict in account.verdicts
        ),
        "attestations": "; ".join(each.name for each in account.attestations),
        "open_disputes": "; ".join(each.name for each, answer in account.disputes if answer is None),
        "latitude": unit.latitude,
        "longitude": unit.longitude,
    }


def _named(account: UnitAccount) -> Row:
    unit = account.unit
    return {
        "register": account.register,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "area": account.area,
        "province": unit.province,
    }


def _minutes(before: str, figures: Figures) -> Row:
    bounds = availability(figures)
    return {
        f"{before}minutes": figures.total,
        f"{before}up": figures.up,
        f"{before}down": figures.down,
        f"{before}unknown": figures.unknown,
        f"{before}availability_lower": bounds.lower,
        f"{before}availability_upper": bounds.upper,
    }


def _claims(report: Report) -> Iterator[Row]:
    told = _period(report)
    for result in report.claims:
        about = {**told, **_claim(result)}
        if not result.units:
            yield about
        for each in result.units:
            yield {**about, **_of_unit(each, report)}


def _claim(result: ClaimResult) -> Row:
    claim = result.claim
    return {
        "claim": claim.name,
        "kind": claim.kind,
        "document": claim.source.document,
        "document_date": claim.source.date.isoformat(),
        "declared": claim.declared,
        "declared_count": claim.count,
        "lower": result.lower,
        "upper": result.upper,
        "observed": result.observed,
        "verdict": result.verdict.value,
        "withheld": result.withheld.value if result.withheld else None,
        "measured": result.measured.value if result.measured else None,
        "measured_date": result.measured.date.isoformat() if result.measured else None,
        "measured_source": result.measured.source if result.measured else None,
        "register": claim.population.register if claim.population else None,
        "as_of": claim.population.as_of.isoformat() if claim.population else None,
    }


def _of_unit(each: UnitResult, report: Report) -> Row:
    return {
        "code": each.unit.code,
        "name": each.unit.name,
        "unit_kind": each.unit.kind,
        "district": each.unit.district,
        "heirs": " ".join(each.heirs),
        "unit_verdict": each.verdict.value,
        "criteria": "; ".join(_found(criterion, found, report) for criterion, found in each.criteria),
        "open_disputes": "; ".join(each.disputes),
    }


def _found(criterion: Criterion, found: Found, report: Report) -> str:
    at = None if found.at is None else _time(found.at, report)
    by = "attested" if found.attested else None
    told = (FINDINGS[found.finding], at, found.device, found.source, found.text, by)
    return f"{criterion.value}: " + ", ".join(each for each in told if each)


def _outages(report: Report) -> Iterator[Row]:
    told = _period(report)
    return (
        {**told, **_named(account), **_outage(outage, report)}
        for account in report.units
        for outage in account.outages
    )


def _outage(outage: OutageAccount, report: Report) -> Row:
    over = outage.end is not None
    return {
        "start": _time(outage.start, report),
        "end": None if outage.end is None else _time(outage.end, report),
        "goes_on": not over,
        "seconds": None if outage.end is None else outage.end - outage.start,
        "seconds_unknown": outage.unknown,
        "cause": outage.cause.value,
        "cause_settled": outage.settled,
        "root": outage.root,
        "facts": "; ".join(f"{_time(fact.at, report)} {fact.device}: {fact.text}" for fact in outage.facts),
        "notes": "; ".join(
            " ".join(part for part in (note.ticket, f"{note.by}:", note.text) if part)
            for note in outage.notes
        ),
    }


def _period(report: Report) -> Row:
    until = report.period.end if report.until is None else report.until
    return {
        "period": report.period.label,
        "from": _time(report.period.start, report),
        "until": _time(until, report),
    }


def _time(at: float, report: Report) -> str:
    """Return a moment in ISO 8601 by the clock of the period's time zone, its offset stated."""
    zone = zoneinfo.ZoneInfo(report.period.timezone)
    return dt.datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


TABLES: Mapping[str, Callable[[Report], Iterable[Row]]] = {
    "units": _units,
    "claims": _claims,
    "outages": _outages,
}

PERIOD = ("period", "from", "until")
UNIT = ("register", "code", "name", "kind", "area", "province")
MINUTES = ("minutes", "up", "down", "unknown", "availability_lower", "availability_upper")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "units": (
        *PERIOD,
        *UNIT,
        "monitored",
        *(before + name for before in ("", "net_", "office_") for name in MINUTES),
        *("slots_expected", "slots_valid", "slots_lost", "rtt_mean_seconds", "minutes_timed", "minutes_slow"),
        *("minutes_blind", "minutes_left_out", "left_out_for", "announced_too_late", "outages", "blips"),
        *(criterion.value for criterion in Criterion),
        *("verdicts", "attestations", "open_disputes", "latitude", "longitude"),
    ),
    "claims": (
        *PERIOD,
        *("claim", "kind", "document", "document_date", "declared", "declared_count", "lower", "upper"),
        *("observed", "verdict", "withheld", "measured", "measured_date", "measured_source"),
        *("register", "as_of", "code", "name", "unit_kind", "district", "heirs", "unit_verdict"),
        *("criteria", "open_disputes"),
    ),
    "outages": (
        *PERIOD,
        *UNIT,
        *("start", "end", "goes_on", "seconds", "seconds_unknown", "cause", "cause_settled", "root"),
        *("facts", "notes"),
    ),
}
"""The header of each table, in order; it stands also where there is no row."""
