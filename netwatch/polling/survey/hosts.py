"""How many hosts a gateway knows behind each of its interfaces: counts only.

By ARP and neighbour discovery: ipNetToPhysicalTable (IP-MIB, RFC 4293), else ipNetToMediaTable (RFC1213-MIB).
Addresses pass through the functions that count them, and are kept, logged and told nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Table, Told
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.polling.survey.asking import Asker
    from netwatch.polling.survey.ports import Ports
    from netwatch.protocols.snmp_walk import Walk

_PHYSICAL = (1, 3, 6, 1, 2, 1, 4, 35, 1)
_MEDIA = (1, 3, 6, 1, 2, 1, 4, 22, 1)

PHYSICAL = Table(
    "ipNetToPhysicalTable",
    (
        Column("ipNetToPhysicalPhysAddress", (*_PHYSICAL, 4), "text"),
        Column("ipNetToPhysicalType", (*_PHYSICAL, 6), "integer"),
        Column("ipNetToPhysicalState", (*_PHYSICAL, 7), "integer"),
    ),
)
MEDIA = Table(
    "ipNetToMediaTable",
    (
        Column("ipNetToMediaPhysAddress", (*_MEDIA, 2), "text"),
        Column("ipNetToMediaType", (*_MEDIA, 4), "integer"),
    ),
)
LEASES = Column("mtxrDHCPLeaseCount", (1, 3, 6, 1, 4, 1, 14988, 1, 1, 6, 1), "gauge32")
"""MIKROTIK-MIB: leases of its DHCP servers. The only vendor at hand that tells a count without addresses."""

DYNAMIC = 3  # of both types; the others are other, invalid, static and local
NOBODY = frozenset((5, 7))  # of ipNetToPhysicalState: invalid, incomplete

GROUP = 1  # the bit of a MAC address that makes it one of many stations
MAC = 6  # octets

MOST_PORTS = 1024
"""Interfaces of one device of which counts are told."""

MOST_LEASES = 1_000_000
"""More are no count but a mistake."""


async def read_hosts(asker: Asker, ports: Ports) -> tuple[Told, ...]:
    """Return how many hosts are known at each interface that has any. Raises NoAnswerError."""
    for table in (PHYSICAL, MEDIA):
        counts = count(await asker.walk(table))
        if counts:
            break
    source = table.columns[0].name
    told = [
        Told(FactKind.HOSTS, ports.key(index), float(hosts), "", source)
        for index, hosts in list(counts.items())[:MOST_PORTS]
    ]
    leases = (await asker.get(LEASES)).get(LEASES.name)
    if isinstance(leases, int) and 0 <= leases <= MOST_LEASES:
        told.append(Told(FactKind.HOSTS, "", float(leases), "", LEASES.name))
    return tuple(told)


def count(walk: Walk) -> dict[int, int]:
    """Count hosts by ifIndex: different MAC addresses, so that one with IPv4 and IPv6 is one."""
    return {index: len(addresses) for index, addresses in _by_interface(walk).items()}


def _by_interface(walk: Walk) -> Mapping[int, set[bytes]]:
    found: dict[int, set[bytes]] = defaultdict(set)
    texts = walk.texts()
    for row, (_, kind, *state) in walk.integers().items():
        address = texts[row][0]
        if kind == DYNAMIC and not NOBODY.intersection(state) and _is_host(address):
            index = arcs(row)[0]
            if index:
                found[index].add(address or b"")
    return found


def _is_host(address: bytes | None) -> bool:
    return address is not None and len(address) == MAC and any(address) and not address[0] & GROUP
