"""The truth follows from what the script did, by the definitions in `netwatch.lab.world.truth`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Played

    from netwatch.lab.world.truth import Truth

POWER, RESTART, LINK, ACCESS = Cause.POWER, Cause.RESTART, Cause.LINK, Cause.ACCESS
UPSTREAM, MAINTENANCE, UNDETERMINED = Cause.UPSTREAM, Cause.MAINTENANCE, Cause.UNDETERMINED
UNIT = "10000"


def outages(truth: Truth, unit: str) -> list[tuple[float, float, Cause, str, bool]]:
    """Start, end, cause, root and sign of a unit's outages."""
    return [
        (
            round(each.start - truth.start, 1),
            round(each.end - truth.start, 1),
            each.cause,
            each.root,
            each.sign,
        )
        for each in truth.outages
        if each.unit == unit
    ]


@pytest.mark.parametrize(
    ("step", "end", "cause", "sign"),
    [
        ("fault: fibre-cut, on: gw-tan-0", 200, LINK, True),
        ("fault: fibre-cut, on: gw-tan-1", 200, ACCESS, True),
        ("fault: fibre-cut, on: gw-tan-3", 200, ACCESS, True),
        ("fault: port-down, on: gw-tan-0", 200, LINK, True),
        ("fault: port-down, on: gw-tan-1", 200, LINK, True),
        ("fault: ont-off, on: gw-tan-1", 200, LINK, True),
        ("fault: ont-off, on: gw-tan-5", 200, LINK, True),
        ("fault: power-cut, on: gw-tan-0", 210, POWER, False),
        ("fault: power-cut, on: gw-tan-1", 210, POWER, False),
        ("fault: power-cut, on: gw-tan-3", 200, POWER, True),
        ("fault: power-cut, on: gw-tan-4", 210, POWER, False),
        ("fault: hang, on: gw-tan-0", 210, UNDETERMINED, False),
        ("fault: hang, on: gw-tan-4", 210, UNDETERMINED, False),
    ],
)
def test_what_takes_a_unit_down_and_why(
    play: Callable[..., Played], step: str, end: float, cause: Cause, *, sign: bool
) -> None:
    truth = play(f"{{at: 100s, {step}, until: 200s}}").truth(400)
    unit = f"1000{step[-1]}"
    assert outages(truth, unit) == [(100, end, cause, "", sign)]
    assert [(span.start - truth.start, span.up, span.observable) for span in truth.units[unit]] == [
        (0, True, True),
        (100, False, True),
        (end, True, True),
    ]
    assert {each.unit for each in truth.outages} == {unit}


@pytest.mark.parametrize(
    "step",
    [
        "fault: power-cut, on: gw-tan-2",
        "fault: power-cut, on: gw-tan-5",
        "fault: fibre-cut, on: gw-tan-4",
        "fault: backup-down, on: gw-tan-4",
        "fault: silent, to: echo, on: gw-tan-0",
        "fault: silent, to: snmp, on: gw-tan-0",
        "fault: delay, by: 3s, on: gw-tan-0",
        "fault: loss, share: 40%, on: gw-tan-0",
        "fault: replaced, on: gw-tan-0",
        "fault: hang, on: sw-tan-0",
        "fault: port-down, port: ether2, on: gw-tan-0",
        "fault: light-fading, rate: 60, on: gw-tan-0",
        "fault: hang, on: area-huyen-0-b",
        "fault: silent, on: core",
        "fault: hang, on: [vnpt-handoff-a, viettel-handoff-b]",
        "fault: tells-unreachable, on: core",
    ],
)
def test_what_does_not(play: Callable[..., Played], step: str) -> None:
    truth = play(f"{{at: 100s, {step}, until: 200s}}").truth(400)
    assert truth.outages == ()
    assert all([span.up for span in spans] == [True] for spans in truth.units.values())
    assert all(spans[0].observable for spans in truth.units.values())


@pytest.mark.parametrize(
    ("step", "blind"),
    [
        ("fault: way-out-cut", range(24)),
        ("fault: cannot-send", range(24)),
        ("fault: hang, on: noc-gateway", range(24)),
        ("fault: way-out-cut, carrier: vnpt", range(0, 24, 3)),
        ("fault: hang, on: [fpt-handoff-a, fpt-handoff-b]", range(2, 24, 3)),
        ("fault: silent, on: [gw-tan-0, sw-tan-0]", [0]),
    ],
)
def test_what_nobody_could_have_seen(
    play: Callable[..., Played], step: str, blind: range | list[int]
) -> None:
    truth = play(f"{{at: 100s, {step}, until: 200s}}").truth(150)
    assert truth.outages == ()
    unseen = [unit for unit in truth.units if not truth.at(unit, truth.start + 120).observable]
    assert unseen == [str(10000 + i) for i in blind]
    assert all(truth.at(unit, truth.start + 120).up for unit in truth.units)


