"""Rows of a spreadsheet whose units are known, to a site file that says the same."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from netwatch.inventory.columns import titled
from netwatch.inventory.placenames import bare
from netwatch.inventory.words import Address, name_kind
from netwatch.model.device import Role
from netwatch.model.slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.inventory.matching import Match
    from netwatch.inventory.spreadsheet import Row
    from netwatch.model.register import Unit

LONGEST_NAME = 63
PREFIXES = {Role.UPLINK: "gw", Role.SWITCH: "sw", Role.SERVER: "srv", Role.REFERENCE: "ref"}
"""How a device that the spreadsheet does not name is called, before its unit's name; others by their role."""

ROLES = {
    "switch": ("thiết bị chuyển mạch", "bộ chuyển mạch", "chuyển mạch"),
    "server": ("máy chủ",),
    "ups": ("bộ lưu điện", "lưu điện"),
}
MEDIA = {
    "fibre": ("fiber", "cáp quang", "quang", "sợi quang", "FTTH", "FTTx"),
    "copper": ("cáp đồng", "đồng", "ADSL", "VDSL", "xDSL"),
    "radio": ("vô tuyến", "vi ba", "viba"),
    "4g": ("LTE", "di động 4G"),
    "5g": ("di động 5G",),
    "satellite": ("vệ tinh", "VSAT"),
}
_ROLES = {titled(word): role for role, words in ROLES.items() for word in words}
_MEDIA = {titled(word): medium for medium, words in MEDIA.items() for word in words}
_RATE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?\s*([kmgt])(?:bps|bit/s|b/s|bits/s)?", re.IGNORECASE)
_UPLINK = ("interface", "medium", "provider", "circuit", "contracted")
_NAME = name_kind("a device's name")


class Refusal(NamedTuple):
    """Why a row is not in the site file."""

    line: int
    why: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the configuration has already."""

    names: frozenset[str]  # of devices
    areas: Mapping[str, str]  # unit → area


@dataclass(frozen=True, slots=True)
class Imported:
    """One device to be written."""

    line: int  # of its row
    unit: Unit
    predecessor: str
    area: str
    contact: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A site file, and which of its lines come from which row."""

    text: str
    places: tuple[tuple[int, int], ...]  # (line of the file, line of the row), in order

    def row(self, line: int) -> int:
        """Return the line of the row that a line of the file comes from; 0 for the head of the file."""
        index = bisect.bisect_right(self.places, (line, 10**9))
        return self.places[index - 1][1] if index else 0


def devices(rows: Sequence[tuple[Row, Match]], known: Known) -> tuple[list[Imported], list[Refusal]]:
    """Return a device for each row that gives a good address, and the others."""
    good: list[tuple[Row, Match, str]] = []
    refused: list[Refusal] = []
    first: dict[tuple[str, str], int] = {}
    for row, match in rows:
        try:
            address = _address(row)
        except ValueError as error:
            refused.append(Refusal(row.line, str(error)))
            continue
        line = first.setdefault((row.cells.get("via", ""), address), row.line)
        if line != row.line:
            refused.append(Refusal(row.line, f"address {address} is that of line {line} already"))
        else:
            good.append((row, match, address))
    names = _names(good, known)
    parents = _named(good, names)
    areas = _areas(good, known)
    made = [
        Imported(
            row.line,
            match.unit,
            match.predecessor,
            row.cells.get("area", areas.get(match.unit.code, "")),
            row.cells.get("contact", ""),
            _device(row, name, address, parents),
        )
        for (row, match, address), name in zip(good, names, strict=True)
    ]
    return made, refused


def _address(row: Row) -> str:
    written = row.cells.get("address", "")
    if not written:
        raise ValueError("no address")
    return Address().parse(written)


def _device(row: Row, name: str, address: str, parents: Mapping[str, str]) -> dict[str, Any]:
    """Return a device as a site file has it. What is no good in it, the loader tells."""
    cells = row.cells
    device: dict[str, Any] = {"name": name, "address": address, "role": _role(row)}
    device |= {key: cells[key] for key in ("via", "snmp", "profile") if key in cells}
    if "parents" in cells:
        above = [each.strip() for each in re.split("[,;]", cells["parents"])]
        device["parents"] = [parents.get(titled(each), each) for each in above if each]
    uplink = {key: cells[key] for key in _UPLINK if key in cells}
    if "medium" in uplink:
        uplink["medium"] = _MEDIA.get(titled(uplink["medium"]), uplink["medium"].lower())
    if "contracted" in uplink:
        uplink["contracted"] = _rate(uplink["contracted"])
    return device | ({"uplinks": [uplink]} if uplink else {})


