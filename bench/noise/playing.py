"""Plays one episode of the week in virtual time: netwatch as the daemon shows it, and its peers beside it.

Everything between netwatch's sockets and its two pages is the real thing (`tools.truth.play`), and so are the
pages: `LiveExposition` and `DeviceExposition`, which Prometheus scrapes each 15 s and 60 s.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.noise.exporters import Blackbox, Snmp
from bench.noise.samples import STEP, Page, Samples
from netwatch.daemon.covering import covered, covered_devices
from netwatch.daemon.published import roll
from netwatch.judgement.events import Announced, Reconfigured
from netwatch.judgement.reducer import Judgement
from netwatch.model.device import Role
from netwatch.model.observation import Observation
from netwatch.polling.clock import steady
from netwatch.polling.echo import EchoEngine
from netwatch.publishing.devices import DeviceExposition
from netwatch.publishing.exposition import Format
from netwatch.publishing.live import LiveExposition
from tools.truth.play import Play
from tools.truth.province import DAY
from tools.truth.virtual import VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.noise.week import Episode
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.composite import UnitState
    from netwatch.judgement.events import Event
    from netwatch.lab.world.truth import Truth
    from netwatch.model.decision import Decision
    from netwatch.model.device import Line, StateRules
    from netwatch.model.maintenance import Window
    from tools.truth.province import Province

TICK = 0.25  # seconds of an echo engine's tick
DEVICES_EVERY = 4  # steps: /metrics/devices is scraped each 60 s
MOMENT = 7.0  # seconds into each step: when Prometheus scrapes netwatch


@dataclass(frozen=True, slots=True)
class Recording:
    """What an episode left. `end`: the last step that was scraped."""

    episode: Episode
    truth: Truth
    netwatch: Samples
    peers: Samples
    end: int


class Shown:
    """The judgement, and the pages that show what it decides: what `netwatch.daemon.published` joins."""

    def __init__(self, inventory: Inventory, rules: StateRules) -> None:
        self._inventory = inventory
        self._judgement = Judgement(rules)
        self._windows: tuple[Window, ...] = ()
        self._roll = roll(inventory, inventory.units(DAY))
        self._devices = {device.name: device for device in inventory.in_service(DAY)}
        self.live = LiveExposition(self._judgement)
        self.read = DeviceExposition(inventory.profiles.values())

    @property
    def units(self) -> Mapping[str, UnitState]:
        """The present, by code."""
        return self._judgement.units

    def advance(self, event: Event) -> list[Decision]:
        """Let the judgement take an event, and show what follows, as the daemon does."""
        decisions = self._judgement.advance(event)
        self.live.take(decisions)
        if isinstance(event, Observation):
            self.live.observe(event)
            self.read.observe(self._devices[event.device], event)
        elif isinstance(event, Reconfigured):
            self.live.take_roll(self._roll, event.at)
        elif isinstance(event, Announced):
            self._windows = event.windows
        return decisions

    def bring_up_to_date(self, now: float) -> None:
        """Do at once what the daemon does in turns, so that a page is as new as it is there."""
        self.live.refresh(now)
        self.read.expire(now)
        units = [(register, unit.code) for register, unit in self._roll.units]
        devices = self._devices.values()
        self.live.take_windows(
            covered(self._windows, units, devices, now), covered_devices(self._windows, devices, now)
        )


class Unhurried(EchoEngine):
    """The echo engine in longer ticks: nobody looks between two scrapes, and a week has many ticks.

    An echo leaves up to a tick later than it is due, and so is noticed what becomes of it.
    """

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Ask these, and send in each tick what is due in one."""
        super().set_lines(lines)
        self._sender.set_lines(self._lines.values(), TICK)

    def _plan(self) -> None:
        left = TICK - self._clock.monotonic() % TICK
        self._timer = self._loop.call_later(left if left > TICK / 4 else left + TICK, self._tick)


class NoisePlay(Play):
    """A play of the truth's that is scraped, by netwatch's Prometheus and by its peers."""

    engine = Unhurried
    tick = 1.0

    def __init__(
        self, loop: VirtualLoop, episode: Episode, province: Province, seed: int, wanted: frozenset[str]
    ) -> None:
        self.shown: Shown | None = None
        super().__init__(loop, episode.script, province, seed, self._judge, start=episode.start)
        self._episode = episode
        self.netwatch, self.peers = Samples(), Samples()
        labels = 'job="{}",poller="main"'
        self._page = Page(self.netwatch, wanted, labels.format("netwatch"), 1)
        self._device_page = Page(self.netwatch, wanted, labels.format("netwatch-devices"), DEVICES_EVERY)
        self._tasks: list[asyncio.Task[None]] = []

    def _judge(self, rules: StateRules) -> Shown:
        self.shown = Shown(self._province.inventory, rules)
        return self.shown

    def _begin(self) -> None:
        super()._begin()
        self._loop.call_later(MOMENT, self._scrape, 1)
        end = self._start + self._script.duration
        self._tasks = [
            self._loop.create_task(exporter.run(self._start, end, random.Random(f"{exporter.job}{number}")))
            for number, exporter in enumerate(self._exporters())
        ]

    def _look(self, second: int) -> None:
        """Look at no gauge: the pages are scraped."""

    def _exporters(self) -> list[Blackbox | Snmp]:
        """Return a scraper for each target that bench/peers configures."""
        found: list[Blackbox | Snmp] = []
        for device in self._province.plan.devices:
            if not device.unit or device.role not in {Role.UPLINK, Role.SWITCH}:
                continue
            shared = (self._world, self._clock, self.peers, device)
            if device.role is Role.UPLINK:
                found.append(Blackbox(*shared))
            found.append(Snmp(*shared))
        return found

    def _scrape(self, step: int) -> None:
        assert self.shown is not None
        now = steady(self._clock)
        self.shown.bring_up_to_date(now)
        self._page.scrape(step, self.shown.live.pieces(Format.TEXT_0_0_4))
        if step % DEVICES_EVERY == 0:
            self._device_page.scrape(step, self.shown.read.pieces(Format.TEXT_0_0_4))
        if (step + 1) * STEP <= self._script.duration:
            self._loop.call_at(self._start - self._clock.epoch + step * STEP + MOMENT, self._scrape, step + 1)

    async def record(self) -> Recording:
        """Play all of it."""
        played = await self.perform()
        await asyncio.gather(*self._tasks)
        end = int(self._script.duration // STEP) - 1
        return Recording(self._episode, played.truth, self.netwatch, self.peers, end)


def play_episode(episode: Episode, province: Province, seed: int, wanted: frozenset[str]) -> Recording:
    """Play one episode; `wanted`: the metrics of netwatch's that are kept."""
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(NoisePlay(loop, episode, province, seed, wanted).record())
