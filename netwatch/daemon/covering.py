"""Which units and devices an announced window covers at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.device import Device
    from netwatch.model.maintenance import Window


def covered(
    windows: Iterable[Window], units: Iterable[tuple[str, str]], devices: Iterable[Device], now: float
) -> frozenset[tuple[str, str]]:
    """Return (register, code) of the units that are named, or of which a device or its area is, `now`."""
    open_ = _open(windows, now)
    if not open_:
        return frozenset()
    named = {code for window in open_ for code in window.units}
    return frozenset(
        [(register, code) for register, code in units if code in named]
        + [
            (device.register, device.unit)
            for device in devices
            if device.unit and any(window.covers(device.name, device.unit, device.area) for window in open_)
        ]
    )


def covered_devices(windows: Iterable[Window], devices: Iterable[Device], now: float) -> frozenset[str]:
    """Return the names of the devices that are covered `now`: many that units depend on are of no unit."""
    open_ = _open(windows, now)
    return frozenset(
        device.name
        for device in devices
        if any(window.covers(device.name, device.unit, device.area) for window in open_)
    )


def _open(windows: Iterable[Window], now: float) -> list[Window]:
    return [window for window in windows if window.start <= now < window.end]
