"""Echo slots: under way until they are answered or time out, then gathered for the next report."""

from __future__ import annotations

import math
from array import array
from collections import deque
from typing import TYPE_CHECKING

from netwatch.model.observation import EchoSlots
from netwatch.model.outcome import SlotResult
from netwatch.polling.echo_line import EchoLine

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

Slot = tuple[EchoLine, float, float]
"""One echo under way: line, due (steady seconds), sent (monotonic seconds, negative where roughly known).

A tuple, as one is made for every echo.
"""


class OpenSlots:
    """The echoes that are under way, by key, and in the order in which they time out."""

    def __init__(self) -> None:
        self.by_key: dict[bytes, Slot] = {}
        self._batches: deque[tuple[float, list[bytes]]] = deque()  # when sent; keys, open or not any more
        self._quoted: set[bytes] = set()  # keys of open slots that an ICMP error quoted

    def open(self, sent: float, keys: list[bytes], slots: Iterable[Slot]) -> None:
        """Add a batch, the last of which was sent at a monotonic time."""
        self.by_key.update(zip(keys, slots, strict=True))
        self._batches.append((sent, keys))

    def expire(self, limit: float) -> Iterator[tuple[float, bytes, Slot]]:
        """Take out what was sent until a monotonic time and is still open: when sent, key and slot."""
        while self._batches and self._batches[0][0] <= limit:
            sent, keys = self._batches.popleft()
            for key in [key for key in keys if key in self.by_key]:
                yield sent, key, self.by_key.pop(key)
            if self._quoted:  # also those that were answered all the same
                self._quoted.difference_update(keys)

    def quote(self, key: bytes) -> None:
        """Note that an ICMP error quoted the echo, if it is still under way."""
        if key in self.by_key:
            self._quoted.add(key)

    def was_quoted(self, key: bytes) -> bool:
        """Tell, once, whether an ICMP error quoted the echo."""
        if key not in self._quoted:
            return False
        self._quoted.remove(key)
        return True

    def keep(self, lines: Container[EchoLine]) -> None:
        """Drop the slots of all other lines."""
        self.by_key = {key: slot for key, slot in self.by_key.items() if slot[0] in lines}
        self._quoted &= self.by_key.keys()


class SlotColumns:
    """The slots that ended since the last report.

    Good ones are kept apart until then: there are thousands of them, and they share one result.
    """

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._good: tuple[list[int], list[float], list[float]] = ([], [], [])
        self._other: tuple[list[int], list[float], bytearray] = ([], [], bytearray())

    @property
    def good(self) -> tuple[Callable[[int], None], Callable[[float], None], Callable[[float], None]]:
        """What to call with line number, due time and round trip of a good slot: all three of them."""
        numbers, dues, rtts = self._good
        return numbers.append, dues.append, rtts.append

    def end(self, number: int, due: float, result: SlotResult) -> None:
        """Add a slot that is not good."""
        numbers, dues, results = self._other
        numbers.append(number)
        dues.append(due)
        results.append(result)

    def forget_times(self) -> None:
        """Tell no round trips of the good slots so far."""
        rtts = self._good[2]
        rtts[:] = [math.nan] * len(rtts)

    def take(self, at: float) -> EchoSlots | None:
        """Return what has gathered and start anew; None where there is nothing."""
        (numbers, dues, rtts), (other_numbers, other_dues, results) = self._good, self._other
        if not numbers and not other_numbers:
            return None
        self._clear()
        return EchoSlots(
            at,
            array("L", numbers + other_numbers),
            array("d", dues + other_dues),
            bytearray([SlotResult.GOOD]) * len(numbers) + results,
            array("d", rtts + [math.nan] * len(other_numbers)),
        )
