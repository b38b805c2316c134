"""Whole numbers in few bytes: seven bits a byte, the lowest first; the top bit says that more follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 10  # bytes: 64 bits

_RUN = re.compile(rb"(.)\1*", re.DOTALL)  # of like bytes; found twenty times faster than by looking at each


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

    def number(self) -> int:
        """Read a number that is not negative."""
        value = 0
        for place in range(LONGEST):
            byte = self._byte()
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                return value
        raise Broken("a number without end")

    def count(self) -> int:
        """Read how many things follow, each of at least a byte."""
        value = self.number()
        if value > len(self._data) - self._at:
            raise Broken("more than there is")
        return value

    def signed(self) -> int:
        """Read a number of either sign."""
        value = self.number()
        return value >> 1 if not value & 1 else -((value + 1) >> 1)

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

    def runs(self, most: int) -> bytes:
        """Read runs of like bytes, at most so many bytes."""
        out = bytearray()
        for _ in range(self.count()):
            length = self.number()
            if length > most - len(out):
                raise Broken("runs longer than allowed")
            out += bytes((self._byte(),)) * length
        return bytes(out)

    def deltas(self, count: int) -> list[int]:
        """Read so many numbers."""
        if count > len(self._data) - self._at:
            raise Broken("more than there is")
        values: list[int] = []
        value = 0
        for _ in range(count):
            value += self.signed()
            values.append(value)
        return values

    def end(self) -> None:
        """Raise Broken where anything is left."""
        if self._at != len(self._data):
            raise Broken("more than was announced")

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise Broken("cut off")
        self._at += 1
        return self._data[self._at - 1]
