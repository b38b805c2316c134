"""SNMP PDUs and version 2c messages (RFC 3416, RFC 1901): requests as bytes, responses taken apart.

A response is taken apart in two steps: :func:`decode_response` reads everything up to the varbinds,
:func:`varbind` one varbind after the other. Names stay the bytes that came: comparing prefixes of
object identifiers needs no arcs. What is wrong with one varbind is told of that varbind only.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from netwatch.protocols.ber import (
    INTEGER,
    NULL,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    MalformedError,
    encode,
    encode_integer,
    expect,
    header,
    integer,
    unsigned,
)

GET = 0xA0
GETNEXT = 0xA1
RESPONSE = 0xA2
GETBULK = 0xA5
REPORT = 0xA8

COUNTER32 = 0x41
GAUGE32 = 0x42
TIMETICKS = 0x43
COUNTER64 = 0x46
UINTEGER32 = 0x47  # RFC 1442 had it, and old agents still send it

NO_SUCH_OBJECT = 0x80
NO_SUCH_INSTANCE = 0x81
END_OF_MIB_VIEW = 0x82
EXCEPTIONS = frozenset((NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW))

DAMAGED = -1
"""Stands for the tag of a value that could not be read."""

TOO_BIG = 1
NO_ACCESS = 6
AUTHORIZATION_ERROR = 16

_ERRORS = (
    "noError tooBig noSuchName badValue readOnly genErr noAccess wrongType wrongLength wrongEncoding "
    "wrongValue noCreation inconsistentValue resourceUnavailable commitFailed undoFailed authorizationError "
    "notWritable inconsistentName"
)

REQUEST_IDS = range(0x0080_0000, 0x8000_0000)
"""Those that take exactly four octets, so that every request of one shape has one length."""

VERSION_2C = 1

TEXTS = frozenset(("text", "oid"))
"""Syntaxes (netwatch.model.profile.Metric) whose values stay octets."""

_SHORT_TAGS = frozenset((COUNTER32, GAUGE32, TIMETICKS, UINTEGER32, INTEGER))
_NUMBERS = {
    "integer": _SHORT_TAGS,
    "counter32": _SHORT_TAGS,
    "gauge32": _SHORT_TAGS,
    "timeticks": _SHORT_TAGS,
    "counter64": frozenset((COUNTER64,)),
}
"""Which tags a column of a syntax may bear. Agents mix up the 32-bit types, and no harm is done; a 32-bit
counter in a 64-bit column would wrap unseen, so it is refused."""


class Request(NamedTuple):
    """What is asked, whatever message it goes in. The two numbers are zero but for GETBULK, and in 0..127."""

    pdu: int
    varbinds: bytes
    second: int = 0  # non-repeaters
    third: int = 0  # max-repetitions


class Response(NamedTuple):
    """A response as far as it is read at once: the varbinds stand in `data[start:stop]`."""

    request_id: int
    error_status: int
    error_index: int
    community: bytes
    data: bytes
    start: int
    stop: int


# The shape of nearly all large answers: three lengths of two octets, only the community varies.
_LARGE = re.compile(
    rb"\x30\x82(..)\x02\x01\x01\x04([\x00-\x7f])(.{0,127}?)\xa2\x82(..)"
    rb"\x02\x04([\x00-\x7f]...)\x02\x01([\x00-\x7f])\x02\x01([\x00-\x7f])\x30\x82(..)",
    re.DOTALL,
)


def decode_response(data: bytes) -> Response:
    """Read a version 2c response up to its varbinds; raise :class:`MalformedError` where it is none."""
    match = _LARGE.match(data)
    if match is None:
        return decode_response_plainly(data)
    message, size, community, pdu, request_id, status, index, varbinds = match.groups()
    total = len(data)
    start = match.end()
    if (
        size[0] != len(community)
        or int.from_bytes(message) != total - 4
        or int.from_bytes(pdu) != total - 13 - size[0]
        or int.from_bytes(varbinds) != total - start
    ):
        return decode_response_plainly(data)
    return Response(int.from_bytes(request_id), status[0], index[0], community, data, start, total)


def decode_response_plainly(data: bytes) -> Response:
    """Do what :func:`decode_response` does, step by step: the reference that it is held equal to."""
    start, stop = expect(data, 0, len(data), SEQUENCE)
    if stop != len(data):
        raise MalformedError("trailing octets")
    at, end = expect(data, start, stop, INTEGER)
    if integer(data[at:end]) != VERSION_2C:
        raise MalformedError("version")
    at, end = expect(data, end, stop, OCTET_STRING)
    community = data[at:end]
    tag, at, end = header(data, end, stop)
    if tag != RESPONSE:
        raise MalformedError("not a response")
    if end != stop:
        raise MalformedError("trailing octets")
    return decode_pdu(data, at, stop, community)


def decode_pdu(data: bytes, at: int, stop: int, community: bytes = b"") -> Response:
    """Read the content of a PDU, which stands in `data[at:stop]`, up to its varbinds."""
    numbers = []
    for _ in range(3):  # request-id, error-status, error-index
        start, end = expect(data, at, stop, INTEGER)
        numbers.append(integer(data[start:end]))
        at = end
    start, end = expect(data, at, stop, SEQUENCE)
    if end != stop:
        raise MalformedError("trailing octets")
    return Response(numbers[0], numbers[1], numbers[2], community, data, start, stop)


def varbind(data: bytes, at: int, stop: int) -> tuple[bytes, int, bytes, int]:
    """Read the varbind at `at`: return (name, tag, content, where the next one begins).

    The name is that of the content of an OBJECT IDENTIFIER, not checked further. Where only the inside of
    the varbind is broken, the tag is DAMAGED, the name what could be read of it (or empty); where the list
    itself is, :class:`MalformedError` is raised.
    """
    if (
        at + 4 <= stop and data[at] == SEQUENCE and data[at + 2] == OBJECT_IDENTIFIER
    ):  # all lengths in one octet?
        end = at + 2 + data[at + 1]
        value = at + 4 + data[at + 3]
        if value + 2 <= end <= stop and data[at + 1] < 0x80 and data[at + 3] < 0x80:
            tag = data[value]
            if value + 2 + data[value + 1] == end and data[value + 1] < 0x80 and tag & 0x1F != 0x1F:
                return data[at + 4 : value], tag, data[value + 2 : end], end
    return _varbind(data, at, stop)


def _varbind(data: bytes, at: int, stop: int) -> tuple[bytes, int, bytes, int]:
    """Read a varbind step by step, whatever its lengths."""
    start, stop = expect(data, at, stop, SEQUENCE)
    name = b""
    try:
        at, end = expect(data, start, stop, OBJECT_IDENTIFIER)
        name = data[at:end]
        tag, at, end = header(data, end, stop)
    except MalformedError:
        return name, DAMAGED, b"", stop
    if end != stop:
        return name, DAMAGED, b"", stop
    return name, tag, data[at:end], stop


def number(tag: int, content: bytes, syntax: str) -> int:
    """Decode a number that should be of `syntax`; raise :class:`MalformedError` where it is none of it.

    An unsigned number that a broken agent sends as a negative one of four octets is taken for what it means.
    """
    if tag not in _NUMBERS[syntax]:
        raise MalformedError("damaged" if tag == DAMAGED else "wrong type")
    if tag == COUNTER64:
        return unsigned(content, 8)
    if tag != INTEGER:
        return unsigned(content, 4)
    value = integer(content)
    if value >= 0 or syntax == "integer":
        return value
    if len(content) < 4:
        raise MalformedError("negative")
    return value + 2**32


def value(tag: int, content: bytes, syntax: str) -> int | bytes:
    """Decode a value that should be of `syntax`: a number, or for one of TEXTS the octets as they are."""
    if syntax not in TEXTS:
        return number(tag, content, syntax)
    if tag != (OCTET_STRING if syntax == "text" else OBJECT_IDENTIFIER):
        raise MalformedError("damaged" if tag == DAMAGED else "wrong type")
    return content


_LARGE_PDU = re.compile(
    rb"\xa2\x82(..)\x02\x04([\x00-\x7f]...)\x02\x01([\x00-\x7f])\x02\x01([\x00-\x7f])\x30\x82(..)", re.DOTALL
)


def decode_large_pdu(data: bytes, at: int, stop: int) -> Response | None:
    """Read a whole PDU of the shape of nearly all large answers; None where it is of another one.

    It may end before `stop`: padding follows where it was encrypted by DES.
    """
    match = _LARGE_PDU.match(data, at, stop)
    if match is None:
        return None
    pdu, request_id, status, index, varbinds = match.groups()
    start = match.end()
    end = start + int.from_bytes(varbinds)
    if end > stop or int.from_bytes(pdu) != end - at - 4:
        return None
    return Response(int.from_bytes(request_id), status[0], index[0], b"", data, start, end)


def error_name(status: int) -> str:
    """Return the name of an error-status for people."""
    names = _ERRORS.split()
    return names[status] if 0 <= status < len(names) else f"error {status}"


def encode_varbind(name: bytes) -> bytes:
    """Encode a varbind that asks for `name` (the content of an OBJECT IDENTIFIER)."""
    return encode(SEQUENCE, encode(OBJECT_IDENTIFIER, name) + encode(NULL, b""))


def encode_request(
    community: bytes,
    pdu: int,
    request_id: int,
    varbinds: bytes,
    *,
    non_repeaters: int = 0,
    repetitions: int = 0,
) -> bytes:
    """Encode a whole request. `request_id` lies in REQUEST_IDS, the two numbers of GETBULK in 0..127."""
    before, after = _frame(community, pdu, non_repeaters, repetitions, len(varbinds))
    return b"".join((before, request_id.to_bytes(4), after, varbinds))


@functools.lru_cache(maxsize=1024)
def _frame(community: bytes, pdu: int, second: int, third: int, size: int) -> tuple[bytes, bytes]:
    """Everything of a request but the request-id and the varbinds: it depends on their length only."""
    before, after = _pdu_frame(pdu, second, third, size)
    rest = 4 + len(after) + size
    body = before + bytes(rest)
    message = encode(SEQUENCE, encode_integer(VERSION_2C) + encode(OCTET_STRING, community) + body)
    return message[: len(message) - rest], after


def encode_pdu(request: Request, request_id: int) -> bytes:
    """Encode the PDU of a request, without the message around it."""
    pdu, varbinds, second, third = request
    before, after = _pdu_frame(pdu, second, third, len(varbinds))
    return b"".join((before, request_id.to_bytes(4), after, varbinds))


@functools.lru_cache(maxsize=1024)
def _pdu_frame(pdu: int, second: int, third: int, size: int) -> tuple[bytes, bytes]:
    """Everything of a PDU but the request-id and the varbinds."""
    numbers = encode_integer(second) + encode_integer(third)
    listed = encode(SEQUENCE, bytes(size))
    after = numbers + listed[: len(listed) - size]
    body = encode(pdu, b"\x02\x04" + bytes(4) + after + bytes(size))
    return body[: len(body) - size - len(after) - 4], after
