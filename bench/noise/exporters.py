"""The peers as they would scrape the same world: the blackbox exporter's echo and the SNMP exporter's walk.

Every target at its own moment of the interval, as Prometheus spreads them. A sample is seen by the rules from
the first evaluation after the scrape has ended.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
from typing import TYPE_CHECKING

from bench.noise.samples import STEP
from netwatch.polling.clock import steady
from netwatch.protocols.snmp import decode_response, encode_request
from netwatch.protocols.snmp_dump import Bounds, Dump
from netwatch.protocols.snmp_step import Step

if TYPE_CHECKING:
    import random

    from bench.noise.samples import Samples
    from netwatch.lab.plan.layout import SimulatedDevice
    from netwatch.lab.world.world import World
    from netwatch.polling.clock import Clock

ECHO_TIMEOUT = 9.5
"""Seconds: Prometheus' scrape timeout of 10 s, less the half second that the exporter keeps for itself."""

SNMP_TIMEOUT, SNMP_TRIES = 5.0, 4  # the SNMP exporter's own: 5 s, and three retries
SNMP_DEADLINE = 30.0  # scrape_timeout in bench/peers/prometheus.yml
SNMP_STEPS = 4  # a scrape each 60 s
WALKED = ((1, 3, 6, 1, 2, 1, 2), (1, 3, 6, 1, 2, 1, 31, 1, 1))  # bench/peers/snmp.yml
REPETITIONS = 25  # the exporter's own
BOUNDS = Bounds(rows=10_000, answers=1_000, octets=1_000_000)
REQUEST_ID = 0x10000000


class Exporter:
    """What both have in common: a target that is scraped again and again until the play ends."""

    job = ""
    metric = ""
    every = 1

    def __init__(self, world: World, clock: Clock, samples: Samples, device: SimulatedDevice) -> None:
        self.world = world
        self.clock = clock
        self.name = device.name
        self.address = ipaddress.ip_address(device.address).packed
        self._samples = samples
        self._series = f'{self.metric}{{job="{self.job}",instance="{device.address}",unit="{device.unit}"}}'

    async def run(self, start: float, end: float, chance: random.Random) -> None:
        """Scrape from `start` to `end`, steady seconds, each time at the same moment of the interval."""
        interval = self.every * STEP
        at = start + chance.uniform(0.0, interval)
        while at < end:
            await self._sleep_until(at)
            good = await self.scrape()
            step = math.ceil((steady(self.clock) - start) / STEP)
            self._samples.put(self._series, step, float(good), self.every)
            at += interval

    async def _sleep_until(self, at: float) -> None:
        await asyncio.sleep(max(at - steady(self.clock), 0.0))

    async def scrape(self) -> bool:
        """Scrape once; tell whether that succeeded."""
        raise NotImplementedError


class Blackbox(Exporter):
    """Module icmp: one echo, answered in time or not."""

    job = "blackbox"
    metric = "probe_success"

    async def scrape(self) -> bool:
        """Send one echo, and wait for its reply."""
        if not self.world.can_send:
            return False
        delays, _ = self.world.echo(self.address, steady(self.clock))
        first = min(delays, default=math.inf)
        await asyncio.sleep(min(first, ECHO_TIMEOUT))
        return first < ECHO_TIMEOUT


class Snmp(Exporter):
    """Module if_mib: as many questions, one after the other, as the walk takes."""

    job = "snmp"
    metric = "up"
    every = SNMP_STEPS

    async def scrape(self) -> bool:
        """Walk; a deadline that passes, or one question without an answer, fails all of it."""
        try:
            async with asyncio.timeout(SNMP_DEADLINE - 0.5):
                return await self._walk()
        except TimeoutError:
            return False

    async def _walk(self) -> bool:
        for root in WALKED:
            dump = Dump(root, BOUNDS)
            while not dump.done:
                request = dump.ask(REPETITIONS)
                message = encode_request(
                    b"public", request.pdu, REQUEST_ID, request.varbinds, repetitions=request.third
                )
                answer = await self._ask(message)
                if answer is None or dump.take(decode_response(answer)) not in {Step.MORE, Step.DONE}:
                    return False
                if self._is_undisturbed():
                    return True
        return True

    def _is_undisturbed(self) -> bool:
        """Tell whether nothing can keep the walk from coming to its end: the rest is not played then."""
        due = self.world.next_due()
        calm = due is None or due > steady(self.clock) + SNMP_DEADLINE
        return calm and not self.world.faults(self.name)

    async def _ask(self, message: bytes) -> bytes | None:
        for _ in range(SNMP_TRIES):
            if not self.world.can_send:
                return None
            answer = self.world.snmp(self.address, message, steady(self.clock))
            delay, reply = answer or (math.inf, b"")
            await asyncio.sleep(min(delay, SNMP_TIMEOUT))
            if delay < SNMP_TIMEOUT:
                return reply
        return None
