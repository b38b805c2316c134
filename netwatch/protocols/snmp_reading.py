"""Reading one answer of a walk: how far each column got, and regular rows taken in blocks."""

from __future__ import annotations

from array import array
from operator import lt
from typing import TYPE_CHECKING

from netwatch.protocols.ber import arcs

if TYPE_CHECKING:
    import re

    from netwatch.protocols.snmp_rows import Columns


def compared(index: bytes, last: bytes) -> tuple[int, bool]:
    """Return how many arcs an index has, and whether it is greater than the last one."""
    if len(index) == 1 and len(last) <= 1 and index < b"\x80":  # the most usual ones, at once
        return 1, index > last
    position = arcs(index)
    return len(position), position > arcs(last)


class RegularRows:
    """Regular rows: their indices; and flat, row by row, the octets of the index as a number, values."""

    __slots__ = ("columns", "indices", "numbers")

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.indices: list[bytes] = []
        self.numbers = array("Q")


class Reading:
    """How far each column of a request got within one answer."""

    __slots__ = ("ended", "fresh", "lasts", "level")

    def __init__(self, columns: Columns, cursor: bytes) -> None:
        self.lasts = [cursor] * len(columns)
        self.ended: set[int] = set()
        self.fresh: list[bytes] = []  # rows that this answer began
        self.level: bytes | None = cursor  # the index that all columns are at, if they are

    def reach(self, index: bytes) -> None:
        """Take it that all columns got to one index."""
        self.level = index
        self.lasts = [index] * len(self.lasts)

    def settle(self) -> None:
        """See whether all columns are at one index again, which regular rows can follow."""
        first = self.lasts[0]
        self.level = None if self.ended or self.lasts.count(first) < len(self.lasts) else first


def take_regular(
    patterns: tuple[re.Pattern[bytes], ...],
    reading: Reading,
    batch: RegularRows,
    data: bytes,
    span: tuple[int, int],
) -> int:
    """Take as many regular rows as follow one another in `span` of `data`; return where they end."""
    at, stop = span
    last = reading.lasts[0]
    width = len(reading.lasts) + 1
    for pattern in patterns:
        while (match := pattern.match(data, at, stop)) is not None:
            values = match.groups()
            indices = values[::width]
            # Indices here are single arcs in their shortest form, seven bits an octet, all of one length:
            # their octets compare as arcs do. One longer than the last is greater. The loop judges the rest.
            floor = last if len(last) >= len(indices[0]) else b""
            if len(last) > len(indices[0]) or not all(map(lt, (floor, *indices), indices)):
                break
            batch.indices += indices
            batch.numbers.extend(map(int.from_bytes, values))
            at = match.end()
            last = indices[-1]
    if at > span[0]:
        reading.reach(last)
    return at
