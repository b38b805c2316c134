"""How many end stations a bridge has learnt behind each port: counts only.

MAC addresses pass through the two functions that count them, and are kept, logged and told nowhere. On Cisco
IOS, dot1dTpFdbTable shows the VLAN of the community or context that asks; asking once more for each VLAN
(`community@vlan`) would send a secret in forms that nobody configured, and is not done: Cisco's gateways tell
their hosts by ARP.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Table, Told
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.polling.survey.asking import Asker
    from netwatch.polling.survey.ports import Ports

Q_BRIDGE = Table(
    "dot1qTpFdbTable",
    (
        Column("dot1qTpFdbPort", (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1, 2), "integer"),
        Column("dot1qTpFdbStatus", (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1, 3), "integer"),
    ),
    arcs=7,
)
"""Q-BRIDGE-MIB (RFC 4363), indexed by filtering database and MAC address."""

BRIDGE = Table(
    "dot1dTpFdbTable",
    (
        Column("dot1dTpFdbPort", (1, 3, 6, 1, 2, 1, 17, 4, 3, 1, 2), "integer"),
        Column("dot1dTpFdbStatus", (1, 3, 6, 1, 2, 1, 17, 4, 3, 1, 3), "integer"),
    ),
    arcs=6,
)
BASE_PORTS = Table(
    "dot1dBasePortTable",
    (Column("dot1dBasePortIfIndex", (1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2), "integer"),),
    arcs=1,
)
"""BRIDGE-MIB (RFC 4188)."""

LEARNED = 3  # the others are other, invalid, self and mgmt
GROUP = 1  # the bit of a MAC address that makes it one of many stations

MOST_PORTS = 1024
"""Ports of one device of which counts are told."""


async def read_stations(asker: Asker, ports: Ports) -> tuple[Told, ...]:
    """Return how many stations were learnt at each port that has any. Raises NoAnswerError."""
    for table in (Q_BRIDGE, BRIDGE):
        counts = count((await asker.walk(table)).integers())
        if counts:
            break
    else:
        return ()
    places = (await asker.walk(BASE_PORTS)).integers()
    indices = {arcs(place)[0]: index for place, (index,) in places.items() if index}
    totals: dict[str, int] = defaultdict(int)
    for port, stations in counts.items():
        if port in indices:  # what cannot be put down to a port may be the bridge itself
            totals[ports.key(indices[port])] += stations
    source = table.columns[0].name
    return tuple(
        Told(FactKind.STATIONS, key, float(stations), "", source)
        for key, stations in list(totals.items())[:MOST_PORTS]
    )


def count(rows: Mapping[bytes, Sequence[int | None]]) -> dict[int, int]:
    """Count the different stations of a filtering database by bridge port, each once in whatever VLANs."""
    return {port: len(set(addresses)) for port, addresses in _by_port(rows).items()}


def _by_port(rows: Mapping[bytes, Sequence[int | None]]) -> dict[int, list[tuple[int, ...]]]:
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for index, (port, status) in rows.items():
        address = arcs(index)[-6:]
        if status == LEARNED and port is not None and port > 0 and _is_station(address):
            found[port].append(address)
    return found


def _is_station(address: Iterable[int]) -> bool:
    octets = tuple(address)
    return max(octets) <= 0xFF and any(octets) and not octets[0] & GROUP
