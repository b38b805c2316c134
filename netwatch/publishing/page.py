"""The overview, at a desk, on a phone and on a wall: claims, map and list of all units, of one moment.

What stands in a template is prepared here as plain values, so that a page of thousands of units is quick to
fill in.
"""

from __future__ import annotations

import json
import zoneinfo
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from netwatch.model.claim import UnitVerdict
from netwatch.publishing import map as maps
from netwatch.publishing.choice import Choice, sought
from netwatch.publishing.present import SHOWN
from netwatch.publishing.templating import environment
from netwatch.publishing.voice import Voice

if TYPE_CHECKING:
    from netwatch.model.claim import ClaimResult
    from netwatch.publishing.map import Map
    from netwatch.publishing.present import Key, Situation, UnitNow, Verdicts
    from netwatch.publishing.templating import Static

EVERY = 15
"""Seconds after which a page asks for what is new."""

FITTING = {True: 6, False: 10}
"""Units that are down which a wall, or the place beside the map, has room for; the rest is counted."""

LIVE_WORDS = (
    *("states", "unit_verdicts", "claim_verdicts", "why_withheld", "spans", "root", "in_maintenance"),
    *("cause_later", "between", "bounds_told", "bounds_told_undeclared", "summary", "stale", "further"),
    *("down_for", "listed", "blind", "last_good", "reading", "withheld", "verdict", "observed"),
)
"""The words that the script needs to say what is new."""


class Row(NamedTuple):
    """A unit as the list and the map show it."""

    key: str
    href: str
    code: str
    name: str
    area: str
    shown: str
    since_iso: str
    since: str
    lasted: str
    why: str
    verdicts: str
    tokens: str
    sought: str
    listed: bool


class Card(NamedTuple):
    """A claim as its card shows it."""

    name: str
    language: str
    statement: str
    declared: str
    measured: str
    lower: float
    upper: float
    mark: float | None
    verdict: str
    verdict_word: str
    withheld: str
    tally: str
    population: str
    as_measured: str
    observed: str
    told: str
    result: ClaimResult


class Overview:
    """Renders the overview in every language."""

    def __init__(self, static: Static, every: int = EVERY) -> None:
        self._static = static
        self._every = every
        self._environment = environment("status")
        self._map: tuple[frozenset[tuple[Key, float, float]], Map] | None = None

    def render(self, situation: Situation, language: str, choice: Choice, *, wall: bool) -> bytes:
        """Return the page. May run in any thread; one page at a time is best."""
        voice = Voice(language, zoneinfo.ZoneInfo(situation.timezone))
        rows = [
            row(each, situation.verdicts.get(each.key, ()), voice, situation.now, choice)
            for each in situation.units
        ]
        drawing = self._drawn(situation)
        by_key = {each.key: each for each in rows}
        template = self._environment.get_template("wall.html" if wall else "overview.html")
        return template.render(
            **shell(self._static, voice, situation.now, {"wall": "1"} if wall else {}),
            notices=situation.notices,
            counts={shown: situation.count(shown) for shown in SHOWN},
            cards=[card(each, voice, situation.now) for each in situation.claims],
            rows=rows,
            down=[by_key["/".join(each.key)] for each in _down(situation)],
            fitting=FITTING[wall],
            drawing=drawing,
            marks=[(mark, by_key["/".join(mark.key)]) for mark in drawing.markers],
            unplaced=[
                by_key["/".join(each.key)]
                for each in situation.units
                if each.unit.latitude is None or each.unit.longitude is None
            ],
            choice=choice,
            shown=SHOWN,
            unit_verdicts=[each.value for each in UnitVerdict],
            live=json.dumps({name: voice.words[name] for name in LIVE_WORDS}, ensure_ascii=False),
            every=self._every,
        ).encode(errors="replace")

    def missing(self, language: str, timezone: str, now: float, *, unit: bool) -> bytes:
        """Return the page that says in both languages that there is none."""
        voice = Voice(language, zoneinfo.ZoneInfo(timezone))
        other = Voice("en" if language == "vi" else "vi", voice.zone)
        template = self._environment.get_template("missing.html")
        return template.render(
            **shell(self._static, voice, now, {}), voices=(voice, other), unit=unit
        ).encode(errors="replace")

    def _drawn(self, situation: Situation) -> Map:
        """Return the map of the units, which is drawn anew only where other units are in force."""
        places = frozenset(
            (each.key, each.unit.latitude, each.unit.longitude)
            for each in situation.units
            if each.unit.latitude is not None and each.unit.longitude is not None
        )
        if self._map is None or self._map[0] != places:
            self._map = places, maps.draw(places)
        return self._map[1]


