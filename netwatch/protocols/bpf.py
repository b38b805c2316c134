"""The kernel's filter on an echo socket: what is not a reply to us never reaches the process.

A raw socket is handed every ICMP datagram that the host receives. A classic BPF program (McCanne and
Jacobson, 1993; Linux: Documentation/networking/filter.rst) looks at type, identifier and cookie and drops
the rest in the kernel, so that a neighbour's pings cost nothing and fill no buffer. ICMP errors do not pass
here: they come by the error queue.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from netwatch.protocols.icmp import REPLY

if TYPE_CHECKING:
    from netwatch.protocols.icmp import EchoFormat

# Operations of <linux/bpf_common.h>: class, size and addressing mode added up.
_LOAD_IMMEDIATE_X = 0x01  # X = k
_LOAD_HEADER_LENGTH_X = 0xB1  # X = 4 * (byte k & 15): the length of an IPv4 header
_LOAD_WORD = 0x40  # A = 4 bytes at X + k
_LOAD_HALF = 0x48  # A = 2 bytes at X + k
_LOAD_BYTE = 0x50  # A = 1 byte at X + k
_JUMP_IF_EQUAL = 0x15
_RETURN = 0x06
_ALL = 0xFFFF

_INSTRUCTION = struct.Struct("=HBBI")  # struct sock_filter: code, jump if true, jump if false, k


def echo_filter(echo: EchoFormat, *, ip_header: bool) -> bytes:
    """Return the program, as an array of `struct sock_filter`, that lets only replies to `echo` pass.

    `ip_header`: the socket is given datagrams with their IPv4 header. A datagram
    that is too short for a load is dropped.
    """
    # The datagram starts with its IPv4 header, of variable length, or with the ICMP message itself.
    start = (_LOAD_HEADER_LENGTH_X, 0) if ip_header else (_LOAD_IMMEDIATE_X, 0)
    tests = (
        (_LOAD_BYTE, 0, REPLY[echo.version]),
        (_LOAD_HALF, 4, echo.identifier),
        (_LOAD_WORD, 14, int.from_bytes(echo.cookie[:4], "big")),
        (_LOAD_WORD, 18, int.from_bytes(echo.cookie[4:], "big")),
    )
    program = [_INSTRUCTION.pack(start[0], 0, 0, start[1])]
    for number, (load, at, value) in enumerate(tests):
        to_the_drop = 2 * (len(tests) - number - 1) + 1
        program.append(_INSTRUCTION.pack(load, 0, 0, at))
        program.append(_INSTRUCTION.pack(_JUMP_IF_EQUAL, 0, to_the_drop, value))
    program.append(_INSTRUCTION.pack(_RETURN, 0, 0, _ALL))
    program.append(_INSTRUCTION.pack(_RETURN, 0, 0, 0))
    return b"".join(program)
