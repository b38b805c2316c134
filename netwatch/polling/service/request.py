"""One request of HTTP/1.1, and the status of its answer (RFC 9112). Nothing after the status is needed."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from typing import TYPE_CHECKING

from netwatch.model.service import Ending, Scheme
from netwatch.polling.service.failing import CheckFailed

if TYPE_CHECKING:
    from netwatch.model.service import Service

LARGEST = 16 * 1024
"""Bytes of an answer that are read: a status has a line, and few interim answers precede it."""

_PORTS = {Scheme.HTTPS: 443, Scheme.HTTP: 80}
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_SWITCHING = 101  # it is final: another protocol follows (RFC 9110, section 15.2.2)


def request(service: Service, agent: str) -> bytes:
    """Return the request. GET, as many answer HEAD with an error or not at all."""
    return (
        f"GET {service.target} HTTP/1.1\r\n"
        f"Host: {_authority(service)}\r\n"
        f"User-Agent: {agent}\r\n"
        "Accept: */*\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


async def read_status(reader: asyncio.StreamReader) -> int:
    """Return the status of the final answer. Raises CheckFailed, and OSError where the connection breaks."""
    left = LARGEST
    while True:
        line = await _line(reader, left)
        left -= len(line)
        found = _STATUS.fullmatch(line)
        if found is None:
            raise CheckFailed(Ending.MALFORMED, "the answer is not HTTP/1.1")
        status = int(found[1])
        if status >= 200 or status == _SWITCHING:
            return status
        while line.strip():  # the head of an interim answer
            line = await _line(reader, left)
            left -= len(line)


async def _line(reader: asyncio.StreamReader, left: int) -> bytes:
    too_long = CheckFailed(Ending.MALFORMED, f"no status within {LARGEST >> 10} KiB")
    if left <= 0:
        raise too_long
    try:
        return await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise too_long from None
    except asyncio.IncompleteReadError:
        raise CheckFailed(Ending.CLOSED, "the connection was closed before an answer") from None


def _authority(service: Service) -> str:
    try:
        host = f"[{service.host}]" if ipaddress.ip_address(service.host).version == 6 else service.host
    except ValueError:
        host = service.host
    return host if service.port == _PORTS.get(service.scheme) else f"{host}:{service.port}"
