"""The page of one unit: what it is, how it fares, what claims find of it, and what has happened there."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.publishing import kinship, timeline
from netwatch.publishing.api import FINDINGS
from netwatch.publishing.fact_words import said
from netwatch.publishing.finding_words import grounds
from netwatch.publishing.page import shell
from netwatch.publishing.papers import disputes_of
from netwatch.publishing.templating import environment
from netwatch.publishing.unit_rows import row, unit_href
from netwatch.publishing.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.model.attestation import Answer, Attestation, Dispute
    from netwatch.model.claim import ClaimResult, Criterion, Found
    from netwatch.model.register import Register, Unit
    from netwatch.model.report import OutageAccount
    from netwatch.publishing.present import DeviceNow, Gathering, UnitNow, Verdicts
    from netwatch.publishing.templating import Static
    from netwatch.publishing.timeline import Column, Hour

MOST_OUTAGES = 200
"""Outages on one page, the newest."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Detail:
    """All that there is to say of one unit, of one moment. Times are Unix seconds."""

    now: float
    timezone: str
    register: Register
    unit: Unit
    live: UnitNow | None  # None: it is not of those that are in force and shown
    devices: tuple[DeviceNow, ...]
    hours: tuple[Hour, ...]
    criteria: tuple[tuple[Criterion, Found], ...]
    verdicts: Verdicts
    attestations: tuple[Attestation, ...]
    disputes: tuple[tuple[Dispute, Answer | None], ...]

    @property
    def today(self) -> dt.date:
        """The local date."""
        return dt.datetime.fromtimestamp(self.now, zoneinfo.ZoneInfo(self.timezone)).date()


def gather(gathering: Gathering, register_name: str, code: str, day: dt.date | None) -> Detail | None:
    """Return what is known of a unit at once, all but its outages; None where a register lists none such."""
    sources = gathering.sources
    situation = gathering.situation()
    register = sources.registers().get(register_name)
    today = dt.datetime.fromtimestamp(situation.now, zoneinfo.ZoneInfo(situation.timezone)).date()
    unit = kinship.find(register, code, day or today) if register else None
    if register is None or unit is None:
        return None
    key = (register_name, code)
    live = next((each for each in situation.units if each.key == key and each.unit == unit), None)
    results = situation.verdicts.get(key, ()) if live else _of_itself(situation.claims, register_name, unit)
    standing = sources.standing()
    counted = frozenset((register_name, each.unit.code) for _, each in results)
    disputed = {result.claim.name for result, _ in results}
    return Detail(
        now=situation.now,
        timezone=situation.timezone,
        register=register,
        unit=unit,
        live=live,
        devices=tuple(each for each in sources.devices() if live and (each.register, each.unit) == key),
        hours=tuple(sources.timeline(code)) if live and live.monitored else (),
        criteria=sources.criteria().get(key, ()) if live else (),
        verdicts=results,
        attestations=standing.attestations(register_name, code) if live else (),
        disputes=tuple(pair for pair in disputes_of(standing, counted) if pair[0].claim in disputed),
    )


def _of_itself(claims: Iterable[ClaimResult], register: str, unit: Unit) -> Verdicts:
    """Return the results of a unit of an older list, in the claims that count it itself."""
    return tuple(
        (result, each)
        for result in claims
        if result.claim.population is not None and result.claim.population.register == register
        for each in result.units
        if each.unit == unit
    )


class UnitPage:
    """Renders pages of units in every language."""

    def __init__(self, static: Static) -> None:
        self._static = static
        self._environment = environment("status")

    def render(self, detail: Detail, outages: Sequence[OutageAccount] | None, language: str) -> bytes:
        """Return the page; `outages` by their beginning, None where the ledger could not be read."""
        zone = zoneinfo.ZoneInfo(detail.timezone)
        voice = Voice(language, zone)
        days = timeline.days(detail.hours, detail.now, zone)
        live = detail.live
        query = {} if live else {"as_of": detail.unit.valid_from.isoformat()}
        template = self._environment.get_template("unit.html")
        return template.render(
            **shell(self._static, voice, detail.now, query),
            detail=detail,
            unit=detail.unit,
            row=row(live, detail.verdicts, voice) if live else None,
            lasted=voice.lasted(detail.now - live.since) if live and live.since is not None else "",
            force=_force(detail.unit, detail.today, voice),
            made_of=_made_of(detail, language),
            became=[(each.name, _href(detail, each, language)) for each in _became(detail)],
            days=days,
            hours=timeline.recent(detail.hours, detail.now),
            shares=_shares(days, voice),
            link=lambda each: _href(detail, each, language),
            heirs=lambda each: _heirs(detail, each, language),
            outages=None if outages is None else list(reversed(outages[-MOST_OUTAGES:])),
            capped=outages is not None and len(outages) >= MOST_OUTAGES,
            most=MOST_OUTAGES,
            names=FINDINGS,
            fact=lambda text: said(text, language),
            grounds=lambda found: grounds(found, language),
        ).encode(errors="replace")


def _force(unit: Unit, today: dt.date, voice: Voice) -> str:
    """Say whether it is in force, and since or until when."""
    words = voice.words
    if unit.valid_to is not None and unit.valid_to <= today:
        return str(words["no_longer"].format(date=voice.date(unit.valid_to)))
    told = words["in_force" if unit.valid_from <= today else "not_yet"]
    return str(told.format(date=voice.date(unit.valid_from)))


def _href(detail: Detail, unit: Unit, language: str) -> str:
    """Return the address of a unit of the register: of one that is no more, with a day of its time."""
    in_force = unit.in_force(detail.today)
    day = "" if in_force else (unit.valid_to - _DAY if unit.valid_to else unit.valid_from).isoformat()
    return unit_href(detail.register.name, unit.code, language, day)


def _made_of(detail: Detail, language: str) -> list[tuple[str, str]]:
    """Return the (name, address) of each predecessor; no address where the register does not list it."""
    return [
        (code, "") if each is None else (each.name, _href(detail, each, language))
        for code, each in kinship.made_of(detail.register, detail.unit)
    ]


def _became(detail: Detail) -> tuple[Unit, ...]:
    return kinship.became(detail.register, detail.unit)


def _heirs(detail: Detail, codes: tuple[str, ...], language: str) -> list[tuple[str, str]]:
    """Return the (name, address) of units of today by their codes."""
    there = {each.code: each for each in detail.register.as_of(detail.today)}
    return [(there[code].name, _href(detail, there[code], language)) for code in codes if code in there]


def _shares(days: Iterable[Column], voice: Voice) -> dict[str, str]:
    """Return the month's shares as texts."""
    columns = tuple(days)
    total = sum(each.minutes for each in columns) or 1
    sums = {name: sum(getattr(each, name) for each in columns) for name in ("up", "down", "unknown")}
    return {name: voice.percent(count / total, places=2) for name, count in sums.items()}
