"""Whose certificates are believed: the system's authorities, or a file's. Reading them takes a while."""

from __future__ import annotations

import asyncio
import os
import ssl
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.inventory.source import TooLarge, read_bytes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from netwatch.polling.clock import Clock

LARGEST = 2 * 2**20
"""Bytes of a file of certificates; all authorities of a system have a fifth of it."""

KEEP = 3600.0
"""Seconds after which certificates are read again: authorities come and go without a reload, too."""


class Trust:
    """Keeps what was read. `run` runs what blocks beside the loop."""

    def __init__(
        self, clock: Clock, run: Callable[[Callable[[], ssl.SSLContext]], Awaitable[ssl.SSLContext]]
    ) -> None:
        self._clock = clock
        self._run = run
        self._kept: dict[Path | None, tuple[float, ssl.SSLContext]] = {}
        self._turn = asyncio.Lock()  # many services at once need the same

    def forget(self) -> None:
        """Read everything again when it is needed."""
        self._kept.clear()

    async def context(self, ca_file: Path | None) -> ssl.SSLContext:
        """Return what verifies certificates by a file, or by the system (None). Raises OSError."""
        async with self._turn:
            read, context = self._kept.get(ca_file, (0.0, None))
            now = self._clock.monotonic()
            if context is None or now >= read + KEEP:
                context = await self._run(partial(verifying, ca_file))
                self._kept[ca_file] = now, context
            return context


def verifying(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that verifies names, dates and signatures. Raises OSError; blocks for some 50 ms."""
    context = _context()
    if ca_file is None:
        context.load_default_certs()
        if not _has_authorities(context):
            raise OSError("this machine has no certificates of authorities")
        return context
    try:
        content = read_bytes(ca_file, LARGEST)
    except TooLarge:
        raise OSError(f"{ca_file} has more than {LARGEST >> 20} MiB") from None
    except OSError as error:
        raise OSError(f"{ca_file} cannot be read: {error.strerror}") from error
    try:
        context.load_verify_locations(cadata=content.decode("ascii", "ignore"))
    except (ssl.SSLError, ValueError):
        raise OSError(f"{ca_file} holds no certificates in PEM") from None
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN  # it may name a server's own
    return context


def lenient() -> ssl.SSLContext:
    """Return a context that takes any certificate: only to read when it expires, nothing is said over it."""
    context = _context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _context() -> ssl.SSLContext:
    """Return a client's context of TLS 1.2 at least.

    OpenSSL's ciphers: Python's own choice refuses old servers that every browser still talks to.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("DEFAULT")
    return context


def _has_authorities(context: ssl.SSLContext) -> bool:
    """Tell whether there is anybody to trust: a folder of certificates is only read as they are needed."""
    if context.cert_store_stats()["x509_ca"]:
        return True
    where = ssl.get_default_verify_paths()
    folders = os.environ.get(where.openssl_capath_env, where.openssl_capath).split(os.pathsep)
    return any(any(Path(folder).glob("*.[0-9]")) for folder in folders)