def test_a_gateway_that_answers_no_echo_is_out_of_sight_once_its_switch_is_gone(
    play: Callable[..., Played],
) -> None:
    truth = play(
        "{at: 100s, fault: silent, to: echo, on: gw-tan-0}", "{at: 200s, fault: hang, on: sw-tan-0}"
    ).truth(300)
    assert [(span.start - truth.start, span.up, span.observable) for span in truth.units[UNIT]] == [
        (0, True, True),
        (200, True, False),
    ]


@pytest.mark.parametrize(
    ("off", "end"),
    [("10s", 110), ("29s", 129), ("3m", 280)],
)
def test_a_reboot_is_a_restart_however_long_it_takes(
    play: Callable[..., Played], off: str, end: float
) -> None:
    truth = play(f"{{at: 100s, fault: reboot, off: {off}, on: gw-tan-0}}").truth(400)
    assert outages(truth, UNIT) == [(100, end, RESTART, "", True)]


def test_a_unit_goes_down_when_its_battery_is_empty(play: Callable[..., Played]) -> None:
    truth = play("{at: 100s, fault: power-cut, battery: 2m, on: gw-tan-5, until: 400s}").truth(600)
    assert outages(truth, "10005") == [(220, 410, POWER, "", True)]


def test_fading_light_is_an_outage_from_the_moment_the_receiver_loses_it(play: Callable[..., Played]) -> None:
    played = play("{at: 100s, fault: light-fading, rate: 600, on: [gw-tan-0, gw-tan-1], until: 300s}")
    truth = played.truth(400)
    found = [outages(truth, unit)[0] for unit in ("10000", "10001")]
    assert [(end, cause, sign) for _, end, cause, _, sign in found] == [
        (300, LINK, True),
        (300, ACCESS, True),
    ]
    assert all(136 < start < 185 for start, *_ in found), "6 to 14 dB at 10 dB a minute"


def test_the_last_line_to_fail_is_the_cause(play: Callable[..., Played]) -> None:
    truth = play(
        "{at: 100s, fault: fibre-cut, on: gw-tan-6, until: 400s}",
        "{at: 200s, fault: backup-down, on: gw-tan-6, until: 500s}",
        "{at: 100s, fault: backup-down, on: gw-tan-14, until: 500s}",
        "{at: 200s, fault: fibre-cut, on: gw-tan-14, until: 400s}",
    ).truth(600)
    assert outages(truth, "10006") == [(200, 400, LINK, "", True)]
    assert outages(truth, "10014") == [(200, 400, ACCESS, "", True)]


# -- parents


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        pytest.param(
            ["{at: 100s, fault: power-cut, on: area-huyen-1, until: 200s}"],
            [(100, 210, UPSTREAM, "area-huyen-1", True)],
            id="the only router",
        ),
        pytest.param(
            ["{at: 100s, fault: hang, on: core, until: 200s}"],
            [(100, 210, UPSTREAM, "core", True)],
            id="the core",
        ),
        pytest.param(
            [
                "{at: 100s, fault: hang, on: area-huyen-1, until: 300s}",
                "{at: 150s, fault: hang, on: core, until: 200s}",
            ],
            [(100, 310, UPSTREAM, "area-huyen-1", True)],
            id="the router before the core: the first break decides",
        ),
        pytest.param(
            [
                "{at: 100s, fault: fibre-cut, on: gw-tan-8, until: 300s}",
                "{at: 150s, fault: hang, on: area-huyen-1, until: 200s}",
            ],
            [(100, 300, LINK, "", True)],
            id="its own before the router",
        ),
        pytest.param(
            [
                "{at: 100s, fault: fibre-cut, on: gw-tan-8, until: 150s}",
                "{at: 120s, fault: hang, on: area-huyen-1, until: 200s}",
            ],
            [(100, 210, LINK, "", True)],
            id="its own, which ended within the router's",
        ),
        pytest.param(
            [
                "{at: 100s, fault: fibre-cut, on: gw-tan-8, until: 300s}",
                "{at: 100s, fault: hang, on: area-huyen-1, until: 200s}",
            ],
            [(100, 210, UPSTREAM, "area-huyen-1", True), (210, 300, LINK, "", True)],
            id="both at once",
        ),
        pytest.param(
            [
                "{at: 100s, fault: hang, on: area-huyen-1, until: 200s}",
                "{at: 150s, fault: fibre-cut, on: gw-tan-8, until: 269s}",
            ],
            [(100, 269, UPSTREAM, "area-huyen-1", True)],
            id="up within 60 s of its parent",
        ),
        pytest.param(
            [
                "{at: 100s, fault: hang, on: area-huyen-1, until: 200s}",
                "{at: 150s, fault: fibre-cut, on: gw-tan-8, until: 270s}",
            ],
            [(100, 210, UPSTREAM, "area-huyen-1", True), (210, 270, LINK, "", True)],
            id="down 60 s after its parent has returned",
        ),
        pytest.param(
            [
                "{at: 100s, fault: hang, on: area-huyen-1, until: 200s}",
                "{at: 150s, fault: fibre-cut, on: gw-tan-8, until: 500s}",
                "{at: 240s, fault: hang, on: area-huyen-1, until: 300s}",
            ],
            [(100, 310, UPSTREAM, "area-huyen-1", True), (310, 500, LINK, "", True)],
            id="its parent fails again within the grace",
        ),
        pytest.param(
            [
                "{at: 100s, fault: hang, on: area-huyen-1, until: 200s}",
                "{at: 150s, fault: fibre-cut, on: gw-tan-8, until: 500s}",
                "{at: 300s, fault: hang, on: area-huyen-1, until: 350s}",
            ],
            [(100, 210, UPSTREAM, "area-huyen-1", True), (210, 500, LINK, "", True)],
            id="its parent fails again after it",
        ),
    ],
)
def test_whose_outage_it_is(
    play: Callable[..., Played], steps: list[str], found: list[tuple[object]]
) -> None:
    assert outages(play(*steps).truth(600), "10008") == found


