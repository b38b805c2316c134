"""Servers on loopback as services are, good and bad, and certificates for them, made on the spot."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


class Issuer:
    """An authority in a folder; its own certificate is `authority.pem`."""

    def __init__(self, folder: Path, *, until: dt.datetime = NOW + 3650 * DAY) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("An authority of a test")
        self.own = self._sign(
            _unsigned(self._name, self._name, self._key, NOW - 400 * DAY, until), authority=True
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(_pem(self.own))

    def serving(
        self,
        *,
        until: dt.datetime = NOW + 90 * DAY,
        address: str = "127.0.0.1",
        self_signed: bool = False,
        besides: x509.Certificate | None = None,
        padding: int = 0,
        weak: bool = False,
    ) -> ssl.SSLContext:
        """Return what a server needs whose certificate ends then; `besides` is sent along.

        With `padding` so many bytes of nothing stand in it; a `weak` one has a key as they were long ago.
        """
        key = rsa.generate_private_key(65537, 1024) if weak else ec.generate_private_key(ec.SECP256R1())  # noqa: S505 - that is the point
        name = _named("A service of a test")
        unsigned = _unsigned(
            name, name if self_signed else self._name, key, NOW - 300 * DAY, until
        ).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
        if padding:
            nothing = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), bytes(padding))
            unsigned = unsigned.add_extension(nothing, critical=False)
        certificate = self._sign(unsigned, key=key if self_signed else self._key)
        file = self._folder / "service.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + _pem(certificate)
            + (_pem(besides) if besides else b"")
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if weak:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.load_cert_chain(file)
        file.unlink()
        return context

    def _sign(
        self,
        unsigned: x509.CertificateBuilder,
        *,
        authority: bool = False,
        key: Key | None = None,
    ) -> x509.Certificate:
        return unsigned.add_extension(
            x509.BasicConstraints(ca=authority, path_length=None), critical=True
        ).sign(key or self._key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _unsigned(
    subject: x509.Name,
    issuer: x509.Name,
    key: Key,
    since: dt.datetime,
    until: dt.datetime,
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), since, until
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@contextlib.asynccontextmanager
async def serving(play: Play, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve, and give the port; each connection is played until it ends or the test does."""
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await play(reader, writer)
        finally:
            running.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.sleep(0)


def saying(answer: bytes, *, wait: bool = True) -> Play:
    """Hear a whole request, say something, and close; without `wait` say it at once."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if wait:
            await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.write_eof() if writer.can_write_eof() else None
        await reader.read()

    return play


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Hear everything, and say nothing."""
    while await reader.read(65536):
        pass


async def cutting_off(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close at once."""
    writer.transport.abort()


async def hanging_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hear the beginning of a request, and close."""
    await reader.read(1)
    writer.transport.abort()


async def dripping(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say one byte now and then, for ever."""
    while True:
        writer.write(b"H")
        await writer.drain()
        await asyncio.sleep(0.02)


async def flooding(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say interim answers with endless heads."""
    writer.write(b"HTTP/1.1 103 Early Hints\r\n")
    while True:
        writer.write(b"Link: " + b"x" * 4000 + b"\r\n")
        await writer.drain()
