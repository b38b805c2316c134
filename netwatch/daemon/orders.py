"""The daemon's control socket: one JSON object a line, answered by one JSON object a line.

A Unix socket for its owner alone, so whoever can write to it may order what it offers. A client that hangs,
floods or breaks off costs its own connection and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    Handler = Callable[[dict[str, object]], Awaitable[dict[str, object]]]

LOG = logging.getLogger(__name__)

NAME = "orders"
"""Of the socket in the state folder."""

LONGEST = 64 * 1024
"""Bytes of an order."""

MOST_CLIENTS = 16

PATIENCE = 10.0
"""Seconds that a client may take to send a line, or to take an answer."""


class AlreadyRunning(Exception):  # noqa: N818 - it says what happened
    """Another daemon listens on the socket; the message says so in one line."""


class Orders:
    """Listens at `path` and hands each order to the handler that its key `order` names.

    What a handler raises is told in the log; the client hears of a mistake in netwatch.
    """

    def __init__(self, path: Path, handlers: Mapping[str, Handler], *, patience: float = PATIENCE) -> None:
        self._path = path
        self._handlers = handlers
        self._patience = patience
        self._server: asyncio.Server | None = None
        self._inode = 0
        self._clients: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Raises AlreadyRunning, and OSError where there can be no socket at the path."""
        listener = _listen(self._path)
        self._inode = self._path.stat().st_ino
        self._server = await asyncio.start_unix_server(self._connected, sock=listener, limit=LONGEST)

    async def stop(self) -> None:
        """End every connection, and take the socket away unless it is another daemon's by now."""
        if self._server is None:
            return
        self._server.close()
        for client in self._clients:
            client.cancel()
        if self._clients:
            await asyncio.wait(set(self._clients))
        with contextlib.suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        self._server = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(high=0)  # to drain is to have all of it taken
        try:
            if len(self._clients) > MOST_CLIENTS:
                writer.write(_line({"error": "netwatch is busy with other orders: try again"}))
                return
            while await self._one(reader, writer):
                pass
        except (OSError, TimeoutError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one order and answer it; return whether there may be another."""
        async with asyncio.timeout(self._patience):
            try:
                line = await reader.readline()
            except ValueError:  # what asyncio raises for a line over its limit
                writer.write(_line({"error": f"an order has at most {LONGEST} bytes"}))
                return False
        if not line:
            return False
        await self._answer(writer, await self._carry_out(line))
        return True

    async def _carry_out(self, line: bytes) -> dict[str, object]:
        try:
            order = json.loads(line)
        except (ValueError, RecursionError):
            return {"error": "an order is one JSON object on one line"}
        if not isinstance(order, dict):
            return {"error": "an order is one JSON object on one line"}
        handler = self._handlers.get(str(order.get("order")))
        if handler is None:
            return {"error": f"there is no such order: there are {', '.join(self._handlers)}"}
        try:
            return await handler(order)
        except Exception:
            LOG.exception("an order failed")
            return {"error": "a mistake in netwatch itself, told in its log"}

    async def _answer(self, writer: asyncio.StreamWriter, answer: dict[str, object]) -> None:
        writer.write(_line(answer))
        async with asyncio.timeout(self._patience):
            await writer.drain()


def _line(answer: dict[str, object]) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def _listen(path: Path) -> socket.socket:
    """Return a socket that listens at a path, in place of one that nobody listens on any more."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_way(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        listener.bind(os.fspath(path))
        path.chmod(0o600)  # before it listens: until then nobody can connect
        listener.listen(MOST_CLIENTS)
    except OSError:
        listener.close()
        raise
    return listener


def _make_way(path: Path) -> None:
    """Remove what a daemon that was killed left behind. Raises AlreadyRunning, OSError."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise FileExistsError(f"{path} is in the way: it is no socket; move it elsewhere")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(os.fspath(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
    raise AlreadyRunning(f"another netwatch runs on {path.parent}: end it, or give this one another --state")
