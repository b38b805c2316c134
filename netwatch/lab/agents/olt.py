"""What a simulated OLT tells of the ONTs at the far ends of its fibres: a table of ONUs as makers have them.

No standard has such a table, so it stands below the arc that is set aside for documentation (RFC 5612). The
index is the port of a passive network and the number of the ONU there, neither of them an ifIndex. The light
is what arrives at the ONU, which tells the OLT of it: while it is offline there is no value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netwatch.lab.agents.machine import Onu
    from netwatch.lab.agents.mib import Object, Value

ONU_ENTRY = (1, 3, 6, 1, 4, 1, 32473, 2, 1, 1)
DESCRIPTION, STATUS, RECEIVED = 2, 3, 4  # its columns
ONLINE, OFFLINE = 1, 2
NO_LIGHT = 2**31 - 1  # the largest Integer32: no value, as with real ones


def objects(networks: int, onus: int) -> Iterator[Object]:
    """Yield the rows of so many ONUs, dealt out in turn to the ports of so many passive networks."""
    for place in range(onus):
        row = (place % networks + 1, place // networks + 1)
        yield (*ONU_ENTRY, DESCRIPTION, *row), _of(place, _description)
        yield (*ONU_ENTRY, STATUS, *row), _of(place, _status)
        yield (*ONU_ENTRY, RECEIVED, *row), _of(place, _received)


def _of(place: int, told: Callable[[Onu, float], bytes]) -> Value:
    return lambda machine, now: told(machine.onus[place], now)


def _description(onu: Onu, _: float) -> bytes:
    return ber.encode(ber.OCTET_STRING, onu.name.encode())


def _status(onu: Onu, _: float) -> bytes:
    return ber.encode_integer(ONLINE if onu.online else OFFLINE)


def _received(onu: Onu, now: float) -> bytes:
    """Return 0.01 dBm."""
    return ber.encode_integer(onu.light.received(now) if onu.online else NO_LIGHT)
