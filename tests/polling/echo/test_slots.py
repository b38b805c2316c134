"""Each slot ends exactly once, and as the architecture defines it: good, lost, unreachable or invalid."""

from __future__ import annotations

import errno
import itertools
import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from netwatch.model.outcome import SlotResult

GOOD, LOST, UNREACHABLE, INVALID = SlotResult

TICK = 0.020


@pytest.mark.parametrize(
    ("delay", "result"), [(0.0, GOOD), (0.999, GOOD), (1.001, LOST), (1.5, LOST), (9.0, LOST)]
)
def test_the_timeout_divides_good_from_lost(world: Any, delay: float, result: SlotResult) -> None:
    world.socket.hosts[world.host(1)] = world.answering(delay)
    world.ask(world.line(1))
    world.run(30)
    assert set(world.results(1)) == {result}


def test_a_late_reply_that_comes_twice_is_late_once(world: Any) -> None:
    world.socket.hosts[world.host(1)] = world.answering(2.5, 2.6)
    world.ask(world.line(1))
    world.run(30.0)
    late = sum(stray.late for stray in world.strays)
    assert late == pytest.approx(len(world.strays) / 2, abs=1)


@pytest.mark.parametrize("first", [0, 1, 65_500, 65_534, 65_535])
def test_the_wrap_of_the_sequence_is_not_noticed(make_world: Any, first: int) -> None:
    """16 bits are 18 hours at an echo a second."""
    world = make_world(first=first)
    world.socket.hosts[world.host(1)] = world.answering(0.01, 0.02)
    world.socket.hosts[world.host(2)] = world.answering(1.2)
    world.socket.hosts[world.host(3)] = world.answering()
    world.time.now = 65_536.0 * 20_000 - world.EPOCH - first - 8  # eight rounds before the wrap
    world.ask(*(world.line(number) for number in (1, 2, 3)))
    world.run(30)
    sequences = [echo.sequence for echo in world.socket.sent]
    assert {0, 65_535} <= set(sequences)
    assert [set(world.results(number)) for number in (1, 2, 3)] == [{GOOD}, {LOST}, {LOST}]
    assert {stray.late for stray in world.strays if stray.line == 1} == {False}
    assert {stray.late for stray in world.strays if stray.line == 2} == {True}
    assert set(world.engine.rejected) == {"duplicate", "late"}


def test_two_lines_with_one_address_are_told_apart(world: Any) -> None:
    """A device's own address may be that of its uplink."""
    world.ask(world.line(1), world.line(2, world.address(1)))
    world.run(10)
    assert set(world.results(1)) == set(world.results(2)) == {GOOD}


def test_a_device_that_answers_by_another_head_is_heard(world: Any) -> None:
    """What the fast way learned of a line's replies does not bind the line."""
    world.ask(world.line(1))
    world.run(5)
    world.socket.hosts[world.host(1)] = lambda echo: [
        (0.01, echo.to, world.reply_to(echo.message)[:2] + b"\x12\x34" + echo.message[4:])
    ]
    world.run(5)
    assert set(world.results(1)) == {GOOD}
    assert world.engine.rejected == {}


def test_intervals_of_30_s_beside_1_s(world: Any) -> None:
    world.ask(world.line(1), world.line(2, interval=30.0), world.line(3, interval=0.5))
    world.run(600)
    assert {line: len(dues) for line, dues in world.dues().items()} == {
        1: pytest.approx(600, abs=1),
        2: pytest.approx(20, abs=1),
        3: pytest.approx(1200, abs=1),
    }
    assert {end.result for end in world.ends} == {GOOD}


def test_ipv6_lines_go_through_the_socket_of_ipv6(make_world: Any) -> None:
    world = make_world(versions=(4, 6))
    world.ask(world.line(1), world.line(2, "2001:db8::2"))
    world.run(10)
    assert set(world.results(1)) == set(world.results(2)) == {GOOD}
    assert {echo.message[0] for echo in world.sockets[6].sent} == {128}
    assert world.engine.method == {4: "raw", 6: "raw"}


def test_time_is_only_told_of_good_slots(world: Any) -> None:
    world.socket.hosts[world.host(2)] = world.answering()
    world.ask(world.line(1), world.line(2))
    world.run(10)
    assert all(math.isnan(end.rtt) == (end.result is not GOOD) for end in world.ends)


BEHAVIOUR = st.lists(st.sampled_from((0.0, 0.005, 0.5, 0.99, 1.01, 1.9, 3.0)), max_size=3)
EVENTS = st.one_of(
    st.tuples(st.just("run"), st.floats(0.01, 4)),
    st.tuples(st.just("stall"), st.floats(0.01, 6)),
    st.tuples(st.just("fail"), st.sampled_from((0, errno.ENOBUFS, errno.ENETUNREACH))),
    st.tuples(st.just("wall"), st.floats(-3600, 3600)),
    st.tuples(st.just("room"), st.sampled_from((0, 2, 10_000))),
    st.tuples(st.just("flood"), st.booleans()),
    st.tuples(st.just("reload"), st.integers(0, 3)),
)


def happen(world: Any, lines: list[Any], event: str, value: Any) -> None:
    """Let one thing go its way, or wrong."""
    match event:
        case "run":
            world.run(value)
        case "stall":
            world.time.stall(value)
        case "fail":
            world.socket.failing = lambda _: value
        case "wall":
            world.time.set_wall(value)
        case "room":
            world.socket.room = value
        case "flood":
            world.socket.flood = value
        case "reload":
            world.engine.set_lines([*lines, *(world.line(100 + number) for number in range(value))])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(BEHAVIOUR, min_size=1, max_size=6),
    st.sampled_from((0.5, 1.0, 3.0)),
    st.lists(EVENTS, max_size=12),
)
def test_whatever_happens_each_slot_ends_exactly_once(
    make_world: Any, behaviours: list[list[float]], interval: float, events: list[tuple[str, Any]]
) -> None:
    """Stalls, failures, steps of the clock, overflow and reloads: no slot is missing, none is told twice."""
    world = make_world()
    for number, delays in enumerate(behaviours):
        world.socket.hosts[world.host(number)] = world.answering(*delays)
    lines = [world.line(number, interval=interval) for number in range(len(behaviours))]
    begin = world.time.now
    world.ask(*lines)
    for event, value in events:
        happen(world, lines, event, value)
    world.socket.flood = False
    world.run(12)
    for number in range(len(behaviours)):
        dues = [end.due for end in world.of(number)]
        assert dues[0] - begin <= interval + 1e-6
        assert world.time.now - dues[-1] <= interval + 1.0 + 5 * TICK
        steps = [later - earlier for earlier, later in itertools.pairwise(dues)]
        assert steps == pytest.approx([interval] * len(steps), abs=1e-6)
    answered_in_time = {number for number, delays in enumerate(behaviours) if min(delays, default=9) < 1}
    results = Counter((end.line in answered_in_time, end.result) for end in world.ends if end.line < 100)
    assert results[False, GOOD] == 0
    assert results[True, LOST] == results[True, UNREACHABLE] == 0, "only this host failed"
