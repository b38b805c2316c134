"""Work that was announced: it removes no minute, but it explains an outage."""

from __future__ import annotations

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
