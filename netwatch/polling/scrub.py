"""Takes out of a recording what nobody else may see, before it is written anywhere. Pure.

Always: whatever holds a secret in use; tables of communities, keys, connections and command lines; addresses
of people's computers, which get others put for them. With `anonymous` also names of devices, people, places
and ports, serial numbers, and the addresses of the network itself. What is replaced is replaced alike
everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.polling.scrub_addresses import Addresses
from netwatch.polling.scrub_names import Names
from netwatch.polling.scrub_tables import (
    ADDRESS_OCTETS,
    INET_ROUTES,
    LEFT_OUT,
    OWN,
    PEOPLE,
    SIZED,
    STATION,
    SUSPECTS,
    USUAL_COMMUNITIES,
    found,
)
from netwatch.protocols import ber
from netwatch.protocols.snmp_dump import IP_ADDRESS, OPAQUE, Row
from netwatch.protocols.snmprec import dotted, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.polling.scrub_tables import Oid

_SECRET = "values that hold a secret in use"  # noqa: S105 - a heading
_NO_INDEX = "rows of tables of addresses that could not be read"


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A recording without what nobody may see. `removed` and `replaced`: how often, by what it was."""

    rows: list[Row]
    removed: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)


def scrub(
    rows: Sequence[Row],
    secrets: Iterable[str],
    *,
    anonymous: bool = False,
    own: Mapping[str, str] | None = None,
    serials: Iterable[Oid] = (),
) -> Scrubbed:
    """Return `rows`, in order, without what nobody may see.

    `secrets`: communities, passphrases and users in use. `own`: what else names the device, by what it is
    (see :mod:`netwatch.polling.scrub_tables`), such as its serial number; heeded where `anonymous`, as are
    `serials`, the objects that profiles know to hold serial numbers.
    """
    guard = _Guard(secrets)
    addresses = Addresses(widely=anonymous)
    names = Names(own or {}, serials)
    suspects = {row.oid[:-1] for row in rows if _is_usual_community(row)}
    removed: Counter[str] = Counter()
    kept: list[Row] = []
    for row in rows:
        suspect = SUSPECTS if row.tag == ber.OCTET_STRING and row.oid[:-1] in suspects else ""
        if why := found(LEFT_OUT, row.oid) or guard.objects_to(row) or suspect:
            removed[why] += 1
        else:
            kept.append(row)
            _learn_people(row, addresses)
    if anonymous:
        names.keep(kept)
        for row in kept:
            _learn_own(row, addresses)
            names.learn(row)
    addresses.replaced = 0  # learning is no replacing
    done: dict[Oid, Row] = {}
    for row in kept:
        name = _name(row.oid, addresses, anonymous=anonymous)
        if name is None:
            removed[_NO_INDEX] += 1
            continue
        fresh = _value(row, addresses, names if anonymous else None)._replace(oid=name)
        if why := guard.objects_to(fresh):
            removed[why] += 1
        else:
            done[name] = fresh
    replaced = Counter(names.replaced)
    replaced["addresses"] = addresses.replaced
    return Scrubbed([done[name] for name in sorted(done)], removed, +replaced)


def _is_usual_community(row: Row) -> bool:
    return row.tag == ber.OCTET_STRING and row.content.strip(b"\x00 ").lower() in USUAL_COMMUNITIES


