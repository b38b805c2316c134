from __future__ import annotations

import struct

import pytest

from netwatch.protocols.bpf import echo_filter
from netwatch.protocols.icmp import EchoFormat, mark

COOKIE = bytes(range(0xA0, 0xA8))
FORMS = {4: EchoFormat(4, 0x1234, COOKIE, checked=False), 6: EchoFormat(6, 0x1234, COOKIE, checked=True)}
LOADS = {0x40: 4, 0x48: 2, 0x50: 1}


def admits(program: bytes, datagram: bytes) -> bool:
    """Run a classic BPF program, as far as the instructions that ours is made of go."""
    accumulator = index = at = 0
    instructions = list(struct.iter_unpack("=HBBI", program))
    while True:
        code, if_true, if_false, value = instructions[at]
        at += 1
        if code == 0x06:
            return bool(value)
        if code == 0x01:
            index = value
        elif code == 0xB1:
            index = 4 * (datagram[value] & 15)
        elif code in LOADS:
            piece = datagram[index + value :][: LOADS[code]]
            if len(piece) < LOADS[code]:
                return False
            accumulator = int.from_bytes(piece, "big")
        else:
            assert code == 0x15, "an instruction that this machine does not know"
            at += if_true if accumulator == value else if_false


def reply(version: int) -> bytes:
    form = FORMS[version]
    return bytes((0 if version == 4 else 129, 0)) + form.head(7)[2:] + mark(9) + form.body(7)


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("header", [0, 20, 24, 60], ids=["bare", "header", "options", "longest header"])
def test_only_replies_to_us_pass(version: int, header: int) -> None:
    """Any other byte of type, identifier or cookie keeps a datagram out; the rest is looked at later."""
    program = echo_filter(FORMS[version], ip_header=header > 0)
    front = bytes([0x40 | header // 4]) + bytes(header - 1) if header else b""
    datagram = front + reply(version)
    assert admits(program, datagram)
    for at in range(22):
        here = header + at
        other = datagram[:here] + bytes([datagram[here] ^ 1]) + datagram[here + 1 :]
        assert admits(program, other) == (at not in {0, 4, 5, *range(14, 22)}), at


@pytest.mark.parametrize("kept", range(22))
def test_what_is_too_short_does_not_pass(kept: int) -> None:
    assert not admits(echo_filter(FORMS[6], ip_header=False), reply(6)[:kept])
