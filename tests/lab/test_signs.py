"""What the agents tell follows the faults: this is all that a monitor can read of what has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from netwatch.lab.agents.machine import DARK, FALSE_LIGHT, LOW_ALARM, SENSITIVITY, Light, PortState
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Played

UPTIME, SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 3, 0), (1, 3, 6, 1, 2, 1, 1, 5, 0)
IF_OPER_STATUS, IF_LAST_CHANGE = (1, 3, 6, 1, 2, 1, 2, 2, 1, 8), (1, 3, 6, 1, 2, 1, 2, 2, 1, 9)
IF_IN_OCTETS = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6)
IF_NAME, IF_TABLE_LAST_CHANGE = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), (1, 3, 6, 1, 2, 1, 31, 1, 5, 0)
SERIAL = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1)
RECEIVED = (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1, 5)
LOW_ALARM_THRESHOLD = (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1, 10)
UPS = (1, 3, 6, 1, 2, 1, 33, 1)
UP, DOWN = 1, 2
FIBRE, BACKUP = 1, 6  # ifIndex


def get(played: Played, name: str, arcs: tuple[int, ...], at: float) -> bytes:
    """The content of one value."""
    request = snmp.encode_request(
        b"public", snmp.GET, snmp.REQUEST_IDS[0], snmp.encode_varbind(ber.encode_oid(arcs))
    )
    reply = played.reply(name, request, at)
    assert reply is not None
    response = snmp.decode_response_plainly(reply)
    return snmp.varbind(reply, response.start, response.stop)[2]


def port(played: Played, name: str, index: int, at: float) -> tuple[int, float]:
    """Return a port's status, and how many seconds ago it changed."""
    ticks = played.integer(name, UPTIME, at) - played.integer(name, (*IF_LAST_CHANGE, index), at)
    return played.integer(name, (*IF_OPER_STATUS, index), at), ticks / 100


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        pytest.param("fault: fibre-cut, on: gw-tan-0", True, id="the fibre ends in the SFP"),
        pytest.param(
            "fault: fibre-cut, on: gw-tan-1", False, id="a bridged ONT that has power is in between"
        ),
        pytest.param("fault: ont-off, on: gw-tan-1", True, id="one that has none"),
        pytest.param("fault: port-down, on: gw-tan-1", True, id="the port itself"),
        pytest.param("fault: power-cut, on: gw-tan-3", True, id="the gateway on the UPS, the ONT not"),
        pytest.param("fault: power-cut, on: gw-tan-5", False, id="both on the UPS"),
        pytest.param("fault: light-fading, rate: 36000, on: gw-tan-2", True, id="too little light"),
        pytest.param("fault: silent, on: gw-tan-0", False, id="nothing at all"),
    ],
)
def test_the_port_of_the_fibre_tells_afterwards_that_it_was_down(
    play: Callable[..., Played], step: str, *, changed: bool
) -> None:
    name = step.rsplit(" ", 1)[1]
    played = play(f"{{at: 100s, {step}, until: 5m}}")
    before = port(played, name, FIBRE, 99)
    assert before[0] == UP
    assert before[1] > 80000
    status, ago = port(played, name, FIBRE, 330)
    assert status == UP
    assert (ago == pytest.approx(30, abs=0.02)) is changed


def test_a_port_that_is_down_is_told_while_the_backup_is_up(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 10s, fault: fibre-cut, on: gw-tan-4}",
        "{at: 20s, fault: backup-takes-over, on: gw-tan-4}",
        "{at: 10s, fault: backup-down, on: gw-tan-7, until: 40s}",
    )
    assert port(played, "gw-tan-7", BACKUP, 15) == (DOWN, pytest.approx(5, abs=0.02))
    assert port(played, "gw-tan-4", FIBRE, 50) == (DOWN, pytest.approx(40, abs=0.02))
    assert port(played, "gw-tan-4", BACKUP, 50)[0] == UP
    assert port(played, "gw-tan-7", BACKUP, 50) == (UP, pytest.approx(10, abs=0.02))


