"""Work that was announced: it removes no minute, but it explains an outage."""

from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """One occurrence of an announced window. Times are Unix seconds.

    It covers a device that is named, of a unit that is named, or in an area that is named.
    """

    name: str  # unique; of a recurring one its name and its start
    start: float
    end: float
    announced: float  # when the announcement entered the ledger; later than `start`: it explains nothing
    by: str  # who announced it
    text: str = ""  # what for
    devices: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def covers(self, device: str, unit: str, area: str) -> bool:
        """Tell whether it is about a device, given with the unit and area that it is of ("": none)."""
        return device in self.devices or unit in self.units or area in self.areas


class Origin(enum.StrEnum):
    """Where an announcement was made."""

    FILE = "file"  # maintenance.yaml
    COMMAND = "command"  # netwatch maintenance


@dataclass(frozen=True, slots=True)
class Announcement:
    """An entry of the ledger: from `at` on, a window is announced as `content` says.

    A later entry of the same origin and name takes its place; none is ever removed. One without content
    withdraws the window.
    """

    at: float  # Unix seconds
    origin: Origin
    name: str
    content: str  # JSON with its keys in order, so that equal windows have equal content; "": withdrawn


@dataclass(frozen=True, slots=True)
class Annotation:
    """An entry of the ledger: what somebody knows of an outage. It explains; it changes no verdict."""

    at: float  # Unix seconds
    unit: str  # whose outage
    start: float  # of the outage, which tells it apart from the unit's others
    by: str
    text: str
    ticket: str = ""  # the carrier's


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage of a unit as it is looked up for a note. Times are Unix seconds."""

    start: float
    end: float | None  # None: it goes on
