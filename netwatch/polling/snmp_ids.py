"""Request-ids: a random start, so that an answer cannot be guessed, and none is used again soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols.snmp import REQUEST_IDS

if TYPE_CHECKING:
    import random


class RequestIds:
    """Gives each id once, until all were given."""

    __slots__ = ("_first", "_last", "_wrapped")

    def __init__(self, randomness: random.Random) -> None:
        self._first = self._last = randomness.choice(REQUEST_IDS)
        self._wrapped = False

    def next(self) -> int:
        """Return an id that was not used for long."""
        self._last += 1
        if self._last == REQUEST_IDS.stop:
            self._last = REQUEST_IDS.start
            self._wrapped = True
        return self._last

    def was_used(self, request_id: int) -> bool:
        """Tell whether an id was given before."""
        return self._wrapped or self._first < request_id <= self._last
