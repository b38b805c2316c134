"""Names to addresses, off the loop: a name server that is slow or gone must not cost a single echo.

Engines are only ever given numeric addresses. A name keeps the last address that it had.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

TIMEOUT = 10.0
"""Seconds that one look-up may take."""

CONCURRENT = 8


def is_numeric(address: str) -> bool:
    """Tell whether `address` is an IPv4 or IPv6 address rather than a name."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


async def system_look_up(name: str) -> str:
    """Ask the system's resolver, which runs in the loop's executor. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])


class Resolver:
    """Remembers the address of each name, and asks again when told to."""

    def __init__(self, look_up: Callable[[str], Awaitable[str]] = system_look_up) -> None:
        self._look_up = look_up
        self._addresses: dict[str, str] = {}

    def address(self, name: str) -> str | None:
        """Return the last good address of `name`; None where it never had one."""
        return name if is_numeric(name) else self._addresses.get(name)

    async def refresh(self, names: Iterable[str]) -> bool:
        """Ask for every name once more; tell whether any address changed. Failures keep what was known."""
        wanted = {name for name in names if not is_numeric(name)}
        self._addresses = {name: at for name, at in self._addresses.items() if name in wanted}
        places = asyncio.Semaphore(CONCURRENT)

        async def ask(name: str) -> bool:
            async with places:
                try:
                    found = await asyncio.wait_for(self._look_up(name), TIMEOUT)
                except (OSError, TimeoutError, UnicodeError):
                    return False
            changed = self._addresses.get(name) != found
            self._addresses[name] = found
            return changed

        return any(await asyncio.gather(*(ask(name) for name in sorted(wanted))))
