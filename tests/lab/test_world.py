"""Each fault changes what is answered, at its moment, by exactly those that it concerns."""

from __future__ import annotations

import ipaddress
import random
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.faults import FaultKind, fault
from netwatch.lab.world.answers import EchoAnswer, IcmpError
from netwatch.lab.world.world import World
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Played

    from netwatch.lab.plan.layout import Plan

SYS_NAME = snmp.encode_request(
    b"public", snmp.GET, snmp.REQUEST_IDS[0], snmp.encode_varbind(ber.encode_oid((1, 3, 6, 1, 2, 1, 1, 5, 0)))
)


def test_while_nothing_is_wrong_everybody_answers(play: Callable[..., Played]) -> None:
    played = play()
    for device in played.plan.devices:
        assert played.answers(device.name, 1)
        assert (played.reply(device.name, SYS_NAME, 1) is not None) is (device.ports > 0)
    assert played.answers("4g:10004", 1)
    nobody = ipaddress.ip_address("198.18.200.1").packed
    assert played.world.echo(nobody, played.world.start + 1) == EchoAnswer()
    assert played.world.snmp(nobody, SYS_NAME, played.world.start + 1) is None


EVERYBODY_ELSE = ("core", "noc-gateway", "fpt-handoff-a", "gw-tan-20", "sw-tan-20")
"""Who is never concerned by what happens to the first units, unless it happens to all."""


@pytest.mark.parametrize(
    ("step", "silent", "heard"),
    [
        ("fault: fibre-cut, on: gw-tan-0", "gw-tan-0 sw-tan-0", "area-huyen-0 gw-tan-1"),
        ("fault: fibre-cut, on: gw-tan-4", "gw-tan-4 sw-tan-4", "4g:10004"),
        ("fault: backup-down, on: gw-tan-4", "4g:10004", "gw-tan-4 sw-tan-4"),
        ("fault: power-cut, on: gw-tan-0", "gw-tan-0 sw-tan-0", "gw-tan-1"),
        ("fault: power-cut, on: gw-tan-2", "sw-tan-2", "gw-tan-2 ups-tan-2"),
        ("fault: power-cut, on: gw-tan-3", "gw-tan-3 sw-tan-3 ups-tan-3", ""),
        ("fault: power-cut, on: gw-tan-5", "sw-tan-5", "gw-tan-5 ups-tan-5"),
        ("fault: power-cut, on: gw-tan-4", "gw-tan-4 4g:10004", ""),
        ("fault: ont-off, on: gw-tan-1", "gw-tan-1 sw-tan-1", ""),
        ("fault: hang, on: gw-tan-0", "gw-tan-0 sw-tan-0", ""),
        ("fault: hang, on: sw-tan-0", "sw-tan-0", "gw-tan-0"),
        ("fault: port-down, on: gw-tan-0", "gw-tan-0", ""),
        ("fault: port-down, port: ether2, on: gw-tan-2", "sw-tan-2", "gw-tan-2 ups-tan-2"),
        ("fault: port-down, port: ether3, on: gw-tan-2", "ups-tan-2", "gw-tan-2 sw-tan-2"),
        ("fault: port-down, port: gi1, on: sw-tan-0", "", "sw-tan-0 gw-tan-0"),
        ("fault: flapping, period: 20s, down: 10s, on: gw-tan-0", "gw-tan-0 sw-tan-0", ""),
        ("fault: silent, to: echo, on: gw-tan-0", "gw-tan-0", "sw-tan-0"),
        ("fault: silent, to: snmp, on: gw-tan-0", "", "gw-tan-0"),
        ("fault: hang, on: area-huyen-0", "area-huyen-0", "area-huyen-0-b gw-tan-0"),
        ("fault: hang, on: [area-huyen-0, area-huyen-0-b]", "gw-tan-0 sw-tan-7 4g:10004", "gw-tan-8"),
        ("fault: hang, on: area-huyen-1", "gw-tan-8 4g:10012", "area-huyen-0"),
        ("fault: silent, on: area-huyen-1", "area-huyen-1", "gw-tan-8 sw-tan-8"),
        ("fault: hang, on: vnpt-handoff-a", "vnpt-handoff-a", "vnpt-handoff-b gw-tan-0"),
        ("fault: hang, on: [vnpt-handoff-a, vnpt-handoff-b]", "gw-tan-0 sw-tan-3", "gw-tan-1 area-huyen-0"),
        ("fault: silent, on: [vnpt-handoff-a, vnpt-handoff-b]", "vnpt-handoff-b", "gw-tan-0"),
        ("fault: way-out-cut, carrier: vnpt", "vnpt-handoff-a gw-tan-0 sw-tan-3", "gw-tan-1 core"),
        ("fault: loss, share: 100%, on: gw-tan-0", "gw-tan-0", "sw-tan-0"),
    ],
)
def test_who_is_silent_then_and_who_is_not(
    play: Callable[..., Played], step: str, silent: str, heard: str
) -> None:
    played = play(f"{{at: 60s, {step}, until: 100s}}")
    names = (silent + " " + heard).split()
    assert [name for name in names if not played.answers(name, 59.9)] == []
    assert [name for name in names if not played.answers(name, 60)] == silent.split()
    assert all(played.answers(name, 60) for name in EVERYBODY_ELSE)
    assert [name for name in names if not played.answers(name, 111)] == [], "all is mended, and booted"


