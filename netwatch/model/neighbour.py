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
