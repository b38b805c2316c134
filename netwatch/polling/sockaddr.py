"""Addresses and errors as the kernel packs them, in the order of bytes of the machine."""

from __future__ import annotations

import socket
import struct
import sys

FAMILY: dict[int, tuple[socket.AddressFamily, int]] = {
    4: (socket.AF_INET, socket.IPPROTO_ICMP),
    6: (socket.AF_INET6, socket.IPPROTO_ICMPV6),
}
"""Address family and ICMP's protocol number by IP version."""

ADDRESS_SIZE = {4: 16, 6: 28}
"""Bytes of a packed address (struct sockaddr_in, sockaddr_in6)."""

BINARY = {4: slice(4, 8), 6: slice(8, 24)}
"""Where a packed address holds the binary one."""

_EXTENDED_ERROR = struct.Struct("=IBBBxII")  # struct sock_extended_err: errno, origin, type, code, info, data
_ORIGIN = {2: 4, 3: 6}  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6: the IP version


def packed_address(address: str) -> tuple[int, bytes, str]:
    """Return the IP version of a numeric address, how the kernel packs it, and how it writes it.

    Raises ValueError for what is no numeric address.
    """
    if "\0" in address:  # where the C library would stop reading
        raise ValueError(f"{address!r} is no numeric address")
    try:
        found = socket.getaddrinfo(address, 0, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)
    except OSError as error:
        raise ValueError(f"{address!r} is no numeric address") from error
    family, *_, (host, *rest) = found[0]
    binary = socket.inet_pton(family, str(host))
    if family == socket.AF_INET:
        return 4, struct.pack("=HH4s8x", family, 0, binary), str(host)
    _, flow, scope = rest
    return 6, struct.pack("=HHI16sI", family, 0, flow, binary, scope), str(host)


def extended_error(value: bytes) -> tuple[int, int, str] | None:
    """Read a `struct sock_extended_err` and the address behind it: ICMP type, code and sender.

    None where it is no ICMP error, but one of the host itself.
    """
    if len(value) < _EXTENDED_ERROR.size:
        return None
    _, origin, kind, code, _, _ = _EXTENDED_ERROR.unpack_from(value)
    version = _ORIGIN.get(origin)
    if version is None:
        return None
    offender = value[_EXTENDED_ERROR.size :]
    binary = offender[BINARY[version]]
    family = FAMILY[version][0]
    told = int.from_bytes(offender[:2], sys.byteorder) == family and len(offender) >= ADDRESS_SIZE[version]
    return kind, code, socket.inet_ntop(family, binary) if told else ""