@pytest.mark.parametrize(
    ("step", "heard"),
    [
        ("fault: way-out-cut", ()),
        ("fault: cannot-send", ()),
        ("fault: hang, on: noc-gateway", ()),
        ("fault: silent, on: noc-gateway", ("core", "vnpt-handoff-a", "gw-tan-0")),
        ("fault: hang, on: core", ("noc-gateway", "vnpt-handoff-a")),
        ("fault: silent, on: core", ("noc-gateway", "area-huyen-0", "gw-tan-0", "4g:10004")),
    ],
)
def test_what_stands_at_the_beginning_of_every_way(
    play: Callable[..., Played], step: str, heard: tuple[str, ...]
) -> None:
    played = play(f"{{at: 60s, {step}}}")
    everybody = [*(device.name for device in played.plan.devices), "4g:10004"]
    answering = {name for name in everybody if played.answers(name, 61)}
    assert answering.issuperset(heard)
    assert bool(answering) is bool(heard)


def test_snmp_is_reached_by_the_same_ways(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 10s, fault: silent, to: snmp, on: gw-tan-0}",
        "{at: 10s, fault: silent, to: echo, on: gw-tan-1}",
        "{at: 10s, fault: fibre-cut, on: gw-tan-2}",
    )
    told = [played.reply(name, SYS_NAME, 11) is not None for name in ("gw-tan-0", "gw-tan-1", "gw-tan-2")]
    assert told == [False, True, False]


@pytest.mark.parametrize(
    ("off", "answers"),
    [(9.9, False), (10.1, True)],
)
def test_power_that_is_back_takes_ten_seconds_to_be_of_use(
    play: Callable[..., Played], off: float, *, answers: bool
) -> None:
    played = play("{at: 60s, fault: power-cut, on: gw-tan-0, until: 5m}")
    assert played.answers("gw-tan-0", 300 + off) is answers


@pytest.mark.parametrize(("at", "answers"), [(99.9, True), (100, False), (124.9, False), (125, True)])
def test_a_reboot_takes_what_it_takes(play: Callable[..., Played], at: float, *, answers: bool) -> None:
    played = play("{at: 100s, fault: reboot, off: 25s, on: gw-tan-0}")
    assert played.answers("gw-tan-0", at) is answers


