"""IP packets as the kernel writes them are understood, and answered by packets that it accepts."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, strategies as st

from netwatch.lab import packets
from netwatch.lab.packets import Datagram, EchoRequest
from netwatch.protocols.icmp import checksum

ASKER, DEVICE = bytes((198, 18, 0, 1)), bytes((198, 18, 16, 1))
ASKER6, DEVICE6 = bytes.fromhex("20010002" + "0" * 22 + "01"), bytes.fromhex("20010002" + "0" * 20 + "1001")
ECHO = bytes.fromhex("08000000beef0007") + b"data"
ECHO6 = bytes.fromhex("80000000beef0007") + b"data"
UDP = struct.pack("!HHHH", 40000, 161, 8 + 5, 0) + b"snmp!"


def ipv4(protocol: int, payload: bytes, *, options: bytes = b"", fragment: int = 0x4000) -> bytes:
    length = 20 + len(options) + len(payload)
    first = 0x45 + len(options) // 4
    return (
        struct.pack("!BBHHHBBH", first, 0, length, 1, fragment, 64, protocol, 0)
        + ASKER
        + DEVICE
        + options
        + payload
    )


def ipv6(protocol: int, payload: bytes) -> bytes:
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + ASKER6 + DEVICE6 + payload


@pytest.mark.parametrize(
    ("packet", "question"),
    [
        pytest.param(ipv4(1, ECHO), EchoRequest(ASKER, DEVICE, 64, ECHO[4:]), id="echo"),
        pytest.param(
            ipv4(1, ECHO) + b"trailer", EchoRequest(ASKER, DEVICE, 64, ECHO[4:]), id="echo and a trailer"
        ),
        pytest.param(
            ipv4(1, ECHO, options=bytes(4)), EchoRequest(ASKER, DEVICE, 64, ECHO[4:]), id="echo with options"
        ),
        pytest.param(ipv6(58, ECHO6), EchoRequest(ASKER6, DEVICE6, 64, ECHO6[4:]), id="echo of IPv6"),
        pytest.param(ipv4(17, UDP), Datagram(ASKER, DEVICE, 40000, 161, b"snmp!"), id="UDP"),
        pytest.param(ipv6(17, UDP), Datagram(ASKER6, DEVICE6, 40000, 161, b"snmp!"), id="UDP over IPv6"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(ipv4(1, ECHO)[:19], None, id="half a header"),
        pytest.param(ipv4(1, ECHO)[:-1], None, id="cut short"),
        pytest.param(ipv6(58, ECHO6)[:-1], None, id="cut short of IPv6"),
        pytest.param(ipv6(58, ECHO6)[:39], None, id="half a header of IPv6"),
        pytest.param(ipv4(1, ECHO[:7]), None, id="echo without a sequence number"),
        pytest.param(ipv4(1, ECHO, fragment=0x2000), None, id="first fragment"),
        pytest.param(ipv4(1, ECHO, fragment=0x0001), None, id="second fragment"),
        pytest.param(ipv4(1, b"\x00" + ECHO[1:]), None, id="echo reply"),
        pytest.param(ipv4(1, b"\x08\x01" + ECHO[2:]), None, id="echo with a code"),
        pytest.param(ipv4(58, ECHO6), None, id="ICMPv6 over IPv4"),
        pytest.param(ipv4(6, ECHO), None, id="TCP"),
        pytest.param(ipv4(17, UDP[:4] + b"\x00\x07" + UDP[6:]), None, id="UDP shorter than its header"),
        pytest.param(ipv4(17, UDP[:-1]), None, id="UDP longer than its packet"),
        pytest.param(b"\x41" + ipv4(1, ECHO)[1:], None, id="header length of 4"),
        pytest.param(b"\x55" + ipv4(1, ECHO)[1:], None, id="IP version 5"),
    ],
)
def test_what_a_packet_asks(packet: bytes, question: EchoRequest | Datagram | None) -> None:
    assert packets.parse(packet) == question


@given(st.binary(max_size=100))
def test_any_bytes_ask_something_or_nothing(packet: bytes) -> None:
    packets.parse(packet)


ADDRESSES = st.sampled_from([(ASKER, DEVICE), (ASKER6, DEVICE6)])


def transport(packet: bytes) -> tuple[bytes, int, bytes]:
    """Return (source and destination, protocol, payload) of a packet whose IP header is sound."""
    if packet[0] >> 4 == 4:
        assert packet[0] == 0x45
        assert checksum(packet[:20]) == 0
        assert int.from_bytes(packet[2:4], "big") == len(packet)
        return packet[12:20], packet[9], packet[20:]
    assert int.from_bytes(packet[4:6], "big") == len(packet) - 40
    return packet[8:40], packet[6], packet[40:]


def pseudo_header(addresses: bytes, protocol: int, payload: bytes) -> bytes:
    """As RFC 768 and RFC 8200 section 8.1 draw it."""
    if len(addresses) == 8:
        return addresses + struct.pack("!BBH", 0, protocol, len(payload))
    return addresses + struct.pack("!II", len(payload), protocol)


@given(ADDRESSES, st.binary(min_size=4, max_size=200))
def test_an_echo_comes_back_whole_from_the_address_that_was_asked(
    addresses: tuple[bytes, bytes], rest: bytes
) -> None:
    asker, device = addresses
    between, protocol, message = transport(packets.echo_reply(EchoRequest(asker, device, 64, rest)))
    assert between == device + asker
    assert (protocol, message[0], message[1]) == ((1, 0, 0) if len(asker) == 4 else (58, 129, 0))
    assert message[4:] == rest
    covered = pseudo_header(between, protocol, message) if len(asker) == 16 else b""
    assert checksum(covered + message) == 0


@given(ADDRESSES, st.integers(0, 65535), st.binary(max_size=200))
def test_a_datagram_goes_back_to_where_the_question_came_from(
    addresses: tuple[bytes, bytes], port: int, payload: bytes
) -> None:
    asker, device = addresses
    packet = packets.udp_reply(Datagram(asker, device, port, 161, b"question"), payload)
    between, protocol, message = transport(packet)
    assert (between, protocol) == (device + asker, 17)
    assert struct.unpack("!HHH", message[:6]) == (161, port, len(message))
    assert message[8:] == payload
    assert checksum(pseudo_header(between, protocol, message) + message) == 0
    assert packets.parse(packet) == Datagram(device, asker, 161, port, payload)


@given(
    six=st.booleans(),
    kind=st.integers(0, 255),
    code=st.integers(0, 255),
    data=st.integers(0, 1600).map(bytes),
)
def test_an_error_quotes_the_packet_from_its_header_on(
    *, six: bool, kind: int, code: int, data: bytes
) -> None:
    """As much of it as an error may be long: 576 octets over IPv4, 1,280 over IPv6."""
    packet = ipv6(58, ECHO6 + data) if six else ipv4(1, ECHO + data)
    router = DEVICE6 if six else DEVICE
    error = packets.icmp_error(packet, router, kind, code)
    between, protocol, message = transport(error)
    assert between == router + (ASKER6 if six else ASKER)
    assert (protocol, message[:2]) == (58 if six else 1, bytes((kind, code)))
    assert message[4:8] == bytes(4)
    quoted = message[8:]
    assert packet.startswith(quoted)
    assert len(quoted) == min(len(packet), 1280 - 48 if six else 576 - 28)
    covered = pseudo_header(between, protocol, message) if six else b""
    assert checksum(covered + message) == 0


def test_a_checksum_that_comes_to_zero_is_written_as_its_other_form() -> None:
    """RFC 768: a checksum of zero would say that there is none."""
    question = Datagram(ASKER, DEVICE, 40000, 161, b"question")
    checksums = {packets.udp_reply(question, word.to_bytes(2, "big"))[26:28] for word in range(0x10000)}
    assert b"\x00\x00" not in checksums
    assert len(checksums) == 0xFFFF
