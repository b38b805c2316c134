"""Which SNMP engines stand where: an engineID should be one engine's alone (RFC 3411, SnmpEngineID).

Devices copied from one image share theirs. Nothing of one is used for the other, so both are polled rightly;
but whoever keeps keys or clocks by engineID mixes them up, and notifications cannot be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.polling.snmp_socket import Address


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

    def others(self, engine_id: bytes, address: Address) -> tuple[Address, ...]:
        """Return where else the same engineID answers."""
        return tuple(sorted(self._places.get(engine_id, set()) - {address}))

    def at(self, engine_id: bytes) -> tuple[Address, ...]:
        """Return where an engine answers."""
        return tuple(sorted(self._places.get(engine_id, ())))

    def clashes(self) -> dict[bytes, tuple[Address, ...]]:
        """Return the engineIDs that answer at more than one address."""
        return {engine: tuple(sorted(found)) for engine, found in self._places.items() if len(found) > 1}


def clash_text(engine_id: bytes, others: tuple[Address, ...]) -> str:
    """Say that an engineID is not unique, and what to do; "" where it is."""
    if not others:
        return ""
    where = ", ".join(f"{address} port {port}" for address, port in others)
    return f"its snmpEngineID {engine_id.hex()} is also that of {where}: give each device one of its own"