@pytest.mark.parametrize(
    ("name", "at", "answers"),
    [("gw-tan-5", 299.9, True), ("gw-tan-5", 300, False), ("ups-tan-5", 300, False), ("gw-tan-5", 611, True)],
)
def test_a_battery_empties(play: Callable[..., Played], name: str, at: float, *, answers: bool) -> None:
    played = play("{at: 60s, fault: power-cut, battery: 4m, on: gw-tan-5, until: 10m}")
    assert played.answers(name, at) is answers


@pytest.mark.parametrize(
    ("at", "own", "backup"), [(9, True, True), (11, False, True), (31, True, True), (61, False, False)]
)
def test_4g_carries_the_gateways_own_address_once_it_has_taken_over(
    play: Callable[..., Played], at: float, *, own: bool, backup: bool
) -> None:
    played = play(
        "{at: 10s, fault: fibre-cut, on: gw-tan-4}",
        "{at: 30s, fault: backup-takes-over, on: gw-tan-4}",
        "{at: 60s, fault: backup-down, on: gw-tan-4}",
    )
    assert (played.answers("gw-tan-4", at), played.answers("4g:10004", at)) == (own, backup)
    assert played.answers("sw-tan-4", at) is own


def test_a_flapping_fibre_is_dark_for_the_first_part_of_each_period(play: Callable[..., Played]) -> None:
    played = play("{at: 10s, fault: flapping, period: 20s, down: 5s, on: gw-tan-0, until: 65s}")
    dark = [at for at in range(90) if not played.answers("gw-tan-0", at)]
    assert dark == [*range(10, 15), *range(30, 35), *range(50, 55)]


def test_targets_are_struck_one_after_the_other_within_a_time(play: Callable[..., Played]) -> None:
    played = play("{at: 10s, fault: hang, on: {unit: all, every: 6}, within: 8s}")
    names = ("gw-tan-0", "gw-tan-6", "gw-tan-12", "gw-tan-18")
    told = {at: [played.answers(name, at) for name in names].count(False) for at in (9, 10, 12, 15, 16)}
    assert told == {9: 0, 10: 1, 12: 2, 15: 3, 16: 4}


# -- how answers come


@pytest.mark.parametrize(
    ("step", "least", "most", "replies"),
    [
        ("fault: silent, to: snmp", 0.002, 0.01, 1),
        ("fault: delay, by: 3s", 3.002, 3.01, 1),
        ("fault: delay, by: 600ms, jitter: 600ms", 0.602, 1.21, 1),
        ("fault: duplicates, copies: 2", 0.002, 0.012, 3),
    ],
)
def test_how_replies_come(
    play: Callable[..., Played], step: str, least: float, most: float, replies: int
) -> None:
    played = play(f"{{at: 10s, {step}, on: gw-tan-0}}")
    for at in range(20, 220):
        delays = played.delays("gw-tan-0", at)
        assert len(delays) == replies
        assert all(least <= delay <= most for delay in delays)
        assert list(delays) == sorted(set(delays)), "one after the other"


def test_jitter_fills_its_range(play: Callable[..., Played]) -> None:
    played = play("{at: 0s, fault: delay, by: 600ms, jitter: 600ms, on: gw-tan-0}")
    delays = [played.delays("gw-tan-0", at)[0] for at in range(1, 400)]
    assert min(delays) < 0.65
    assert max(delays) > 1.15


def test_losses_come_in_their_share(play: Callable[..., Played]) -> None:
    played = play("{at: 0s, fault: loss, share: 25%, on: gw-tan-0}")
    lost = [played.answers("gw-tan-0", at) for at in range(1, 2001)].count(False)
    assert 400 < lost < 600


def test_replies_that_are_held_back_are_overtaken(play: Callable[..., Played]) -> None:
    played = play("{at: 0s, fault: reordering, share: 30%, by: 2500ms, on: gw-tan-0}")
    arrivals = [at + played.delays("gw-tan-0", at)[0] for at in range(1, 500)]
    held = sum(arrival - at > 2.5 for at, arrival in enumerate(arrivals, start=1))
    assert 100 < held < 200
    assert arrivals != sorted(arrivals)


