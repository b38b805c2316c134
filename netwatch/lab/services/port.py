"""A TCP port at 127.0.0.1 that is the lab's from its start to its end, whether anybody listens there or not.

While nobody does, the kernel refuses connections, as it does for a server that has died; and the port cannot
become somebody else's meanwhile, as another socket stays bound to it.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

ADDRESS = "127.0.0.1"
BACKLOG = 16
AGAIN = 1.0
"""Seconds after which connections are taken again, where the system had no means for one more."""


class Port:
    """A free port of the kernel's choice. Raises OSError."""

    def __init__(self) -> None:
        self._held = _bound(0)
        self._listening: tuple[asyncio.AbstractEventLoop, socket.socket] | None = None

    @property
    def number(self) -> int:
        """The port."""
        return int(self._held.getsockname()[1])

    def listen(self, loop: asyncio.AbstractEventLoop, take: Callable[[socket.socket], None]) -> None:
        """Hand each connection to `take`, which has to close it. Raises OSError."""
        if self._listening:
            return
        listener = _bound(self.number)
        try:
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
        self._listening = loop, listener
        loop.add_reader(listener, self._accept, loop, listener, take)

    def refuse(self) -> None:
        """Listen no more; connections that were taken go on."""
        if self._listening:
            loop, listener = self._listening
            loop.remove_reader(listener)
            listener.close()
        self._listening = None

    def close(self) -> None:
        """Give the port back."""
        self.refuse()
        self._held.close()

    def _accept(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket, take: Callable[[socket.socket], None]
    ) -> None:
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:  # no descriptors are left: it would be tried over and over in vain
            loop.remove_reader(listener)
            loop.call_later(AGAIN, self._resume, loop, listener, take)
            return
        connection.setblocking(False)
        take(connection)

    def _resume(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket, take: Callable[[socket.socket], None]
    ) -> None:
        if self._listening == (loop, listener):  # still
            loop.add_reader(listener, self._accept, loop, listener, take)


def _bound(number: int) -> socket.socket:
    """Return a socket that shares its port with others of ours, of which one may listen (SO_REUSEADDR)."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((ADDRESS, number))
    except OSError:
        bound.close()
        raise
    return bound
