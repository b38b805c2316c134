"""The scalars of UPS-MIB (RFC 1628) by which a power cut is told from other outages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from netwatch.lab.agents.machine import Ups

UPS_OBJECTS = (1, 3, 6, 1, 2, 1, 33, 1)
BATTERY_NORMAL, BATTERY_LOW, BATTERY_DEPLETED = 2, 3, 4
LOW_CHARGE = 0.2
OUTPUT_NORMAL, OUTPUT_BATTERY = 3, 5


def _battery_status(ups: Ups, now: float) -> int:
    charge = ups.charge(now)
    if charge >= LOW_CHARGE:
        return BATTERY_NORMAL
    return BATTERY_LOW if charge > 0 else BATTERY_DEPLETED


_SCALARS: Mapping[tuple[int, int], Callable[[Ups, float], int]] = {
    (2, 1): _battery_status,  # upsBatteryStatus
    (2, 2): lambda ups, now: ups.seconds_on_battery(now),  # upsSecondsOnBattery
    (2, 3): lambda ups, now: round(ups.charge(now) * ups.capacity) // 60,  # upsEstimatedMinutesRemaining
    (2, 4): lambda ups, now: round(ups.charge(now) * 100),  # upsEstimatedChargeRemaining, percent
    (3, 1): lambda ups, _: ups.line_bads,  # upsInputLineBads, a Counter32
    (4, 1): lambda ups, _: OUTPUT_NORMAL if ups.on_battery_since is None else OUTPUT_BATTERY,
}  # the last is upsOutputSource

LINE_BADS = (*UPS_OBJECTS, 3, 1)
"""The only one among them that is a counter."""


def scalars() -> Iterator[tuple[tuple[int, ...], Callable[[Ups, float], int]]]:
    """Yield each object identifier, without its .0, and what it tells of a UPS at a time."""
    for arcs, value in _SCALARS.items():
        yield (*UPS_OBJECTS, *arcs), value
