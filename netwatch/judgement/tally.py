"""Totals of the echoes of a line. They never step back: what was counted once stays counted."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from netwatch.judgement.slots import GOOD, INVALID, LATE, LOST, UNREACHABLE

if TYPE_CHECKING:
    from array import array

RTT_BOUNDS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Upper bounds of the round-trip histogram, seconds: halves of a decade on the LAN and the metro ring, finer
around the 50 ms that quality is graded by, 1 s the usual timeout. The last bucket, +Inf, follows them."""


class Tally:
    """Echoes by what became of them, and a classic histogram of round-trip times (seconds)."""

    __slots__ = (
        "duplicates",
        "histogram",
        "late",
        "local_errors",
        "lost",
        "replies",
        "rtt_sum",
        "unreachables",
    )

    def __init__(self) -> None:
        self.replies = 0  # within the timeout
        self.lost = 0  # sent and not answered in time; `unreachables` are among them
        self.unreachables = 0  # an ICMP error told why
        self.local_errors = 0  # never sent
        self.duplicates = 0
        self.late = 0  # replies after the timeout; their slots stay lost
        self.rtt_sum = 0.0
        self.histogram = [0] * (len(RTT_BOUNDS) + 1)  # by bucket, not cumulated

    @property
    def requests(self) -> int:
        """Echoes that were sent, as far as their slots are closed."""
        return self.replies + self.lost

    def add(self, marks: bytes, rtts: array[float]) -> None:
        """Count slots; a reply whose round-trip time could not be told (NaN) is in no bucket."""
        unreachables = marks.count(UNREACHABLE)
        self.replies += marks.count(GOOD)
        self.lost += marks.count(LOST) + marks.count(LATE) + unreachables
        self.unreachables += unreachables
        self.local_errors += marks.count(INVALID)
        known = sorted(rtts if not math.isnan(sum(rtts)) else [rtt for rtt in rtts if not math.isnan(rtt)])
        self.rtt_sum += sum(known)
        below = 0
        for bucket, bound in enumerate((*RTT_BOUNDS, math.inf)):
            if below == len(known):
                break
            until = bisect_right(known, bound, below)
            self.histogram[bucket] += until - below
            below = until