def test_the_same_seed_gives_the_same_answers(large: Plan) -> None:
    address = ipaddress.ip_address("198.18.16.1").packed
    told = []
    for _ in range(2):
        world = World(large, None, 0.0, random.Random(7))
        world.strike(fault(FaultKind.LOSS, {"share": "0.5"}), ["gw-tan-0"], 0.0)
        told.append([world.echo(address, at) for at in range(50)])
    assert told[0] == told[1]


# -- ICMP errors

ROUTER, ROUTER6 = "198.18.1.1", "2001:2::101"


@pytest.mark.parametrize(
    ("steps", "name", "error"),
    [
        (["fault: hang, on: gw-tan-0"], "gw-tan-0", (ROUTER, 3, 1)),
        (["fault: hang, on: gw-tan-0"], "sw-tan-0", (ROUTER6, 1, 3)),
        (["fault: fibre-cut, on: gw-tan-0"], "gw-tan-0", (ROUTER, 3, 1)),
        (["fault: hang, on: [area-huyen-0, area-huyen-0-b]"], "gw-tan-0", ("198.18.0.3", 3, 1)),
        (["fault: hang, on: sw-tan-1"], "sw-tan-1", None),
        (["fault: hang, on: gw-tan-8"], "gw-tan-8", None),
        (["fault: way-out-cut"], "gw-tan-0", None),
        (["fault: silent, on: gw-tan-0"], "gw-tan-0", None),
        ([], "gw-tan-0", None),
    ],
)
def test_a_router_says_that_it_cannot_reach_what_is_lost_behind_it(
    play: Callable[..., Played], steps: list[str], name: str, error: tuple[str, int, int] | None
) -> None:
    """Only one that was told to, and only about what is lost right behind it."""
    told = "{at: 0s, fault: tells-unreachable, on: [area-huyen-0, core]}"
    played = play(told, *(f"{{at: 10s, {step}}}" for step in steps))
    answer = played.world.echo(played.address(name), played.world.start + 11)
    assert answer.error == played.world.error(played.address(name), played.world.start + 11)
    if error is None:
        assert answer.error is None
    else:
        sender, kind, code = error
        assert answer == EchoAnswer((), IcmpError(ipaddress.ip_address(sender).packed, kind, code, 0.003))


def trace(played: Played, name: str, at: float) -> list[str]:
    """Who says *time exceeded* of hop limits from 1 on, "" for nobody, until the destination answers."""
    found: list[str] = []
    for hop_limit in range(1, 8):
        delays, error = played.world.echo(played.address(name), played.world.start + at, hop_limit)
        if delays:
            return [*found, name]
        assert error is None or (error.type, error.code) in {(11, 0), (3, 0)}
        found.append("" if error is None else str(ipaddress.ip_address(error.sender)))
    while found and not found[-1]:
        found.pop()
    return found


@pytest.mark.parametrize(
    ("step", "name", "hops"),
    [
        ("fault: hang, on: core", "noc-gateway", ["noc-gateway"]),
        (
            "fault: hang, on: gw-tan-1",
            "gw-tan-0",
            ["198.18.0.2", "198.18.0.4", "198.18.0.3", ROUTER, "gw-tan-0"],
        ),
        ("fault: silent, to: echo, on: core", "area-huyen-1", ["198.18.0.2", "", "area-huyen-1"]),
        ("fault: hang, on: gw-tan-0", "gw-tan-0", ["198.18.0.2", "198.18.0.4", "198.18.0.3", ROUTER]),
        (
            "fault: hang, on: area-huyen-0",
            "gw-tan-0",
            ["198.18.0.2", "198.18.0.4", "198.18.0.3", "198.18.1.2", "gw-tan-0"],
        ),
        ("fault: hang, on: core", "gw-tan-0", ["198.18.0.2", "198.18.0.4"]),
        (
            "fault: hang, on: vnpt-handoff-a",
            "gw-tan-0",
            ["198.18.0.2", "198.18.0.5", "198.18.0.3", ROUTER, "gw-tan-0"],
        ),
        ("fault: hang, on: core", "sw-tan-0", ["2001:2::2", "2001:2::4"]),
        ("fault: way-out-cut", "gw-tan-0", []),
    ],
)
def test_a_trace_comes_as_far_as_the_way_goes(
    play: Callable[..., Played], step: str, name: str, hops: list[str]
) -> None:
    assert trace(play(f"{{at: 10s, {step}}}"), name, 11) == hops


