"""Every simulated device tells of those at the other ends of its cables, as long as they are there."""

from __future__ import annotations

import ipaddress
import random
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.agents.lldp import LOCAL, LOCAL_PORT_ENTRY, REMOTE_ADDRESS_ENTRY, REMOTE_ENTRY
from netwatch.lab.faults import FaultKind, fault
from netwatch.lab.plan.cabling import cabling
from netwatch.lab.world.world import World
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from netwatch.lab.plan.layout import Plan

IFX = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
START = 1_000_000.0
NEXT, GET = snmp.GETNEXT, snmp.GET


@pytest.fixture
def world(large: Plan) -> World:
    return World(large, None, START, random.Random(1))


def ask(world: World, name: str, pdu: int, arcs: tuple[int, ...], at: float) -> tuple[tuple[int, ...], bytes]:
    """One question to one device: the name and the content of what comes back."""
    device = next(device for device in world.plan.devices if device.name == name)
    request = snmp.encode_request(b"public", pdu, 7, snmp.encode_varbind(ber.encode_oid(arcs)))
    answer = world.snmp(ipaddress.ip_address(device.address).packed, request, at)
    assert answer is not None, f"{name} does not answer"
    response = snmp.decode_response(answer[1])
    found, tag, content, _ = snmp.varbind(response.data, response.start, response.stop)
    return (ber.oid(found), content) if tag not in snmp.EXCEPTIONS else ((), b"")


def column(
    world: World, name: str, entry: tuple[int, ...], number: int, at: float
) -> dict[tuple[int, ...], bytes]:
    """A column by its indices, walked as `snmpwalk` would."""
    prefix = (*entry, number)
    rows: dict[tuple[int, ...], bytes] = {}
    arcs = prefix
    while True:
        arcs, content = ask(world, name, NEXT, arcs, at)
        if arcs[: len(prefix)] != prefix:
            return rows
        rows[arcs[len(prefix) :]] = content


def names(world: World, name: str, at: float) -> list[str]:
    return sorted(content.decode() for content in column(world, name, REMOTE_ENTRY, 9, at).values())


def test_cables_have_two_ends_and_end_in_ports_that_exist(world: World, large: Plan) -> None:
    cables = cabling(large)
    ends = {(name, cable) for name, all_of_it in cables.items() for cable in all_of_it}
    for name, cable in ends:
        assert any(
            back.other == name and (back.port, back.other_port) == (cable.other_port, cable.port)
            for back in cables[cable.other]
        )
    for name, all_of_it in cables.items():
        told = {content.decode() for content in column(world, name, IFX, 1, START).values()}
        assert {cable.port for cable in all_of_it} <= told


def test_each_device_tells_of_its_parents_and_its_children(world: World, large: Plan) -> None:
    agents = {device.name: device for device in large.devices if device.ports}
    for device in agents.values():
        children = [other.name for other in agents.values() if device.name in other.parents]
        above = [parent for parent in device.parents if parent in agents]
        assert names(world, device.name, START) == sorted([*children, *above])


def test_a_neighbour_is_told_with_its_chassis_its_port_and_its_address(world: World, large: Plan) -> None:
    office = large.offices[0]
    gateway = next(device for device in large.devices if device.name == office.gateway)
    ((index, name),) = column(world, office.switch, REMOTE_ENTRY, 9, START).items()
    assert name.decode() == office.gateway
    assert ask(world, office.switch, GET, (*REMOTE_ENTRY, 7, *index), START)[1] == b"ether2"
    told = ask(world, office.switch, GET, (*REMOTE_ENTRY, 5, *index), START)[1]
    assert told == ask(world, office.gateway, GET, (*LOCAL, 2, 0), START)[1]
    ((where, _),) = column(world, office.switch, REMOTE_ADDRESS_ENTRY, 3, START).items()
    assert where == (*index, 1, 4, *ipaddress.ip_address(gateway.address).packed)
    assert ask(world, office.switch, GET, (*LOCAL_PORT_ENTRY, 3, index[1]), START)[1] == b"te1"


def test_a_dead_neighbour_is_told_no_more_and_one_that_returns_is_told_again(
    world: World, large: Plan
) -> None:
    office = large.offices[0]
    assert names(world, office.switch, START) == [office.gateway]
    world.strike(fault(FaultKind.HANG, {}), [office.switch], START + 1)
    assert office.switch not in names(world, office.gateway, START + 2)
    world.restore(None, [office.switch], START + 3)
    assert office.switch in names(world, office.gateway, START + 60)


def test_all_of_it_can_be_walked_from_the_root_into_what_follows(world: World) -> None:
    """GETNEXT goes on from the last object of LLDP-MIB to sysDescr, and an unknown row says so."""
    last: tuple[int, ...] = (1, 0)
    while True:
        arcs, _ = ask(world, "core", NEXT, last, START)
        assert arcs > last
        if arcs[:2] == (1, 3):
            break
        last = arcs
    assert arcs == (1, 3, 6, 1, 2, 1, 1, 1, 0)
    assert ask(world, "core", GET, (*REMOTE_ENTRY, 9, 0, 1, 999), START) == ((), b"")
