"""Which SNMP engines stand where: an engineID should be one engine's alone (RFC 3411, SnmpEngineID).

Devices copied from one image share theirs. Nothing of one is used for the other, so both are polled rightly;
but whoever keeps keys or clocks by engineID mixes them up, and notifications cannot be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.polling.snmp_socket import Address


TOLD = 8
"""Addresses of one engineID that are told: an image may have been copied to thousands of devices."""


class Engines:
    """The addresses at which each proven engineID answers."""

    def __init__(self) -> None:
        self._places: dict[bytes, set[Address]] = {}

    def enter(self, engine_id: bytes, address: Address) -> None:
        """Take it that an engine answers at an address."""
        self._places.setdefault(engine_id, set()).add(address)

    def leave(self, engine_id: bytes, address: Address) -> None:
        """Take it that it does not, or no longer."""
        places = self._places.get(engine_id)
        if places is not None:
            places.discard(address)
            if not places:
                del self._places[engine_id]

    def at(self, engine_id: bytes) -> tuple[Address, ...]:
        """Return where an engine answers."""
        return tuple(sorted(self._places.get(engine_id, ())))

    def clashes(self) -> list[str]:
        """Return a line for people about each engineID that answers at more than one address."""
        return [
            _clash(engine_id, sorted(places)) for engine_id, places in self._places.items() if len(places) > 1
        ]


def _clash(engine_id: bytes, places: Sequence[Address]) -> str:
    where = ", ".join(f"{address} port {port}" for address, port in places[:TOLD])
    more = f" and {len(places) - TOLD} more" if len(places) > TOLD else ""
    return f"snmpEngineID {engine_id.hex()} answers at {where}{more}: give each device one of its own"
