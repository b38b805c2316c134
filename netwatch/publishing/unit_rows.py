"""Units as rows of the list and marks on the map, rendered once for as long as nothing about them changes.

Thousands of rows take a second to fill in and a moment to compare: of a page, only what is new is rendered.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from netwatch.model.claim import UnitVerdict
from netwatch.publishing.choice import sought

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from netwatch.publishing.map import Map
    from netwatch.publishing.present import Key, Situation, UnitNow, Verdicts
    from netwatch.publishing.voice import Voice

Place = tuple[float, float, float]
"""x, y and radius of a mark."""


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
    why: str
    verdicts: str
    tokens: str
    sought: str


class Fragment(NamedTuple):
    """A row, what it was made of, and its markup."""

    now: UnitNow
    verdicts: Verdicts
    place: Place | None
    row: Row
    table_row: str  # behind `<tr`: whether it is hidden, a search says
    mark: str  # "" without a position


class Fragments:
    """The rows of one language as they were rendered last."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._parts = environment.get_template("rows.html").module
        self._kept: Mapping[Key, Fragment] = {}

    def take(self, situation: Situation, drawing: Map, voice: Voice) -> list[Fragment]:
        """Return the fragment of each unit, in their order."""
        places = {each.key: (each.x, each.y, drawing.radius) for each in drawing.markers}
        before = self._kept
        kept: dict[Key, Fragment] = {}
        for now in situation.units:
            key = now.key
            verdicts, place = situation.verdicts.get(key, ()), places.get(key)
            known = before.get(key)
            if known is None or not _alike(known, now, place):
                known = self._fragment(now, verdicts, place, voice)
            elif known.verdicts is not verdicts:
                same = _tally(known.verdicts) == _tally(verdicts)
                known = (
                    known._replace(verdicts=verdicts) if same else self._fragment(now, verdicts, place, voice)
                )
            kept[key] = known
        self._kept = kept
        return list(kept.values())

    def _fragment(self, now: UnitNow, verdicts: Verdicts, place: Place | None, voice: Voice) -> Fragment:
        made = row(now, verdicts, voice)
        macros, words = self._parts, voice.words
        mark = str(macros.mark(made, *place, words)) if place else ""  # type: ignore[attr-defined]  # a macro
        table_row = str(macros.table_row(made, words))  # type: ignore[attr-defined]  # a macro
        return Fragment(now, verdicts, place, made, table_row, mark)


def _alike(known: Fragment, now: UnitNow, place: Place | None) -> bool:
    """Tell whether a row says the same, whatever minutes have settled meanwhile."""
    then = known.now
    return (
        then.unit is now.unit
        and then.state is now.state
        and then.since == now.since
        and then.monitored is now.monitored
        and (then.root, then.maintenance, then.area) == (now.root, now.maintenance, now.area)
        and known.place == place
    )


def row(now: UnitNow, verdicts: Verdicts, voice: Voice) -> Row:
    """Return a unit's row."""
    tally = _tally(verdicts)
    return Row(
        "/".join(now.key),
        unit_href(*now.key, voice.language),
        now.unit.code,
        now.unit.name,
        now.area,
        now.shown,
        "" if now.since is None else voice.iso(now.since),
        voice.moment(now.since),
        _why(now, voice) if now.shown == "down" or now.maintenance else "",
        voice.tally(tally, voice.words["unit_verdicts"]),
        " ".join(each for each, count in tally.items() if count),
        sought(now),
    )


def unit_href(register: str, code: str, language: str, day: str = "") -> str:
    """Return the address of a unit's page; `day`: as of which its code is meant."""
    query = {"as_of": day, "lang": language} if day else {"lang": language}
    return f"/units/{quote(register, safe='')}/{quote(code, safe='')}?{urlencode(query)}"


def _tally(verdicts: Verdicts) -> dict[str, int]:
    found = Counter(each.verdict for _, each in verdicts)
    return {each.value: found[each] for each in UnitVerdict}


def _why(now: UnitNow, voice: Voice) -> str:
    """Return what is known of why it is down while it is: the cause is settled when it is back."""
    words = voice.words
    known = [words["root"].format(root=now.root)] if now.root else []
    if now.maintenance:
        known.append(words["in_maintenance"])
    return "; ".join(known) or str(words["cause_later"])