@pytest.mark.parametrize(
    ("step", "booted"),
    [
        pytest.param("fault: reboot, off: 45s, on: gw-tan-0", 100, id="a reboot, at its beginning"),
        pytest.param("fault: power-cut, on: gw-tan-0, until: 400s", 400, id="a power cut, at its end"),
        pytest.param("fault: hang, on: gw-tan-0, until: 400s", 400, id="somebody switched it off and on"),
        pytest.param("fault: power-cut, battery: 1m, on: gw-tan-2, until: 400s", 400, id="an empty battery"),
    ],
)
def test_uptime_tells_when_a_device_was_booted(play: Callable[..., Played], step: str, booted: float) -> None:
    name = "gw-tan-2" if "gw-tan-2" in step else "gw-tan-0"
    played = play(f"{{at: 100s, {step}}}")
    assert played.integer(name, UPTIME, 500) == pytest.approx((500 - booted) * 100, abs=2)


@pytest.mark.parametrize(
    "step", ["fault: fibre-cut", "fault: ont-off", "fault: renumbered", "fault: silent, to: echo"]
)
def test_and_runs_on_where_it_was_not(play: Callable[..., Played], step: str) -> None:
    played = play(f"{{at: 100s, {step}, on: gw-tan-1}}", "{at: 3m, restore: all, on: gw-tan-1}")
    assert played.integer("gw-tan-1", UPTIME, 200) - played.integer("gw-tan-1", UPTIME, 99) == 10100


def test_ports_come_up_when_the_boot_is_over(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 50s, fault: fibre-cut, on: gw-tan-0, until: 80s}",
        "{at: 100s, fault: power-cut, on: gw-tan-0, until: 400s}",
    )
    assert played.integer("gw-tan-0", (*IF_LAST_CHANGE, FIBRE), 500) == 1000


def test_and_not_before_though_their_fibre_is_mended_meanwhile(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 100s, fault: power-cut, on: gw-tan-0, until: 400s}",
        "{at: 100s, fault: fibre-cut, on: gw-tan-0, until: 405s}",
    )
    assert played.integer("gw-tan-0", (*IF_LAST_CHANGE, FIBRE), 500) == 1000


def test_a_port_of_a_switch_goes_down_and_comes_up(play: Callable[..., Played]) -> None:
    played = play("{at: 100s, fault: port-down, port: gi3, on: sw-tan-1, until: 200s}")
    assert port(played, "sw-tan-1", 3, 150) == (DOWN, pytest.approx(50, abs=0.02))
    assert port(played, "sw-tan-1", 4, 150)[0] == UP
    assert port(played, "sw-tan-1", 3, 250) == (UP, pytest.approx(50, abs=0.02))


def test_counters_stand_still_while_a_port_is_down_and_go_on_from_there(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 100s, fault: fibre-cut, on: gw-tan-4, until: 700s}",
        "{at: 100s, fault: backup-takes-over, on: gw-tan-4}",
    )
    told = [played.integer("gw-tan-4", (*IF_IN_OCTETS, FIBRE), at) for at in (100, 400, 700, 1300)]
    assert told[0] == told[1] == told[2] < told[3]
    carried = played.integer("gw-tan-4", (*IF_IN_OCTETS, FIBRE), 1900) - told[3]
    assert told[3] - told[2] == pytest.approx(carried, rel=0.001), "ten minutes like any other ten"


def test_light_is_told_by_gateways_that_the_fibre_ends_in(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 1m, fault: light-fading, rate: 60, on: gw-tan-0}",
        "{at: 100s, fault: fibre-cut, on: gw-tan-4}",
        "{at: 100s, fault: backup-takes-over, on: gw-tan-4}",
        "{at: 100s, fault: light-false, on: gw-tan-2, until: 300s}",
    )
    well = played.integer("gw-tan-0", (*RECEIVED, FIBRE), 30)
    assert -2200 <= well <= -1400
    assert played.integer("gw-tan-0", (*RECEIVED, FIBRE), 60 + 180) == pytest.approx(well - 300, abs=1)
    assert played.integer("gw-tan-0", (*LOW_ALARM_THRESHOLD, FIBRE), 30) == LOW_ALARM
    assert played.integer("gw-tan-4", (*RECEIVED, FIBRE), 101) == DARK
    assert get(played, "gw-tan-1", (*RECEIVED, FIBRE), 30) == b"", "an ONT keeps it to itself"
    assert played.integer("gw-tan-2", (*RECEIVED, FIBRE), 250) == FALSE_LIGHT
    assert port(played, "gw-tan-2", FIBRE, 250)[0] == UP, "it is only told so"
    assert -2200 <= played.integer("gw-tan-2", (*RECEIVED, FIBRE), 350) <= -1400


