"""How requests come to be believed, and answers: the seam between questions and versions of SNMP.

A question knows objects and values (:mod:`netwatch.polling.snmp_question`), the engine knows sockets, ids and
silence; in between stands a security, which makes messages of requests and responses of messages.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from netwatch.protocols.ber import MalformedError
from netwatch.protocols.snmp import Response, encode_request

if TYPE_CHECKING:
    from netwatch.polling.snmp_question import Ending, Question


REASONS = {
    "version": "version",
    "level": "wrong security level",
    "digest": "wrong digest",
    "user": "wrong user",
    "engine": "wrong engine",
    "context": "wrong context",
    "decryption": "decryption",
    "not in time window": "not in time window",
    "request-id inside": "wrong request-id inside",
}
"""What is counted of a version 3 message that is not believed, by what is wrong with it."""


class Again(enum.Enum):
    """What was heard is no answer, but it taught how to ask: the request is to be made anew."""

    AGAIN = enum.auto()


class Security(Protocol):
    """How one poll of one device is secured."""

    @property
    def doubt(self) -> str:
        """What may be wrong where an agent stays silent, in one line; "" where nothing hints."""
        ...

    def request(self, question: Question, request_id: int, now: float) -> bytes:
        """Make the next message to send. `now` is monotonic."""
        ...

    def refusal(self, response: Response) -> str:
        """Say why a response of version 2c is not believed, in words to be counted; "" where it is."""
        ...

    def open(self, data: bytes, now: float) -> Response | Ending | Again:
        """Judge a message of version 3; raise :class:`MalformedError` where it is not to be believed.

        An Ending ends the question: the agent reports what is wrong with it.
        """
        ...


class Community:
    """Version 2c: a community that goes with every message (RFC 1901)."""

    __slots__ = ("_octets",)

    doubt = ""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def request(self, question: Question, request_id: int, _now: float) -> bytes:
        """Make a message of the next request."""
        asked = question.ask()
        return encode_request(
            self._octets,
            asked.pdu,
            request_id,
            asked.varbinds,
            non_repeaters=asked.second,
            repetitions=asked.third,
        )

    def refusal(self, response: Response) -> str:
        """Believe what bears the community."""
        return "" if response.community == self._octets else "wrong community"

    def open(self, _data: bytes, _now: float) -> Response | Ending | Again:
        """Believe no message of version 3."""
        raise MalformedError("version")
