"""One service: what it answers over TCP, and what is wrong with it at the moment."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import re
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from netwatch.lab.services.port import Port

LONGEST_REQUEST = 8192
"""Bytes of a request's head; longer ones are hung up on."""

PATIENCE = 10.0
"""Seconds that a whole connection may take, the handshake included."""

MOST = 32
"""Connections of one service at a time; one more is hung up on."""

REQUEST_LINE = re.compile(rb"GET [!-~]+ HTTP/1\.[01]\r\n")
WELL, BAD_REQUEST, UNAVAILABLE = "200 OK", "400 Bad Request", "503 Service Unavailable"


class ServiceFault(enum.StrEnum):
    """What can go wrong with a service."""

    DOWN = "service-down"
    ERROR = "service-error"
    CERTIFICATE = "certificate-expires"


class Server:
    """A service at a port; `tls` has a context for when it is well (None) and for each fault that changes it.

    `page`: what is told over HTTP; None: a handshake is all there is to it.
    """

    def __init__(
        self,
        port: Port,
        page: str | None,
        tls: Mapping[ServiceFault | None, ssl.SSLContext],
        patience: float = PATIENCE,
    ) -> None:
        self._port = port
        self._page = page
        self._tls = tls
        self._patience = patience
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: dict[asyncio.Task[None], socket.socket] = {}
        self._faults: set[ServiceFault] = set()

    @property
    def suffers(self) -> frozenset[ServiceFault]:
        """What can go wrong with it."""
        web = {ServiceFault.ERROR} if self._page is not None else set()
        return frozenset({ServiceFault.DOWN, ServiceFault.CERTIFICATE, *web})

    @property
    def faults(self) -> frozenset[ServiceFault]:
        """What is wrong with it."""
        return frozenset(self._faults)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer from now on. Raises OSError."""
        self._loop = loop
        self._port.listen(loop, self._take)

    def strike(self, fault: ServiceFault) -> None:
        """Let it go wrong; connections that are open are cut off where it dies."""
        self._faults.add(fault)
        if fault is ServiceFault.DOWN:
            self._port.refuse()
            self._cut_off()

    def restore(self, fault: ServiceFault | None) -> None:
        """End one of its faults, or all of them. Raises OSError."""
        self._faults = self._faults - {fault} if fault else set()
        if self._loop and ServiceFault.DOWN not in self._faults:
            self._port.listen(self._loop, self._take)

    def close(self) -> None:
        """Answer nobody, and give the port back."""
        self._port.close()
        self._cut_off()

    def _cut_off(self) -> None:
        """End open connections as a network would: to cancel a handshake leaves its transport behind."""
        for connection in self._running.values():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                connection.shutdown(socket.SHUT_RDWR)

    def _take(self, connection: socket.socket) -> None:
        if self._loop is None or len(self._running) >= MOST:
            connection.close()
            return
        task = self._loop.create_task(self._converse(self._loop, connection))
        self._running[task] = connection
        task.add_done_callback(self._running.pop)

    async def _converse(self, loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
        # Whoever goes away, says nothing or nonsense costs only itself.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(self._patience):
                reader = asyncio.StreamReader(LONGEST_REQUEST, loop)
                protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
                transport, _ = await loop.connect_accepted_socket(
                    lambda: protocol, connection, ssl=self._context()
                )
                writer = asyncio.StreamWriter(transport, protocol, reader, loop)
                try:
                    await self._answer(reader, writer)
                finally:
                    transport.abort()

    def _context(self) -> ssl.SSLContext:
        struck = ServiceFault.CERTIFICATE in self._faults
        return self._tls[ServiceFault.CERTIFICATE if struck else None]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request (RFC 9112), or hear out whoever wanted to shake hands."""
        if self._page is not None:
            asked = await reader.readuntil(b"\r\n\r\n")
            writer.write(self._response(asked, self._page))
            await writer.drain()
        while await reader.read(LONGEST_REQUEST):
            pass

    def _response(self, asked: bytes, page: str) -> bytes:
        if not REQUEST_LINE.match(asked):
            status = BAD_REQUEST
        else:
            status = UNAVAILABLE if ServiceFault.ERROR in self._faults else WELL
        text = f'<!doctype html>\n<html lang="vi"><title>{page}</title><h1>{page}</h1><p>{status}</p>\n'
        body = text.encode()
        head = (
            f"HTTP/1.1 {status}\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode("ascii") + body