# -- what is exposed besides


def test_what_the_script_did_is_told_once_and_in_order(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 20s, fault: loss, share: 40%, on: core, until: 30s}",
        "{at: 10s, announce: work, from: 60s, to: 2m, by: an, text: splicing, on: [gw-tan-0, core]}",
        "{at: 25s, fault: clock-step, by: -1h}",
    )
    world, start = played.world, played.world.start
    assert world.next_due() == start + 10
    assert world.advance(start + 5) == ()
    assert played.answers("core", 21) in {True, False}, "asking moves the world, too"
    told = world.advance(start + 40)
    assert [(happening.at - start, happening.text, happening.clock) for happening in told] == [
        (10, "announce work core, 10000", 0),
        (20, "loss share=0.4 core", 0),
        (25, "clock-step by=-3600", -3600),
        (30, "restore loss core", 0),
    ]
    assert world.advance(start + 50) == ()
    assert world.next_due() is None
    assert world.clock_offset == -3600
    (window,) = world.windows
    assert window == told[0].window
    assert (window.announced - start, window.start - start, window.end - start) == (10, 60, 120)
    assert (window.devices, window.units, window.by, window.text) == (("core",), ("10000",), "an", "splicing")


def test_the_pollers_own_failures_are_told(play: Callable[..., Played]) -> None:
    played = play(
        "{at: 10s, fault: cannot-send, until: 20s}",
        "{at: 30s, fault: cannot-send}",
    )
    world, start = played.world, played.world.start
    told = []
    for at in (9, 10, 19, 20, 31):
        world.advance(start + at)
        told.append(world.can_send)
    assert told == [True, False, False, True, False]
    assert world.local_failures == ((start + 10, start + 20), (start + 30, float("inf")))


def test_orders_are_obeyed_while_it_runs(plan: Plan) -> None:
    world = World(plan, None, 0.0, random.Random(1))
    address = ipaddress.ip_address("198.18.16.1").packed
    world.strike(fault(FaultKind.FIBRE_CUT, {}), ["sw-nhu-quynh"], 5.0)
    assert world.echo(address, 5.0) == EchoAnswer()
    assert [each.kind for each in world.faults("gw-nhu-quynh")] == [FaultKind.FIBRE_CUT]
    world.restore(FaultKind.HANG, ["gw-nhu-quynh"], 6.0)
    assert world.echo(address, 6.0) == EchoAnswer()
    world.restore(None, ["gw-nhu-quynh"], 7.0)
    assert world.echo(address, 7.0).delays
    assert [(span.start, span.end, span.up) for span in world.truth().units["12004"]] == [
        (0, 5, True),
        (5, 7, False),
    ]


def test_a_fault_that_strikes_again_takes_the_place_of_the_one_before(plan: Plan) -> None:
    world = World(plan, None, 0.0, random.Random(1))
    for share in ("0.1", "0.2"):
        world.strike(fault(FaultKind.LOSS, {"share": share}), ["core"], 1.0)
    assert [each.seconds("share") for each in world.faults("core")] == [0.2]
    world.restore(FaultKind.LOSS, ["core"], 2.0)
    assert world.faults("core") == ()
    for at in (3.0, 4.0):
        world.strike(fault(FaultKind.CANNOT_SEND, {}), [], at)
    assert world.local_failures == ((3.0, 4.0), (4.0, float("inf")))
