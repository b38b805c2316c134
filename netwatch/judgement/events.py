"""What the reducer is told. Every event carries its steady time, so that replaying equals living."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.observation import EchoError, EchoSlots, EchoStray, Observation
from netwatch.model.sign import Sign

if TYPE_CHECKING:
    from netwatch.model.decision import MinuteSlots
    from netwatch.model.device import Device, Line, ObservationPath
    from netwatch.model.maintenance import Window


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
    paths: tuple[ObservationPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Announced:
    """From now on these windows are known: all that are open, begin soon, or ended lately."""

    at: float
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Slots out of the ledger, a minute at most: how a restart and a verification tell what was measured.

    A verification tells each minute's at its end, together with the signs and reloads of that time; a restart
    tells all of them before anything else (see `Judgement.restore`).
    """

    at: float
    line: int
    slots: MinuteSlots


@dataclass(frozen=True, slots=True)
class Resumed:
    """Watching goes on after a pause: nothing is known of the time after `until`, the last slot before it."""

    at: float
    until: float


Measured = EchoSlots | EchoError | EchoStray | Observation | Sign | Recorded
Event = Measured | Tick | Reconfigured | Announced | Resumed
