"""What a simulated gateway tells of the hosts behind it: ipNetToPhysicalTable (IP-MIB, RFC 4293).

They are the stations that the access switch has at its desks, with the same MAC addresses. Their IPv4
addresses are set aside for documentation (RFC 5737), and the same behind every gateway: netwatch counts them,
and keeps none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.mib import Object, Port, Value

IP_NET_TO_PHYSICAL_ENTRY = (1, 3, 6, 1, 2, 1, 4, 35, 1)
NETWORK = (198, 51, 100)  # the first octets of 198.51.100.0/24
IPV4, OCTETS = 1, 4  # InetAddressType, and the length of such an address
DYNAMIC = 3  # ipNetToPhysicalType
REACHABLE, INVALID = 1, 5  # ipNetToPhysicalState


def objects(port: Port, stations: Iterable[tuple[int, ...]]) -> Iterator[Object]:
    """Yield the rows of the stations behind a port, at most 254; they are invalid while it is down."""

    def state(machine: Machine, _: float) -> bytes:
        return ber.encode_integer(REACHABLE if machine.port_up(port.name) else INVALID)

    for number, station in enumerate(stations, start=1):
        row: Mapping[int, Value] = {
            4: _constant(ber.encode(ber.OCTET_STRING, bytes(station))),
            6: _constant(ber.encode_integer(DYNAMIC)),
            7: state,
        }
        for column, value in row.items():
            yield (*IP_NET_TO_PHYSICAL_ENTRY, column, port.index, IPV4, OCTETS, *NETWORK, number), value


def _constant(encoded: bytes) -> Value:
    return lambda _, __: encoded
