"""What goes wrong on this host is never the device's fault: it is invalid, or good without a time."""

from __future__ import annotations

import errno
import itertools
import math
from typing import Any

import pytest

from netwatch.model.outcome import SlotResult

GOOD, LOST, UNREACHABLE, INVALID = SlotResult

TICK = 0.020


def test_a_failure_ends_and_the_line_is_good_again(world: Any) -> None:
    world.ask(world.line(1))
    world.run(5)
    world.socket.failing = lambda _: errno.ENETUNREACH
    world.run(5)
    world.socket.failing = lambda _: 0
    world.run(5)
    results = world.results(1)
    assert results.count(INVALID) == pytest.approx(5, abs=1)
    assert results[:3] == results[-3:] == [GOOD] * 3
    assert set(results) == {GOOD, INVALID}


def test_an_invalid_slot_is_told_in_the_tick_it_was_due(world: Any) -> None:
    world.socket.failing = lambda _: errno.ENOBUFS
    world.ask(world.line(1))
    world.run(10)
    assert all(0 <= end.at - end.due <= 2 * TICK for end in world.ends)


@pytest.mark.parametrize("in_a_row", [2, 3])
def test_several_icmp_errors_in_a_row_harm_nobody(world: Any, in_a_row: int) -> None:
    """Errors come by the hundred where a router lost what lies behind it, also between two attempts."""
    world.ask(*(world.line(number) for number in range(50)))
    world.run(5)
    world.socket.pending = [errno.EHOSTUNREACH] * in_a_row
    world.run(5)
    assert {end.result for end in world.ends} == {GOOD}
    assert world.engine.failures == {}


def test_a_kernel_stamp_read_late_still_gives_the_true_round_trip(world: Any) -> None:
    """The loop is hogged 15 ms of every 20, and once for 700 ms while an echo is under way."""
    world.ask(*(world.line(number) for number in range(50)))
    for _ in range(200):
        world.run(0.005)
        world.time.stall(0.015)
    world.time.stall(0.7)
    world.run(3)
    assert {end.result for end in world.ends} == {GOOD}
    assert all(end.rtt == pytest.approx(world.FAR, abs=2e-6) for end in world.ends)


def test_a_reply_that_came_during_a_stall_is_good_and_one_that_came_too_late_is_not(world: Any) -> None:
    """The kernel noted when they came: being slow to read ends nothing."""
    world.socket.hosts[world.host(1)] = world.answering(0.6)
    world.socket.hosts[world.host(2)] = world.answering(1.4)
    world.ask(world.line(1), world.line(2))
    for _ in range(10):
        world.run(1)
        world.time.stall(3)
    world.run(3)
    assert set(world.results(1)) == {GOOD, INVALID}
    assert set(world.results(2)) == {LOST, INVALID}
    assert all(stray.late for stray in world.strays)


def test_ten_thousand_lines_take_no_more_than_their_share_a_tick(world: Any) -> None:
    """After a stall of 0.9 s there is no burst: 200 are due in a tick, four times that are sent at most."""
    world.ask(*(world.line(number) for number in range(10_000)))
    world.run(2)
    world.time.stall(0.9)
    before = len(world.socket.sent)
    sent_until = [before]  # as each tick begins
    world.socket.reading = lambda: sent_until.append(len(world.socket.sent))
    world.run(3.5)
    shares = [later - earlier for earlier, later in itertools.pairwise(sent_until)]
    assert max(shares) == 804
    assert shares.count(804) <= 16, "and soon nothing is left to catch up with"
    assert len(world.socket.sent) - before == pytest.approx(10_000 * 4.4, rel=0.05)
    assert {end.result for end in world.ends} == {GOOD}


def test_ten_thousand_replies_that_wait_are_read_over_several_ticks_before_any_is_lost(world: Any) -> None:
    world.socket.hosts = {world.host(number): world.answering(0.5) for number in range(10_000)}
    world.ask(*(world.line(number) for number in range(10_000)))
    world.run(1.2)
    world.time.stall(1.5)
    world.run(4)
    assert {end.result for end in world.ends} == {GOOD, INVALID}
    assert all(end.rtt == pytest.approx(0.5, abs=2e-6) for end in world.ends if end.result is GOOD)


@pytest.mark.parametrize("by", [3600.0, 1.5, -1.5, -3600.0])
def test_a_step_of_the_wall_clock_between_look_and_read_loses_nothing(world: Any, by: float) -> None:
    """The engine has just compared the clocks when one is set and a reply comes in."""
    world.socket.hosts[world.host(1)] = world.answering(0.5)
    world.ask(world.line(1))
    world.run(5)
    while world.socket.sent[-1].at + 0.3 > world.time.now or world.socket.sent[-1].at + 0.4 < world.time.now:
        world.run(0.01)
    echo = world.socket.sent[-1]

    def step_once() -> None:
        if world.time.now > echo.at + 0.45:
            world.socket.reading = lambda: None
            world.time.set_wall(by)
            world.socket.deliver(world.time.now, echo.to, world.reply_to(echo.message))

    world.socket.reading = step_once
    world.run(5)
    assert set(world.results(1)) == {GOOD}
    assert [math.isnan(end.rtt) for end in world.of(1)].count(True) <= 1
    assert not any(stray.late for stray in world.strays)


