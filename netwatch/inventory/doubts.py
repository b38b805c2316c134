"""What is no error, but hardly meant: an operator should see it before the first outage does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.wording import counted, quote
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.inventory.assembly import Draft
    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.settings import Settings, SettingsFile


def warn_of_paths(file: SettingsFile, remarks: Remarks, settings: Settings, drafts: Iterable[Draft]) -> None:
    """Warn of paths in use without references: their failure looks like that of everything behind them."""
    used: dict[str, int] = {}
    for draft in drafts:
        if draft.device is not None:
            used[draft.device.via] = used.get(draft.device.via, 0) + 1
    places = {key.text: key for key, _ in file.paths}
    for name, path in settings.paths.items():
        if name in used and not path.references:
            remarks.warn(
                places.get(name),
                f"path {quote(name)} has no references: if it fails, {counted(used[name], 'device')} will be "
                "told as down instead of unknown; name devices with role reference",
            )


def warn_of_units(drafts: Iterable[Draft]) -> None:
    """Warn of units that no uplink speaks for, and of uplinks that speak for no unit."""
    first: dict[tuple[str, str], Draft] = {}
    spoken_for: set[tuple[str, str]] = set()
    for draft in drafts:
        device = draft.device
        if device is None:
            continue
        unit = device.register, device.unit
        if device.unit:
            first.setdefault(unit, draft)
        if device.role is Role.UPLINK and device.unit:
            spoken_for.add(unit)
        elif device.role is Role.UPLINK:
            told = (
                f"device {quote(device.name)} is an uplink, but its site names no 'unit': it counts for none"
            )
            draft.remarks.warn(draft.entry, told)
    for unit, draft in first.items():
        if unit not in spoken_for:
            told = f"unit {unit[1]} has devices, but none with role uplink: its state stays unknown"
            draft.remarks.warn(draft.entry, told)
