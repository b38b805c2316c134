"""Addresses and errors as the kernel packs them."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given, strategies as st

from netwatch.polling.sockaddr import ADDRESS_SIZE, BINARY, extended_error, packed_address


@given(st.ip_addresses())
def test_a_numeric_address_is_packed_and_written_as_the_kernel_does(address: object) -> None:
    version, packed, host = packed_address(str(address))
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    assert len(packed) == ADDRESS_SIZE[version]
    assert packed[BINARY[version]] == socket.inet_pton(family, str(address))
    assert struct.unpack("=H", packed[:2]) == (family,)
    assert host == socket.inet_ntop(family, packed[BINARY[version]])


@given(st.ip_addresses(v=6))
def test_one_address_written_in_two_ways_is_one(address: object) -> None:
    assert packed_address(address.exploded) == packed_address(str(address))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    ["", "gw.example.vn", "localhost", "1.2.3.4.5", "1.2.3.256", "2001:db8::g", "a\0b", "ă" * 80, "."],
)
def test_what_is_no_numeric_address_is_refused_and_no_name_is_looked_up(address: str) -> None:
    with pytest.raises(ValueError, match=r"numeric|NUL|null|codec|label"):
        packed_address(address)


def told(origin: int, kind: int, code: int, offender: bytes) -> bytes:
    return struct.pack("=IBBBxII", 113, origin, kind, code, 0, 0) + offender


ROUTER_4 = packed_address("198.18.255.1")[1]
ROUTER_6 = packed_address("2001:db8::ffff")[1]


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        (told(2, 3, 1, ROUTER_4), (3, 1, "198.18.255.1")),
        (told(3, 1, 3, ROUTER_6), (1, 3, "2001:db8::ffff")),
        (told(2, 3, 1, bytes(16)), (3, 1, "")),
        (told(2, 3, 1, b""), (3, 1, "")),
        (told(2, 3, 1, ROUTER_4[:15]), (3, 1, "")),
        (told(3, 1, 3, ROUTER_6[:27]), (1, 3, "")),
        (told(2, 3, 1, ROUTER_6), (3, 1, "")),
        (told(1, 0, 0, bytes(16)), None),
        (told(4, 0, 0, bytes(16)), None),
        (told(2, 3, 1, ROUTER_4)[:15], None),
        (b"", None),
    ],
)
def test_an_extended_error_is_one_of_icmp_or_none(value: bytes, meaning: tuple[int, int, str] | None) -> None:
    assert extended_error(value) == meaning


@given(st.binary(max_size=64))
def test_any_bytes_are_an_error_or_none(value: bytes) -> None:
    meaning = extended_error(value)
    assert meaning is None or len(meaning) == 3
