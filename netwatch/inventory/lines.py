"""Which rows of slots there are: of echoes to a device and to its uplinks, or of its polls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.device import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.model.device import Device


class Numbering:
    """Gives each line a number for the life of the process.

    Numbers are dense, from 0. One that was given stays with its device and uplink address, also while the
    line is away, so that a late reply is never taken for another line's.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str | None], int] = {}
        self._next = 0

    @classmethod
    def of(cls, lines: Iterable[Line], devices: Iterable[Device]) -> Numbering:
        """Return the numbering that these lines have: a process goes on with that of the one before."""
        numbering = cls()
        numbering.learn(lines, devices)
        return numbering

    def learn(self, lines: Iterable[Line], devices: Iterable[Device]) -> None:
        """Take over the numbers that these lines have."""
        named = {device.name: device for device in devices}
        for line in lines:
            address = None if line.uplink is None else named[line.device].uplinks[line.uplink].address
            self._numbers[line.device, address] = line.number
            self._next = max(self._next, line.number + 1)

    def number(self, device: str, uplink_address: str | None) -> int:
        """Return the number of a device's own line (None) or of an uplink's."""
        number = self._numbers.setdefault((device, uplink_address), self._next)
        self._next = max(self._next, number + 1)
        return number


def lines(devices: Iterable[Device], numbering: Numbering) -> tuple[Line, ...]:
    """Return the lines of devices, in their order."""
    return tuple(line for device in devices for line in _lines_of(device, numbering))


def _lines_of(device: Device, numbering: Numbering) -> Iterator[Line]:
    if device.echo:
        yield Line(
            numbering.number(device.name, None), device.name, None, device.address, device.echo_interval
        )
    elif device.snmp is not None:
        number = numbering.number(device.name, None)
        yield Line(number, device.name, None, device.address, device.snmp_interval, polled=True)
    for index, uplink in enumerate(device.uplinks):
        if uplink.address is not None:
            number = numbering.number(device.name, uplink.address)
            yield Line(number, device.name, index, uplink.address, device.echo_interval)