class _Guard:
    """Knows the secrets in use, and every way in which a row could give one away."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [secret.encode() for secret in secrets if secret]
        spelled = {way for secret in self._secrets for way in _spellings(secret)}
        self._octets = re.compile(b"|".join(map(re.escape, sorted(spelled))), re.IGNORECASE)
        self._arcs = [f".{dotted(tuple(secret))}." for secret in self._secrets]
        self._texts = {secret.decode() for secret in self._secrets}

    def objects_to(self, row: Row) -> str:
        """Return why a row must be left out, or ""."""
        if not self._secrets:
            return ""
        if row.tag in _OCTETS:
            gives = self._octets.search(row.content) is not None
        else:
            text = shown(row)
            gives = text in self._texts or self._spells(f".{text}.")
        return _SECRET if gives or self._spells(f".{dotted(row.oid)}.") else ""

    def _spells(self, arcs: str) -> bool:
        return any(secret in arcs for secret in self._arcs)


_OCTETS = frozenset((ber.OCTET_STRING, OPAQUE, IP_ADDRESS))


def _spellings(secret: bytes) -> tuple[bytes, ...]:
    """Return how a secret may stand in octets: as it is, in hexadecimal, in UTF-16."""
    text = secret.decode()
    parted = (secret.hex(between).encode() for between in " :-.")
    return secret, secret.hex().encode(), *parted, text.encode("utf-16-le"), text.encode("utf-16-be")


def _layout(table: Mapping[Oid, tuple[str, ...]], name: Oid) -> tuple[int, tuple[str, ...]] | None:
    """Return how many arcs stand before the index of an object in one of these tables, and its layout."""
    for length in range(8, min(len(name), 13)):
        layout = table.get(name[:length])
        if layout is not None:
            return length + 1, layout  # the column
    return None


def _learn_people(row: Row, addresses: Addresses) -> None:
    layout = _layout(PEOPLE, row.oid)
    if layout is None:
        return
    addresses.index(row.oid[layout[0] :], layout[1])
    if row.tag == IP_ADDRESS or (row.tag == ber.OCTET_STRING and len(row.content) == 6):
        addresses.learn(row.content)


def _learn_own(row: Row, addresses: Addresses) -> None:
    _name(row.oid, addresses, anonymous=True)
    if row.tag == IP_ADDRESS or (
        row.tag == ber.OCTET_STRING and len(row.content) == 4 and _below(row.oid, ADDRESS_OCTETS)
    ):
        addresses.learn(row.content)
    elif row.tag == ber.OCTET_STRING and len(row.content) in {6, 8} and _below(row.oid, STATION):
        addresses.learn(row.content[-6:], keep_vendor=True)


def _below(name: Oid, roots: Iterable[Oid]) -> bool:
    return any(name[: len(root)] == root for root in roots)


def _name(name: Oid, addresses: Addresses, *, anonymous: bool) -> Oid | None:
    """Return the name of an object with other addresses in its index; None where it cannot be made sure."""
    layout = _layout(PEOPLE, name) or (_layout(OWN, name) if anonymous else None)
    if layout is None and anonymous and _below(name, (INET_ROUTES,)):
        layout = len(INET_ROUTES) + 1, _route_layout(name[len(INET_ROUTES) + 1 :])
    if layout is None:
        return addresses.name(name)
    index = addresses.index(name[layout[0] :], layout[1])
    return None if index is None else (*name[: layout[0]], *index)


def _route_layout(index: Oid) -> tuple[str, ...]:
    """Return the layout of one index of inetCidrRouteTable: the length of its policy is told by itself."""
    after = 2 + index[1] + 1 if len(index) > 1 else 0
    policy = index[after] if after < len(index) else 0
    return (SIZED, *("arc",) * (2 + min(policy, 128)), SIZED)


def _value(row: Row, addresses: Addresses, names: Names | None) -> Row:
    if row.tag == ber.OBJECT_IDENTIFIER:
        value = ber.oid(row.content)
        fresh = addresses.name(value)
        return row if fresh == value else row._replace(content=ber.encode_oid(fresh))
    if row.tag not in _OCTETS:
        return row
    if names is not None and (stands := names.whole(row)) is not None:
        return row._replace(content=stands)
    content = addresses.octets(row.content)
    text = _text(content)
    if row.tag == ber.OCTET_STRING and text is not None:
        fresh_text = addresses.text(text)
        if names is not None:
            fresh_text = names.inside(fresh_text)
        if fresh_text != text:
            content = fresh_text.encode()
    return row._replace(content=content)


def _text(content: bytes) -> str | None:
    """Return octets as text where they are some: UTF-8 without control characters but those of lines."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if all(character.isprintable() or character in "\r\n\t\x00" for character in text) else None
