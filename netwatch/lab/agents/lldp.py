"""What a simulated device tells of its neighbours: LLDP-MIB (IEEE 802.1AB-2005), made when it is asked for.

The index of a management address is the address itself, so that no two devices share these rows, as they
share a `Mib`. They are asked for once an hour and change as neighbours come and go; a few are made quickly,
and thousands would cost memory. All of them stand before everything else that the lab's agents tell.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.agents.mib import Variable
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.mib import Value

LLDP_OBJECTS = (1, 0, 8802, 1, 1, 2, 1)
LOCAL = (*LLDP_OBJECTS, 3)  # lldpLocalSystemData
LOCAL_PORT_ENTRY = (*LOCAL, 7, 1)
REMOTE_ENTRY = (*LLDP_OBJECTS, 4, 1, 1)
REMOTE_ADDRESS_ENTRY = (*LLDP_OBJECTS, 4, 2, 1)
BEHIND = (*LLDP_OBJECTS[:-1], 2)  # what comes after all of it

CHASSIS_MAC, PORT_INTERFACE_NAME = 4, 5  # LldpChassisIdSubtype macAddress, LldpPortIdSubtype interfaceName
INTERFACE_INDEX = 2  # LldpManAddrIfSubtype ifIndex
FAMILIES = {4: 1, 16: 2}  # IANA address family numbers, by the length of an address

Object = tuple[tuple[int, ...], bytes]


class Peer(NamedTuple):
    """Who is at the other end of a cable at this moment."""

    port: str  # ours
    machine: Machine
    other_port: str
    address: str  # of the other, numeric


def chassis(machine: Machine) -> bytes:
    """Return what a machine is told apart by: its own MAC address, from which its ports count on."""
    return machine.mac + b"\x00"


def variables(machine: Machine, ports: Sequence[str], peers: Sequence[Peer]) -> list[Variable]:
    """Return what is told, in the order of GETNEXT: of the machine, of its cabled `ports`, of its `peers`.

    A local port number counts `ports`; it is no ifIndex, as it is none on many devices.
    """
    objects = [*_own(machine), *_ports(ports)]
    for row, peer in enumerate(peers, start=1):
        objects += _peer(peer, (machine.ticks(machine.ready), ports.index(peer.port) + 1, row))
    return [
        Variable(arcs, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(arcs)), _as_it_is(told))
        for arcs, told in sorted(objects)
    ]


def _as_it_is(told: bytes) -> Value:
    return lambda _, __: told


def _own(machine: Machine) -> Iterator[Object]:
    yield (*LOCAL, 1, 0), ber.encode_integer(CHASSIS_MAC)
    yield (*LOCAL, 2, 0), ber.encode(ber.OCTET_STRING, chassis(machine))
    yield (*LOCAL, 3, 0), ber.encode(ber.OCTET_STRING, machine.name.encode())


def _ports(ports: Sequence[str]) -> Iterator[Object]:
    for number, port in enumerate(ports, start=1):
        yield (*LOCAL_PORT_ENTRY, 2, number), ber.encode_integer(PORT_INTERFACE_NAME)
        yield (*LOCAL_PORT_ENTRY, 3, number), ber.encode(ber.OCTET_STRING, port.encode())
        yield (*LOCAL_PORT_ENTRY, 4, number), ber.encode(ber.OCTET_STRING, b"Ethernet port " + port.encode())


def _peer(peer: Peer, index: tuple[int, int, int]) -> Iterator[Object]:
    """Yield the row of lldpRemTable and that of lldpRemManAddrTable, without the octets nobody reads."""
    columns = {
        4: ber.encode_integer(CHASSIS_MAC),
        5: ber.encode(ber.OCTET_STRING, chassis(peer.machine)),
        6: ber.encode_integer(PORT_INTERFACE_NAME),
        7: ber.encode(ber.OCTET_STRING, peer.other_port.encode()),
        8: ber.encode(ber.OCTET_STRING, b"Ethernet port " + peer.other_port.encode()),
        9: ber.encode(ber.OCTET_STRING, peer.machine.name.encode()),
    }
    for column, told in columns.items():
        yield (*REMOTE_ENTRY, column, *index), told
    packed = ipaddress.ip_address(peer.address).packed
    where = (*index, FAMILIES[len(packed)], len(packed), *packed)
    yield (*REMOTE_ADDRESS_ENTRY, 3, *where), ber.encode_integer(INTERFACE_INDEX)
    yield (*REMOTE_ADDRESS_ENTRY, 4, *where), ber.encode_integer(1)
