"""What two answered polls in a row show of a device, dated as the device tells it."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from netwatch.judgement.signs import WRAP, SignReader
from netwatch.model.observation import (
    MISSING,
    InterfaceName,
    InterfaceTable,
    Light,
    Mains,
    Observation,
    SystemGroup,
)
from netwatch.model.outcome import Outcome

BOOT = -1000.0
COLUMNS = ("ifOperStatus", "ifLastChange")


def ports(**shown: tuple[int, float | None]) -> InterfaceTable:
    """Ports with ifOperStatus and the second of ifLastChange after the start; None: not told."""
    rows = tuple(InterfaceName(name, index, name, "", "") for index, name in enumerate(shown))
    status = array("Q", [up for up, _ in shown.values()])
    changed = array("Q", [MISSING if at is None else round(at * 100) for _, at in shown.values()])
    return InterfaceTable(1, rows, COLUMNS, (status, changed))


def light(port: str, received: float | None, low_alarm: float | None = None) -> dict[str, Any]:
    return {"light": (Light(port, received, low_alarm),)}


def ups(source: int, seconds: int = 0, bads: int = 0) -> dict[str, Any]:
    """upsOutputSource: 3 normal, 5 battery (RFC 1628)."""
    mains = Mains(on_battery=source == 5, seconds_on_battery=seconds, lost_count=bads)
    return {"uptime": None, "mains": mains}


def named(name: str) -> dict[str, Any]:
    return {"system": SystemGroup("", (1, 3), 0, "", name, "")}


def read(make: Any, *polls: dict[str, Any] | None) -> list[list[tuple[str, float, str]]]:
    """Poll once a minute; None is a poll in vain. What each showed: (kind, start, detail)."""
    reader, device = SignReader(), make()
    found = []
    for place, shown in enumerate(polls):
        at = place * 60.0
        outcome = Outcome.TIMEOUT if shown is None else Outcome.ANSWERED
        values = {"uptime": at - BOOT} | (shown or {})
        signs = reader.read(device, Observation("gw", at, outcome, 0.1, **values))
        assert all(sign.at == at and sign.start <= at + 1e-6 and sign.device == "gw" for sign in signs)
        found.append([(sign.kind.value, round(sign.start, 3), sign.detail) for sign in signs])
    return found


FIRST = [("booted", BOOT, ""), ("answered", 0.0, "")]


@pytest.mark.parametrize(
    ("polls", "shown"),
    [
        # Nothing changed, nothing is told; but after a silence it is told that it was answered.
        ([{}, {}, {}], [FIRST, [], []]),
        ([{}, None, {}], [FIRST, [], [("booted", BOOT, ""), ("answered", 120.0, "")]]),
        ([None, {}], [[], [("booted", BOOT, ""), ("answered", 60.0, "")]]),
        # It started anew, noticed by its uptime or by the engine (a wrap is no start: the engine mends it).
        ([{}, {"uptime": 20.0}], [FIRST, [("booted", 40.0, "")]]),
        ([{}, {"restarted": True}], [FIRST, [("booted", BOOT, "")]]),
        ([{}, {"uptime": 1064.9}], [FIRST, []]),
        ([{}, {"uptime": 1066.0}], [FIRST, [("booted", -1006.0, "")]]),
        ([{"uptime": None}], [[("answered", 0.0, "")]]),
        # Another name answers at the address: everything begins anew.
        (
            [named("a"), named("b")],
            [FIRST, [("identity", 60.0, "b instead of a"), ("booted", BOOT, ""), ("answered", 60.0, "")]],
        ),
        ([named("a"), {}, named("a")], [FIRST, [], []]),
    ],
)
def test_starts_and_silences(device: Any, polls: Any, shown: Any) -> None:
    assert read(device, *polls) == shown


WATCHED = [("booted", BOOT, ""), ("answered", 0.0, "ether1")]


@pytest.mark.parametrize(
    ("looks", "shown"),
    [
        # The first look: what is down is news, and what changed since the device started.
        ([(1, 0)], []),
        ([(1, 900)], [("port_up", -100.0)]),
        ([(2, 900)], [("port_down", -100.0)]),
        ([(2, None)], [("port_down", 0.0)]),
        ([(1, None)], []),
        # Then it is told as it changes, dated by ifLastChange.
        ([(1, 0), (2, 1030)], [("port_down", 30.0)]),
        ([(1, 0), (2, 1030), (1, 1100)], [("port_down", 30.0), ("port_up", 100.0)]),
        ([(1, 0), (1, 1030)], [("port_up", 30.0)]),  # down and up between two polls
        ([(1, 0), (1, 0), (1, 0)], []),
        ([(1, 900), (1, 903)], [("port_up", -100.0)]),  # an agent's clock is not that exact
        # Without ifLastChange only the status tells, dated by the poll before.
        ([(1, None), (1, None), (1, None)], []),
        ([(1, None), (2, None)], [("port_down", 0.0)]),
        ([(1, None), (2, None), (1, None)], [("port_down", 0.0), ("port_up", 60.0)]),
    ],
)
def test_ports(device: Any, looks: list[tuple[int, float | None]], shown: list[tuple[str, float]]) -> None:
    told = read(device, *({"interfaces": ports(ether1=look)} for look in looks))
    found = [(kind, start) for poll in told for kind, start, _ in poll if kind.startswith("port")]
    assert found == shown
    assert [each for each in told[0] if each[0] == "answered"] == [("answered", 0.0, "ether1")]


def test_only_ports_of_uplinks_are_looked_at(device: Any) -> None:
    told = read(device, {"interfaces": ports(ether9=(2, 900))}, {"interfaces": None})
    assert told == [FIRST, []]


@pytest.mark.parametrize("turn", [0, 1])
def test_a_wrap_of_time_ticks_is_no_change_of_a_port(device: Any, turn: int) -> None:
    """As ifLastChange wraps every 497 days, while the uptime of polls is mended."""
    uptime = turn * WRAP + 50.0
    before, after = ({"uptime": uptime + 60 * n, "interfaces": ports(ether1=(1, 20))} for n in (0, 1))
    assert read(device, before, after)[1] == []


def test_a_port_is_dated_across_a_wrap(device: Any) -> None:
    """It changed 30 s before the wrap, and is seen 50 s after it."""
    told = read(device, {"uptime": WRAP + 50.0, "interfaces": ports(ether1=(2, WRAP - 30.0))})
    assert ("port_down", -80.0, "ether1") in told[0]


@pytest.mark.parametrize(
    ("lights", "shown"),
    [
        ([(-10, -25), (-10, -25)], [[], []]),
        ([(-10, -25), (-26, -25), (-10, -25)], [[], [("light_lost", 0.0)], [("light_back", 120.0)]]),
        ([(-10, -25), (None, -25)], [[], [("light_lost", 0.0)]]),
        ([(-10, None), (-13, None)], [[], [("light_fading", 0.0)]]),
        ([(-10, None), (-12.9, None)], [[], []]),
        # Little by little: against what it had when all was well.
        ([(-10, -25), (-12, -25), (-14, -25)], [[], [], [("light_fading", 60.0)]]),
        (
            [(-10, -25), (-14, -25), (-26, -25), (-14, -25), (-10, -25)],
            [
                [],
                [("light_fading", 0.0)],
                [("light_lost", 60.0)],
                [("light_fading", 120.0)],
                [("light_back", 240.0)],
            ],
        ),
        # A port that never had any has lost none.
        ([(None, -25), (None, -25)], [[], []]),
        ([(None, -25), (-10, -25), (None, -25)], [[], [], [("light_lost", 60.0)]]),
    ],
)
def test_light(device: Any, lights: Any, shown: Any) -> None:
    told = read(device, *(light("sfp1", *each) for each in lights))
    assert [[(k, s) for k, s, _ in poll if k.startswith("light")] for poll in told] == shown


@pytest.mark.parametrize(
    ("looks", "shown"),
    [
        # The first look tells how it is: what was told before a restart of ours ends there.
        ([ups(3)], [[("mains_back", 0.0, "")]]),
        ([ups(5, 40)], [[("mains_lost", -40.0, "")]]),
        (
            [ups(3), ups(5, 20), ups(5, 80), ups(3)],
            [None, [("mains_lost", 40.0, "")], [], [("mains_back", 180.0, "")]],
        ),
        # It was on battery between two polls: it counts those times.
        (
            [ups(3, bads=1), ups(3, bads=2)],
            [None, [("mains_lost", 0.0, "between two polls"), ("mains_back", 60.0, "")]],
        ),
        ([ups(3, bads=2), ups(3, bads=0)], [None, []]),
        ([ups(3), {"scalars": ()}], [None, []]),
        ([ups(5, 40), None, ups(3)], [[("mains_lost", -40.0, "")], [], [("mains_back", 120.0, "")]]),
    ],
)
def test_mains(device: Any, looks: Any, shown: Any) -> None:
    told = read(device, *looks)
    for found, expected in zip(told, shown, strict=True):
        if expected is not None:
            assert [each for each in found if each[0].startswith("mains")] == expected


def test_nothing_of_another_device_is_held_against_the_one_that_answers_now(device: Any) -> None:
    """Its ports are new, its light is what it has, and it was never on battery."""
    before = named("a") | light("sfp1", -10, -25) | {"interfaces": ports(ether1=(1, 0))}
    after = named("b") | light("sfp1", -20, -25) | {"interfaces": ports(ether1=(1, 0))}
    kinds = [kind for kind, *_ in read(device, before, after)[1]]
    assert kinds == ["identity", "booted", "answered"]


def test_whoever_is_asked_tells_at_the_next_poll_that_it_was_answered(device: Any) -> None:
    reader = SignReader()
    polls = [Observation("gw", 60.0 * n, Outcome.ANSWERED, 0.1, uptime=60.0 * n) for n in range(4)]
    found = []
    for place, poll in enumerate(polls):
        if place == 2:
            reader.ask("gw")
        found.append([sign.kind.value for sign in reader.read(device(), poll)])
    assert found == [["booted", "answered"], [], ["booted", "answered"], []]
    reader.keep(())
    assert [sign.kind.value for sign in reader.read(device(), polls[3])] == ["booted", "answered"]


def lanes(*received: float | None) -> dict[str, Any]:
    """Light of one port, lane by lane, each with an alarm at -20 dBm."""
    return {"light": tuple(Light("sfp1", each, -20.0, lane=str(n)) for n, each in enumerate(received))}


@pytest.mark.parametrize(
    ("polls", "kinds"),
    [
        ([(-5.0, -5.0), (-5.0, None)], ["light_lost"]),
        ([(-5.0, -5.0), (-21.0, -5.0)], ["light_lost"]),
        ([(-5.0, -5.0), (-5.0, -9.0)], ["light_fading"]),
        ([(-5.0, -5.0), (-9.0, None)], ["light_lost"]),
        ([(-5.0, -5.0), (-5.0, None), (None, None)], ["light_lost"]),
        ([(-5.0, -5.0), (None, None), (-5.0, None), (-5.0, -5.0)], ["light_lost", "light_back"]),
        ([(-5.0, -12.0), (-5.0, -12.5)], []),
        ([(-5.0, None), (-5.0, None)], []),
    ],
)
def test_a_port_is_as_its_worst_lane(
    device: Any, polls: list[tuple[float | None, ...]], kinds: list[str]
) -> None:
    """Each lane is compared with what it had itself; one that never had light has lost none."""
    found = read(device, *(lanes(*poll) for poll in polls))
    assert [kind for poll in found for kind, _, detail in poll if detail == "sfp1"] == kinds


def test_a_ups_that_does_not_tell_of_mains_shows_nothing(device: Any) -> None:
    """Nor does it end what was told before."""
    found = read(device, ups(5), {"uptime": None, "mains": Mains(charge=0.5)}, ups(5))
    kinds = [kind for poll in found for kind, _, _ in poll]
    assert kinds.count("mains_lost") == 1
    assert "mains_back" not in kinds
