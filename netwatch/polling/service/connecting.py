"""A connection to the first address that takes one."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from netwatch.model.service import Ending
from netwatch.polling.service.failing import CheckFailed, connect_failed

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ADDRESSES = 4
"""Addresses of one name that are tried."""


async def connect(addresses: Sequence[str], port: int, within: float) -> tuple[socket.socket, str]:
    """Return a connected socket, which is the caller's to close, and the address. Raises CheckFailed.

    Each address has its share of the seconds `within`, so that a silent one does not use up the others'.
    What a later one says of itself counts before a failure of our own (no IPv6 here) with an earlier one.
    """
    ends = asyncio.get_running_loop().time() + within
    tried = addresses[:MOST_ADDRESSES]
    failure = CheckFailed(Ending.LOCAL_ERROR, "there is no address to ask")
    for left, address in zip(range(len(tried), 0, -1), tried, strict=True):
        share = (ends - asyncio.get_running_loop().time()) / left
        try:
            return await _connect(address, port, share), address
        except CheckFailed as failed:
            if failure.ending is Ending.LOCAL_ERROR:
                failure = failed
    raise failure


async def _connect(address: str, port: int, within: float) -> socket.socket:
    try:
        sock = socket.socket(_family(address), socket.SOCK_STREAM)
    except OSError as error:
        raise CheckFailed(Ending.LOCAL_ERROR, f"no socket: {error.strerror}") from error
    sock.setblocking(False)
    try:
        async with asyncio.timeout(within):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except TimeoutError as error:
        sock.close()
        raise CheckFailed(Ending.TIMEOUT, "no answer to the connection") from error
    except OSError as error:
        sock.close()
        raise connect_failed(error, has_route=_has_route(address, port)) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _has_route(address: str, port: int) -> bool:
    """Tell whether this machine knows a way there: a datagram socket is connected without a packet sent."""
    try:
        with socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
            probe.connect((address, port))
    except OSError:
        return False
    return True


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
