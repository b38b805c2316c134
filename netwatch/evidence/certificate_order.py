"""Puts the certificates of a time-stamp response into the order that DER asks of a set (X.690, 11.6).

OpenSSL writes them as they come, which RFC 5652 (section 10.1) allows, and readers of strict DER refuse. They
are not signed, and sorting them moves no other byte: what is stored stays as it came.
"""

from __future__ import annotations

from typing import NamedTuple

SEQUENCE, SET, OID, INTEGER, FIRST = 0x30, 0x31, 0x06, 0x02, 0xA0
CERTIFICATES = (
    (SEQUENCE, 0),  # TimeStampResp
    (SEQUENCE, 1),  # behind its status: ContentInfo
    (FIRST, 1),  # behind its type
    (SEQUENCE, 0),  # SignedData
    (FIRST, 3),  # behind version, digest algorithms and content
)
"""The way to them: at each step the tag, and how many elements stand before it."""


class _Element(NamedTuple):
    tag: int
    start: int  # of its tag
    inside: int  # of its content
    end: int


def in_order(answer: bytes) -> bytes:
    """Return a response (RFC 3161, 2.4.2) with its certificates sorted; as it is where it has none."""
    inside, end = 0, len(answer)
    for tag, before in CERTIFICATES:
        elements = _elements(answer, inside, end)
        if len(elements) <= before or elements[before].tag != tag:
            return answer
        inside, end = elements[before].inside, elements[before].end
    found = [answer[each.start : each.end] for each in _elements(answer, inside, end)]
    return answer[:inside] + b"".join(sorted(found)) + answer[end:] if found else answer


def _elements(data: bytes, start: int, end: int) -> list[_Element]:
    """Return the elements side by side from `start` to `end`; none where they do not fit in."""
    found: list[_Element] = []
    while start < end:
        if start + 2 > end:
            return []
        length, inside = data[start + 1], start + 2
        if length & 0x80:
            inside += length & 0x7F
            length = int.from_bytes(data[start + 2 : inside], "big")
        if inside + length > end:
            return []
        found.append(_Element(data[start], start, inside, inside + length))
        start = inside + length
    return found
