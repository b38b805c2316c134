"""When a trace is taken, and when not."""

from __future__ import annotations

import asyncio
import errno
import logging
import random
from typing import TYPE_CHECKING, Any

from netwatch.model.trace import Hop, Trace
from netwatch.polling.tracer import Limits, Tracer, Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest

LIMITS = Limits()
HOPS = (Hop(1, "198.18.1.1", 0.01), Hop(3, "198.18.1.3", 0.02))


def asked(turns: Turns, count: int, now: float = 0.0) -> int:
    return sum(turns.ask(f"gw-{now}-{number}", "198.18.0.1", now) for number in range(count))


def begun(turns: Turns, now: float) -> int:
    count = 0
    while turns.begin(now) is not None:
        count += 1
    return count


def test_one_device_is_traced_once_in_ten_minutes() -> None:
    turns = Turns(LIMITS)
    assert turns.ask("gw", "198.18.0.1", 0.0)
    assert not turns.ask("gw", "198.18.0.1", 599.0)
    assert turns.ask("gw", "198.18.0.1", 600.0)


def test_few_are_under_way_at_once_and_one_that_ends_lets_the_next_begin() -> None:
    turns = Turns(LIMITS)
    asked(turns, 10)
    assert begun(turns, 0.0) == LIMITS.at_once
    turns.end()
    assert begun(turns, 1.0) == 1


def test_a_minute_sees_no_more_than_its_share() -> None:
    turns = Turns(Limits(at_once=1000))
    asked(turns, 60)
    assert begun(turns, 0.0) == LIMITS.a_minute
    asked(turns, 60, 50.0)
    assert begun(turns, 50.0) == 0
    assert turns.pause(50.0) == 10.0
    assert begun(turns, 60.0) == LIMITS.a_minute


def test_the_queue_is_bounded_and_forgets_what_waited_too_long() -> None:
    turns = Turns(LIMITS)
    assert asked(turns, 1000) == LIMITS.waiting
    assert turns.begin(LIMITS.patience) is None
    assert asked(turns, 1000, LIMITS.patience) == LIMITS.waiting


class World:
    """A tracer whose traces end when the test says so."""

    epoch = 1_800_000_000.0

    def __init__(self, take: Callable[[str, int], tuple[Hop, ...]], **more: Any) -> None:
        self.now = 1000.0
        self.traces: list[Trace] = []
        self.gate = asyncio.Event()
        self.gate.set()
        parts: Any = (asyncio.get_running_loop(), self, random.Random(1), self.run)
        self.tracer = Tracer(*parts, take=take, on_trace=self.traces.append, **more)

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 0.0

    async def run(self, work: Callable[[], tuple[Hop, ...]]) -> tuple[Hop, ...]:
        await self.gate.wait()
        return work()

    async def settle(self) -> None:
        for _ in range(200):
            await asyncio.sleep(0)


def play(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await story()

    asyncio.run(told())


def test_a_trace_tells_when_it_began_and_who_answered_last() -> None:
    async def story() -> None:
        world = World(lambda *_: HOPS)
        world.gate.clear()
        assert world.tracer.trace("gw", "198.18.0.1")
        await world.settle()
        world.now += 5
        world.gate.set()
        await world.settle()
        assert world.traces == [Trace(world.epoch + 1000, "gw", "198.18.0.1", HOPS)]
        assert world.traces[0].last == "198.18.1.3"
        assert Trace(0.0, "gw", "198.18.0.1").last == ""

    play(story)


def test_a_mass_outage_is_traced_a_few_at_a_time() -> None:
    async def story() -> None:
        world = World(lambda *_: HOPS)
        taken_on = sum(world.tracer.trace(f"gw-{number}", "198.18.0.1") for number in range(1000))
        await world.settle()
        assert taken_on == LIMITS.waiting + LIMITS.at_once
        assert len(world.traces) == LIMITS.a_minute
        world.tracer.close()

    play(story)


def test_no_identifier_is_that_of_the_echo_engine() -> None:
    found: list[int] = []

    def take(_: str, identifier: int) -> tuple[Hop, ...]:
        found.append(identifier)
        return ()

    async def story() -> None:
        world = World(take, foreign=range(1, 65_530), limits=Limits(a_minute=1000))
        for number in range(60):
            world.tracer.trace(f"gw-{number}", "198.18.0.1")
        await world.settle()

    play(story)
    assert len(found) == 60
    assert set(found) <= set(range(65_530, 65_536))


def test_without_the_capability_it_is_said_once_and_never_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried: list[str] = []

    def take(address: str, _: int) -> tuple[Hop, ...]:
        tried.append(address)
        raise PermissionError("a traceroute needs CAP_NET_RAW")

    async def story() -> None:
        world = World(take)
        for number in range(10):
            world.tracer.trace(f"gw-{number}", "198.18.0.1")
        await world.settle()
        assert {trace.problem for trace in world.traces} == {"a traceroute needs CAP_NET_RAW"}
        assert len(world.traces) == 10
        assert len(tried) <= LIMITS.at_once
        assert not world.tracer.trace("gw-new", "198.18.0.1")

    with caplog.at_level(logging.WARNING):
        play(story)
    assert len(caplog.records) == 1


def test_a_host_that_cannot_send_now_may_later() -> None:
    failures: list[OSError] = [OSError(errno.ENETUNREACH, "Network is unreachable")]

    def take(*_: Any) -> tuple[Hop, ...]:
        if failures:
            raise failures.pop()
        return HOPS

    async def story() -> None:
        world = World(take)
        world.tracer.trace("gw-1", "198.18.0.1")
        await world.settle()
        world.tracer.trace("gw-2", "198.18.0.1")
        await world.settle()
        first, second = world.traces
        assert "Network is unreachable" in first.problem
        assert (second.problem, second.hops) == ("", HOPS)

    play(story)


def test_once_closed_nothing_is_handed_on() -> None:
    async def story() -> None:
        world = World(lambda *_: HOPS)
        world.gate.clear()
        world.tracer.trace("gw", "198.18.0.1")
        await world.settle()
        world.tracer.close()
        world.gate.set()
        await world.settle()
        assert world.traces == []
        assert not world.tracer.trace("gw-2", "198.18.0.1")

    play(story)