@given(st.integers(-2200, -1400), st.floats(1, 1000), st.floats(0, 10_000))
def test_the_signal_is_lost_when_the_light_is_under_what_the_receiver_needs(
    nominal: int, rate: float, later: float
) -> None:
    light = Light(nominal, fading_since=0.0, rate=rate)
    fails = light.fails_at()
    assert fails is not None
    assert light.received(fails + 40 / rate) <= SENSITIVITY <= light.received(max(fails - 40 / rate, 0))
    assert light.received(later) <= nominal


UPS_SCALARS = {
    "battery status": (2, 1),
    "seconds on battery": (2, 2),
    "minutes left": (2, 3),
    "charge": (2, 4),
    "line bads": (3, 1),
    "output": (4, 1),
}


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (99, (2, 0, 10, 100, 0, 3)),
        (100, (2, 0, 10, 100, 1, 5)),
        (400, (2, 300, 5, 50, 1, 5)),
        (640, (3, 540, 1, 10, 1, 5)),
        (701, (2, 0, 10, 100, 1, 3)),
    ],
)
def test_a_ups_tells_of_mains_and_battery(
    play: Callable[..., Played], at: float, told: tuple[int, ...]
) -> None:
    """UPS-MIB: battery normal or low, seconds, minutes, percent, failures of the input, output source."""
    played = play("{at: 100s, fault: power-cut, battery: 10m, on: gw-tan-5, until: 690s}")
    if at < 100:  # the battery's size is that of the cut
        told = (*told[:2], 120, *told[3:])
    values = tuple(played.integer("ups-tan-5", (*UPS, *arcs, 0), at) for arcs in UPS_SCALARS.values())
    assert dict(zip(UPS_SCALARS, values, strict=True)) == dict(zip(UPS_SCALARS, told, strict=True))


def test_renumbering_gives_every_interface_the_index_of_another(play: Callable[..., Played]) -> None:
    played = play("{at: 100s, fault: renumbered, on: gw-tan-0}")

    def names(at: float) -> dict[str, int]:
        return {get(played, "gw-tan-0", (*IF_NAME, i), at).decode(): i for i in range(1, 6)}

    before = names(99)
    counted = played.integer("gw-tan-0", (*IF_IN_OCTETS, before["sfp1"]), 99.9)
    after = names(100)
    assert set(before) == set(after)
    assert all(before[name] != after[name] for name in before)
    now = played.integer("gw-tan-0", (*IF_IN_OCTETS, after["sfp1"]), 100.1)
    assert counted <= now <= counted * 1.001, "counters follow the name"
    changed = played.integer("gw-tan-0", IF_TABLE_LAST_CHANGE, 150)
    assert played.integer("gw-tan-0", UPTIME, 150) - changed == pytest.approx(5000, abs=2)


def test_another_box_at_the_address_has_its_own_name_serial_and_boot_time(
    play: Callable[..., Played],
) -> None:
    played = play("{at: 100s, fault: replaced, on: gw-tan-0, until: 200s}")

    def identity(at: float) -> tuple[bytes, bytes]:
        return get(played, "gw-tan-0", SYS_NAME, at), get(played, "gw-tan-0", SERIAL, at)

    own, other = identity(99), identity(101)
    assert own[0] == b"gw-tan-0"
    assert not set(own) & set(other)
    assert played.integer("gw-tan-0", UPTIME, 150) == pytest.approx(65000, abs=2)
    assert identity(201) == own


@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=9))
def test_a_port_has_carried_traffic_while_it_was_up(spans: list[float]) -> None:
    """Whatever its ups and downs, beginning with a down."""
    state, now, carried = PortState(up=True, changed=0.0), 100.0, 100.0
    for place, span in enumerate(spans):
        up = place % 2 == 1
        if up:
            state.idle += now - state.changed
        state.up, state.changed = up, now
        now += span
        carried += span if up else 0.0
    assert state.carried(now, 0.0) == pytest.approx(carried)
