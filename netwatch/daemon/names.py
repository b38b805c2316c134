"""Keeps every name's address at hand, asked for again and again where that holds nobody up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.polling.resolver import Resolver

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Iterable

    from netwatch.model.device import Device


class Names:
    """The names among the addresses of some devices; `on_change` is called where one has a new address."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        look_up: Callable[[str], Awaitable[str]],
        on_change: Callable[[], None],
    ) -> None:
        self.resolver = Resolver(look_up)
        self._loop = loop
        self._on_change = on_change
        self._names: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def use(self, devices: Iterable[Device]) -> None:
        """Look after the names of these from now on, at once."""
        self._names = {address for device in devices for address in _addresses(device)}
        self._look_up_soon()

    async def look_up_soon(self) -> None:
        """Ask for every name again, but not in the caller's task: a scheduler reports its cancellation."""
        self._look_up_soon()

    def close(self) -> None:
        """Stop asking."""
        for task in self._tasks:
            task.cancel()

    def _look_up_soon(self) -> None:
        task = self._loop.create_task(self._look_up())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_up(self) -> None:
        if await self.resolver.refresh(self._names):
            self._on_change()


def _addresses(device: Device) -> list[str]:
    return [device.address, *(uplink.address for uplink in device.uplinks if uplink.address)]