def _role(row: Row) -> str:
    written = row.cells.get("role", Role.UPLINK)
    return _ROLES.get(titled(written), written.lower())


def _rate(written: str) -> str:
    """Return `100 Mbps` as the configuration writes it; a bare number may be anything and stays."""
    found = _RATE.fullmatch(written)
    if not found:
        return written
    whole, part, factor = found.groups()
    number = f"{int(whole)}.{part}" if part else f"{int(whole)}"
    return number + ("k" if factor in "kK" else factor.upper())


def _names(rows: Sequence[tuple[Row, Match, str]], known: Known) -> list[str]:
    """Return a name for each device: the spreadsheet's where it can be one, else one made of its unit's."""
    written = [_written(row) for row, _, _ in rows]
    times = Counter(written)
    taken = dict.fromkeys([*known.names, *(name for name, count in times.items() if name and count == 1)], 1)
    names = []
    for (row, match, _), own in zip(rows, written, strict=True):
        if own and times[own] == 1 and own not in known.names:
            names.append(own)
            continue
        role = _role(row)
        prefix = own or next((short for each, short in PREFIXES.items() if each == role), slug(role))
        place = slug(bare(match.unit.name, match.unit.kind)) or match.unit.code
        base = own if own and times[own] == 1 else f"{prefix}-{place}".strip("-")
        names.append(_free(base, taken))
    return names


def _written(row: Row) -> str:
    """Return the name that a row gives, in letters that a name may have."""
    written = row.cells.get("name", "")
    try:
        return _NAME.parse(written)
    except ValueError:
        return slug(written)[:LONGEST_NAME].strip("-")


def _free(base: str, taken: dict[str, int]) -> str:
    """Return a name that nothing has, and take it: the second is `…-2`. `taken` counts on from there."""
    base = base[:LONGEST_NAME].rstrip("-")
    name, number = base, taken.get(base, 1)
    while name in taken:
        number += 1
        tail = f"-{number}"
        name = base[: LONGEST_NAME - len(tail)].rstrip("-") + tail
    taken[base] = number
    taken[name] = taken.get(name, 1)
    return name


def _named(rows: Sequence[tuple[Row, Match, str]], names: Sequence[str]) -> dict[str, str]:
    """Return the names of devices by what the spreadsheet calls them, where that is one."""
    pairs = [
        (titled(row.cells["name"]), name)
        for (row, _, _), name in zip(rows, names, strict=True)
        if "name" in row.cells
    ]
    times = Counter(written for written, _ in pairs)
    return {written: name for written, name in pairs if times[written] == 1}


def _areas(rows: Sequence[tuple[Row, Match, str]], known: Known) -> dict[str, str]:
    """Return the area of each unit that has one: a unit's sites all lie in the same."""
    said: dict[str, set[str]] = {}
    for row, match, _ in rows:
        if "area" in row.cells:
            said.setdefault(match.unit.code, set()).add(row.cells["area"])
    return dict(known.areas) | {code: next(iter(areas)) for code, areas in said.items() if len(areas) == 1}


class _Quoted(str):
    """Text that another reader of the file would take for a number."""

    __slots__ = ()


class _Dumper(yaml.CSafeDumper):
    """Writes codes in quotes."""


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def site_file(made: Iterable[Imported], register: str, origin: str) -> Written:
    """Return the site file of some devices, by unit; `origin` says in its head where they are from."""
    sites: dict[tuple[str, str, str, str], list[Imported]] = {}
    for each in made:
        sites.setdefault((each.unit.code, each.predecessor, each.area, each.contact), []).append(each)
    parts = [f"# {origin}\n", _dump({"register": register}), "\nsites:\n"]
    line = 1 + sum(part.count("\n") for part in parts)
    places: list[tuple[int, int]] = []
    for group in sites.values():
        head = _head(group[0])
        parts.append(head)
        places.append((line, group[0].line))
        line += head.count("\n")
        for each in group:
            text = _indented(_dump([each.content]), 4)
            parts.append(text)
            places.append((line, each.line))
            line += text.count("\n")
    return Written("".join(parts), tuple(places))


def _head(first: Imported) -> str:
    """Return a site up to its devices; the name beside the code is for people."""
    site: dict[str, Any] = {"unit": _Quoted(first.unit.code)}
    if first.area:
        site["area"] = first.area
    if first.predecessor:
        site["predecessor"] = _Quoted(first.predecessor)
    if first.contact:
        site["contact"] = first.contact
    text = _indented(_dump([site]), 2)
    begin, end = text.split("\n", 1)
    return f"{begin}  # {first.unit.name}\n{end}    devices:\n"


def _indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def _dump(content: object) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)
