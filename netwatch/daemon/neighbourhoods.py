"""Keeps whom each device sees beside it, and finds the configured parents that are not plugged in.

Surveys bring it, one device at a time; all are compared together now and then, aside, since a country's graph
takes longer than the loop has.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from netwatch.judgement.neighbourhood import graph, mismatches, station
from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from netwatch.judgement.neighbourhood import Mismatch, Station
    from netwatch.model.device import Device
    from netwatch.model.fact import Survey
    from netwatch.model.neighbour import Neighbourhood
    from netwatch.model.observation import Observation
    from netwatch.polling.resolver import Resolver

    Aside = Callable[[Callable[[], tuple[Mismatch, ...]]], Awaitable[tuple[Mismatch, ...]]]
    """Runs a function in a thread."""

LOG = logging.getLogger(__name__)


class Neighbourhoods:
    """What was told last. `show` takes the mismatches that there are now, whenever they were looked for."""

    def __init__(
        self, resolver: Resolver, aside: Aside, show: Callable[[tuple[Mismatch, ...]], None]
    ) -> None:
        self._resolver = resolver
        self._aside = aside
        self._show = show
        self._devices: tuple[Device, ...] = ()
        self._told: dict[str, Neighbourhood | None] = {}
        self._names: dict[str, str] = {}  # sysName by device
        self._warned: frozenset[str] = frozenset()
        self._changed = False

    def use(self, devices: Iterable[Device]) -> None:
        """Compare these from now on."""
        self._devices = tuple(devices)
        names = {device.name for device in self._devices}
        self._told = {name: told for name, told in self._told.items() if name in names}
        self._names = {name: told for name, told in self._names.items() if name in names}
        self._changed = True

    def observed(self, observation: Observation) -> None:
        """Take the name that a device gives itself."""
        if observation.system is not None:
            self._names[observation.device] = observation.system.sys_name

    def surveyed(self, survey: Survey) -> None:
        """Take whom a device sees; one that does not answer says nothing about anybody."""
        told = survey.neighbourhood if survey.outcome is Outcome.ANSWERED else None
        if self._told.get(survey.device) != told:
            self._told[survey.device] = told
            self._changed = True

    async def compare(self) -> None:
        """Look for parents that are not plugged in, where anything changed; warn once of each."""
        if not self._changed:
            return
        self._changed = False
        found = await self._aside(partial(_find, [self._station(device) for device in self._devices]))
        self._show(found)
        for mismatch in found:
            if mismatch.line not in self._warned:
                LOG.warning("%s", mismatch.line)
        self._warned = frozenset(mismatch.line for mismatch in found)

    def _station(self, device: Device) -> Station:
        written = (device.address, *(uplink.address for uplink in device.uplinks))
        addresses = (self._resolver.address(each) for each in written if each)
        return station(
            device,
            [address for address in addresses if address is not None],
            self._names.get(device.name, ""),
            self._told.get(device.name),
        )


def _find(stations: Sequence[Station]) -> tuple[Mismatch, ...]:
    return mismatches(stations, graph(stations))
