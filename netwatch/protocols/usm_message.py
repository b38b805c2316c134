"""Taking SNMPv3 messages apart (RFC 3412 section 6, RFC 3414 section 2.4), without believing any of it.

The usual shape is taken by one pattern, every other one step by step. What is in a message is bounded here;
whether it is genuine is for :class:`netwatch.protocols.usm.Keys`.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from netwatch.protocols.ber import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    MalformedError,
    expect,
    header,
    integer,
)

VERSION_3 = 3
USM = 3
"""msgSecurityModel (RFC 3411, snmpSecurityModel)."""

AUTHENTICATED = 0x01
ENCRYPTED = 0x02
REPORTABLE = 0x04
"""Bits of msgFlags (RFC 3412 section 6.4)."""

LEVELS = {"noAuthNoPriv": 0, "authNoPriv": AUTHENTICATED, "authPriv": AUTHENTICATED | ENCRYPTED}

LARGEST_BOOTS = 2**31 - 1
"""snmpEngineBoots stays there for ever, and nothing is in the time window then (RFC 3414 section 2.2.2)."""

TIME_WINDOW = 150
"""Seconds (RFC 3414 section 2.2.3)."""

MAX_SIZE = 65507
"""msgMaxSize that is told: what fits a UDP datagram over IPv4."""

LONGEST_USER = 32
ENGINE_IDS = range(5, 33)
"""Octets of an SnmpEngineID (RFC 3411)."""

SALT = 8
"""Octets of msgPrivacyParameters, of every privacy protocol."""


class Message(NamedTuple):
    """A message taken apart.

    `data[body:stop]` is the scoped PDU with its header, or what it was encrypted to.
    """

    msg_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    auth: bytes
    auth_at: int  # where `auth` stands in `data`
    salt: bytes
    data: bytes
    body: int
    stop: int

    @property
    def level(self) -> int:
        """The bits of msgFlags that tell the security level."""
        return self.flags & (AUTHENTICATED | ENCRYPTED)


class Scoped(NamedTuple):
    """A scoped PDU: the PDU (of tag `pdu`) has its content in `data[start:stop]`."""

    context_engine_id: bytes
    context_name: bytes
    pdu: int
    data: bytes
    start: int
    stop: int


# One length octet everywhere but in the message and its body; lengths are compared afterwards.
_USUAL = re.compile(
    rb"\x30\x82(..)\x02\x01\x03"
    rb"\x30(.)\x02\x04([\x00-\x7f]...)\x02(.)([\x00-\x7f].{0,3}?)\x04\x01(.)\x02\x01\x03"
    rb"\x04([\x00-\x7f])\x30([\x00-\x7f])\x04([\x00-\x20])(.{0,32}?)"
    rb"\x02(.)([\x00-\x7f].{0,3}?)\x02(.)([\x00-\x7f].{0,3}?)"
    rb"\x04([\x00-\x20])(.{0,32}?)\x04([\x00-\x30])(.{0,48}?)\x04([\x00\x08])(.{0,8}?)([\x04\x30])\x82(..)",
    re.DOTALL,
)


def is_version_3(data: bytes) -> bool:
    """Tell by its first octets whether a message is to be read by :func:`split`."""
    at = 2 if data[1:2] < b"\x80" else 2 + (data[1] & 0x7F)
    return data[at : at + 3] == b"\x02\x01\x03"


def split(data: bytes) -> Message:
    """Take a version 3 message apart; raise :class:`MalformedError` ("version" where it is of another)."""
    match = _USUAL.match(data)
    if match is None:
        return split_plainly(data)
    (
        message, numbers, msg_id, size_of_size, max_size, flags, parameters, inner, size_of_engine, engine,
        size_of_boots, boots, size_of_time, time, size_of_user, user, size_of_auth, auth, size_of_salt, salt,
        kind, body,
    ) = match.groups()  # fmt: skip
    total = len(data)
    start = match.end()
    flag = flags[0]
    encrypted = flag & ENCRYPTED
    between = 12 + len(engine) + len(boots) + len(time) + len(user) + len(auth) + len(salt)
    if (
        size_of_engine[0] != len(engine)
        or size_of_boots[0] != len(boots)
        or size_of_time[0] != len(time)
        or size_of_user[0] != len(user)
        or size_of_auth[0] != len(auth)
        or size_of_salt[0] != len(salt)
        or size_of_size[0] != len(max_size)
        or numbers[0] != 14 + len(max_size)
        or inner[0] != between
        or parameters[0] != between + 2
        or int.from_bytes(message) != total - 4
        or int.from_bytes(body) != total - start
        or (kind == b"\x04") != (encrypted != 0)
        or (encrypted and (not flag & AUTHENTICATED or len(salt) != SALT))
    ):
        return split_plainly(data)
    return Message(
        int.from_bytes(msg_id),
        flag,
        engine,
        int.from_bytes(boots),
        int.from_bytes(time),
        user,
        auth,
        match.start(18),
        salt,
        data,
        start if encrypted else start - 4,
        total,
    )


_START = struct.Struct(">HHHBBBHi")
_MSG_ID_ENDS = 15


def message_id(data: bytes) -> int:
    """Return the msgID of what :func:`is_version_3`; raise :class:`MalformedError` where there is none."""
    if len(data) >= _MSG_ID_ENDS:
        first, _, version, three, sequence, _, four, msg_id = _START.unpack_from(data)
        usual = (first, version, three, sequence, four) == (0x3082, 0x0201, VERSION_3, SEQUENCE, 0x0204)
        if usual and msg_id >= 0:
            return int(msg_id)
    return split(data).msg_id


class Known:
    """What the last message of a peer bore between msgID and digest.

    Where the next one bears the same, octet for octet, it has the same engine, user, level, boots and time,
    and needs not be read once more: within one second, that is every answer of a poll.
    """

    __slots__ = ("_head", "_message")

    def __init__(self, message: Message) -> None:
        self._message = message
        self._head = message.data[_MSG_ID_ENDS : message.auth_at]

    def split(self, data: bytes) -> Message:
        """Take a message apart as :func:`split` does, whether or not it is like the last one."""
        _, flags, engine_id, boots, time, user, auth, at, salt, before, _, _ = self._message
        total = len(data)
        end = at + len(auth)
        body = end + 6 + len(salt)
        if not (
            flags & ENCRYPTED
            and data.startswith(self._head, _MSG_ID_ENDS)
            and data[4:11] == before[4:11]
            and data[0:2] == b"\x30\x82"
            and data[11:12] < b"\x80"
            and data[end : end + 2] == b"\x04\x08"
            and data[body - 4 : body - 2] == b"\x04\x82"
            and int.from_bytes(data[2:4]) == total - 4
            and int.from_bytes(data[body - 2 : body]) == total - body
        ):
            return split(data)
        return Message(
            int.from_bytes(data[11:15]),
            flags,
            engine_id,
            boots,
            time,
            user,
            data[at:end],
            at,
            data[end + 2 : end + 10],
            data,
            body,
            total,
        )


def split_plainly(data: bytes) -> Message:
    """Do what :func:`split` does, step by step: the reference that it is held equal to."""
    start, stop = expect(data, 0, len(data), SEQUENCE)
    if stop != len(data):
        raise MalformedError("trailing octets")
    version, at = _number(data, start, stop)
    if version != VERSION_3:
        raise MalformedError("version")
    msg_id, flags, at = _header_data(data, at, stop)
    parameters, end = expect(data, at, stop, OCTET_STRING)
    at, inner = expect(data, parameters, end, SEQUENCE)
    if inner != end:
        raise MalformedError("trailing octets")
    engine_id, at = _octets(data, at, end, ENGINE_IDS.stop - 1)
    boots, at = _number(data, at, end)
    time, at = _number(data, at, end)
    user, at = _octets(data, at, end, LONGEST_USER)
    auth, after = _octets(data, at, end, 48)
    salt, at = _octets(data, after, end, SALT)
    if at != end:
        raise MalformedError("trailing octets")
    if min(msg_id, boots, time) < 0:
        raise MalformedError("negative")
    if flags & ENCRYPTED:
        if len(salt) != SALT:
            raise MalformedError("privacy parameters")
        body, end = expect(data, end, stop, OCTET_STRING)
    else:
        body = end
        _, end = expect(data, body, stop, SEQUENCE)
    if end != stop:
        raise MalformedError("trailing octets")
    return Message(
        msg_id, flags, engine_id, boots, time, user, auth, after - len(auth), salt, data, body, stop
    )


def _header_data(data: bytes, at: int, stop: int) -> tuple[int, int, int]:
    """Read msgGlobalData: return (msgID, msgFlags, where it ends)."""
    at, stop = expect(data, at, stop, SEQUENCE)
    msg_id, at = _number(data, at, stop)
    _, at = _number(data, at, stop)  # msgMaxSize: what is asked for is bounded otherwise
    flags, at = _octets(data, at, stop, 1)
    model, at = _number(data, at, stop)
    if at != stop:
        raise MalformedError("trailing octets")
    if model != USM:
        raise MalformedError("security model")
    if not flags or (flags[0] & ENCRYPTED and not flags[0] & AUTHENTICATED):
        raise MalformedError("flags")
    return msg_id, flags[0], stop


def _number(data: bytes, at: int, stop: int) -> tuple[int, int]:
    start, end = expect(data, at, stop, INTEGER)
    return integer(data[start:end]), end


def _octets(data: bytes, at: int, stop: int, most: int) -> tuple[bytes, int]:
    start, end = expect(data, at, stop, OCTET_STRING)
    if end - start > most:
        raise MalformedError("length")
    return data[start:end], end


_USUAL_SCOPED = re.compile(
    rb"\x30\x82(..)\x04([\x00-\x20])(.{0,32}?)\x04([\x00-\x7f])(.{0,127}?)([\xa0-\xa8])\x82(..)", re.DOTALL
)


def scoped(data: bytes, at: int, stop: int) -> Scoped:
    """Read a scoped PDU; octets after it (padding of DES) are passed over. Raise :class:`MalformedError`."""
    match = _USUAL_SCOPED.match(data, at, stop)
    if match is not None:
        whole, size_of_engine, engine, size_of_name, name, pdu, size = match.groups()
        start = match.end()
        end = start + int.from_bytes(size)
        if (
            size_of_engine[0] == len(engine)
            and size_of_name[0] == len(name)
            and at + 4 + int.from_bytes(whole) == end <= stop
        ):
            return Scoped(engine, name, pdu[0], data, start, end)
    return scoped_plainly(data, at, stop)


def scoped_plainly(data: bytes, at: int, stop: int) -> Scoped:
    """Do what :func:`scoped` does, step by step: the reference that it is held equal to."""
    at, stop = expect(data, at, stop, SEQUENCE)
    engine_id, at = _octets(data, at, stop, ENGINE_IDS.stop - 1)
    name, at = _octets(data, at, stop, 255)
    pdu, start, end = header(data, at, stop)
    if end != stop:
        raise MalformedError("trailing octets")
    return Scoped(engine_id, name, pdu, data, start, end)
