"""A device is up if any of its lines is, a unit if any of its uplink devices is; down takes all of them."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.judgement.composite import combine
from netwatch.model.decision import Subject
from netwatch.model.device import Role
from netwatch.model.state import State


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ("", "unknown"),
        ("up", "up"),
        ("down", "down"),
        ("unknown", "unknown"),
        ("up down", "up"),
        ("up unknown", "up"),
        ("down down", "down"),
        ("down unknown", "unknown"),
        ("down unknown up", "up"),
    ],
)
def test_states_combine(states: str, state: str) -> None:
    assert combine(State(each) for each in states.split()) == state


@pytest.mark.parametrize(
    ("first", "second", "states"),
    [
        ("ggg LLLLL LLLLL", "ggg ggggg LLLLL", [("up", 0.25), ("down", 8.25)]),
        ("ggg LLLLL ggggg", "LLL LLLLL LLLLL", [("up", 0.25), ("down", 3.25), ("up", 8.25)]),
        ("ggg LLLLL", "", [("up", 0.25), ("unknown", 3.25)]),
        ("ggg LLLLL", "iii iiiii", [("up", 0.25), ("unknown", 3.25)]),
        ("LLLLL LLL", "iiiii ggg", [("up", 5.25)]),
        ("LLLLL LLLLL", "iiiii LLLLL", [("down", 5.25)]),
        ("ggg LLLLL ggg", "ggg ggggg LLLLL", [("up", 0.25)]),
    ],
)
def test_two_lines(world: Any, line: Any, device: Any, *, first: str, second: str, states: Any) -> None:
    """Down since the last of them went down; the same for a device of two lines and a unit of two devices."""
    one_device = world([line(0, uplink=0), line(1, uplink=1)])
    two_devices = world([line(0, "gw-a"), line(1, "gw-b")], [device("gw-a"), device("gw-b")])
    for played in (one_device, two_devices):
        played.play({0: first, 1: second})
        assert played.states(Subject.UNIT) == states
    assert one_device.states(Subject.DEVICE) == states


def test_down_is_dated_by_the_last_part_though_the_first_is_known_later(world: Any, line: Any) -> None:
    """The backup, asked every 30 s, is known to be down only long after the main line; it was before."""
    played = world([line(0, uplink=0), line(1, uplink=1, interval=30.0)])
    main = played.slots({0: "g" * 70 + "L" * 120})
    played.phase = 20.0
    played.feed(sorted(main + played.slots({1: "L" * 6})))
    assert played.states()[-1] == ("down", 70.25)


def test_down_is_dated_by_the_last_part_though_it_is_known_first(world: Any, line: Any) -> None:
    """The backup was lost at 110 s, which takes until 231 s to know; the main line went down in between."""
    played = world([line(0, uplink=0), line(1, uplink=1, interval=30.0)])
    main = played.slots({0: "g" * 220 + "L" * 15})
    played.phase = 20.0
    played.feed(sorted(main + played.slots({1: "gggLLLLL"})))
    assert played.states() == [("up", 0.25), ("down", 220.25)]


def test_the_reason_names_the_line(world: Any, line: Any) -> None:
    played = world([line(0, uplink=0), line(1, uplink=1)])
    played.play({0: "LLLLL", 1: "LLLLL"})
    assert played.decisions[-1].why == "gw lte1: 5 echoes in a row were lost"


@pytest.mark.parametrize(
    ("roles", "lines", "deciding"),
    [
        ((Role.UPLINK, Role.SWITCH), (0, 1), [0]),
        ((Role.UPLINK, Role.UPLINK, Role.UPS), (0, 1, 2), [0, 1]),
        ((Role.SWITCH, Role.SERVER), (0, 1), [0, 1]),
        ((Role.UPLINK, Role.SWITCH), (1,), [1]),  # the uplink is not measured
        ((Role.UPLINK,), (), []),
    ],
)
def test_uplink_devices_decide_a_unit_and_all_do_where_none_is_measured(
    world: Any, line: Any, device: Any, *, roles: Any, lines: Any, deciding: list[int]
) -> None:
    played = world(
        [line(number, f"d{number}") for number in lines],
        [device(f"d{number}", role=role) for number, role in enumerate(roles)],
    )
    unit = played.judgement.units["12004"]
    assert [part.key for part in unit.devices] == [f"d{number}" for number in deciding]


def test_a_switch_that_answers_does_not_hide_a_dead_uplink(world: Any, line: Any, device: Any) -> None:
    played = world([line(0, "gw"), line(1, "sw")], [device("gw"), device("sw", role=Role.SWITCH)])
    played.play({0: "L" * 61, 1: "g" * 61})
    assert played.states(Subject.UNIT) == [("down", 0.25)]
    played.tick(152)
    assert played.minutes(Subject.UNIT) == ["down 60/0/60"]
    assert played.minutes(Subject.DEVICE, "sw") == ["up 60/60/0"]


def test_a_device_of_no_unit_has_a_state_of_its_own(world: Any, device: Any) -> None:
    played = world(devices=[device(unit="", role=Role.CORE)])
    played.play("g" * 61)
    assert played.states(Subject.DEVICE) == [("up", 0.25)]
    played.tick(152)
    assert played.minutes(Subject.DEVICE) == ["up 60/60/0"]
    assert played.judgement.units == {}


def test_a_unit_that_nothing_measures_is_unknown_each_minute(world: Any, device: Any) -> None:
    played = world([], [device(echo=False)])
    played.tick(212)
    assert played.minutes(Subject.UNIT) == ["unknown 0/0/0"] * 2
    assert played.minutes(Subject.DEVICE) == ["unknown 0/0/0"] * 2
