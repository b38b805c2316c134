"""The light of the ports that the default route leaves by: what a poll read of it, as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netwatch.model.observation import Light


def facts_of_poll(lights: Iterable[Light], profile: str, ports: Collection[str]) -> tuple[Told, ...]:
    """Return the light that these ports (InterfaceName.key) receive, of each its darkest lane.

    A port whose lanes are not all lit has no light to show.
    """
    by_port: dict[str, list[Light]] = {}
    for light in lights:
        if light.interface in ports:
            by_port.setdefault(light.interface, []).append(light)
    source = f"light of profile {profile}"
    return tuple(told for port, lanes in by_port.items() for told in _told(port, lanes, source))


def _told(port: str, lanes: list[Light], source: str) -> tuple[Told, ...]:
    lit = [(light.received, light) for light in lanes if light.received is not None]
    if len(lit) < len(lanes):
        return ()
    received, darkest = min(lit, key=lambda each: each[0])
    told = [Told(FactKind.LIGHT, port, received, darkest.lane, source)]
    if darkest.low_alarm is not None:
        told.append(Told(FactKind.LIGHT_ALARM, port, darkest.low_alarm, darkest.lane, source))
    return tuple(told)
