"""What the echo engine keeps of a line as long as it is asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.polling.schedule import offset
from netwatch.polling.sockaddr import BINARY, packed_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.model.device import Line
    from netwatch.polling.echo_socket import EchoSocket

WINDOW = 64
"""Cycles that a line remembers: a reply to an older echo is not told apart from a made-up one."""


class EchoLine:
    """One line that is asked: how, and which of its last echoes were lost."""

    __slots__ = (
        "_last",
        "_lost",
        "address",
        "binary",
        "body",
        "host",
        "line",
        "number",
        "offset",
        "origin",
        "version",
    )

    def __init__(self, line: Line, sockets: Mapping[int, EchoSocket]) -> None:
        """Prepare a line; its version is 0 where it has no numeric address, or there is no socket for it."""
        self.line = line
        self.number = line.number
        self.offset = offset(f"{line.device}/{line.uplink}", line.interval)
        self.origin = b""  # of its replies, once one was examined in full
        self._lost = 0  # bit n: the echo n cycles before `_last` was lost and has not been heard of since
        self._last = 0
        try:
            self.version, self.address, self.host = packed_address(line.address)
        except ValueError:
            self.version, self.address, self.host = 0, b"", line.address
        if self.version not in sockets:
            self.version = 0
        self.binary = self.address[BINARY[self.version]] if self.version else b""
        self.body = sockets[self.version].format.body(line.number) if self.version else b""

    def due(self, cycle: int, at: float) -> float | None:
        """Return when a cycle, known by its last 16 bits, was due; None where that was not lately at `at`."""
        interval = self.line.interval
        latest = math.floor((at - self.offset) / interval)
        behind = (latest - cycle) % 2**16
        return (latest - behind) * interval + self.offset if behind < WINDOW else None

    def lose(self, sequence: int) -> None:
        """Remember that an echo was lost."""
        ahead = (sequence - self._last) % 2**16
        if not self._lost or ahead < 2**15:
            self._lost = (self._lost << ahead if ahead < WINDOW else 0) & (2**WINDOW - 1)
            self._last = sequence
        self._lost |= self._bit(sequence)

    def find(self, sequence: int) -> bool:
        """Forget that an echo was lost, as its reply came after all; tell whether it was."""
        bit = self._bit(sequence)
        found = bool(self._lost & bit)
        self._lost &= ~bit
        return found

    def _bit(self, sequence: int) -> int:
        behind = (self._last - sequence) % 2**16
        return 1 << behind if behind < WINDOW else 0