def test_replies_without_a_stamp_are_good_without_a_time(world: Any) -> None:
    world.time.stamp = lambda _: (math.nan, math.nan)
    world.ask(world.line(1))
    world.run(5)
    assert set(world.results(1)) == {GOOD}
    assert all(math.isnan(end.rtt) for end in world.ends)


def test_a_slow_system_call_gives_no_time_rather_than_a_wrong_one(world: Any) -> None:
    """Within a batch that took long nobody knows when an echo left."""
    world.socket.slow = 0.0005
    world.ask(*(world.line(number) for number in range(300)))
    world.run(10)
    assert {end.result for end in world.ends} == {GOOD}
    assert all(math.isnan(end.rtt) or abs(end.rtt - world.FAR) <= 0.001 for end in world.ends)
    timed = sum(not math.isnan(end.rtt) for end in world.ends)
    assert timed > len(world.ends) / 4, "smaller batches tell again"


def test_what_the_receive_buffer_dropped_is_invalid_not_lost(world: Any) -> None:
    world.socket.hosts[world.host(3)] = world.answering()
    world.ask(*(world.line(number) for number in range(100)))
    world.run(3)
    world.socket.room = 2
    world.time.stall(0.9)
    world.run(0.1)
    world.socket.room = 10_000
    world.run(4)
    answering = [end.result for end in world.ends if end.line != 3]
    assert world.engine.drops > 0
    assert world.engine.drops == world.socket.drops
    assert INVALID in answering
    assert LOST not in answering
    assert set(world.results(3)) == {LOST, INVALID}, "a silent line is lost again once the buffer suffices"
    assert world.results(3)[-1] is LOST


def test_a_drop_invalidates_no_slot_that_was_sent_after_it(world: Any) -> None:
    world.socket.hosts[world.host(1)] = world.answering()
    world.ask(world.line(1))
    world.run(5)
    world.socket.drops += 1
    at = world.time.now
    world.run(5)
    for end in world.of(1):
        assert end.result is (INVALID if end.due <= at + TICK and end.due > at - 1 - 2 * TICK else LOST)


def test_a_reply_that_was_read_is_good_whatever_was_dropped(world: Any) -> None:
    world.ask(world.line(1))
    for _ in range(100):
        world.socket.drops += 1
        world.run(0.05)
    assert set(world.results(1)) == {GOOD}


@pytest.mark.parametrize(
    "name", ["EAGAIN", "ENOBUFS", "ENOMEM", "EMFILE", "ENFILE", "ENETUNREACH", "EPERM", "EINVAL"]
)
def test_whatever_keeps_an_echo_from_being_sent_makes_its_slot_invalid(world: Any, name: str) -> None:
    world.ask(*(world.line(number) for number in range(20)))
    world.run(3)
    world.socket.failing = lambda _: getattr(errno, name)
    world.run(3)
    world.socket.failing = lambda _: 0
    world.run(3)
    assert {end.result for end in world.ends} == {GOOD, INVALID}
    assert dict(world.engine.failures) == {name: sum(end.result is INVALID for end in world.ends)}


@pytest.mark.parametrize("seconds", [0.5, 3.0, 20.0])
def test_a_stall_makes_slots_missed_never_lost(world: Any, seconds: float) -> None:
    """Echoes were under way as it began, and their replies came meanwhile. Every slot of the time is told."""
    world.socket.hosts = {world.host(number): world.answering(0.4) for number in range(100)}
    world.ask(*(world.line(number) for number in range(100)))
    world.run(3)
    world.time.stall(seconds)
    world.run(4)
    assert {end.result for end in world.ends} == ({GOOD} if seconds < 1 else {GOOD, INVALID})
    assert world.engine.failures["missed"] == sum(end.result is INVALID for end in world.ends)
    for dues in world.dues().values():
        assert [round(later - earlier, 6) for earlier, later in itertools.pairwise(dues)] == [1.0] * (
            len(dues) - 1
        )


@pytest.mark.parametrize("seconds", [0.5, 3.0, 20.0])
def test_a_stall_in_the_middle_of_sending_loses_nothing(world: Any, seconds: float) -> None:
    """The process is stopped between the clock and the call, or within it."""
    world.ask(*(world.line(number) for number in range(100)))
    world.run(3)
    stalls = iter([seconds])

    def stall_once(_: bytes) -> int:
        world.time.stall(next(stalls, 0.0))
        return 0

    world.socket.failing = stall_once
    world.run(0.1)
    world.run(5)
    assert {end.result for end in world.ends} <= {GOOD, INVALID}
    assert world.results(1)[-1] is GOOD


def test_replies_that_had_no_room_while_the_process_was_stopped_are_invalid(world: Any) -> None:
    """Stopped for twenty seconds as all replies are on their way, with room for a few of them."""
    world.socket.hosts = {world.host(number): world.answering(0.5) for number in range(100)}
    world.ask(*(world.line(number) for number in range(100)))
    world.run(3)
    world.socket.room = 5
    world.time.stall(20)
    world.run(0.1)
    world.socket.room = 10_000
    world.run(4)
    assert world.engine.drops > 0
    assert {end.result for end in world.ends} == {GOOD, INVALID}
