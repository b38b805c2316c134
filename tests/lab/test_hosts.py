"""A gateway of the lab knows the hosts that its switch has at its desks, while its port to that is up."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.agents.bridge import TP_FDB_ENTRY
from netwatch.lab.agents.hosts import INVALID, IP_NET_TO_PHYSICAL_ENTRY, REACHABLE
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Played

PHYS_ADDRESS, TYPE, STATE = ((*IP_NET_TO_PHYSICAL_ENTRY, column) for column in (4, 6, 7))
DOCUMENTATION = ipaddress.ip_network("198.51.100.0/24")


def at_desks(played: Played, switch: str, uplinks: set[int]) -> set[bytes]:
    """The stations that a switch learnt at ports that do not lead on."""
    learnt = played.column(switch, (*TP_FDB_ENTRY, 2), 1)
    return {bytes(station) for station, port in learnt.items() if ber.integer(port) not in uplinks}


@pytest.mark.parametrize(
    ("unit", "uplinks", "hosts"), [(0, {51, 52}, 42 + 8), (1, {25, 26}, 20 + 4), (4, {51, 52}, 42 + 8)]
)
def test_there_is_a_host_for_each_station_of_the_switch(
    play: Callable[..., Played], unit: int, uplinks: set[int], hosts: int
) -> None:
    played = play()
    told = played.column(f"gw-tan-{unit}", PHYS_ADDRESS, 1)
    assert set(told.values()) == at_desks(played, f"sw-tan-{unit}", uplinks)
    assert len(told) == hosts


def test_hosts_are_behind_the_port_of_the_switch_with_addresses_that_are_nobodys(
    play: Callable[..., Played],
) -> None:
    told = play().column("gw-tan-1", PHYS_ADDRESS, 1)
    assert {index[:3] for index in told} == {(2, 1, 4)}, "ether2, IPv4"
    addresses = [ipaddress.ip_address(bytes(index[3:])) for index in told]
    assert all(address in DOCUMENTATION for address in addresses)
    assert all(mac[0] & 0b11 == 0b10 for mac in told.values()), "assigned by nobody, and no group"


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("fault: port-down, port: ether2, on: gw-tan-0", INVALID),
        ("fault: port-down, port: ether3, on: gw-tan-0", REACHABLE),
        ("fault: hang, on: sw-tan-0", REACHABLE),
    ],
)
def test_they_are_known_while_the_port_is_up(play: Callable[..., Played], step: str, state: int) -> None:
    played = play(f"{{at: 10s, {step}, until: 20s}}")
    for at, expected in ((9, REACHABLE), (11, state), (21, REACHABLE)):
        told = played.column("gw-tan-0", STATE, at).values()
        assert {ber.integer(each) for each in told} == {expected}
    assert {ber.integer(each) for each in played.column("gw-tan-0", TYPE, 1).values()} == {3}


def test_they_follow_their_port_where_the_interfaces_are_renumbered(play: Callable[..., Played]) -> None:
    played = play("{at: 10s, fault: renumbered, on: gw-tan-0}")
    assert {index[0] for index in played.column("gw-tan-0", PHYS_ADDRESS, 11)} == {3}
