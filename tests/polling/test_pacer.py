from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.polling.pacer import Job, Pacer
from netwatch.polling.schedule import offset

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

EPOCH = 1_800_000_000.0


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only when nothing else is to be done."""

    def __init__(self) -> None:
        self.now = 1000.0
        super().__init__()

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio's own
        if not ready and scheduled:
            self.now = max(self.now, scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]  # asyncio's own


class World:
    """A pacer on a virtual loop, and a diary of what it started."""

    epoch = EPOCH

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.lateness: list[float] = []
        self.started: list[tuple[str, float]] = []
        self.pacer = Pacer(loop, self, self.lateness.append)

    def monotonic(self) -> float:
        return self.loop.now

    def wall(self) -> float:
        return 0.0  # nothing here may depend on it

    def job(self, key: str, interval: float = 60.0, takes: float = 0.0) -> Job:
        """A job that notes when it was started, in steady time."""

        async def run() -> None:
            self.started.append((key, EPOCH + self.loop.now))
            await asyncio.sleep(takes)

        return Job(interval, run)


def play(story: Callable[[World], Coroutine[Any, Any, None]]) -> None:
    """Run a story in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        world = World(loop)

        async def told() -> None:
            try:
                await story(world)
            finally:
                await world.pacer.close()

        runner.run(told())


def test_each_job_starts_once_an_interval_at_its_own_phase() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({f"sw-{n}": world.job(f"sw-{n}") for n in range(50)})
        await asyncio.sleep(180)
        assert len(world.started) == 150
        for key, at in world.started:
            assert at % 60 == pytest.approx(offset(key, 60), abs=0.01)
        assert max(world.lateness) < 0.01
        assert world.pacer.skipped == 0

    play(story)


def test_starts_are_spread_over_the_interval() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({f"sw-{n}": world.job(f"sw-{n}") for n in range(600)})
        await asyncio.sleep(60)
        by_second = [int(at % 60) for _, at in world.started]
        assert max(map(by_second.count, range(60))) < 30

    play(story)


def test_new_jobs_may_come_sooner_than_their_turn_spread_out_and_once() -> None:
    async def story(world: World) -> None:
        jobs = {f"sw-{n}": world.job(f"sw-{n}", 3600.0) for n in range(200)}
        began = EPOCH + world.loop.now
        world.pacer.set_jobs(jobs, first_within=60.0)
        await asyncio.sleep(60.5)
        assert {key for key, _ in world.started} == jobs.keys()
        by_second = [int(at - began) for _, at in world.started]
        assert max(map(by_second.count, range(60))) < 15
        world.started.clear()
        world.pacer.set_jobs(jobs | {"late": world.job("late", 3600.0)}, first_within=60.0)
        await asyncio.sleep(60.5)
        assert [key for key, _ in world.started].count("late") == 1
        assert len(world.started) < 20  # the others had theirs; a few are in their turn
        world.started.clear()
        await asyncio.sleep(3600)
        assert jobs.keys() <= {key for key, _ in world.started}
        assert world.pacer.skipped == 0

    play(story)


def test_a_job_that_overruns_is_not_started_twice_and_its_turns_are_counted() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({"slow": world.job("slow", 10.0, takes=25.0), "quick": world.job("quick", 10.0)})
        await asyncio.sleep(60)
        starts = [at for key, at in world.started if key == "slow"]
        assert [round(b - a) for a, b in itertools.pairwise(starts)] == [30]
        assert len([key for key, _ in world.started if key == "quick"]) == 6
        assert world.pacer.skipped == 4

    play(story)


def test_a_loop_that_was_held_up_starts_each_job_once_and_tells_how_late() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({"sw": world.job("sw", 10.0)})
        await asyncio.sleep(10)
        world.loop.now += 35
        await asyncio.sleep(0.001)
        assert len(world.started) == 2
        assert 20 < world.lateness[-1] <= 35
        assert world.pacer.skipped in {2, 3}

    play(story)


def test_unchanged_jobs_keep_their_turn_and_others_come_and_go() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({"a": world.job("a"), "b": world.job("b"), "c": world.job("c")})
        await asyncio.sleep(60)
        world.started.clear()
        for _ in range(10):  # many reloads within one interval start nothing twice
            world.pacer.set_jobs({"a": world.job("a"), "b": world.job("b", 30.0), "d": world.job("d")})
            await asyncio.sleep(6)
        assert sorted(key for key, _ in world.started) == ["a", "b", "b", "d"]

    play(story)


def test_an_exception_is_logged_once_and_kills_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise RuntimeError("broken")

    async def story(world: World) -> None:
        world.pacer.set_jobs({"broken": Job(10.0, broken), "good": world.job("good", 10.0)})
        await asyncio.sleep(100)
        assert len(world.started) == 10
        assert world.pacer.failed == 10

    with caplog.at_level(logging.ERROR):
        play(story)
    assert [record.getMessage() for record in caplog.records] == ["job broken failed"]


def test_closing_waits_for_what_is_under_way_and_then_cancels_it() -> None:
    ended: list[str] = []

    async def work(name: str, takes: float) -> None:
        try:
            await asyncio.sleep(takes)
        except asyncio.CancelledError:
            name += " cancelled"
            raise
        finally:
            ended.append(name)

    async def story(world: World) -> None:
        world.pacer.set_jobs(
            {"a": Job(10.0, lambda: work("a", 12.0)), "b": Job(10.0, lambda: work("b", 500.0))}
        )
        await asyncio.sleep(10)
        before = world.loop.now
        await world.pacer.close(within=5.0)
        assert world.loop.now - before <= 5.1
        assert "b cancelled" in ended
        count = len(world.lateness)
        await asyncio.sleep(100)
        assert len(world.lateness) == count

    play(story)


def test_a_job_may_be_started_out_of_turn_which_moves_no_turn() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({"sw": world.job("sw")})
        due = (offset("sw", 60) - EPOCH - world.loop.now) % 60
        await asyncio.sleep(due + 20)
        assert world.pacer.start_now("sw")
        await asyncio.sleep(50)
        regular, between, following = (at for _, at in world.started)
        assert regular + 20 <= between <= regular + 21
        assert following == pytest.approx(regular + 60, abs=0.01)
        assert world.pacer.skipped == 0

    play(story)


def test_whoever_asks_again_and_again_gets_one_start_every_few_seconds() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({"sw": world.job("sw", 1e6)})
        begun = 0
        for _ in range(900):
            begun += world.pacer.start_now("sw")
            await asyncio.sleep(0.01)
        assert begun == len(world.started) == 2, "in nine seconds"
        assert not world.pacer.start_now("gone")

    play(story)


def test_what_is_under_way_is_not_started_again_nor_anything_once_closed() -> None:
    async def story(world: World) -> None:
        world.pacer.set_jobs({"slow": world.job("slow", 1e6, takes=30.0), "other": world.job("other", 1e6)})
        assert world.pacer.start_now("slow")
        await asyncio.sleep(20)
        assert not world.pacer.start_now("slow")
        assert world.pacer.skipped == 0
        await asyncio.sleep(20)
        assert world.pacer.start_now("slow")
        await world.pacer.close()
        assert not world.pacer.start_now("other")

    play(story)
