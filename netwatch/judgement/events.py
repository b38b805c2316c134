"""What the reducer is told. Every event carries its steady time, so that replaying equals living."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.observation import EchoError, EchoSlots, EchoStray, Observation

if TYPE_CHECKING:
    from netwatch.model.device import Device, Line


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed: wanted about once a second, so that silence is noticed and minutes are settled."""

    at: float


@dataclass(frozen=True, slots=True)
class Reconfigured:
    """From now on these lines and devices are watched; the very first event, and every reload.

    `units` are (register, code) of what is in force: each has its minutes, also one that has no device.
    """

    at: float
    lines: tuple[Line, ...]
    devices: tuple[Device, ...]
    units: tuple[tuple[str, str], ...] = ()


Event = EchoSlots | EchoError | EchoStray | Observation | Tick | Reconfigured
