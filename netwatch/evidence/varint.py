"""Whole numbers in few bytes: seven bits a byte, the lowest first; the top bit says that more follow."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 10  # bytes: 64 bits

_RUN = re.compile(rb"(.)\1*", re.DOTALL)  # of like bytes; found twenty times faster than by looking at each
_ONE = re.compile(rb"[\x80-\xff]{0,9}[\x00-\x7f]")  # number
_ENDLESS = re.compile(rb"[\x80-\xff]{10}")


def signed(value: int) -> int:
    """Return the number of either sign that stands as one that is not negative (zigzag)."""
    return value >> 1 ^ -(value & 1)


_SHORT = tuple(map(signed, range(0x80)))  # what one byte stands for, where it is signed


class Writer:
    """Numbers, texts and runs, one behind the other."""

    def __init__(self) -> None:
        self._out = bytearray()

    def number(self, value: int) -> None:
        """Write a number that is not negative."""
        out = self._out
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)

    def signed(self, value: int) -> None:
        """Write a number of either sign: small ones of both are short (zigzag)."""
        self.number(value << 1 if value >= 0 else (-value << 1) - 1)

    def raw(self, data: bytes) -> None:
        """Write bytes with their length in front."""
        self.number(len(data))
        self._out += data

    def text(self, text: str) -> None:
        """Write UTF-8 with its length in front."""
        self.raw(text.encode())

    def runs(self, values: bytes) -> None:
        """Write bytes as runs of like ones: how many runs, then the length and byte of each."""
        runs = [run.span() for run in _RUN.finditer(values)]
        self.number(len(runs))
        for start, end in runs:
            self.number(end - start)
            self._out.append(values[start])

    def deltas(self, values: Sequence[int]) -> None:
        """Write numbers by what each differs from the one before; how many, the reader knows."""
        if values and values.count(values[0]) == len(values):  # nearly always
            self.signed(values[0])
            self._out += bytes(len(values) - 1)
            return
        before = 0
        for value in values:
            self.signed(value - before)
            before = value

    def done(self) -> bytes:
        """Return all of it."""
        return bytes(self._out)


class Broken(ValueError):  # noqa: N818 - it says what the data is
    """Data that ends too early, or holds what cannot be."""


class Reader:
    """Reads what a `Writer` wrote; whatever the bytes are, it returns or raises Broken."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._rows: dict[bytes, tuple[int, ...]] = {}

    def number(self) -> int:
        """Read a number that is not negative."""
        at, value, shift = self._at, 0, 0
        for byte in self._data[at : at + LONGEST]:
            at += 1
            if byte < 0x80:
                self._at = at
                return value | byte << shift
            value |= (byte & 0x7F) << shift
            shift += 7
        raise Broken("a number without end" if shift == 7 * LONGEST else "cut off")

    def count(self) -> int:
        """Read how many things follow, each of at least a byte."""
        value = self.number()
        if value > len(self._data) - self._at:
            raise Broken("more than there is")
        return value

    def signed(self) -> int:
        """Read a number of either sign."""
        return signed(self.number())

    def raw(self) -> bytes:
        """Read bytes."""
        length = self.count()
        self._at += length
        return self._data[self._at - length : self._at]

    def text(self) -> str:
        """Read UTF-8."""
        try:
            return self.raw().decode()
        except UnicodeDecodeError as error:
            raise Broken("no text") from error

    def runs(self, most: int) -> list[tuple[int, int]]:
        """Read runs of like bytes, at most so many bytes, as (length, byte)."""
        found = []
        for _ in range(self.count()):
            length = self.number()
            if length > most:
                raise Broken("runs longer than allowed")
            most -= length
            found.append((length, self._byte()))
        return found

    def deltas(self, count: int) -> tuple[int, ...]:
        """Read so many numbers."""
        row = self._data[self._at : self._at + count]
        if len(row) < count:
            raise Broken("more than there is")
        if row.isascii():  # a byte each
            self._at += count
            return self._short(row)
        first = self.signed()
        rest = self._data[self._at : self._at + count - 1]
        if len(rest) == rest.count(0) == count - 1:  # they are all the same
            self._at += count - 1
            return (first,) * count
        return tuple(accumulate((self.signed() for _ in range(count - 1)), initial=first))

    def _short(self, row: bytes) -> tuple[int, ...]:
        """Return what a row of deltas of a byte each comes to; many rows are like another."""
        found = self._rows.get(row)
        if found is None:
            found = self._rows[row] = tuple(accumulate(map(_SHORT.__getitem__, row)))
        return found

    def end(self) -> None:
        """Raise Broken where anything is left."""
        if self._at != len(self._data):
            raise Broken("more than was announced")

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise Broken("cut off")
        self._at += 1
        return self._data[self._at - 1]


def numbers(data: bytes) -> list[int]:
    """Return all numbers, none of them negative, that bytes hold and nothing else. Raises Broken."""
    if _ENDLESS.search(data):
        raise Broken("a number without end")
    if data and data[-1] > 0x7F:
        raise Broken("cut off")
    return list(map(_NUMBERS.__getitem__, _ONE.findall(data)))


class _Numbers(dict[bytes, int]):
    """The number that bytes stand for. Those of one and two bytes are looked up: means are made of them."""

    def __missing__(self, one: bytes) -> int:
        return Reader(one).number()


_NUMBERS = _Numbers((bytes((low,)), low) for low in range(0x80))
_NUMBERS.update((bytes((low | 0x80, high)), high << 7 | low) for low in range(0x80) for high in range(0x80))
