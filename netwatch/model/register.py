"""The official lists that percentages are taken of: units by code and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a register. Codes are reused: a unit's identity is (code, valid_from)."""

    code: str
    name: str  # with its kind, as the register writes it: "Xã Như Quỳnh"; NFC
    kind: str  # xã | phường | thị trấn | … ; for organisations: sở, UBND huyện, …
    district: str  # "" where there is none (since 2025-07-01)
    province: str
    valid_from: dt.date
    valid_to: dt.date | None  # the first day on which it is no longer in force
    predecessors: tuple[str, ...]  # codes of the units it was made of, in force the day before valid_from
    latitude: float | None
    longitude: float | None
    source: str

    def in_force(self, day: dt.date) -> bool:
        """Tell whether the unit existed on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Register:
    """All units that a register has ever listed. One marked *example* yields no verdict."""

    name: str
    units: tuple[Unit, ...]
    example: bool

    def as_of(self, day: dt.date) -> tuple[Unit, ...]:
        """Return the units in force on `day`, in the register's order."""
        return tuple(unit for unit in self.units if unit.in_force(day))
