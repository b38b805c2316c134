"""The course of a script in real time: it moves the world, says what happens, and ends with the script."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from netwatch.lab.province import Province
    from netwatch.lab.world.originator import Sent

TICK = 0.05  # seconds; what is answered in between is as late as it should be in any case


class Course:
    """Moves a province's world by its clock.

    Everything that the script does is said by `say`; `send` gets what devices say unasked.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        province: Province,
        say: Callable[[str], None],
        send: Callable[[Sent], None] = lambda _: None,
    ) -> None:
        self._loop = loop
        self._province = province
        self._say = say
        self._send = send
        self._timer: asyncio.TimerHandle | None = None
        self._ended: Callable[[], None] | None = None

    def start(self, ended: Callable[[], None]) -> None:
        """Begin; `ended` is called once when the script is over."""
        self._ended = ended
        self._tick()

    def stop(self) -> None:
        """Move the world to the present for the last time."""
        if self._timer:
            self._timer.cancel()
        self._advance()

    def _tick(self) -> None:
        self._advance()
        if self._ended and self._province.clock() >= self._province.world.end:
            self._ended()
            self._ended = None
        self._timer = self._loop.call_later(TICK, self._tick)

    def _advance(self) -> None:
        world = self._province.world
        now = min(self._province.clock(), world.end)
        for happening in world.advance(now):
            at = dt.datetime.fromtimestamp(happening.at, dt.UTC)
            self._say(f"{at:%H:%M:%S.%f}"[:-3] + f"Z  {happening.at - world.start:6.1f} s  {happening.text}")
        for notification in world.heard(now):
            self._send(notification)
