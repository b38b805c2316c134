"""Joins a pacer with the surveyor: each device with a credential is surveyed in its turn, beside its polls.

A survey can wait, a poll cannot: few surveys run at once, and none begins while the polls have a backlog.
What polls know besides (light, identity) becomes facts when a survey ends, so that the first survey of a
device waits for its first poll: without it these facts would be an hour late.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.fact import FactKind, Survey
from netwatch.model.outcome import Outcome
from netwatch.polling.clock import Clock, steady
from netwatch.polling.pacer import Job
from netwatch.polling.survey.identity import judge_identity
from netwatch.polling.survey.light import facts_of_poll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netwatch.model.device import Credential, Device
    from netwatch.model.fact import Fact
    from netwatch.model.observation import Identity, Light, Observation, SystemGroup
    from netwatch.polling.pacer import Pacer
    from netwatch.polling.resolver import Resolver
    from netwatch.polling.survey.survey import Surveyor

AT_ONCE = 16
"""Surveys under way at most; each waits for one answer at a time."""

LOOK_AGAIN = 5.0
"""Seconds after which a survey that was held back looks again."""

PATIENCE = 24
"""Looks after which it waits no longer, two minutes: a backlog leaves it to its next turn, a poll that is
still to come does not hold it back."""

FIRST_WITHIN = 60.0
"""Seconds within which new devices are surveyed first: nobody waits an hour to see what is there …"""

FIRST_APART = 0.3
"""… and seconds between two of them, at least, as each costs some hundredths of a second."""

FRESH_INTERVALS = 2.5
"""Intervals of a device's polls for which what one read still holds."""


class _Polled(NamedTuple):
    """What the last answered poll of a device knows of it."""

    at: float
    light: tuple[Light, ...]
    profile: str
    system: SystemGroup | None
    identity: Identity | None


class Surveys:
    """Hands every survey on as it is made. `busy` tells whether the polls have a backlog."""

    def __init__(  # noqa: PLR0917 - as many as it joins
        self,
        clock: Clock,
        pacer: Pacer,
        surveyor: Surveyor,
        resolver: Resolver,
        hand_on: Callable[[Survey], None],
        busy: Callable[[], bool],
    ) -> None:
        self.put_off = 0  # surveys that were left to their next turn
        self._clock = clock
        self._pacer = pacer
        self._surveyor = surveyor
        self._resolver = resolver
        self._hand_on = hand_on
        self._busy = busy
        self._room = asyncio.Semaphore(AT_ONCE)
        self._polled: dict[str, _Polled] = {}
        self._heard: set[str] = set()  # whose first poll has ended, whatever came of it

    def set_devices(
        self, devices: Iterable[Device], credentials: Mapping[str, Credential], interval: float
    ) -> None:
        """Survey these from now on, each every `interval` seconds."""
        surveyed = {device.name: device for device in devices if device.snmp is not None}
        self._surveyor.keep(surveyed.keys())
        self._polled = {name: polled for name, polled in self._polled.items() if name in surveyed}
        self._heard &= surveyed.keys()
        # Another key than that of its poll gives a survey another phase.
        self._pacer.set_jobs(
            {
                f"survey of {name}": Job(
                    interval, partial(self._survey, device, credentials[device.snmp or ""])
                )
                for name, device in surveyed.items()
            },
            first_within=max(FIRST_WITHIN, FIRST_APART * len(surveyed)),
        )

    def observed(self, observation: Observation) -> None:
        """Take what a poll read that facts are made of."""
        self._heard.add(observation.device)
        if observation.outcome is Outcome.ANSWERED:
            self._polled[observation.device] = _Polled(
                observation.at,
                observation.light,
                observation.profile,
                observation.system,
                observation.identity,
            )

    async def _survey(self, device: Device, credential: Credential) -> None:
        for _ in range(PATIENCE):
            if device.name in self._heard and not self._busy():
                break
            await asyncio.sleep(LOOK_AGAIN)
        if self._busy():
            self.put_off += 1
            return
        async with self._room:
            survey = await self._ask(device, credential)
        self._hand_on(replace(survey, facts=(*survey.facts, *self._known_by_polls(device, survey))))

    async def _ask(self, device: Device, credential: Credential) -> Survey:
        address = self._resolver.address(device.address)
        if address is None:
            problem = f"the name {device.address} does not resolve"
            return Survey(device.name, steady(self._clock), Outcome.LOCAL_ERROR, 0.0, problem)
        return await self._surveyor.survey(device, credential, address)

    def _known_by_polls(self, device: Device, survey: Survey) -> tuple[Fact, ...]:
        """Return what the last poll knows: whether it is the right device, and the light of its way out."""
        polled = self._polled.get(device.name)
        if polled is None or survey.at - polled.at > FRESH_INTERVALS * device.snmp_interval:
            return ()
        told = (
            *judge_identity(device.expect, polled.system, polled.identity),
            *facts_of_poll(polled.light, polled.profile, ports_out(survey.facts)),
        )
        return tuple(each.fact(device.name, polled.at) for each in told)


def ports_out(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the ports that a default route leaves by, and those that they run over."""
    return frozenset(fact.text for fact in facts if fact.kind in {FactKind.DEFAULT_ROUTE, FactKind.RUNS_OVER})
