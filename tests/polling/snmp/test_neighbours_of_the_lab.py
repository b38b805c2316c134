"""The simulated province as its devices tell it: its tree is its plan's, and no parent is missing."""

from __future__ import annotations

import datetime as dt
import ipaddress
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement.neighbourhood import (
    Station,
    configured_roots,
    graph,
    mismatches,
    suggested_parents,
)
from netwatch.lab.faults import FaultKind, fault
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import Plan, plan as lay_out
from netwatch.lab.plan.sites import Site
from netwatch.lab.world.world import World as Lab
from netwatch.model.device import Credential, Device, Role
from netwatch.model.register import Unit
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations
from netwatch.polling.neighbours import read_neighbourhood

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.plan.layout import SimulatedDevice

PUBLIC = Credential("lab", "2c", Secret("public"))


@pytest.fixture
def province() -> Plan:
    """24 units in three areas, with equipment of all kinds."""
    day = dt.date(2025, 7, 1)
    units = [
        Unit(str(10000 + i), f"Xã Tân {i}", "xã", "", "Hưng Yên", day, None, (), None, None, "")
        for i in range(24)
    ]
    sites = [Site(unit, f"Huyện {i // 8}", "") for i, unit in enumerate(units)]
    return lay_out(sites, "Hưng Yên", BENCHMARK)


@pytest.fixture
def ask(play: Callable[..., Any], province: Plan) -> Callable[..., dict[str, Station]]:
    """What every device tells, a minute after `prepare` did something to the province."""

    def ask(prepare: Callable[[Lab], object] = lambda _: None) -> dict[str, Station]:
        found: dict[str, Station] = {}

        async def story(world: Any) -> None:
            loop = world.loop
            lab = Lab(province, None, loop.now, random.Random(1))
            prepare(lab)
            conversations = Conversations(world.engine)
            for device in province.devices:
                world.transport.agents[device.address, 161] = answering(lab, device, loop)
            loop.now += 60.0
            for device in province.devices:
                if device.ports:
                    asked = Device(name=device.name, address=device.address, role=device.role)
                    conversation = conversations.open(asked, PUBLIC, device.address, 20.0)
                    found[device.name] = Station(
                        name=device.name,
                        addresses=(ipaddress.ip_address(device.address).compressed,),
                        parents=device.parents,
                        role=device.role,
                        sys_name=device.name,
                        told=await read_neighbourhood(conversation, ()),
                    )

        play(story)
        return found

    return ask


def answering(lab: Lab, device: SimulatedDevice, loop: Any) -> Callable[[bytes], list[Any]]:
    packed = ipaddress.ip_address(device.address).packed

    def replies(datagram: bytes) -> list[Any]:
        answer = lab.snmp(packed, datagram, loop.now)
        return [] if answer is None else [(*answer, (device.address, 161))]

    return replies


def test_the_tree_is_the_plans(ask: Callable[..., dict[str, Station]]) -> None:
    stations = ask()
    assert all(station.told and station.told.complete for station in stations.values())
    everybody = list(stations.values())
    assert configured_roots(everybody) == ("core",)
    suggested = suggested_parents(graph(everybody), ("core",))
    assert {name: set(parents) for name, parents in suggested.items()} == {
        name: set(station.parents) for name, station in stations.items()
    }


def warned(stations: dict[str, Station]) -> list[tuple[str, str, str]]:
    everybody = list(stations.values())
    return [(each.device, each.parent, each.neighbour) for each in mismatches(everybody, graph(everybody))]


def test_as_it_is_configured_nothing_is_amiss(ask: Callable[..., dict[str, Station]]) -> None:
    assert warned(ask()) == []


def test_a_wrong_parent_is_told_with_the_right_one(ask: Callable[..., dict[str, Station]]) -> None:
    stations = ask()
    gateways = [station for station in stations.values() if station.role is Role.UPLINK]
    right, other = gateways[0].parents, gateways[8].parents
    name = gateways[0].name
    stations[name] = replace(stations[name], parents=other)
    assert warned(stations) == [(name, parent, ", ".join(sorted(right))) for parent in other]


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (FaultKind.HANG, Role.CORE),
        (FaultKind.HANG, Role.UPLINK),
        (FaultKind.HANG, Role.SWITCH),
        (FaultKind.FIBRE_CUT, Role.UPLINK),
    ],
)
def test_an_outage_is_no_wrong_parent(
    kind: FaultKind, role: Role, province: Plan, ask: Callable[..., dict[str, Station]]
) -> None:
    """Neither where a neighbour is dead, nor where the cable is cut and the device answers by its 4G."""
    struck = [device.name for device in province.devices if device.role is role][1:]
    before, after = ask(), ask(lambda lab: lab.strike(fault(kind, {}), struck, lab.now))
    assert {name: station.told for name, station in after.items()} != {
        name: station.told for name, station in before.items()
    }
    assert warned(after) == []
