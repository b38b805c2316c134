"""What a row of a spreadsheet calls a unit, to the unit in force that it means; nothing is guessed.

Codes are reused and names return elsewhere (Xã Long Hưng of 2017 is part of Nghĩa Trụ, and another Long Hưng
stands in the register today), so a row means a unit only where every way to read it leads to the same one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from netwatch.inventory.placenames import bare, fits, kind_of, plain, readings, spell
from netwatch.inventory.units import DAY
from netwatch.inventory.wording import nearest, quote

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from netwatch.inventory.units import Units
    from netwatch.model.register import Unit

SUGGESTIONS = 200
"""Names that get a "did you mean"; looking for one among a country's takes 50 ms."""

CANDIDATES = 8
"""Candidates that are told of one row."""

_PARTS = re.compile(r"\s*[,;(]\s*|\s+[-\u2013\u2014]\s+")
_WHOLE = re.compile(r"([0-9]+)[.,]0+")  # what Excel makes of a code that it takes for a number


class Asked(NamedTuple):
    """What a row says of its unit; "" where it says nothing."""

    code: str = ""
    name: str = ""
    district: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The unit that is meant."""

    unit: Unit
    predecessor: str = ""  # code of the older unit that was named, where one was
    note: str = ""  # what was done to the text, where that is more than spelling
    doubted: bool = False  # an older unit had the name as well: that its area is meant cannot be told


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Why no unit, or no single one, is meant."""

    why: str
    candidates: tuple[str, ...] = ()


class _Hit(NamedTuple):
    unit: Unit
    exact: bool  # in the official spelling, rather than with marks left out


class Matcher:
    """Matches rows to one register on one day; `named` is the day that the rows' codes and names are of."""

    def __init__(self, units: Units, today: dt.date, named: dt.date | None = None) -> None:
        self._units = units
        self._today = today
        rows = units.register.units
        self._rows = [unit for unit in rows if unit.in_force(named)] if named else _begun(rows, today)
        self._named = named or today
        self._by_name: dict[str, list[tuple[str, Unit]]] = defaultdict(list)
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        self._unpadded: dict[str, set[str]] = defaultdict(set)
        self._districts: dict[tuple[str, dt.date], set[str]] = defaultdict(set)  # where a unit's parts lay
        for unit in self._rows:
            self._learn(unit)
        self._suggestions = SUGGESTIONS
        self._answers: dict[Asked, Match | NoMatch] = {}  # a unit has a row for each of its devices

    def _learn(self, unit: Unit) -> None:
        whole = {reading.name for reading in readings(unit.name) if not reading.kind}  # also without `UBND`
        for spelling in whole | {bare(unit.name, unit.kind)}:
            self._by_name[plain(spelling)].append((spelling, unit))
        self._by_code[unit.code].append(unit)
        if unit.code.isdecimal():
            self._unpadded[unit.code.lstrip("0")].add(unit.code)
        if unit.district:
            for heir in self._units.heirs(unit):
                self._districts[heir.code, heir.valid_from].add(unit.district)

    def match(self, asked: Asked) -> Match | NoMatch:
        """Find the unit in force that is meant."""
        if (answer := self._answers.get(asked)) is None:
            answer = self._answers[asked] = self._match(asked)
        return answer

    def _match(self, asked: Asked) -> Match | NoMatch:
        code, note = self._code(asked.code)
        if not code and not asked.name:
            return NoMatch("neither a name nor a code")
        name, district = self._split(asked) if asked.name else ("", asked.district)
        found = self._named_so(code, name)
        if isinstance(found, NoMatch):
            return found
        found = self._of_kind(found, asked.kind)
        if not isinstance(found, NoMatch):
            found = self._in_district(found, district)
        if isinstance(found, NoMatch):
            return found
        if any(hit.exact for hit in found) and (code or plain(spell(name)) != spell(name)):
            # A name without any mark says nothing of how its writer would spell it.
            found = [hit for hit in found if hit.exact]
        return self._decide([hit.unit for hit in found], note)

    def _code(self, written: str) -> tuple[str, str]:
        """Return the code that is meant, and what was done to it where that is more than form."""
        code = written.strip("'")
        if whole := _WHOLE.fullmatch(code):
            code = whole[1]
        if code not in self._by_code and code.isdecimal() and code.isascii():
            padded = self._unpadded.get(code.lstrip("0"), set())
            if len(padded) == 1:
                (padded_code,) = padded
                return padded_code, f"code {quote(code)} read as {padded_code}, the only one that it can be"
        return code, ""

    def _split(self, asked: Asked) -> tuple[str, str]:
        """Take district and province off a name such as `Xã Đại Đồng, huyện Văn Lâm, tỉnh Hưng Yên`."""
        if self._hits(asked.name):
            return asked.name, asked.district
        name, *rest = (part.strip(" )") for part in _PARTS.split(asked.name))
        provinces = {unit.province for unit in self._rows}
        rest = [part for part in rest if part and not _is_province(part, provinces)]
        district = asked.district
        if rest and not district:
            district = rest.pop(0)
        if rest:
            return asked.name, asked.district
        return name, district

    def _named_so(self, code: str, name: str) -> list[_Hit] | NoMatch:
        """Return the rows of the register that have this code, or this name, or both where both are said."""
        if not name:
            rows = [unit for unit in self._by_code.get(code, ()) if unit.in_force(self._named)]
            if not rows:
                return NoMatch(self._units.why_none(code), _tell(self._by_code.get(code, ())))
            return [_Hit(unit, exact=True) for unit in rows]
        hits = self._hits(name)
        both = [hit for hit in hits if hit.unit.code == code]
        if not code or both:
            return (both or hits) or self._unknown(name)
        coded = self._by_code.get(code, [])
        has = f"of {' and '.join(_names(coded))}" if coded else "in no register of these days"
        return NoMatch(
            f"code {quote(code)} is {has}, not of {quote(name)}",
            _tell([*coded, *(hit.unit for hit in hits)]),
        )

    def _hits(self, name: str) -> list[_Hit]:
        """Return every unit that a name may be of, each once."""
        best: dict[tuple[str, dt.date], _Hit] = {}
        for reading in readings(name):
            for spelling, unit in self._by_name.get(plain(reading.name), ()):
                kind_fits = not reading.kind or reading.kind == unit.kind
                if kind_fits and fits(reading.name, spelling):
                    key = unit.code, unit.valid_from
                    exact = reading.name == spelling or (key in best and best[key].exact)
                    best[key] = _Hit(unit, exact)
        return list(best.values())

    def _unknown(self, name: str) -> NoMatch:
        """Say what is near a name that no unit has."""
        other = {
            (unit.code, unit.valid_from): unit
            for reading in readings(name)
            for _, unit in self._by_name.get(plain(reading.name), ())
        }
        if other:
            return NoMatch(
                "no unit has just this name: these have another kind or other marks", _tell(other.values())
            )
        if self._suggestions and len(name) > 2:
            self._suggestions -= 1
            shortest = min((reading.name for reading in readings(name)), key=len, default="")
            near = nearest(plain(shortest), self._by_name)
            if near:
                units = [unit for _, unit in self._by_name[near]]
                return NoMatch("no unit has this name; did you mean one of these?", _tell(units))
        return NoMatch("no unit has this name")

    def _of_kind(self, hits: list[_Hit], kind: str) -> list[_Hit] | NoMatch:
        if not kind:
            return hits
        wanted = kind_of(kind)
        right = [hit for hit in hits if wanted and hit.unit.kind == wanted]
        return right or NoMatch(f"none of this name is of kind {quote(kind)}", _tell_hits(hits))

    def _in_district(self, hits: list[_Hit], district: str) -> list[_Hit] | NoMatch:
        if not district:
            return hits
        for with_kind in (True, False):  # Mỹ Hào was a huyện, then a thị xã: one place to people
            right = [hit for hit in hits if self._lies_in(hit.unit, district, with_kind=with_kind)]
            if right:
                return right
        return NoMatch(f"none of this name lies, or lay, in {quote(district)}", _tell_hits(hits))

    def _lies_in(self, unit: Unit, district: str, *, with_kind: bool) -> bool:
        """Tell whether a unit lies in a district; one that has none: whether something it was made of did."""
        homes = {unit.district} if unit.district else self._districts.get((unit.code, unit.valid_from), set())
        return any(_same_place(district, home, with_kind=with_kind) for home in homes)

    def _decide(self, meant: Sequence[Unit], note: str) -> Match | NoMatch:
        """Follow every reading to the units in force; one unit is an answer."""
        targets: dict[str, Unit] = {}
        for unit in meant:
            for heir in [unit] if unit.in_force(self._today) else self._units.heirs(unit):
                targets[heir.code] = heir
        if not targets:
            return NoMatch("no longer in force, and the register names no successor", _tell(meant))
        if len(targets) > 1:
            split = len({unit.code for unit in meant}) == 1
            why = "its area went to several units" if split else "may be any of several units"
            return NoMatch(why, _tell([*targets.values(), *meant]))
        (unit,) = targets.values()
        older = {each.code for each in meant}
        current = any(each.in_force(self._today) for each in meant)
        predecessor = "" if current or len(older) > 1 else next(iter(older))
        return Match(unit, predecessor, note, doubted=not predecessor and len(meant) > 1)


