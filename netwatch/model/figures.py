"""What the settled minutes of a period come to: of a unit, a device or a line."""

from __future__ import annotations

from dataclasses import dataclass

RTT_LIMIT = 0.05
"""Seconds of a minute's mean round trip that `slow` minutes exceed: the 50 ms of QCVN 34:2019, borrowed."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over some minutes; two of them add up."""

    up: int = 0  # minutes by verdict
    down: int = 0
    unknown: int = 0  # judged so, or by nobody
    expected: int = 0  # slots of the minutes that were judged
    lost: int = 0  # those not answered within the timeout: late replies among them
    valid: int = 0  # those that say anything: good, lost or late
    timed: int = 0  # minutes of which a mean round-trip time is known
    slow: int = 0  # those of them whose mean is over RTT_LIMIT
    rtt_sum: float = 0.0  # seconds, over all replies whose time is known
    rtt_count: int = 0

    @property
    def total(self) -> int:
        """All minutes."""
        return self.up + self.down + self.unknown

    @property
    def rtt_mean(self) -> float | None:
        """Seconds; lost packets have no round-trip time (RFC 2681 section 2.4)."""
        return self.rtt_sum / self.rtt_count if self.rtt_count else None

    def __add__(self, other: Figures) -> Figures:
        """Return the sums over both."""
        return Figures(
            self.up + other.up,
            self.down + other.down,
            self.unknown + other.unknown,
            self.expected + other.expected,
            self.lost + other.lost,
            self.valid + other.valid,
            self.timed + other.timed,
            self.slow + other.slow,
            self.rtt_sum + other.rtt_sum,
            self.rtt_count + other.rtt_count,
        )
