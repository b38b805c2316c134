"""Which rows of slots there are: of echoes to a device and to its uplinks, or of its polls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.device import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.model.device import Device


class Numbering:
    """Gives each line a number for the life of the process.

    Numbers are dense, from 0. One that was given stays with its device and address, also while the line is
    away, so that a late reply is never taken for another line's; and whoever has a ledger without addresses
    sees by the number that another one is asked.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, bool, str], int] = {}
        self._next = 0

    def learn(self, lines: Iterable[Line]) -> None:
        """Take over the numbers that these lines have: a process goes on with those of the one before."""
        for line in lines:
            self._numbers[line.device, line.uplink is None, line.address] = line.number
            self._next = max(self._next, line.number + 1)

    def number(self, device: str, address: str, *, own: bool) -> int:
        """Return the number of a line to an address: the device's own, or that of one of its uplinks."""
        number = self._numbers.setdefault((device, own, address), self._next)
        self._next = max(self._next, number + 1)
        return number


def lines(devices: Iterable[Device], numbering: Numbering) -> tuple[Line, ...]:
    """Return the lines of devices, in their order."""
    return tuple(line for device in devices for line in _lines_of(device, numbering))


def _lines_of(device: Device, numbering: Numbering) -> Iterator[Line]:
    if device.echo or device.snmp is not None:
        interval = device.echo_interval if device.echo else device.snmp_interval
        number = numbering.number(device.name, device.address, own=True)
        yield Line(number, device.name, None, device.address, interval, polled=not device.echo)
    for index, uplink in enumerate(device.uplinks):
        if uplink.address is not None:
            number = numbering.number(device.name, uplink.address, own=False)
            yield Line(number, device.name, index, uplink.address, device.echo_interval)
