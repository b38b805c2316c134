"""An OLT of the lab tells of its carrier's ONTs as they are, whatever befalls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from netwatch.lab.agents.machine import SENSITIVITY
from netwatch.lab.agents.mib import RX_LASER_POWER
from netwatch.lab.agents.olt import DESCRIPTION, NO_LIGHT, OFFLINE, ONLINE, ONU_ENTRY, RECEIVED, STATUS
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Played

IF_NAME, IF_TYPE = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), (1, 3, 6, 1, 2, 1, 2, 2, 1, 3)
VNPT = ("gw-tan-3", "gw-tan-6", "gw-tan-9", "gw-tan-21")


class Told(NamedTuple):
    """One row of the table."""

    status: int
    received: int


def table(played: Played, olt: str, at: float) -> dict[str, Told]:
    """What an OLT tells of its ONUs at a moment, by what they are called."""
    columns = [played.column(olt, (*ONU_ENTRY, column), at) for column in (DESCRIPTION, STATUS, RECEIVED)]
    assert columns[0].keys() == columns[1].keys() == columns[2].keys()
    return {
        name.decode(): Told(ber.integer(columns[1][row]), ber.integer(columns[2][row]))
        for row, name in columns[0].items()
    }


def online(played: Played, at: float) -> set[str]:
    """The gateways before which an ONT stands that its OLT has online."""
    rows: dict[str, Told] = {}
    for olt in ("olt-vnpt", "olt-viettel", "olt-fpt"):
        rows |= table(played, olt, at)
    for told in rows.values():
        assert told.status in {ONLINE, OFFLINE}
        assert (told.received == NO_LIGHT) is (told.status == OFFLINE)
        assert told.status == OFFLINE or SENSITIVITY <= told.received < 0
    return {name for name, told in rows.items() if told.status == ONLINE}


def test_there_is_a_row_for_each_ont_of_the_carrier_by_port_and_number(play: Callable[..., Played]) -> None:
    played = play()
    rows = played.column("olt-vnpt", (*ONU_ENTRY, DESCRIPTION), 1)
    assert rows == dict(zip(((1, 1), (2, 1), (3, 1), (4, 1)), (name.encode() for name in VNPT), strict=True))
    ports = list(played.column("olt-vnpt", IF_NAME, 1).values())
    assert ports == [b"xe1", *(f"gpon{number}".encode() for number in range(1, 17))]
    kinds = [ber.integer(kind) for kind in played.column("olt-vnpt", IF_TYPE, 1).values()]
    assert kinds == [6, *[250] * 16]


EVERYBODY = {f"gw-tan-{i}" for i in range(24) if i % 8 in {1, 3, 5, 6}}


@pytest.mark.parametrize(
    ("step", "offline"),
    [
        pytest.param("fault: fibre-cut, on: gw-tan-3", {"gw-tan-3"}, id="no light"),
        pytest.param("fault: fibre-cut, on: gw-tan-4", set(), id="a fibre that ends in its gateway"),
        pytest.param("fault: ont-off, on: gw-tan-6", {"gw-tan-6"}, id="no power"),
        pytest.param("fault: power-cut, on: gw-tan-3", {"gw-tan-3"}, id="the UPS carries the gateway alone"),
        pytest.param("fault: power-cut, on: gw-tan-5", set(), id="the UPS carries the ONT too"),
        pytest.param("fault: power-cut, battery: 20s, on: gw-tan-5", {"gw-tan-5"}, id="and is empty"),
        pytest.param("fault: hang, on: gw-tan-3", set(), id="the gateway alone hangs"),
        pytest.param("fault: port-down, on: gw-tan-3", set(), id="the gateway's port is down"),
        pytest.param(
            "fault: flapping, period: 5m, down: 2m, on: gw-tan-9", {"gw-tan-9"}, id="flapping, dark"
        ),
        pytest.param("fault: flapping, period: 20s, down: 9s, on: gw-tan-9", set(), id="flapping, lit"),
        pytest.param("fault: light-fading, rate: 9000, on: gw-tan-3", {"gw-tan-3"}, id="faded to nothing"),
        pytest.param("fault: hang, on: area-huyen-1", set(), id="a router behind which nobody is reached"),
        pytest.param("fault: way-out-cut, carrier: fpt", set(), id="the carrier is out of sight"),
    ],
)
def test_an_ont_is_online_with_power_and_light_and_comes_back_with_them(
    play: Callable[..., Played], step: str, offline: set[str]
) -> None:
    played = play(f"{{at: 60s, {step}, until: 100s}}")
    assert online(played, 59.9) == EVERYBODY
    assert online(played, 90) == EVERYBODY - offline
    assert online(played, 101) == EVERYBODY


def test_light_that_fades_is_told_until_it_is_too_little(play: Callable[..., Played]) -> None:
    """At 36 dB an hour a hundredth is lost each second."""
    played = play("{at: 0s, fault: light-fading, rate: 36, on: gw-tan-3}", duration="3h")
    first = table(played, "olt-vnpt", 0)["gw-tan-3"].received
    assert table(played, "olt-vnpt", 100)["gw-tan-3"] == (ONLINE, first - 100)
    assert table(played, "olt-vnpt", first - SENSITIVITY - 1)["gw-tan-3"] == (ONLINE, SENSITIVITY + 1)
    assert table(played, "olt-vnpt", first - SENSITIVITY)["gw-tan-3"] == (OFFLINE, NO_LIGHT)


def test_another_box_in_its_place_has_the_same_onts(play: Callable[..., Played]) -> None:
    played = play("{at: 10s, fault: replaced, on: olt-vnpt}", "{at: 20s, fault: ont-off, on: gw-tan-6}")
    assert table(played, "olt-vnpt", 15) == table(played, "olt-vnpt", 5)
    assert table(played, "olt-vnpt", 25)["gw-tan-6"].status == OFFLINE


def test_what_befalls_an_olt_is_no_outage_of_a_unit(play: Callable[..., Played]) -> None:
    played = play("{at: 10s, fault: power-cut, on: olt-vnpt}")
    assert not played.answers("olt-vnpt", 20)
    assert played.answers("gw-tan-3", 20)
    assert played.truth(600).outages == ()


def test_an_olt_tells_of_no_light_of_its_own(play: Callable[..., Played]) -> None:
    assert play().column("olt-vnpt", (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1, RX_LASER_POWER), 1) == {}
