"""The few parts of BER that SNMP uses (X.690; RFC 3417 section 8), bounded before anything is decoded.

Decoding works on `bytes` and offsets and never recurses; everything that is wrong with the bytes is a
:class:`MalformedError`, whose reason is a fixed word that may be counted and shown.
"""

from __future__ import annotations

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30

MAX_ARCS = 128
"""RFC 3416 section 4.1: no object identifier has more."""

MAX_ARC = 2**32 - 1

_LENGTH_OCTETS = 4  # of the long form: more than any datagram needs
_ARC_OCTETS = 5  # 32 bits, seven an octet


class MalformedError(ValueError):
    """These bytes are not what they should be. `reason` is one of few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def header(data: bytes, at: int, stop: int) -> tuple[int, int, int]:
    """Read the tag and length at `at`: return (tag, start of the content, end of the content).

    The content is known to lie before `stop`. Indefinite lengths and tags of several octets, which
    SNMP has none of, are refused.
    """
    if stop - at < 2:
        raise MalformedError("truncated")
    tag = data[at]
    if tag & 0x1F == 0x1F:
        raise MalformedError("tag")
    length = data[at + 1]
    start = at + 2
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= _LENGTH_OCTETS:
            raise MalformedError("length")
        if stop - start < octets:
            raise MalformedError("truncated")
        length = int.from_bytes(data[start : start + octets])
        start += octets
    if length > stop - start:
        raise MalformedError("truncated")
    return tag, start, start + length


def expect(data: bytes, at: int, stop: int, tag: int) -> tuple[int, int]:
    """Read a header that must bear `tag`: return (start, end) of its content."""
    found, start, end = header(data, at, stop)
    if found != tag:
        raise MalformedError("tag")
    return start, end


def integer(content: bytes) -> int:
    """Decode the content of an INTEGER of 32 bits (RFC 2578: Integer32). Empty is no zero.

    Superfluous octets of sign are let pass: pyasn1, and with it some agents, writes -2³¹ in five octets.
    """
    if not content:
        raise MalformedError("empty integer")
    value = int.from_bytes(content[:8], signed=True)
    if len(content) > 8 or not -(2**31) <= value < 2**31:
        raise MalformedError("long integer")
    return value


def unsigned(content: bytes, octets: int) -> int:
    """Decode an unsigned integer of at most `octets` octets; the leading zero of BER may be left out.

    Broken agents leave it out, so that the number reads as negative; it is taken for what it means.
    """
    if not content:
        raise MalformedError("empty integer")
    if len(content) > octets and (len(content) > octets + 1 or content[0]):
        raise MalformedError("long integer")
    return int.from_bytes(content)


def arcs(content: bytes) -> tuple[int, ...]:
    """Decode sub-identifiers, seven bits an octet: the tail of an object identifier, such as an index."""
    if len(content) == 1 and content[0] < 0x80:  # nearly every ifIndex
        return (content[0],)
    if len(content) > MAX_ARCS * _ARC_OCTETS:
        raise MalformedError("long oid")
    found: list[int] = []
    arc = 0
    fresh = True
    for octet in content:
        if fresh and octet == 0x80:  # X.690 section 8.19.2: no leading zeros, or an index had many names
            raise MalformedError("oid")
        arc = arc << 7 | octet & 0x7F
        if arc > MAX_ARC:
            raise MalformedError("oid")
        fresh = octet < 0x80
        if fresh:
            found.append(arc)
            arc = 0
    if not fresh:
        raise MalformedError("oid")
    if len(found) > MAX_ARCS:
        raise MalformedError("long oid")
    return tuple(found)


def oid(content: bytes) -> tuple[int, ...]:
    """Decode the content of an OBJECT IDENTIFIER."""
    first, *rest = arcs(content) or (None,)
    if first is None:
        raise MalformedError("oid")
    root = min(first // 40, 2)
    return (root, first - 40 * root, *rest)


def encode(tag: int, content: bytes) -> bytes:
    """Encode one value: tag, definite length in its shortest form, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def encode_integer(value: int, tag: int = INTEGER) -> bytes:
    """Encode a number in as few octets as it needs, signed (so that an unsigned one may lead with zero)."""
    bits = (value if value >= 0 else ~value).bit_length()
    return encode(tag, value.to_bytes(bits // 8 + 1, signed=True))


def encode_arcs(numbers: tuple[int, ...]) -> bytes:
    """Encode sub-identifiers, the reverse of :func:`arcs`."""
    octets = bytearray()
    for number in numbers:
        if not 0 <= number <= MAX_ARC:
            raise MalformedError("oid")
        shift = max(0, (number.bit_length() - 1) // 7 * 7)
        while shift:
            octets.append(0x80 | number >> shift & 0x7F)
            shift -= 7
        octets.append(number & 0x7F)
    return bytes(octets)


def encode_oid(numbers: tuple[int, ...]) -> bytes:
    """Encode the content of an OBJECT IDENTIFIER (without its tag and length)."""
    if not 2 <= len(numbers) <= MAX_ARCS or numbers[0] > 2 or (numbers[0] < 2 and numbers[1] > 39):
        raise MalformedError("oid")
    return encode_arcs((40 * numbers[0] + numbers[1], *numbers[2:]))
