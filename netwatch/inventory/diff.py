"""What a reload would change, and whether so much that it was hardly meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.wording import counted

if TYPE_CHECKING:
    from netwatch.inventory.load import Inventory
    from netwatch.model.device import Device

MOST_REMOVED = 0.1
"""Share of the devices that a reload may drop: an editor that lost half a file is no order to forget it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of devices, in order. A renamed one is removed and added: the name keys the history."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]  # anything about it, or its credential


def diff(old: Inventory, new: Inventory) -> Changes:
    """Return what differs between two inventories."""
    before = {device.name: device for device in old.devices}
    after = {device.name: device for device in new.devices}
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(
            name
            for name in sorted(before.keys() & after.keys())
            if before[name] != after[name] or _let_in(old, before[name]) != _let_in(new, after[name])
        ),
    )


def refusal(old: Inventory, changes: Changes) -> str:
    """Say why a reload should not be done unless it is forced; "" where it may be."""
    removed, total = len(changes.removed), len(old.devices)
    if removed <= MOST_REMOVED * total:
        return ""
    names = ", ".join(changes.removed[:3]) + (", …" if removed > 3 else "")
    return (
        f"it would drop {removed:,} of {counted(total, 'device')} ({removed / total:.0%}): {names}; "
        f"more than {MOST_REMOVED:.0%} are dropped only if the reload is forced"
    )


def _let_in(inventory: Inventory, device: Device) -> object:
    """Return the credential of a device, None where it is asked by echo alone."""
    return inventory.credentials.get(device.snmp) if device.snmp else None
