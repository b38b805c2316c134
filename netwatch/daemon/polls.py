"""Joins the pacer with the device poller: each device with a credential is polled in its turn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from netwatch.model.observation import Observation
from netwatch.model.outcome import Outcome
from netwatch.polling.clock import Clock, steady
from netwatch.polling.pacer import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netwatch.model.device import Credential, Device
    from netwatch.polling.device import DevicePoller
    from netwatch.polling.pacer import Pacer
    from netwatch.polling.resolver import Resolver


class Polls:
    """Hands every observation on as it is made."""

    def __init__(
        self,
        clock: Clock,
        pacer: Pacer,
        poller: DevicePoller,
        resolver: Resolver,
        hand_on: Callable[[Observation], None],
    ) -> None:
        self._clock = clock
        self._pacer = pacer
        self._poller = poller
        self._resolver = resolver
        self._hand_on = hand_on

    def use(self, poller: DevicePoller) -> None:
        """Poll through another poller from now on: the profiles changed."""
        self._poller = poller

    def set_devices(self, devices: Iterable[Device], credentials: Mapping[str, Credential]) -> None:
        """Poll these from now on."""
        polled = [device for device in devices if device.snmp is not None]
        self._poller.keep({device.name for device in polled})
        self._pacer.set_jobs(
            {
                device.name: Job(
                    device.snmp_interval, partial(self._poll, device, credentials[device.snmp or ""])
                )
                for device in polled
            }
        )

    async def _poll(self, device: Device, credential: Credential) -> None:
        address = self._resolver.address(device.address)
        if address is None:
            observation = self._unresolved(device)
        else:
            observation = await self._poller.poll(device, credential, address)
        self._hand_on(observation)

    def _unresolved(self, device: Device) -> Observation:
        problem = f"the name {device.address} does not resolve"
        return Observation(device.name, steady(self._clock), Outcome.LOCAL_ERROR, 0.0, problem)
