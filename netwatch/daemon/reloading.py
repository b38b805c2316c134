"""One reload after another, however many ask: a storm of signals is two reloads, not a thousand."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class Reloading:
    """Calls `do(force)`, which never raises. Who asks while a like one waits for its turn shares that one.

    `turn` is held while one runs, and by whoever else must not be disturbed by one.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, do: Callable[[bool], Coroutine[None, None, str]]
    ) -> None:
        self.turn = asyncio.Lock()
        self._loop = loop
        self._do = do
        self._waiting: dict[bool, asyncio.Task[str]] = {}  # by force
        self._tasks: set[asyncio.Task[str]] = set()

    def ask(self, *, force: bool) -> asyncio.Task[str]:
        """Return a reload that has not begun to read any file yet; its result is "" or the problems."""
        waiting = self._waiting.get(force)
        if waiting is None:
            waiting = self._waiting[force] = self._loop.create_task(self._run(force=force))
            self._tasks.add(waiting)
            waiting.add_done_callback(self._tasks.discard)
        return waiting

    def cancel(self) -> None:
        """Give up what is under way and what waits."""
        for task in self._tasks:
            task.cancel()

    async def _run(self, *, force: bool) -> str:
        async with self.turn:
            del self._waiting[force]
            return await self._do(force)
