"""What a query string may say: each parameter once, bounded and checked; else one line says what it takes."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import TYPE_CHECKING

from netwatch.model.claim import UnitVerdict
from netwatch.publishing.choice import Choice
from netwatch.publishing.present import SHOWN, OutagesAsked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multidict import MultiMapping

MOST = 1000
"""Outages in one answer."""

LONGEST = 80
"""Characters of a search."""

LANGUAGES = ("vi", "en")

CODE = re.compile(r"[0-9A-Za-z._-]{1,40}")


class QueryError(ValueError):
    """A query that cannot be answered; the message says in one line what can."""


def outages(query: MultiMapping[str], timezone: str) -> OutagesAsked:
    """Read `unit`, `since`, `until` and `limit`. Raises QueryError."""
    given = single(query, ("unit", "since", "until", "limit"))
    since, until = (_moment(name, given.get(name), timezone) for name in ("since", "until"))
    if since is not None and until is not None and until <= since:
        raise QueryError("until has to be later than since")
    unit = given.get("unit")
    if unit is not None and not CODE.fullmatch(unit):
        raise QueryError("unit is the code of a unit, such as 12004")
    return OutagesAsked(unit, since, until, _limit(given.get("limit", "200")))


def choice(query: MultiMapping[str]) -> Choice:
    """Read which units are to be listed: `q`, `state` and `verdict`. What cannot be meant chooses nothing.

    People mistype addresses: a page that lists all units helps more than an error.
    """
    state, verdict = query.get("state", ""), query.get("verdict", "")
    return Choice(
        " ".join(query.get("q", "")[:LONGEST].split()),
        state if state in SHOWN else "",
        verdict if verdict in set(UnitVerdict) else "",
    )


def flag(query: MultiMapping[str], name: str, *, default: bool) -> bool:
    """Read a parameter that is 0 or 1. Raises QueryError."""
    value = single(query, (name,)).get(name)
    if value not in {None, "0", "1"}:
        raise QueryError(f"{name} is 0 or 1")
    return default if value is None else value == "1"


def day(query: MultiMapping[str]) -> dt.date | None:
    """Read `as_of`, the day whose unit is meant; None where it is not said. Raises QueryError."""
    text = query.get("as_of")
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise QueryError("as_of is a day, such as 2017-12-22") from None


def language(query: MultiMapping[str], accept: str, default: str) -> str:
    """Return the language that is asked for: by `lang`, else by Accept-Language, else `default`."""
    asked = query.get("lang", "")
    if asked in LANGUAGES:
        return asked
    weighed = sorted(_weighed(accept), key=lambda pair: pair[1], reverse=True)
    return next((tag for tag, weight in weighed if tag in LANGUAGES and weight > 0), default)


def single(query: MultiMapping[str], known: Iterable[str]) -> Mapping[str, str]:
    """Return the parameters of a query, each given once and known. Raises QueryError."""
    names = tuple(known)
    given: dict[str, str] = {}
    for name, value in query.items():
        if name not in names:
            raise QueryError(f"there is no such parameter; there is {', '.join(names)}")
        if name in given:
            raise QueryError(f"{name} is given twice")
        given[name] = value
    return given


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) or not 1 <= int(text) <= MOST:
        raise QueryError(f"limit is a number from 1 to {MOST}")
    return int(text)


def _moment(name: str, text: str | None, timezone: str) -> float | None:
    """Return Unix seconds. A time without an offset is local; so is a day, which begins at midnight."""
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=zoneinfo.ZoneInfo(timezone))
        return found.timestamp()
    except (ValueError, OverflowError):
        raise QueryError(f"{name} is a day or a time, such as 2026-10-07 or 2026-10-07T08:00:00Z") from None


def _weighed(accept: str) -> Iterable[tuple[str, float]]:
    """Yield the primary subtags of an Accept-Language and their weights (RFC 9110 section 12.5.4)."""
    for element in accept[:1000].split(","):
        tag, _, parameter = element.strip().partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", parameter) if parameter else None
        if not parameter or weight:
            yield tag.strip().lower().partition("-")[0], float(weight[1]) if weight else 1.0
