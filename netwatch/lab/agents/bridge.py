"""What a simulated switch tells of the end stations behind its ports: BRIDGE-MIB (RFC 4188).

Each desk in use has one, and every third a telephone besides; behind the uplink is the gateway. The addresses
are set aside for local use, and the same on every switch: netwatch counts them, and keeps none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.lab.agents.mib import Object, Port, Value

BASE_PORT_IF_INDEX = (1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2)
TP_FDB_ENTRY = (1, 3, 6, 1, 2, 1, 17, 4, 3, 1)
LEARNED = 3
LOCAL = 0x02  # the bit of an address that nobody has assigned


def objects(ports: Iterable[Port]) -> Iterator[Object]:
    """Yield the rows of dot1dBasePortTable and dot1dTpFdbTable; a bridge port has its interface's number."""
    for port in ports:
        index = ber.encode_integer(port.index)
        yield (*BASE_PORT_IF_INDEX, port.index), _constant(index)
        if not port.up:
            continue
        for station in stations(port):
            yield (*TP_FDB_ENTRY, 2, *station), _constant(index)
            yield (*TP_FDB_ENTRY, 3, *station), _constant(ber.encode_integer(LEARNED))


def stations(port: Port) -> Iterator[tuple[int, ...]]:
    """Yield the MAC address of each station behind a port that is in use."""
    for number in range(2 if port.index % 3 == 0 else 1):
        yield LOCAL, 0, 0, number, 0, port.index


def _constant(encoded: bytes) -> Value:
    return lambda _, __: encoded
