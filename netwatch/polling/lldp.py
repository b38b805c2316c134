"""Reads LLDP-MIB (IEEE 802.1AB-2005): who a device says it is, and whom it hears on which port.

The local port number in its tables is an ifIndex on some devices and a count of its own on others, so ports
are found by what lldpLocPortTable says of them.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from netwatch.model.neighbour import LldpSelf, Neighbour
from netwatch.polling.rows import rows
from netwatch.polling.text import clean
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_walk import Scalars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.model.observation import InterfaceName
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.rows import Row
    from netwatch.polling.tuning import Tunings

_LLDP = (1, 0, 8802, 1, 1, 2, 1)
_SELF = (
    Column("lldpLocChassisIdSubtype", (*_LLDP, 3, 1), "integer"),
    Column("lldpLocChassisId", (*_LLDP, 3, 2), "text"),
    Column("lldpLocSysName", (*_LLDP, 3, 3), "text"),
)
_PORTS = Columns(
    (
        Column("lldpLocPortIdSubtype", (*_LLDP, 3, 7, 1, 2), "integer"),
        Column("lldpLocPortId", (*_LLDP, 3, 7, 1, 3), "text"),
        Column("lldpLocPortDesc", (*_LLDP, 3, 7, 1, 4), "text"),
    )
)
_REMOTE = Columns(
    (
        Column("lldpRemChassisIdSubtype", (*_LLDP, 4, 1, 1, 4), "integer"),
        Column("lldpRemChassisId", (*_LLDP, 4, 1, 1, 5), "text"),
        Column("lldpRemPortIdSubtype", (*_LLDP, 4, 1, 1, 6), "integer"),
        Column("lldpRemPortId", (*_LLDP, 4, 1, 1, 7), "text"),
        Column("lldpRemPortDesc", (*_LLDP, 4, 1, 1, 8), "text"),
        Column("lldpRemSysName", (*_LLDP, 4, 1, 1, 9), "text"),
    ),
    index_arcs=3,
)
_ADDRESSES = Columns((Column("lldpRemManAddrIfSubtype", (*_LLDP, 4, 2, 1, 3), "integer"),), index_arcs=0)
_ALONE = Scalars(())

# LldpChassisIdSubtype and LldpPortIdSubtype number the same things differently.
_CHASSIS_MAC, _CHASSIS_ADDRESS = 4, 5
_PORT_MAC, _PORT_ADDRESS = 3, 4
_FAMILIES = {1: 4, 2: 16}  # IANA address family numbers and the octets of an address
_MAC_OCTETS = 6
_LONGEST_ID = 255  # octets (LldpChassisId, LldpPortId)
_WRITTEN_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}")


async def read_self(conversation: Conversation) -> LldpSelf:
    """Return who a device says it is. Raises `NoAnswerError`."""
    values = await conversation.get(_SELF)
    subtype, chassis, name = (values.get(column.name) for column in _SELF)
    return LldpSelf(
        chassis_id(
            subtype if isinstance(subtype, int) else 0, chassis if isinstance(chassis, bytes) else b""
        ),
        clean(name) if isinstance(name, bytes) else "",
    )


async def read_remote(
    conversation: Conversation, interfaces: Sequence[InterfaceName], tunings: Tunings
) -> tuple[Neighbour, ...]:
    """Return the neighbours that a device hears, by port. Raises `NoAnswerError`.

    A row that the agent lists under several time marks is one neighbour, as it was last.
    """
    heard = await conversation.walk(
        _REMOTE, _ALONE, tunings.of("lldpRemTable", _REMOTE.fitting()), expected=0
    )
    last = {index[1:]: row for index, row in rows(heard).items()}
    if not last:
        return ()
    local = await conversation.walk(
        _PORTS, _ALONE, tunings.of("lldpLocPortTable", _PORTS.fitting()), expected=0
    )
    told = await conversation.walk(
        _ADDRESSES, _ALONE, tunings.of("lldpRemManAddrTable", _ADDRESSES.fitting()), expected=0
    )
    ports = {number: row for (number,), row in rows(local).items()}
    addresses = management_addresses(rows(told))
    names = _Names(interfaces)
    return tuple(
        _neighbour(row, names.port(number, ports.get(number)), addresses.get((number, remote), ""))
        for (number, remote), row in sorted(last.items())
    )


def _neighbour(row: Row, port: str, address: str) -> Neighbour:
    chassis_kind, chassis, port_kind, remote_port, described, name = row
    return Neighbour(
        "lldp",
        port,
        chassis_id(_number(chassis_kind), _octets(chassis)),
        clean(_octets(name)),
        port_id(_number(port_kind), _octets(remote_port)) or clean(_octets(described)),
        address,
    )


def _number(cell: int | bytes | None) -> int:
    return cell if isinstance(cell, int) else 0


def _octets(cell: int | bytes | None) -> bytes:
    return cell if isinstance(cell, bytes) else b""


def chassis_id(subtype: int, octets: bytes) -> str:
    """Return a chassis id as text, by its LldpChassisIdSubtype."""
    return _identifier(octets, mac=subtype == _CHASSIS_MAC, address=subtype == _CHASSIS_ADDRESS)


def port_id(subtype: int, octets: bytes) -> str:
    """Return a port id as text, by its LldpPortIdSubtype."""
    return _identifier(octets, mac=subtype == _PORT_MAC, address=subtype == _PORT_ADDRESS)


def _identifier(octets: bytes, *, mac: bool, address: bool) -> str:
    """Return a MAC address in its usual writing, an IP address likewise, else text; octets in hex."""
    octets = octets[:_LONGEST_ID]
    if mac and len(octets) == _MAC_OCTETS:
        return octets.hex(":")
    if address and octets and _FAMILIES.get(octets[0]) == len(octets) - 1:
        return ipaddress.ip_address(octets[1:]).compressed
    text = clean(octets)
    if _WRITTEN_MAC.fullmatch(text):  # some write it out
        return text.lower().replace("-", ":")
    return text if "\ufffd" not in text else octets[:32].hex(":")


def management_addresses(indices: Iterable[tuple[int, ...]]) -> dict[tuple[int, int], str]:
    """Return the management address of each neighbour, by port number and index, from lldpRemManAddrTable.

    The address is the end of the index, its family and its length before it; some agents leave the length
    out. Of several, the first IPv4 one is taken. Addresses that nobody can be reached at are none.
    """
    found: dict[tuple[int, int], str] = {}
    for index in indices:
        if len(index) < 5 or (size := _FAMILIES.get(index[3])) is None:
            continue
        octets = index[5:] if index[4] == size else index[4:]
        if len(octets) != size or max(octets) > 255:
            continue
        address = ipaddress.ip_address(bytes(octets))
        if address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local:
            continue
        known = found.get((index[1], index[2]))
        if known is None or (address.version == 4 and ":" in known):
            found[index[1], index[2]] = address.compressed
    return found


class _Names:
    """Finds a device's own port by whatever LLDP says of it."""

    def __init__(self, interfaces: Sequence[InterfaceName]) -> None:
        self._by_index = {row.index: row.key for row in interfaces}
        self._by_text = [
            _unique((row.name, row.key) for row in interfaces),
            _unique((row.descr, row.key) for row in interfaces),
            _unique((row.alias, row.key) for row in interfaces),
        ]

    def port(self, number: int, row: Row | None) -> str:
        """Return the key of a port, else what LLDP calls it, else its number."""
        if row is None:
            return self._by_index.get(number, str(number))
        kind, octets, described = row
        identifier = port_id(_number(kind), _octets(octets))
        for text in (identifier, clean(_octets(described))):
            for known in self._by_text:
                if text in known:
                    return known[text]
        return self._by_index.get(number, identifier or str(number))


def _unique(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return keys by text, without the texts that are empty or of several."""
    found: dict[str, str] = {}
    twice = {""}
    for text, key in pairs:
        if text in found:
            twice.add(text)
        found[text] = key
    return {text: key for text, key in found.items() if text not in twice}
