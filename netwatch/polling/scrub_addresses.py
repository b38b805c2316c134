"""Other addresses for those of a recording: one for each, the same everywhere, so that relations remain.

Numbers run from ranges that nobody uses: 198.18.0.0/15 (RFC 2544), 2001:db8::/32 (RFC 3849), and MAC
addresses that are locally administered. Addresses that tell of nobody (any, loopback, multicast, masks) stay.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from netwatch.polling.scrub_tables import IPV4, MAC, SIZED

if TYPE_CHECKING:
    from collections.abc import Sequence

_V4 = int(ipaddress.IPv4Address("198.18.0.0"))
_V4_COUNT = 2**17
_V4_MORE = int(ipaddress.IPv4Address("100.64.0.0"))  # RFC 6598, where that is not enough
_V6 = int(ipaddress.IPv6Address("2001:db8::"))
_PEOPLE = bytes((0x02, 0, 0))  # locally administered: no vendor
_SIZES = {4: "v4", 8: "v4", 6: "mac", 16: "v6", 20: "v6"}  # with a zone: four octets more
_LENGTHS = {"v4": 4, "v6": 16, "mac": 6}
_SHORTEST = 7  # arcs before which no index begins

_V4_TEXT = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_V6_TEXT = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_MAC_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}(?:[ :-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:[.-][0-9A-Fa-f]{4}){2}"
    r"|[0-9A-Fa-f]{12})(?![0-9A-Za-z])"
)


class Addresses:
    """Gives each address another one. `known`: what has one by now. `widely`: texts are searched for more."""

    def __init__(self, *, widely: bool = False) -> None:
        self.known: dict[bytes, bytes] = {}
        self.replaced = 0
        self._widely = widely
        self._next = {"v4": 1, "v6": 1, "mac": 1}

    def learn(self, address: bytes, *, keep_vendor: bool = False) -> bytes:
        """Return what stands for an address of 4, 6 or 16 octets; a MAC address may keep its vendor."""
        stands = self.known.get(address)
        if stands is None and not _tells_of_nobody(address):
            stands = self.known[address] = self._make(address, keep_vendor=keep_vendor)
        return address if stands is None else stands

    def _make(self, address: bytes, *, keep_vendor: bool) -> bytes:
        kind = _SIZES[len(address)]
        number = self._next[kind]
        self._next[kind] += 1
        if kind == "v4":
            return (_V4 + number if number < _V4_COUNT else _V4_MORE + (number - _V4_COUNT) % 2**22).to_bytes(
                4
            )
        if kind == "v6":
            return (_V6 + number).to_bytes(16)
        return (address[:3] if keep_vendor else _PEOPLE) + (number % 2**24).to_bytes(3)

    def index(self, arcs: Sequence[int], layout: Sequence[str]) -> tuple[int, ...] | None:
        """Rewrite an index, learning its addresses; None where it is not of this layout."""
        done: list[int] = []
        at = 0
        for part in layout:
            size = {MAC: 6, IPV4: 4}.get(part, 1)
            if part == SIZED:
                if at + 2 > len(arcs) or arcs[at + 1] not in _SIZES:
                    return None
                done += arcs[at : at + 2]
                size = arcs[at + 1]
                at += 2
            piece = arcs[at : at + size]
            if len(piece) < size:
                return None
            if part in {MAC, IPV4, SIZED}:
                if max(piece) > 255:
                    return None
                length = _LENGTHS[_SIZES[size]]
                piece = (*self._counted(bytes(piece[:length])), *piece[length:])
            done += piece
            at += size
        return (*done, *arcs[at:])

    def _counted(self, address: bytes) -> bytes:
        stands = self.learn(address)
        self.replaced += stands != address
        return stands

    def name(self, arcs: tuple[int, ...]) -> tuple[int, ...]:
        """Put others for the known addresses that stand anywhere in the index of an object."""
        at = _SHORTEST
        while at + 4 <= len(arcs):
            for length in (16, 6, 4):
                piece = arcs[at : at + length]
                if len(piece) == length and 3 < max(piece) < 256 and (stands := self.known.get(bytes(piece))):
                    self.replaced += 1
                    arcs = (*arcs[:at], *stands, *arcs[at + length :])
                    at += length - 1
                    break
            at += 1
        return arcs

    def octets(self, content: bytes) -> bytes:
        """Put others for the known MAC addresses in octets, and for a known address that they are."""
        if len(content) in {4, 16} and content in self.known:
            self.replaced += 1
            return self.known[content]
        at = 0
        while at + 6 <= len(content):
            if stands := self.known.get(content[at : at + 6]):
                self.replaced += 1
                content = content[:at] + stands + content[at + 6 :]
                at += 5
            at += 1
        return content

    def text(self, text: str) -> str:
        """Put others for addresses that are written out."""
        text = _MAC_TEXT.sub(self._mac_text, text)
        text = _V4_TEXT.sub(self._ip_text, text)
        return _V6_TEXT.sub(self._ip_text, text)

    def _ip_text(self, match: re.Match[str]) -> str:
        try:
            address = ipaddress.ip_address(match[0])
        except ValueError:
            return match[0]
        if self._widely and address.is_private:
            self.learn(address.packed)
        stands = self.known.get(address.packed)
        if stands is None:
            return match[0]
        self.replaced += 1
        return str(ipaddress.ip_address(stands))

    def _mac_text(self, match: re.Match[str]) -> str:
        digits = re.sub("[^0-9A-Fa-f]", "", match[0])
        address = bytes.fromhex(digits)
        if self._widely and len(match[0]) > 12:
            self.learn(address, keep_vendor=True)
        stands = self.known.get(address)
        if stands is None:
            return match[0]
        self.replaced += 1
        fresh = iter(stands.hex())
        return "".join(next(fresh) if character.isalnum() else character for character in match[0])


def _tells_of_nobody(address: bytes) -> bool:
    """Tell whether an address is that of no one machine: any, loopback, multicast, broadcast, a mask."""
    if len(address) == 6:
        return bool(address[0] & 1) or not any(address)
    if len(address) == 4:
        return address[0] in {0, 127} or address[0] >= 224
    return address[0] == 0xFF or not any(address[:15])
