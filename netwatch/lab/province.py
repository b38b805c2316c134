"""The province while it runs: who answers what, and when, at this moment.

Behaviours are values that are swapped whole, so that whoever changes them (a test, the control socket, a
script) says all of what a device does from now on. Carrying the answers is not this file's business.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from netwatch.lab.agent import Agent
    from netwatch.lab.plan import Behaviour, SimulatedDevice


@dataclasses.dataclass(slots=True)
class _Running:
    device: SimulatedDevice
    agent: Agent | None
    behaviour: Behaviour


class Province:
    """The devices, found by the address that was asked or by name.

    `now` returns steady seconds, by which counters run; `randomness` decides losses and jitter.
    """

    def __init__(
        self,
        devices: Iterable[SimulatedDevice],
        agents: Callable[[SimulatedDevice], Agent | None],
        now: Callable[[], float],
        randomness: random.Random,
    ) -> None:
        self._by_name = {
            device.name: _Running(device, agents(device), device.behaviour) for device in devices
        }
        self._by_address = {
            ipaddress.ip_address(running.device.address).packed: running for running in self._by_name.values()
        }
        self._now = now
        self._randomness = randomness

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all devices, in the order of the plan."""
        return tuple(self._by_name)

    def behaviour(self, name: str) -> Behaviour:
        """Return how the device behaves now; KeyError where there is none of that name."""
        return self._by_name[name].behaviour

    def change(self, name: str, behaviour: Behaviour) -> None:
        """Let the device behave so from now on."""
        self._by_name[name].behaviour = behaviour

    def restore(self, name: str) -> None:
        """Let the device behave as planned again."""
        running = self._by_name[name]
        running.behaviour = running.device.behaviour

    def echo(self, address: bytes) -> float | None:
        """Return how many seconds an echo to the packed `address` takes from now; None: no answer."""
        running = self._by_address.get(address)
        if running is None or not running.behaviour.echo:
            return None
        return self._delay(running.behaviour)

    def snmp(self, address: bytes, datagram: bytes) -> tuple[float, bytes] | None:
        """Return the delay in seconds and the reply of the agent at the packed `address`; None: no reply."""
        running = self._by_address.get(address)
        if running is None or running.agent is None or not running.behaviour.snmp:
            return None
        delay = self._delay(running.behaviour)
        reply = running.agent.answer(datagram, self._now())
        return None if delay is None or reply is None else (delay, reply)

    def _delay(self, behaviour: Behaviour) -> float | None:
        if behaviour.loss and self._randomness.random() < behaviour.loss:
            return None
        return behaviour.delay + behaviour.jitter * self._randomness.random()
