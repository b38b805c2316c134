"""Walking a whole subtree, whatever its types: a state machine that always comes to an end.

A walk (:mod:`netwatch.protocols.snmp_walk`) knows the columns that it asks for; a dump knows nothing, and
keeps every value as it came. Names must increase strictly; rows, answers and octets are capped; what an agent
sends after the end of the subtree is not looked at. What was had before something went wrong is kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from netwatch.protocols import ber
from netwatch.protocols.ber import MalformedError, encode_oid, oid
from netwatch.protocols.snmp import (
    AUTHORIZATION_ERROR,
    COUNTER32,
    COUNTER64,
    DAMAGED,
    EXCEPTIONS,
    GAUGE32,
    GETBULK,
    GETNEXT,
    NO_ACCESS,
    TIMETICKS,
    TOO_BIG,
    UINTEGER32,
    Request,
    Response,
    encode_varbind,
    error_name,
    varbind,
)
from netwatch.protocols.snmp_step import Step

IP_ADDRESS = 0x40
OPAQUE = 0x44
NO_SUCH_NAME = 2  # how an agent of version 1 says that nothing follows

_UNSIGNED = {COUNTER32: 4, GAUGE32: 4, TIMETICKS: 4, UINTEGER32: 4, COUNTER64: 8}


class Row(NamedTuple):
    """One object as the agent told it: the content of its value is not decoded, but known to be decodable."""

    oid: tuple[int, ...]
    tag: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one dump may come to, at most."""

    rows: int
    answers: int
    octets: int  # of values and names


class Dump:
    """A walk over everything below `root`. Feed it each answer; ask it for each request.

    `rows` ascend. `done` tells that the end was reached, `cut` that a bound was, `detail` what went wrong.
    """

    def __init__(self, root: tuple[int, ...], bounds: Bounds) -> None:
        self.root = root
        self.rows: list[Row] = []
        self.octets = 0
        self.refused: Counter[str] = Counter()
        self.detail = ""
        self.done = False
        self.cut = False
        self._last = root
        self._bounds = bounds
        self._answers = 0

    def ask(self, repetitions: int) -> Request:
        """Return the next request, for up to `repetitions` rows; 0 asks by GETNEXT."""
        asked = encode_varbind(encode_oid(self._last))
        if not repetitions:
            return Request(GETNEXT, asked)
        return Request(GETBULK, asked, third=repetitions)

    def take(self, response: Response) -> Step:
        """Take an answer to the last request. MALFORMED and FAILED may mean that less has to be asked for."""
        if response.error_status:
            return self._fail(response.error_status)
        self._answers += 1
        before = self._last
        try:
            ended = self._take(response.data, response.start, response.stop)
        except MalformedError as error:
            self.refused[error.reason] += 1
            self.detail = f"answer cannot be read: {error.reason}"
            return Step.MALFORMED
        if ended:
            return self._end()
        if self._last == before:
            self.refused["no progress"] += 1
            self.detail = "an answer that leads nowhere"
            return Step.MALFORMED
        if self._is_full() or self._answers >= self._bounds.answers:
            self.cut = True
            return self._end()
        return Step.MORE

    def _end(self) -> Step:
        self.done = True
        self.detail = ""
        return Step.DONE

    def _is_full(self) -> bool:
        return len(self.rows) >= self._bounds.rows or self.octets >= self._bounds.octets

    def _fail(self, status: int) -> Step:
        if status == TOO_BIG:
            return Step.TOO_BIG
        if status == NO_SUCH_NAME:
            return self._end()
        self.detail = f"agent says {error_name(status)}"
        return Step.REFUSED if status in {NO_ACCESS, AUTHORIZATION_ERROR} else Step.FAILED

    def _take(self, data: bytes, at: int, stop: int) -> bool:
        """Take the rows of an answer; tell whether the subtree ends in it."""
        while at < stop and not self._is_full():
            encoded, tag, content, at = varbind(data, at, stop)
            if tag in EXCEPTIONS:
                return True
            name = oid(encoded)
            if name[: len(self.root)] != self.root:
                return True
            if name <= self._last:
                raise MalformedError("not increasing")
            self._last = name
            try:
                tag = _checked(tag, content)
            except MalformedError as error:
                self.refused[error.reason] += 1
                continue
            self.rows.append(Row(name, tag, content))
            self.octets += len(encoded) + len(content)
        return False


def _checked(tag: int, content: bytes) -> int:
    """Return the tag of a value that can be decoded; raise :class:`MalformedError` where it cannot."""
    if tag in _UNSIGNED:
        ber.unsigned(content, _UNSIGNED[tag])
        return GAUGE32 if tag == UINTEGER32 else tag
    if tag == ber.INTEGER:
        ber.integer(content)
    elif tag == ber.OBJECT_IDENTIFIER:
        oid(content)
    elif (tag == IP_ADDRESS and len(content) != 4) or (tag == ber.NULL and content):
        raise MalformedError("damaged")
    elif tag not in {ber.OCTET_STRING, OPAQUE, IP_ADDRESS, ber.NULL}:
        raise MalformedError("damaged" if tag == DAMAGED else "wrong type")
    return tag
