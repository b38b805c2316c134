"""The echoes of a device: those of all its lines together, and of lines that it had before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.judgement.tally import RTT_BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.judgement.line import LineState
    from netwatch.judgement.tally import Tally


class EchoTotals:
    """Sums that never step back: what was counted of a line stays counted when the line is gone."""

    __slots__ = (
        "_gone",
        "_lines",
        "duplicates",
        "histogram",
        "late",
        "local_errors",
        "replies",
        "requests",
        "rtt_sum",
        "unreachables",
    )

    def __init__(self) -> None:
        self._lines: Sequence[LineState] = ()
        self._gone: EchoTotals | None = None
        self._clear()

    def _clear(self) -> None:
        self.requests = 0
        self.replies = 0
        self.duplicates = 0
        self.late = 0
        self.local_errors = 0
        self.unreachables = 0
        self.rtt_sum = 0.0
        self.histogram = [0] * (len(RTT_BOUNDS) + 1)  # by bucket, not cumulated

    def sum_up(self, lines: Sequence[LineState]) -> None:
        """Take the totals as they are now."""
        if lines is not self._lines:
            self._part_with([line for line in self._lines if line not in lines])
            self._lines = lines
        self._clear()
        if self._gone:
            self._add(self._gone)
        for line in lines:
            self._add(line.tally)

    def _part_with(self, gone: Iterable[LineState]) -> None:
        for line in gone:
            self._gone = self._gone or EchoTotals()
            self._gone._add(line.tally)  # noqa: SLF001 - another of its kind

    def _add(self, tally: Tally | EchoTotals) -> None:
        self.requests += tally.requests
        self.replies += tally.replies
        self.duplicates += tally.duplicates
        self.late += tally.late
        self.local_errors += tally.local_errors
        self.unreachables += tally.unreachables
        self.rtt_sum += tally.rtt_sum
        self.histogram = [ours + theirs for ours, theirs in zip(self.histogram, tally.histogram, strict=True)]


def mean(values: Iterable[float]) -> float:
    """Mean of what was measured; NaN where nothing was."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
