"""Reads CISCO-CDP-MIB: whom a Cisco device hears by CDP, the elder and narrower brother of LLDP."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from netwatch.model.neighbour import Neighbour
from netwatch.polling.rows import rows
from netwatch.polling.text import clean
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_walk import Scalars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.model.observation import InterfaceName
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.tuning import Tunings

_CACHE_ENTRY = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1)  # cdpCacheEntry: ifIndex, cdpCacheDeviceIndex
_CACHE = Columns(
    (
        Column("cdpCacheAddressType", (*_CACHE_ENTRY, 3), "integer"),
        Column("cdpCacheAddress", (*_CACHE_ENTRY, 4), "text"),
        Column("cdpCacheDeviceId", (*_CACHE_ENTRY, 6), "text"),
        Column("cdpCacheDevicePort", (*_CACHE_ENTRY, 7), "text"),
    ),
    index_arcs=2,
)
_ALONE = Scalars(())
_IP, _IPV6 = 1, 20  # CiscoNetworkProtocol
_SIZES = {_IP: 4, _IPV6: 16}

_WITH_SERIAL = re.compile(r"(?P<name>[^()]+)\((?P<serial>[^()]+)\)")


async def read_cache(
    conversation: Conversation, interfaces: Sequence[InterfaceName], tunings: Tunings
) -> tuple[Neighbour, ...]:
    """Return the neighbours that a device hears by CDP. Raises `NoAnswerError`."""
    walk = await conversation.walk(_CACHE, _ALONE, tunings.of("cdpCacheTable", _CACHE.fitting()), expected=0)
    keys = {row.index: row.key for row in interfaces}
    found = []
    for (number, _), row in rows(walk).items():
        kind, address, device, port = row
        name, serial = device_id(clean(device) if isinstance(device, bytes) else "")
        found.append(
            Neighbour(
                "cdp",
                keys.get(number, str(number)),
                serial,
                name,
                clean(port) if isinstance(port, bytes) else "",
                _address(kind, address),
            )
        )
    return tuple(found)


def device_id(text: str) -> tuple[str, str]:
    """Take a device id apart: `sw1.domain(SERIAL)` is a name and a serial number, most are a name."""
    parts = _WITH_SERIAL.fullmatch(text)
    return (parts["name"].strip(), parts["serial"].strip()) if parts else (text, "")


def _address(kind: int | bytes | None, octets: int | bytes | None) -> str:
    if not isinstance(kind, int) or not isinstance(octets, bytes) or len(octets) != _SIZES.get(kind):
        return ""
    address = ipaddress.ip_address(octets)
    return "" if address.is_unspecified or address.is_loopback else address.compressed