def _down(situation: Situation) -> list[UnitNow]:
    """Return the units that are down, the latest first."""
    down = [each for each in situation.units if each.shown == "down"]
    return sorted(down, key=lambda each: -(each.since or 0.0))


def shell(static: Static, voice: Voice, now: float, query: dict[str, str]) -> dict[str, object]:
    """Return what every page has around it. `query` is what a switch of language keeps."""
    other = "en" if voice.language == "vi" else "vi"
    return {
        "say": voice,
        "w": voice.words,
        "static": static.url,
        "now": now,
        "home": f"/?lang={voice.language}",
        "other": other,
        "switch": "?" + urlencode({**query, "lang": other}),
    }


def row(now: UnitNow, verdicts: Verdicts, voice: Voice, at: float, choice: Choice) -> Row:
    """Return a unit's row; `at` is the present, Unix seconds."""
    found = Counter(each.verdict.value for _, each in verdicts)
    ordered = {each.value: found[each.value] for each in UnitVerdict}
    down = now.shown == "down"
    return Row(
        "/".join(now.key),
        unit_href(*now.key, voice.language),
        now.unit.code,
        now.unit.name,
        now.area,
        now.shown,
        "" if now.since is None else voice.iso(now.since),
        voice.moment(now.since),
        "" if now.since is None else voice.lasted(at - now.since),
        _why(now, voice) if down or now.maintenance else "",
        voice.tally(ordered, voice.words["unit_verdicts"]),
        " ".join(each for each, count in ordered.items() if count),
        sought(now),
        choice.fits(now, verdicts),
    )


def unit_href(register: str, code: str, language: str, day: str = "") -> str:
    """Return the address of a unit's page; `day`: as of which its code is meant."""
    query = {"as_of": day, "lang": language} if day else {"lang": language}
    return f"/units/{quote(register, safe='')}/{quote(code, safe='')}?{urlencode(query)}"


def card(result: ClaimResult, voice: Voice, at: float) -> Card:
    """Return a claim's card; `at` is the present, Unix seconds."""
    claim, words = result.claim, voice.words
    language, statement = voice.text(claim.statement)
    lower, upper = voice.percent(result.lower, "lower"), voice.percent(result.upper, "upper")
    declared = voice.percent(claim.declared)
    if claim.declared is None and claim.count is not None:
        declared = words["declared_count"].format(count=voice.number(claim.count))
    told = words["bounds_told" if claim.declared is not None else "bounds_told_undeclared"]
    end = min(result.end, at)
    return Card(
        name=claim.name,
        language=language,
        statement=statement,
        declared=declared,
        measured=_measured(result, voice) or words["between"].format(lower=lower, upper=upper),
        lower=round(100 * result.lower, 2),
        upper=round(100 * result.upper, 2),
        mark=None if claim.declared is None else round(100 * claim.declared, 2),
        verdict="" if result.withheld else result.verdict.value,
        verdict_word=words["claim_verdicts"][result.verdict.value],
        withheld=words["why_withheld"][result.withheld.value] if result.withheld else "",
        tally=voice.tally({each.value: result.count(each) for each in UnitVerdict}, words["unit_verdicts"]),
        population=_population(result, voice),
        as_measured=words["as_measured"][claim.period].format(
            date=voice.date(claim.source.date), start=voice.day(result.start), end=voice.day(end)
        ),
        observed=words["observed"].format(share=voice.percent(result.observed, "lower")),
        told=told.format(declared=declared, lower=lower, upper=upper),
        result=result,
    )


def _population(result: ClaimResult, voice: Voice) -> str:
    """Return of how many units a claim is, and in how many they live on where that is another number."""
    population = result.claim.population
    if population is None:
        return ""
    count, heirs = len(result.units), result.heirs
    told = voice.words["population" if heirs in {0, count} else "heirs"]
    return str(told.format(count=count, heirs=heirs, date=voice.date(population.as_of)))


def _measured(result: ClaimResult, voice: Voice) -> str:
    """Return what a figure's own source says; "" where a claim is measured at units, or not at all."""
    measured = result.measured
    if measured is None:
        return ""
    value = voice.number(measured.value) if result.claim.declared is None else voice.percent(measured.value)
    told = voice.words["measured_value"]
    return str(told.format(value=value, date=voice.date(measured.date), source=measured.source))


def _why(now: UnitNow, voice: Voice) -> str:
    """Return what is known of why it is down while it is: the cause is settled when it is back."""
    words = voice.words
    known = [words["root"].format(root=now.root)] if now.root else []
    if now.maintenance:
        known.append(words["in_maintenance"])
    return "; ".join(known) or str(words["cause_later"])