def _begun(rows: Iterable[Unit], today: dt.date) -> list[Unit]:
    return [unit for unit in rows if unit.valid_from <= today]


def _is_province(written: str, provinces: Iterable[str]) -> bool:
    """Tell whether a text names a province: `Hưng Yên` and `tỉnh Hưng Yên`, not `TP Hưng Yên`."""
    return any(
        fits(reading.name, spell(province))
        for reading in readings(written)
        if reading.kind in {"", "tỉnh"}
        for province in provinces
    )


def _same_place(written: str, official: str, *, with_kind: bool) -> bool:
    """Tell whether a text names a district or a province; without its kind, where none is written."""
    there = list(readings(official))
    return any(
        fits(one.name, other.name) and (not with_kind or one.kind in {"", other.kind})
        for one in readings(written)
        for other in there
    )


def _names(units: Iterable[Unit]) -> list[str]:
    return list(dict.fromkeys(unit.name for unit in units))


def _tell_hits(hits: Iterable[_Hit]) -> tuple[str, ...]:
    return _tell(hit.unit for hit in hits)


def _tell(units: Iterable[Unit]) -> tuple[str, ...]:
    """Return candidates for people, each once, and those in force first."""
    told = []
    for unit in sorted(units, key=lambda each: each.valid_to is not None):
        lay = f", {unit.district}" if unit.district else ""
        until = f", until {unit.valid_to - DAY}" if unit.valid_to else ""
        told.append(f"{unit.code} {unit.name}{lay}{until}")
    unique = list(dict.fromkeys(told))
    return (*unique[:CANDIDATES], "…") if len(unique) > CANDIDATES else tuple(unique)
