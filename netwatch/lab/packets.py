"""The few IP packets that a simulated device reads and writes: echo, UDP and ICMP errors, over IPv4 and IPv6.

Checksums of what arrives are not verified: on a veth pair the kernel leaves them for hardware that does not
exist. Those of what leaves are right, since the receiving kernel does verify them. Fragments and IPv6
extension headers are not understood: no poller sends them.

RFC 791 (IPv4), 8200 (IPv6), 792 and 4443 (ICMP), 768 (UDP), 1071 (the checksum).
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from netwatch.protocols.icmp import REPLY, REQUEST, checksum

ICMP, UDP, ICMPV6 = 1, 17, 58
FRAGMENT = 0x3FFF  # more fragments, or an offset
DONT_FRAGMENT = 0x4000
HOP_LIMIT = 64
IPV4_HEADER = struct.Struct("!BBHHHBBH4s4s")
IPV6_HEADER = struct.Struct("!IHBB16s16s")
UDP_HEADER = struct.Struct("!HHHH")
ERROR_HEADER = 8
ERROR_IPV4, ERROR_IPV6 = 576, 1280  # octets of the largest error


class EchoRequest(NamedTuple):
    """An echo request; `rest` is everything after the checksum: identifier, sequence number, data."""

    source: bytes  # packed address, 4 or 16 bytes
    destination: bytes
    hop_limit: int  # IPv4's time to live
    rest: bytes


class Datagram(NamedTuple):
    """A UDP datagram."""

    source: bytes
    destination: bytes
    source_port: int
    destination_port: int
    payload: bytes


def parse(packet: bytes) -> EchoRequest | Datagram | None:
    """Return what an IP packet asks of a device; None where it is anything else or cut short."""
    version = packet[0] >> 4 if packet else 0
    if version == 4:
        return _parse_ipv4(packet)
    if version == 6:
        return _parse_ipv6(packet)
    return None


def _parse_ipv4(packet: bytes) -> EchoRequest | Datagram | None:
    if len(packet) < IPV4_HEADER.size:
        return None
    first, _, length, _, fragment, hops, protocol, _, source, destination = IPV4_HEADER.unpack_from(packet)
    start = (first & 15) * 4
    if not IPV4_HEADER.size <= start <= length <= len(packet) or fragment & FRAGMENT:
        return None
    return _parse_payload(protocol, source, destination, hops, packet[start:length])


def _parse_ipv6(packet: bytes) -> EchoRequest | Datagram | None:
    if len(packet) < IPV6_HEADER.size:
        return None
    _, length, protocol, hops, source, destination = IPV6_HEADER.unpack_from(packet)
    end = IPV6_HEADER.size + length
    if end > len(packet):
        return None
    return _parse_payload(protocol, source, destination, hops, packet[IPV6_HEADER.size : end])


def _parse_payload(
    protocol: int, source: bytes, destination: bytes, hops: int, payload: bytes
) -> EchoRequest | Datagram | None:
    if len(payload) < 8:
        return None
    if protocol == UDP:
        source_port, destination_port, length, _ = UDP_HEADER.unpack_from(payload)
        if not UDP_HEADER.size <= length <= len(payload):
            return None
        return Datagram(source, destination, source_port, destination_port, payload[UDP_HEADER.size : length])
    request = {(ICMP, 4): REQUEST[4], (ICMPV6, 16): REQUEST[6]}.get((protocol, len(source)))
    if request is None or payload[0] != request or payload[1] != 0:
        return None
    return EchoRequest(source, destination, hops, payload[4:])


def echo_reply(request: EchoRequest) -> bytes:
    """Return the IP packet that answers `request`."""
    if len(request.source) == 4:
        head = bytes((REPLY[4], 0))
        total = _two(checksum(head + request.rest))
        return _ipv4(ICMP, request.destination, request.source, head + total + request.rest)
    head = bytes((REPLY[6], 0))
    pseudo = _pseudo_header(ICMPV6, request.destination, request.source, len(request.rest) + 4)
    total = _two(checksum(pseudo + head + request.rest))
    return _ipv6(ICMPV6, request.destination, request.source, head + total + request.rest)


def udp_reply(question: Datagram, payload: bytes) -> bytes:
    """Return the IP packet that carries `payload` back to where `question` came from."""
    ports = question.destination_port, question.source_port
    return udp(Datagram(question.destination, question.source, *ports, payload))


def udp(datagram: Datagram) -> bytes:
    """Return the IP packet of a datagram."""
    source, destination, *ports, payload = datagram
    length = UDP_HEADER.size + len(payload)
    ports_and_length = struct.pack("!HHH", *ports, length)
    # 0 would say that there is no checksum; its other form in one's complement says 0.
    total = checksum(_pseudo_header(UDP, source, destination, length) + ports_and_length + payload) or 0xFFFF
    write = _ipv4 if len(source) == 4 else _ipv6
    return write(UDP, source, destination, ports_and_length + _two(total) + payload)


def icmp_error(packet: bytes, sender: bytes, kind: int, code: int) -> bytes:
    """Return the ICMP error of a type and code that `sender` says about `packet`, which has a sound header.

    It quotes as much as is asked for: up to 576 octets in all over IPv4 (RFC 1812 section 4.3.2.3), up to
    1,280 over IPv6 (RFC 4443 section 3.1).
    """
    if packet[0] >> 4 == 4:
        receiver, room = packet[12:16], ERROR_IPV4 - IPV4_HEADER.size - ERROR_HEADER
        head, rest = bytes((kind, code)), bytes(4) + packet[:room]
        return _ipv4(ICMP, sender, receiver, head + _two(checksum(head + rest)) + rest)
    receiver, room = packet[8:24], ERROR_IPV6 - IPV6_HEADER.size - ERROR_HEADER
    head, rest = bytes((kind, code)), bytes(4) + packet[:room]
    pseudo = _pseudo_header(ICMPV6, sender, receiver, len(head) + 2 + len(rest))
    return _ipv6(ICMPV6, sender, receiver, head + _two(checksum(pseudo + head + rest)) + rest)


def _two(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _pseudo_header(protocol: int, source: bytes, destination: bytes, length: int) -> bytes:
    """Return what ICMPv6 and UDP checksums cover besides themselves.

    IPv6's layout sums to the same as IPv4's, so that one does for both.
    """
    return source + destination + struct.pack("!II", length, protocol)


def _ipv4(protocol: int, source: bytes, destination: bytes, payload: bytes) -> bytes:
    length = IPV4_HEADER.size + len(payload)
    header = IPV4_HEADER.pack(0x45, 0, length, 0, DONT_FRAGMENT, HOP_LIMIT, protocol, 0, source, destination)
    return header[:10] + _two(checksum(header)) + header[12:] + payload


def _ipv6(protocol: int, source: bytes, destination: bytes, payload: bytes) -> bytes:
    return IPV6_HEADER.pack(6 << 28, len(payload), protocol, HOP_LIMIT, source, destination) + payload
