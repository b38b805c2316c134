"""The landing page: what is claimed, what was measured, and which units are not up; in both languages.

Everything is told in words, colour only repeats it; there are no scripts. All text is escaped, as names come
from files that many people write.
"""

from __future__ import annotations

import base64
import hashlib
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, InvalidOperation
from html import escape
from typing import TYPE_CHECKING

from netwatch.publishing.page_words import WORDS, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = Mapping[str, object]

MOST_ROWS = 100
"""Rows of the table of units; the rest is counted, and stands in /api/v1/units."""

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
article { border: 1px solid; border-radius: .5rem; padding: 0 1rem; margin: 1rem 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dd { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: start; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid; }
.down, .does_not_hold { border-inline-start: .4rem solid #b3261e; padding-inline-start: .5rem; }
.unknown, .undetermined { border-inline-start: .4rem dashed #8a6d00; padding-inline-start: .5rem; }
.up, .holds { border-inline-start: .4rem solid #1b7f3b; padding-inline-start: .5rem; }
"""

STYLE_SOURCE = "'sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode() + "'"
"""What a Content-Security-Policy has to name to allow :data:`STYLE`, and no other (CSP 3, section 2.3.1)."""

NOTHING = "\N{EM DASH}"
"""Stands where there is no value."""

LINKS = ("/metrics", "/metrics/devices", "/api/v1/units", "/api/v1/claims", "/-/ready")

URGENCY = {"down": 0, "unknown": 1}
"""Order of the units that are not up; those without a device come last."""


def landing(units: Sequence[Row], claims: Sequence[Row], language: str, now: str) -> str:
    """Return the page: its section in `language` ("vi" or "en") first, the other after it.

    `units` and `claims` are as the JSON endpoints show them; `now` is the time of the page, as text.
    """
    first, *others = sorted(WORDS, key=lambda each: each != language)
    jump = "".join(f'<p lang="{each}"><a href="#{each}">{WORDS[each].self_name}</a></p>\n' for each in others)
    sections = "".join(_section(units, claims, each, now) for each in (first, *others))
    return (
        f'<!doctype html>\n<html lang="{first}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>netwatch: {WORDS[first].title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{jump}{sections}</main>\n</body>\n</html>\n"
    )


def _section(units: Sequence[Row], claims: Sequence[Row], language: str, now: str) -> str:
    words = WORDS[language]
    cards = "".join(_card(claim, language) for claim in claims) or f"<p>{words.no_claims}</p>\n"
    links = "".join(f'<li><a href="{path}">{path}</a></li>\n' for path in LINKS)
    return (
        f'<section lang="{language}" id="{language}">\n<h1>netwatch: {words.title}</h1>\n'
        f"<p>{words.as_of}: {escape(now)}</p>\n"
        f"<h2>{words.claims}</h2>\n{cards}"
        f"<h2>{words.units}</h2>\n{_counts(units, words)}{_not_up(units, words)}"
        f"<h2>{words.more}</h2>\n<ul>\n{links}</ul>\n</section>\n"
    )


def _card(claim: Row, language: str) -> str:
    words = WORDS[language]
    verdict = str(claim["verdict"])
    counted = _mapping(claim["units"])
    facts = (
        (words.declared, _percent(claim["declared"], words, ROUND_HALF_EVEN)),
        (words.lower, _percent(claim["lower"], words, ROUND_FLOOR)),
        (words.upper, _percent(claim["upper"], words, ROUND_CEILING)),
        (words.verdict, f'<strong class="{escape(verdict)}">{_word(words.verdicts, verdict)}</strong>'),
        (words.units, _listed((_word(words.unit_verdicts, key), value) for key, value in counted.items())),
        (words.document, f"{escape(str(claim['document']))} ({escape(str(claim['date']))})"),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>\n" for name, value in facts)
    return f"<article>\n{_statement(claim, language)}<dl>\n{rows}</dl>\n</article>\n"


def _statement(claim: Row, language: str) -> str:
    """Return the statement in the section's language, or in one that it has."""
    texts = {str(each): str(text) for each, text in _mapping(claim["statement"]).items()}
    spoken, text = language, texts.get(language, "")
    if not text:
        spoken, text = next(iter(texts.items()), ("", str(claim["name"])))
    return f'<h3 lang="{escape(spoken)}">{escape(text)}</h3>\n'


def _counts(units: Sequence[Row], words: Words) -> str:
    tally = dict.fromkeys(("up", "down", "unknown"), 0)
    for unit in units:
        state = str(unit["state"])
        tally[state] = tally.get(state, 0) + 1
    idle = sum(not unit["monitored"] for unit in units)
    told = _listed((_word(words.states, state), count) for state, count in tally.items())
    return f"<p>{words.total}: {len(units)} · {told} ({words.unmonitored}: {idle})</p>\n"


def _not_up(units: Sequence[Row], words: Words) -> str:
    lacking = sorted((unit for unit in units if unit["state"] != "up"), key=_urgency)
    if not lacking:
        return f"<p>{words.all_up if units else words.no_units}</p>\n"
    heads = "".join(f'<th scope="col">{head}</th>' for head in words.columns)
    rows = "".join(_row(unit, words) for unit in lacking[:MOST_ROWS])
    left = len(lacking) - MOST_ROWS
    rest = f'<p>{words.further}: {left}, <a href="/api/v1/units">/api/v1/units</a></p>\n' if left > 0 else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{words.not_up}">\n'
        f"<table>\n<caption>{words.not_up}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</div>\n{rest}"
    )


def _urgency(unit: Row) -> tuple[bool, int]:
    return not unit["monitored"], URGENCY.get(str(unit["state"]), len(URGENCY))


def _row(unit: Row, words: Words) -> str:
    state = str(unit["state"])
    told = _word(words.states, state) if unit["monitored"] else words.unmonitored
    since = NOTHING if unit["since"] is None else escape(str(unit["since"]))
    return (
        f'<tr><th scope="row">{escape(str(unit["name"]))}</th><td>{escape(str(unit["area"]))}</td>'
        f'<td class="{escape(state)}">{told}</td><td>{since}</td></tr>\n'
    )


def _percent(ratio: object, words: Words, rounding: str) -> str:
    """Write a ratio in percent with one decimal: a bound never looks tighter than it is."""
    try:
        exact = Decimal(str(ratio)) * 100
    except InvalidOperation:
        return NOTHING
    if not exact.is_finite():
        return NOTHING
    rounded = exact.quantize(Decimal("0.1"), rounding)
    return words.percent.format(str(rounded).replace(".", words.decimal_mark))


def _word(words: Mapping[str, str], key: str) -> str:
    return words.get(key) or escape(key)


def _listed(pairs: Iterable[tuple[str, object]]) -> str:
    return ", ".join(_pairs(pairs))


def _pairs(pairs: Iterable[tuple[str, object]]) -> Iterator[str]:
    for name, value in pairs:
        yield f"{name}: {escape(str(value))}"


def _mapping(value: object) -> dict[str, object]:
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}
