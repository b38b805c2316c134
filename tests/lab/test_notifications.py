"""What devices say unasked: who tells of what, what the poller hears of it, and that it is so."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.world.originator import MOST
from netwatch.polling.trap_meanings import meaning
from netwatch.protocols import ber, snmp, traps

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Played

IF_ENTRY, IF_NAME = (1, 3, 6, 1, 2, 1, 2, 2, 1), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
SYS_UP_TIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
UPS = (1, 3, 6, 1, 2, 1, 33, 1)
TOPOLOGY_CHANGE, ENT_CONFIG_CHANGE = "1.3.6.1.2.1.17.0.2", "1.3.6.1.2.1.47.2.0.1"


@pytest.fixture
def listening(play: Callable[..., Played]) -> Callable[..., Played]:
    """Play steps in a province that is listened to."""

    def listening(*steps: str) -> Played:
        played = play(*steps)
        played.world.listen()
        return played

    return listening


def messages(played: Played, at: float) -> list[tuple[str, traps.Message]]:
    """What has been heard since the last time, and from whose address."""
    names = {played.address(device.name): device.name for device in played.plan.devices}
    names |= {
        ipaddress.ip_address(office.backup).packed: f"4g:{office.gateway}"
        for office in played.plan.offices
        if office.backup
    }
    heard = played.world.heard(played.world.start + at)
    assert all(0 < sent.delay < 0.1 for sent in heard)
    return [(names[sent.source], traps.decode(sent.datagram)) for sent in heard]


def heard(played: Played, at: float) -> list[str]:
    """The same in words."""
    return [f"{name}: {meaning(said.notification).detail}" for name, said in messages(played, at)]


@pytest.mark.parametrize(
    ("fault", "begins", "ends"),
    [
        pytest.param(
            "port-down, port: gi3, on: sw-tan-0",
            ["sw-tan-0: linkDown gi3"],
            ["sw-tan-0: linkUp gi3"],
            id="a port of a switch, that is reached by IPv6",
        ),
        pytest.param("port-down, port: gi6, on: sw-tan-0", [], [], id="an empty port, which was down before"),
        pytest.param(
            "port-down, port: ether2, on: gw-tan-1",
            ["gw-tan-1: linkDown ether2"],
            ["gw-tan-1: linkUp ether2"],
            id="the port of the switch",
        ),
        pytest.param("fibre-cut, on: gw-tan-0", [], ["gw-tan-0: linkUp sfp1"], id="the only line: lost"),
        pytest.param("fibre-cut, on: gw-tan-1", [], [], id="a fibre that ends in an ONT"),
        pytest.param(
            "fibre-cut, on: gw-tan-4",
            ["4g:gw-tan-4: linkDown sfp1"],
            ["gw-tan-4: linkUp sfp1"],
            id="one line of two: told by the other",
        ),
        pytest.param(
            "backup-down, on: gw-tan-4",
            ["gw-tan-4: linkDown lte1"],
            ["gw-tan-4: linkUp lte1"],
            id="the other line",
        ),
        pytest.param(
            "power-cut, on: ups-tan-2",
            ["ups-tan-2: upsTrapOnBattery", "ups-tan-2: upsAlarmOnBattery came"],
            ["ups-tan-2: upsAlarmOnBattery went"],
            id="the UPS holds, and the way",
        ),
        pytest.param(
            "power-cut, on: ups-tan-3",
            [],
            ["gw-tan-3: linkUp ether1", "ups-tan-3: upsAlarmOnBattery went"],
            id="the UPS holds, but not the ONT: lost",
        ),
        pytest.param("hang, on: core", [], [], id="a device that hangs"),
        pytest.param("replaced, on: gw-tan-0", [], [], id="another box at the address, that runs already"),
        pytest.param("silent, to: echo, on: sw-tan-0", [], [], id="nothing that it would tell of"),
    ],
)
def test_who_tells_of_what(
    listening: Callable[..., Played], fault: str, begins: list[str], ends: list[str]
) -> None:
    played = listening(f"{{at: 10s, fault: {fault}, until: 20s}}")
    assert heard(played, 9.9) == []
    assert heard(played, 10) == begins
    assert heard(played, 19.9) == []
    assert heard(played, 20) == ends


@pytest.mark.parametrize(
    "fault",
    [
        "way-out-cut",
        "way-out-cut, carrier: vnpt",
        "cannot-send",
        "hang, on: noc-gateway",
        "hang, on: gw-tan-0",
        "port-down, port: ether2, on: gw-tan-0",
        "fibre-cut, on: gw-tan-0",
        "silent, on: sw-tan-0",
        "silent, to: snmp, on: sw-tan-0",
        "loss, share: 100%, on: sw-tan-0",
    ],
)
def test_what_is_told_while_nobody_can_hear_it_is_lost(listening: Callable[..., Played], fault: str) -> None:
    played = listening(
        f"{{at: 10s, fault: {fault}}}", "{at: 20s, fault: port-down, port: gi3, on: sw-tan-0, until: 30s}"
    )
    heard(played, 10)
    assert heard(played, 40) == []


def test_a_gateway_whose_own_address_moves_to_the_4g_speaks_from_it(
    listening: Callable[..., Played],
) -> None:
    played = listening(
        "{at: 5s, fault: backup-takes-over, on: gw-tan-4}", "{at: 10s, fault: fibre-cut, on: gw-tan-4}"
    )
    assert heard(played, 10) == ["gw-tan-4: linkDown sfp1"]


@pytest.mark.parametrize(
    ("fault", "ready"),
    [("reboot, off: 40s, on: gw-tan-0", 50), ("power-cut, on: gw-tan-0, until: 20s", 30)],
)
def test_who_has_started_says_so_and_which_of_its_ports_came_up(
    listening: Callable[..., Played], fault: str, ready: float
) -> None:
    played = listening(f"{{at: 10s, fault: {fault}}}")
    assert heard(played, ready - 0.1) == []
    told = [line for line in heard(played, ready) if line.startswith("gw-")]
    ports = [f"gw-tan-0: linkUp {port}" for port in ("sfp1", "ether2", "ether3")]
    assert told == ["gw-tan-0: coldStart", *ports]


def test_a_port_that_is_down_when_its_device_has_started_is_told_of_when_it_comes_up(
    listening: Callable[..., Played],
) -> None:
    played = listening(
        "{at: 10s, fault: port-down, port: te1, on: sw-tan-0, until: 100s}",
        "{at: 20s, fault: reboot, on: sw-tan-0}",
    )
    assert heard(played, 59) == ["sw-tan-0: linkDown te1"]
    started = heard(played, 61)
    assert started[:2] == ["sw-tan-0: coldStart", "sw-tan-0: linkUp gi1"]
    assert len(started) == 1 + 50 - 50 // 6, "each desk in use, and not the uplink"
    assert heard(played, 100) == ["sw-tan-0: linkUp te1"]


def test_what_no_table_of_netwatch_knows_is_told_too(listening: Callable[..., Played]) -> None:
    played = listening("{at: 10s, fault: renumbered, on: sw-tan-8}")
    ((name, said),) = messages(played, 10)
    assert (name, meaning(said.notification)) == ("sw-tan-8", ("other", ENT_CONFIG_CHANGE))


def test_a_ups_says_each_minute_that_it_is_on_battery_until_it_is_empty(
    listening: Callable[..., Played],
) -> None:
    played = listening("{at: 10s, fault: power-cut, battery: 4m30s, on: ups-tan-2, until: 10m}")
    assert len(heard(played, 10)) == 2
    assert heard(played, 69) == []
    assert heard(played, 70) == ["ups-tan-2: upsTrapOnBattery"]
    assert heard(played, 249) == ["ups-tan-2: upsTrapOnBattery"] * 2
    assert len(heard(played, 250)) == 1
    assert heard(played, 609) == [], "280: it is empty"
    assert "ups-tan-2: coldStart" in heard(played, 611)
    assert heard(played, 900) == []


def test_a_loop_is_a_storm_until_it_is_undone(listening: Callable[..., Played]) -> None:
    played = listening("{at: 10s, fault: loop, rate: 20, on: sw-tan-0, until: 60s}")
    assert heard(played, 10.06) == [f"sw-tan-0: {TOPOLOGY_CHANGE}"]
    assert len(heard(played, 12)) == 39
    assert len(heard(played, 59)) == MOST, "a switch has its limit"
    assert heard(played, 61) == []


def test_a_question_with_a_wrong_community_is_told_of(listening: Callable[..., Played]) -> None:
    def asked(community: bytes) -> bytes:
        names = snmp.encode_varbind(ber.encode_oid(SYS_UP_TIME))
        return snmp.encode_request(community, snmp.GET, snmp.REQUEST_IDS[0], names)

    played = listening()
    for datagram in (asked(b"public"), b"no SNMP", asked(b"public")[:-1]):
        played.reply("sw-tan-0", datagram, 1)
        assert heard(played, 1) == []
    assert played.reply("sw-tan-0", asked(b"guessed"), 1) is None
    assert heard(played, 1) == ["sw-tan-0: authenticationFailure"]


@pytest.mark.parametrize(
    ("router", "community"),
    [("area-huyen-0", b"public"), ("area-huyen-0-b", b"private"), ("area-huyen-1", b"public")],
)
def test_second_routers_have_a_community_of_their_own_in_their_trap_host(
    listening: Callable[..., Played], router: str, community: bytes
) -> None:
    played = listening(f"{{at: 10s, fault: port-down, port: xe1, on: {router}}}")
    assert [(name, said.community) for name, said in messages(played, 10)] == [(router, community)]


def test_the_objects_are_what_a_get_is_told(listening: Callable[..., Played]) -> None:
    played = listening(
        "{at: 10s, fault: port-down, port: gi3, on: sw-tan-2}",
        "{at: 20s, fault: power-cut, battery: 50m, on: ups-tan-2}",
    )
    ((_, said),) = messages(played, 10)
    assert (said.version, said.notification.confirmed) == (snmp.VERSION_2C, False)
    assert said.notification.trap == (*traps.SNMP_TRAPS, 3)
    assert said.notification.uptime == played.integer("sw-tan-2", SYS_UP_TIME, 10)
    objects = [(name, int.from_bytes(content)) for name, _, content in said.notification.varbinds]
    assert objects[:3] == [
        ((*IF_ENTRY, column, 3), played.integer("sw-tan-2", (*IF_ENTRY, column, 3), 10))
        for column in (1, 7, 8)
    ]
    assert [number for _, number in objects[:3]] == [3, 1, 2], "its number, wanted up, and down"
    assert said.notification.varbinds[3:] == (((*IF_NAME, 3), ber.OCTET_STRING, b"gi3"),)

    on_battery = messages(played, 80)[-1][1].notification
    told = {name: int.from_bytes(content) for name, _, content in on_battery.varbinds}
    minutes, seconds = ((*UPS, 2, column, 0) for column in (3, 2))
    assert told == {
        minutes: played.integer("ups-tan-2", minutes, 80),
        seconds: 60,
        (*UPS, 9, 7, 0): 10,  # upsConfigLowBattTime: a fifth of the battery
    }


def test_uptime_and_kind_lead_the_list(listening: Callable[..., Played]) -> None:
    """RFC 3416 section 4.2.6, and receivers that look nowhere else."""
    played = listening("{at: 10s, fault: port-down, port: gi3, on: sw-tan-2}")
    ((_, said),) = messages(played, 10)
    listed, names, at = said.notification.listed, [], 0
    while at < len(listed):
        name, _, _, at = snmp.varbind(listed, at, len(listed))
        names.append(ber.oid(name))
    assert names[:2] == [SYS_UP_TIME, (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)]
    assert len(names) == 6


def test_a_world_that_nobody_listens_to_says_nothing(play: Callable[..., Played]) -> None:
    played = play("{at: 10s, fault: port-down, port: gi3, on: sw-tan-0}")
    assert heard(played, 20) == []
