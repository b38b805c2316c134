"""What announced windows leave out of a unit's net figures, and which leave out nothing.

A minute is left out where it lies wholly within a window whose announcement entered the ledger before the
window began. A window that was announced later is told, and leaves out none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.report import Excluded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.audit.report.masks import Calendar
    from netwatch.model.device import Device
    from netwatch.model.maintenance import Window


def covering(
    windows: Iterable[Window], code: str, area: str, devices: Sequence[Device]
) -> tuple[Window, ...]:
    """Return the windows that are about a unit, or about a device that decides it."""
    return tuple(
        window
        for window in windows
        if window.covers("", code, area)
        or any(window.covers(device.name, device.unit, device.area) for device in devices)
    )


def left_out(windows: Iterable[Window], calendar: Calendar, own: int) -> tuple[tuple[Excluded, ...], int]:
    """Return what each window leaves out of the minutes `own`, and all of it together.

    A minute that lies within several is counted for the first.
    """
    taken = 0
    found = []
    for window in windows:
        in_time = window.announced <= window.start
        minutes = calendar.within([(window.start, window.end)]) & own & ~taken if in_time else 0
        taken |= minutes
        found.append(Excluded(window, minutes.bit_count(), in_time))
    return tuple(found), taken