def test_of_two_parents_the_last_to_fail_is_the_root(play: Callable[..., Played]) -> None:
    truth = play(
        "{at: 100s, fault: hang, on: area-huyen-0-b, until: 300s}",
        "{at: 150s, fault: hang, on: area-huyen-0, until: 400s}",
    ).truth(600)
    assert [outages(truth, str(10000 + i)) for i in range(9)] == [
        *[[(150, 310, UPSTREAM, "area-huyen-0", True)]] * 8,
        [],
    ]
    assert {each.roots for each in truth.outages} == {("area-huyen-0", "area-huyen-0-b")}


# -- windows


@pytest.mark.parametrize(
    ("announcement", "cause"),
    [
        ("{at: 10s, announce: work, from: 90s, to: 3m, on: gw-tan-0}", MAINTENANCE),
        ("{at: 90s, announce: work, from: 90s, to: 3m, on: gw-tan-0}", MAINTENANCE),
        ("{at: 95s, announce: work, from: 90s, to: 3m, on: gw-tan-0}", LINK),
        ("{at: 10s, announce: work, from: 110s, to: 3m, on: gw-tan-0}", LINK),
        ("{at: 10s, announce: work, from: 50s, to: 100s, on: gw-tan-0}", LINK),
        ("{at: 10s, announce: work, from: 90s, to: 105s, on: gw-tan-0}", MAINTENANCE),
        ("{at: 10s, announce: work, from: 90s, to: 3m, on: gw-tan-8}", LINK),
    ],
)
def test_work_that_was_announced_before_its_window_explains_what_begins_in_it(
    play: Callable[..., Played], announcement: str, cause: Cause
) -> None:
    truth = play(announcement, "{at: 100s, fault: fibre-cut, on: gw-tan-0, until: 200s}").truth(300)
    assert outages(truth, UNIT) == [(100, 200, cause, "", True)]


def test_a_dead_parents_window_explains_nothing_below_it(play: Callable[..., Played]) -> None:
    truth = play(
        "{at: 10s, announce: work, from: 90s, to: 5m, on: [area-huyen-1, gw-tan-8]}",
        "{at: 100s, fault: reboot, off: 2m, on: area-huyen-1}",
    ).truth(300)
    assert outages(truth, "10008") == [(100, 220, UPSTREAM, "area-huyen-1", True)]


# -- the whole


def test_what_began_out_of_sight_is_told(play: Callable[..., Played]) -> None:
    truth = play(
        "{at: 100s, fault: way-out-cut, until: 200s}",
        "{at: 150s, fault: fibre-cut, on: gw-tan-0, until: 250s}",
        "{at: 210s, fault: fibre-cut, on: gw-tan-2}",
    ).truth(300)
    assert [(each.unit, each.seen, each.lasting) for each in truth.outages] == [
        ("10000", False, False),
        ("10002", True, True),
    ]
    spans = [(s.start - truth.start, s.end - truth.start, s.up, s.observable) for s in truth.units[UNIT]]
    assert spans == [
        (0, 100, True, True),
        (100, 150, True, False),
        (150, 200, False, False),
        (200, 250, False, True),
        (250, 300, True, True),
    ]


def test_every_second_has_a_state(play: Callable[..., Played]) -> None:
    truth = play("{at: 2.5s, fault: fibre-cut, on: gw-tan-0, until: 4s}").truth(6)
    assert [span.up for span in truth.seconds(UNIT)] == [True, True, True, False, True, True]
    for outside in (-0.1, 6.0):
        with pytest.raises(KeyError):
            truth.at(UNIT, truth.start + outside)
