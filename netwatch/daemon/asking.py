"""All that goes through SNMP: polls each minute, surveys each hour, notifications, neighbours.

One engine and one memory of how each device is let in serve all of them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple

from netwatch.daemon.neighbourhoods import Neighbourhoods
from netwatch.daemon.polls import Polls
from netwatch.daemon.surveys import Surveys
from netwatch.daemon.traps import Traps
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.pacer import Pacer
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.survey.survey import Surveyor

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    from netwatch.daemon.aside import Aside
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.neighbourhood import Mismatch
    from netwatch.model.device import Device
    from netwatch.model.fact import Survey
    from netwatch.model.observation import Observation
    from netwatch.model.profile import Profile
    from netwatch.model.sign import Sign
    from netwatch.polling.clock import Clock
    from netwatch.polling.resolver import Resolver
    from netwatch.polling.trap_intake import Signed
    from netwatch.polling.trap_socket import TrapTransport
    from netwatch.publishing.notice_series import NoticeCounts

LOG = logging.getLogger(__name__)

BACKLOG = 256
"""Polls under way with which no survey begins: a survey can wait, a poll cannot."""

CLOSE_WITHIN = 2.0
"""Seconds that what is under way gets at the end."""


class Hearers(NamedTuple):
    """Who is told what."""

    started: Callable[[float], None]  # a poll, and the seconds by which it was late
    observed: Callable[[Observation], None]
    surveyed: Callable[[Survey], None]
    trapped: Callable[[Sign], None]  # a sign that no poll can show
    mismatched: Callable[[tuple[Mismatch, ...]], None]  # all configured parents that are not plugged in


class Asking:
    """Asks devices, and hears them. `notices` counts what they said unasked."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        randomness: random.Random,
        inventory: Inventory,
        *,
        resolver: Resolver,
        aside: Aside,
        hearers: Hearers,
        traps: Sequence[TrapTransport],
        signed: Signed | None,
    ) -> None:
        self._hearers = hearers
        self.engine = SnmpEngine(loop, clock, randomness, timeout=inventory.settings.timeout)
        self._conversations = Conversations(self.engine)
        self._pacer = Pacer(loop, clock, hearers.started)
        poller = DevicePoller(self._conversations, inventory.profiles)
        self._polls = Polls(clock, self._pacer, poller, resolver, self._observed)
        self._survey_pacer = Pacer(loop, clock, lambda _late: None)
        self._surveys = Surveys(
            clock,
            self._survey_pacer,
            Surveyor(self._conversations),
            resolver,
            self._surveyed,
            lambda: self._pacer.running > BACKLOG,
        )
        if signed is not None:
            signed.trust(self._conversations.proof)
        self._clashes: frozenset[str] = frozenset()
        self._neighbourhoods = Neighbourhoods(resolver, aside.run, hearers.mismatched)
        self._traps = Traps(
            loop,
            clock,
            traps,
            resolver,
            ask=self._pacer.start_now,
            tell=hearers.trapped,
            signed=signed,
        )

    @property
    def notices(self) -> NoticeCounts:
        """Where to read how much was said unasked."""
        return self._traps.counts

    def start(self) -> None:
        """Begin to hear what is said unasked; polls and surveys begin with `use`."""
        self._traps.start()

    async def close(self) -> None:
        """Ask nothing more."""
        self._traps.close()
        await asyncio.gather(self._pacer.close(CLOSE_WITHIN), self._survey_pacer.close(CLOSE_WITHIN))
        self.engine.close()

    def use_profiles(self, profiles: Mapping[str, Profile]) -> None:
        """Ask by other profiles from now on; what is remembered of devices is learnt anew."""
        self._polls.use(DevicePoller(self._conversations, profiles))

    def use(self, devices: Sequence[Device], inventory: Inventory) -> None:
        """Ask and hear these from now on."""
        self._conversations.keep({device.name for device in devices})
        self._polls.set_devices(devices, inventory.credentials)
        self._surveys.set_devices(devices, inventory.credentials, inventory.settings.survey_interval)
        self._neighbourhoods.use(devices)
        self._traps.use(devices, inventory.credentials)

    def find_addresses(self) -> None:
        """Hear devices at the addresses that their names have now."""
        self._traps.find_addresses()

    async def compare(self) -> None:
        """Look for what does not fit together: parents that are not plugged in, engines of one identity."""
        clashes = frozenset(self._conversations.engines.clashes())
        for line in sorted(clashes - self._clashes):
            LOG.warning("%s", line)
        self._clashes = clashes
        await self._neighbourhoods.compare()

    def _observed(self, observation: Observation) -> None:
        self._surveys.observed(observation)
        self._neighbourhoods.observed(observation)
        self._hearers.observed(observation)

    def _surveyed(self, survey: Survey) -> None:
        self._neighbourhoods.surveyed(survey)
        self._hearers.surveyed(survey)
