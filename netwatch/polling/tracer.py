"""When traces are taken: few at a time, seldom of one device, and none where the host does not let us.

A mass outage asks for hundreds at once. The first few tell what there is to tell; the others wait a moment
for their turn and are then let go, as a trace that is taken late shows another moment.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from netwatch.model.trace import Trace
from netwatch.polling.clock import steady

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Collection
    from random import Random

    from netwatch.model.trace import Hop
    from netwatch.polling.clock import Clock

    Run = Callable[[Callable[[], tuple[Hop, ...]]], Awaitable[tuple[Hop, ...]]]
    """Runs blocking work beside the loop: `Aside.run`."""

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is traced. Times in seconds."""

    apart: float = 600.0  # between two traces of one device
    at_once: int = 2
    a_minute: int = 30
    waiting: int = 64
    patience: float = 30.0  # that a request waits for its turn


class Turns:
    """Decides which requests are served when; `now` is monotonic seconds throughout."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._last: dict[str, float] = {}  # when a device was taken on
        self._waiting: deque[tuple[float, str, str]] = deque()  # asked, device, address
        self._begun: deque[float] = deque()  # within the last minute
        self._under_way = 0

    def ask(self, device: str, address: str, now: float) -> bool:
        """Take a request on; tell whether there is a place for it."""
        limits = self._limits
        self._last = {name: at for name, at in self._last.items() if now - at < limits.apart}
        self._forget(now)
        if device in self._last or len(self._waiting) >= limits.waiting:
            return False
        self._last[device] = now
        self._waiting.append((now, device, address))
        return True

    def begin(self, now: float) -> tuple[str, str] | None:
        """Return the device and address to be traced now, if any; `end` is to be called after it."""
        self._forget(now)
        limits = self._limits
        if not self._waiting or self._under_way >= limits.at_once or len(self._begun) >= limits.a_minute:
            return None
        self._under_way += 1
        self._begun.append(now)
        _, device, address = self._waiting.popleft()
        return device, address

    def end(self) -> None:
        """Take it that a trace is over."""
        self._under_way -= 1

    def pause(self, now: float) -> float | None:
        """Return the seconds until time alone lets the next one begin; None: it does not."""
        if not self._waiting or len(self._begun) < self._limits.a_minute:
            return None
        return max(0.0, self._begun[0] + 60.0 - now)

    def _forget(self, now: float) -> None:
        while self._begun and now - self._begun[0] >= 60.0:
            self._begun.popleft()
        while self._waiting and now - self._waiting[0][0] >= self._limits.patience:
            self._waiting.popleft()


class Tracer:
    """Takes traces and hands each on. `foreign` are identifiers that echoes of others bear (EchoFormat).

    `take` is `take_trace`, or a test's own: numeric address and identifier → hops.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        randomness: Random,
        run: Run,
        *,
        take: Callable[[str, int], tuple[Hop, ...]],
        on_trace: Callable[[Trace], None],
        foreign: Collection[int] = (),
        limits: Limits | None = None,
    ) -> None:
        self.problem = ""  # why none can be taken on this host
        self._loop = loop
        self._clock = clock
        self._randomness = randomness
        self._run = run
        self._take = take
        self._on_trace = on_trace
        self._foreign = frozenset(foreign)
        self._turns = Turns(limits or Limits())
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def trace(self, device: str, address: str) -> bool:
        """Ask for a trace to a numeric address; tell whether it was taken on. Never waits."""
        if self._closed or self.problem:
            return False
        taken_on = self._turns.ask(device, address, self._clock.monotonic())
        self._go_on()
        return taken_on

    def close(self) -> None:
        """Take no more, and hand on nothing of what is under way."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()

    def _go_on(self) -> None:
        if self._closed:
            return
        now = self._clock.monotonic()
        while (turn := self._turns.begin(now)) is not None:
            task = self._loop.create_task(self._serve(*turn))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        pause = self._turns.pause(now)
        if pause is not None and self._timer is None:
            self._timer = self._loop.call_later(pause, self._paused)

    def _paused(self) -> None:
        self._timer = None
        self._go_on()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._turns.end()
        self._go_on()

    async def _serve(self, device: str, address: str) -> None:
        at = steady(self._clock)
        hops: tuple[Hop, ...] = ()
        problem = self.problem
        if not problem:
            try:
                hops = await self._run(partial(self._take, address, self._identifier()))
            except PermissionError as error:
                problem = self._give_up(error)
            except OSError as error:
                problem = str(error)
        self._on_trace(Trace(at, device, address, hops, problem))

    def _give_up(self, error: PermissionError) -> str:
        if not self.problem:
            self.problem = str(error)
            LOG.warning("outages are kept without a traceroute: %s", error)
        return self.problem

    def _identifier(self) -> int:
        """Choose one that nobody else's echoes bear."""
        while (chosen := self._randomness.randrange(1, 2**16)) in self._foreign:
            pass
        return chosen
