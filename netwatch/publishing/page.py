"""The overview, at a desk, on a phone and on a wall: claims, map and list of all units, of one moment."""

from __future__ import annotations

import json
import zoneinfo
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from netwatch.model.claim import UnitVerdict
from netwatch.publishing import map as maps
from netwatch.publishing.claim_cards import card
from netwatch.publishing.page_words import WORDS
from netwatch.publishing.present import SHOWN
from netwatch.publishing.templating import environment
from netwatch.publishing.unit_rows import Fragments
from netwatch.publishing.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.publishing.choice import Choice
    from netwatch.publishing.map import Map
    from netwatch.publishing.present import Key, Situation
    from netwatch.publishing.templating import Static
    from netwatch.publishing.unit_rows import Fragment, Row

EVERY = 15
"""Seconds after which a page asks for what is new."""

FITTING = {True: 5, False: 10}
"""Units that are down which a wall, or the place beside the map, has room for; the rest is counted."""

LIVE_WORDS = (
    *("states", "unit_verdicts", "claim_verdicts", "why_withheld", "spans", "root", "in_maintenance"),
    *("cause_later", "between", "bounds_told", "bounds_told_undeclared", "summary", "stale", "further"),
    *("down_for", "listed", "blind", "last_good", "reading", "withheld", "verdict", "observed"),
)
"""The words that the script needs to say what is new."""


class Overview:
    """Renders the overview in every language."""

    def __init__(self, static: Static, every: int = EVERY) -> None:
        self._static = static
        self._every = every
        self._environment = environment("status")
        self._fragments = {language: Fragments(self._environment) for language in WORDS}
        self._map: tuple[frozenset[tuple[Key, float, float]], Map] | None = None

    def render(self, situation: Situation, language: str, choice: Choice, *, wall: bool) -> bytes:
        """Return the page. May run in any thread."""
        voice = Voice(language, zoneinfo.ZoneInfo(situation.timezone))
        drawing = self._drawn(situation)
        fragments = self._fragments[language].take(situation, drawing, voice)
        listed = [choice.fits(each.now, each.row.sought, each.verdicts) for each in fragments]
        template = self._environment.get_template("wall.html" if wall else "overview.html")
        return template.render(
            **shell(self._static, voice, situation.now, {"wall": "1"} if wall else {}),
            notices=situation.notices,
            counts={shown: situation.count(shown) for shown in SHOWN},
            cards=[card(each, voice, situation.now) for each in situation.claims],
            total=len(fragments),
            listed=sum(listed),
            table=_joined(map(_table_row, fragments, listed)),
            down=_down(fragments, voice, situation.now),
            fitting=FITTING[wall],
            drawing=drawing,
            marks=_joined(each.mark for each in fragments),
            unplaced=[each.row for each in fragments if each.place is None],
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


def _down(fragments: Sequence[Fragment], voice: Voice, now: float) -> list[tuple[Row, str]]:
    """Return the units that are down, the latest first, and for how long they have been."""
    down = [each for each in fragments if each.row.shown == "down"]
    down.sort(key=lambda each: -(each.now.since or 0.0))
    return [(each.row, voice.lasted(now - (each.now.since or now))) for each in down]


def _table_row(fragment: Fragment, shown: bool) -> str:  # noqa: FBT001 - a column of a table
    return f"<tr{'' if shown else ' hidden'}{fragment.table_row}"


def _joined(parts: Iterable[str]) -> Markup:
    """Return what templates have escaped already."""
    return Markup("".join(parts))  # noqa: S704 - made by our own templates, which escape


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
