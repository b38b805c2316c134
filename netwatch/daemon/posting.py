"""Posts a few bytes to a stranger's web address, and takes a few back: bounded in size and time.

Redirections are not followed, so that only the addresses that were configured are asked. Messages name the
host alone: the rest of an address may be a capability.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from netwatch.daemon.aside import Aside

PATIENCE = 20.0
"""Seconds for the whole of it."""

PIECE = 4096  # bytes that are read at a time


class PostError(OSError):
    """It was not taken; the message says why in one line."""


class Post(Protocol):
    """Posts a body of a type to an address, and returns at most `most` bytes of an answer."""

    async def __call__(self, url: str, body: bytes, content_type: str, most: int, /) -> bytes:
        """Post. Raises PostError."""
        ...


def post_by(aside: Aside, patience: float = PATIENCE) -> Post:
    """Return a way to post; names are looked up aside: a name server that is gone must not hold up an end."""

    async def post(url: str, body: bytes, content_type: str, most: int) -> bytes:
        connector = aiohttp.TCPConnector(resolver=_Resolver(aside), force_close=True)
        headers = {"Content-Type": content_type, "Accept-Encoding": "identity"}
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=aiohttp.ClientTimeout(total=patience),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    auto_decompress=False,
                ) as session,
                session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return await _taken(answer, url, most)
        except PostError:
            raise
        except TimeoutError:
            raise PostError(f"{_host(url)}: no answer within {patience:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise PostError(f"{_host(url)}: it cannot be reached: {why}") from None

    return post


async def _taken(answer: aiohttp.ClientResponse, url: str, most: int) -> bytes:
    if not 200 <= answer.status < 300:
        raise PostError(f"{_host(url)}: it answers with status {answer.status}")
    body = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        body += piece
        if len(body) > most:
            raise PostError(f"{_host(url)}: its answer has more than {most} bytes")
    return bytes(body)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"


class _Resolver(AbstractResolver):
    def __init__(self, aside: Aside) -> None:
        self._aside = aside

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name. Raises OSError."""
        found = await self._aside.run(lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""
