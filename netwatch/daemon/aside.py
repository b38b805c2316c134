"""Runs what may block (disks, name servers) beside the loop, in threads that nobody has to wait for.

The loop's own executor will not do: whoever ends it waits for its threads, and a name server that is gone
holds one for half a minute. Work here must therefore bear to be cut off by the end of the process.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Aside:
    """Up to `threads` pieces of work at a time; further ones wait, first come first served."""

    def __init__(self, loop: asyncio.AbstractEventLoop, threads: int) -> None:
        self._loop = loop
        self._free = asyncio.Semaphore(threads)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises; OSError where there is no thread to be had.

        Who stops waiting does not stop the work: it keeps its thread until it ends.
        """
        await self._free.acquire()
        result: asyncio.Future[T] = self._loop.create_future()
        try:
            threading.Thread(target=self._work, args=(work, result), daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise OSError(errno.EAGAIN, str(error)) from error
        return await result

    def _work(self, work: Callable[[], T], result: asyncio.Future[T]) -> None:
        try:
            value = work()
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            self._hand_back(_fail, result, error)
        else:
            self._hand_back(_succeed, result, value)

    def _hand_back(self, end: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(end, *arguments)
            self._loop.call_soon_threadsafe(self._free.release)
        except RuntimeError:  # the loop has closed: nobody waits any more
            return


def _succeed(result: asyncio.Future[T], value: T) -> None:
    if not result.done():
        result.set_result(value)


def _fail(result: asyncio.Future[T], error: Exception) -> None:
    if not result.done():
        result.set_exception(error)


def look_up(aside: Aside) -> Callable[[str], Awaitable[str]]:
    """Return a way to ask the system's resolver for a name's address. Raises OSError."""

    async def ask(name: str) -> str:
        found = await aside.run(lambda: socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM))
        return str(found[0][4][0])

    return ask
