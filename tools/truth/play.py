"""Plays a script in virtual time: the lab's world, the real engines, the real judgement."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from netwatch.daemon.polls import Polls
from netwatch.judgement.events import Announced, Tick
from netwatch.judgement.reducer import Judgement
from netwatch.lab.world.world import World
from netwatch.polling.clock import steady
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.echo import EchoEngine
from netwatch.polling.pacer import Pacer
from netwatch.polling.resolver import Resolver
from netwatch.polling.snmp import SnmpEngine
from tools.truth.agents import WorldTransport
from tools.truth.echoes import WorldSocket
from tools.truth.province import START
from tools.truth.virtual import VirtualClock, VirtualLoop
from tools.truth.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.script.story import Script
    from netwatch.lab.world.truth import Truth
    from netwatch.model.device import StateRules
    from tools.truth.province import Province
    from tools.truth.watch import Judging, Said

TICK = 0.25  # seconds: as in the daemon
HAIR = 1e-6  # seconds: what a moment that was computed may be off
LEAST_AFTERWARDS = 120.0
"""Seconds that the world goes on at least when the script is over, so that its last outages are settled."""


@dataclass(frozen=True, slots=True)
class Played:
    """A script that was played: what was true and what was said, of each unit by code. Steady seconds."""

    script: str
    start: float
    truth: Truth
    said: dict[str, Said]
    lines: dict[str, int]  # how many each unit has
    rules: StateRules


def play(
    script: Script,
    province: Province,
    seed: int = 1,
    judge: Callable[[StateRules], Judging] = Judgement,
) -> Played:
    """Play a script from its beginning until what happened in it is settled. `judge` makes the judgement."""
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(Play(loop, script, province, seed, judge).perform())


class Play:
    """One play: every part that the daemon has between its sockets and its page. `start`: steady seconds."""

    engine = EchoEngine
    tick = TICK

    def __init__(
        self,
        loop: VirtualLoop,
        script: Script,
        province: Province,
        seed: int,
        judge: Callable[[StateRules], Judging],
        *,
        start: float = START,
    ) -> None:
        # A text as a seed gives the same numbers in every process.
        self._chance = partial(random.Random, f"{script.name} {seed}")
        self._loop = loop
        self._script = script
        self._province = province
        self._start = start
        self._clock = clock = VirtualClock(loop, start)
        self._world = world = World(province.plan, script, start, self._chance())
        settings = province.inventory.settings
        self._watch = watch = Watch(judge(settings.rules), (office.unit for office in province.plan.offices))
        self._echo = self.engine(
            loop,
            clock,
            {version: WorldSocket(version, world, clock) for version in (4, 6)},
            self._chance(),
            settings.timeout,
            on_slots=watch.take,
            on_error=watch.take,
            on_stray=watch.take,
        )
        self._snmp = SnmpEngine(
            loop,
            clock,
            self._chance(),
            timeout=settings.timeout,
            transports=lambda family: WorldTransport(family, world, loop, clock),
        )
        self._pacer = Pacer(loop, clock, lambda _: None)

    async def perform(self) -> Played:
        """Play all of it."""
        self._begin()
        await asyncio.sleep(self._script.duration + LEAST_AFTERWARDS + 60.0)
        self._world.advance(steady(self._clock))
        self._echo.close()
        await self._pacer.close(within=60.0)
        self._snmp.close()
        return Played(
            self._script.name,
            self._start,
            self._world.truth(),
            self._watch.said,
            {office.unit: 1 + bool(office.backup) for office in self._province.plan.offices},
            self._province.inventory.settings.rules,
        )

    def _begin(self) -> None:
        inventory = self._province.inventory
        configured = self._province.configured(self._start)
        self._watch.take(configured)
        self._echo.set_lines(configured.lines)
        self._echo.start()
        poller = DevicePoller(Conversations(self._snmp), inventory.profiles)
        polls = Polls(self._clock, self._pacer, poller, Resolver(), self._watch.take)
        polls.set_devices(configured.devices, inventory.credentials)
        self._tick()
        self._look(0)
        self._move()

    def _tick(self) -> None:
        self._loop.call_later(self.tick, self._tick)
        self._watch.take(Tick(steady(self._clock)))

    def _look(self, second: int) -> None:
        """Look at the gauges at each whole second after the beginning."""
        self._watch.look()
        at = self._start - self._clock.epoch + second + 1
        self._loop.call_at(at, self._look, second + 1)

    def _move(self) -> None:
        """Let happen what is due in the world, and tell what is to be told of it."""
        now = steady(self._clock)
        for happening in self._world.advance(now):
            if happening.window is not None:
                self._watch.take(Announced(now, self._world.windows))
            if happening.clock:
                self._clock.step(happening.at, happening.clock)
        due = self._world.next_due()
        if due is not None:
            self._loop.call_at(due - self._clock.epoch + HAIR, self._move)
