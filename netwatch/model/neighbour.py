"""Whom a device sees at the other end of a cable, as LLDP (IEEE 802.1AB) or CDP tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One neighbour of one device. Text is cleaned; "" where it is not told."""

    protocol: str  # "lldp" | "cdp"
    port: str  # our own port (InterfaceName.key, else as LLDP names it)
    chassis: str  # what tells the other box apart: a MAC address as aa:bb:cc:dd:ee:ff, or text
    name: str  # its sysName, or CDP's device id
    remote_port: str
    address: str = ""  # its management address, numeric


@dataclass(frozen=True, slots=True)
class LldpSelf:
    """Who a device says to its neighbours that it is; "" where it does not speak LLDP."""

    chassis: str = ""  # as `Neighbour.chassis` of it would be
    name: str = ""  # lldpLocSysName


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """All that one device told of itself and of its neighbours at one time."""

    own: LldpSelf
    neighbours: tuple[Neighbour, ...]
    complete: bool  # every table was read to its end: who is missing is not seen by the device

    @property
    def speaks(self) -> bool:
        """Whether it tells neighbours at all: an empty table may be that of a device without LLDP."""
        return bool(self.own.chassis or self.neighbours)
