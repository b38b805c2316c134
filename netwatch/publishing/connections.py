"""Connections that cannot be hogged: caps and deadlines that aiohttp by itself does not have.

aiohttp bounds the size of a head and closes connections that idle. What it lets a peer do is to dribble a
head (slowloris), to vanish in the middle of one, to ask for a page and never read it, and to open connections
without end. One sweep looks at every connection, so that there is one timer whatever their number.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from aiohttp.typedefs import Handler

SERVER = "netwatch"
"""The Server header: a name, and no version for a scanner to look up."""

BACKLOG = 128

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one peer, and all of them together, may cost us."""

    connections: int = 256  # at once; a further one is closed as it comes
    head_timeout: float = 10.0  # seconds for a whole request head, from the connection or its first byte on
    idle_timeout: float = 75.0  # seconds between two requests; longer than a scrape interval
    send_timeout: float = 60.0  # seconds to take what we sent; no scrape waits longer
    linger: float = 1.0  # seconds in which a body that nobody reads may still come in
    line_bytes: int = 8190  # of the request line
    header_bytes: int = 8190  # of one header
    headers: int = 64
    stop_timeout: float = 0.75  # seconds left to requests in progress, and as much again to end them


class Patience:
    """For how long something may go on, as judged by whoever looks in every now and then."""

    __slots__ = ("_limit", "_since")

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._since: float | None = None

    def restart(self) -> None:
        """Forget how long it has gone on."""
        self._since = None

    def exhausted(self, now: float, *, going_on: bool) -> bool:
        """Tell whether it has gone on for the limit (seconds) at least, and at every look since it began."""
        if not going_on:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return now - self._since >= self._limit


class Connection(web.RequestHandler):
    """One client. `crowd` holds the living connections: it is how they are counted and swept."""

    __slots__ = (
        "_answering",
        "_crowd",
        "_head_awaited",
        "_head_patience",
        "_limits",
        "_send_patience",
        "_wire",
    )

    def __init__(
        self, manager: web.Server, crowd: set[Connection], limits: Limits, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(
            manager,
            loop=loop,
            keepalive_timeout=limits.idle_timeout,
            lingering_time=limits.linger,
            max_line_size=limits.line_bytes,
            max_field_size=limits.header_bytes,
            max_headers=limits.headers,
            auto_decompress=False,  # nobody here reads a body
        )
        self._crowd = crowd
        self._limits = limits
        self._wire: asyncio.Transport | None = None  # ours until it is closed; aiohttp's is gone before
        self._answering = False
        self._head_awaited = True
        self._head_patience = Patience(limits.head_timeout)
        self._send_patience = Patience(limits.send_timeout)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in, or turn it away where there are too many."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("connections are streams")
        if len(self._crowd) >= self._limits.connections:
            transport.abort()
            return
        self._wire = transport
        self._crowd.add(self)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Strike the client off."""
        self._crowd.discard(self)
        self._wire = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request; aiohttp also calls this without any, to go on with what it has."""
        if data:
            self._head_awaited = True
        super().data_received(data)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Note that a head is complete and its request is being answered: until then the peer is not late."""
        self._head_awaited = False
        self._head_patience.restart()
        self._answering = True
        try:
            yield
        finally:
            self._answering = False

    def overdue(self, now: float) -> bool:
        """Tell whether the client has kept us waiting too long, for a head or for room to send."""
        unsent = self._wire is not None and self._wire.get_write_buffer_size() > 0
        awaited = self._head_awaited and not self._answering
        head_late = self._head_patience.exhausted(now, going_on=awaited)
        return self._send_patience.exhausted(now, going_on=unsent) or head_late

    def abort(self) -> None:
        """End it at once; what was not sent is dropped."""
        if self._wire is not None:
            self._wire.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP in one line that echoes nothing of it, and log it as no error of ours."""
        del message
        log.debug("refused a request from %s: %s", request.remote, type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is under way already")
        answer = web.Response(status=status, text=f"{status}\n", headers={"Server": SERVER})
        answer.force_close()
        return answer

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Log nothing: a scrape every few seconds is not news."""


@web.middleware
async def _note(request: web.Request, handler: Handler) -> web.StreamResponse:
    connection = request.protocol
    if not isinstance(connection, Connection):
        return await handler(request)
    with connection.answering():
        return await handler(request)


class Server:
    """Serves an application on a bound socket, which it closes in the end."""

    def __init__(self, app: web.Application, listener: socket.socket, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._listener = listener
        self._crowd: set[Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._serving: asyncio.Server | None = None
        app.middlewares.insert(0, _note)
        self._runner = web.AppRunner(app, shutdown_timeout=self._limits.stop_timeout)

    async def start(self) -> None:
        """Listen, and let clients in."""
        loop = asyncio.get_running_loop()
        await self._runner.setup()
        manager = self._runner.server
        if manager is None:
            raise RuntimeError("the application did not start")
        self._serving = await loop.create_server(
            lambda: Connection(manager, self._crowd, self._limits, loop), sock=self._listener, backlog=BACKLOG
        )
        self._sweep(loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Abort whoever is overdue; ten looks fit into the shorter timeout, one a second is enough."""
        now = loop.time()
        for connection in tuple(self._crowd):
            if connection.overdue(now):
                connection.abort()
        pause = min(1.0, self._limits.head_timeout / 10, self._limits.send_timeout / 10)
        self._sweeper = loop.call_later(pause, self._sweep, loop)

    async def stop(self) -> None:
        """Let no one in any more, end what is in progress, and close; takes 2 s at most."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._serving is not None:
            self._serving.close()
        self._listener.close()
        await self._runner.cleanup()
        for connection in tuple(self._crowd):
            connection.abort()
        await asyncio.sleep(0)  # so that the transports close their sockets
