"""However many ask for a reload, it is done once for all who asked before it began."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from netwatch.daemon.reloading import Reloading

if TYPE_CHECKING:
    from collections.abc import Callable


class World:
    """A reload that takes until the test lets it end."""

    def __init__(self) -> None:
        self.begun: list[bool] = []
        self.going = 0
        self.end = asyncio.Event()
        self.reloading = Reloading(asyncio.get_running_loop(), self.do)

    async def do(self, force: bool) -> str:
        self.begun.append(force)
        self.going += 1
        assert self.going == 1, "two at once"
        await self.end.wait()
        self.going -= 1
        return f"{len(self.begun)}"


def run(story: Callable[[World], object]) -> None:
    async def main() -> None:
        await story(World())  # type: ignore[misc]

    asyncio.run(main())


def test_a_storm_is_two_reloads() -> None:
    """The one under way may have read some files already; the second reads them after the last asked."""

    async def story(world: World) -> None:
        first = world.reloading.ask(force=False)
        await asyncio.sleep(0)
        others = [world.reloading.ask(force=False) for _ in range(1000)]
        world.end.set()
        assert await first == "1"
        assert set(await asyncio.gather(*others)) == {"2"}
        assert world.begun == [False, False]

    run(story)


def test_a_forced_one_is_not_taken_for_one_that_is_not() -> None:
    async def story(world: World) -> None:
        world.end.set()
        await asyncio.gather(world.reloading.ask(force=False), world.reloading.ask(force=True))
        assert world.begun == [False, True]

    run(story)


def test_nothing_begins_while_the_turn_is_held() -> None:
    async def story(world: World) -> None:
        world.end.set()
        async with world.reloading.turn:
            asked = world.reloading.ask(force=False)
            for _ in range(10):
                await asyncio.sleep(0)
            assert world.begun == []
        await asked
        assert world.begun == [False]

    run(story)


def test_what_is_given_up_ends() -> None:
    async def story(world: World) -> None:
        asked = [world.reloading.ask(force=False), world.reloading.ask(force=True)]
        await asyncio.sleep(0)
        world.reloading.cancel()
        await asyncio.wait(asked, timeout=10)
        assert [task.cancelled() for task in asked] == [True, True]

    run(story)
