"""What was said of every unit against what was true of it: false downs, missed outages, delays.

Pure: spans in, a row out, the same for every tool. A span is half open and in Unix seconds.

*Outage*: a run of true *down* of one unit. It is **told** where *down* was said within it, or at most
`ALLOWANCE` after its end (and before the unit's next outage): a rule that waits may be that late. Else it is
**missed**. Its **delay** runs from its true start to the first *down* that was said, and is 0 where that was
still said of an earlier one.

*False down*: *down* said of a unit that was up, whether or not anybody could have seen it, beyond the same
allowance after an outage's end: so long it takes a tool that asks once a minute to see that the unit is back.
"""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Span = tuple[float, float]
ALLOWANCE = 90.0  # seconds: a scrape of 60 s, an evaluation of 15 s, and some to spare
FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Row:
    """How one tool did at one script."""

    outages: int
    missed: int
    false_units: int
    false_seconds: float  # summed over units
    delays: tuple[float, ...]  # seconds, of the outages that were told

    @property
    def delay(self) -> Span | None:
        """Return median and greatest delay; None where nothing was told."""
        return (statistics.median(self.delays), max(self.delays)) if self.delays else None


def compare(truth: Mapping[str, Sequence[Span]], said: Mapping[str, Sequence[Span]]) -> Row:
    """Compare the spans in which each unit was down with those in which it was said to be."""
    delays: list[float | None] = []
    false: list[float] = []
    for unit, outages in truth.items():
        spans = union(said.get(unit, ()))
        delays += _delays(outages, spans)
        false.append(seconds(without(spans, [(start, end + ALLOWANCE) for start, end in outages])))
    told = tuple(delay for delay in delays if delay is not None)
    return Row(len(delays), len(delays) - len(told), sum(map(bool, false)), sum(false), told)


def total(rows: Iterable[Row]) -> Row:
    """Return several scripts' rows as one; a unit counts once in each."""
    every = list(rows)
    return Row(
        sum(row.outages for row in every),
        sum(row.missed for row in every),
        sum(row.false_units for row in every),
        sum(row.false_seconds for row in every),
        tuple(delay for row in every for delay in row.delays),
    )


def _delays(outages: Sequence[Span], said: Sequence[Span]) -> Iterator[float | None]:
    """Yield the delay of each outage; None where it was missed."""
    for (start, end), (following, _) in itertools.pairwise([*outages, (FAR, FAR)]):
        last = min(end + ALLOWANCE, following)
        first = next((a for a, b in said if a < last and b > start), None)
        yield None if first is None else max(first - start, 0.0)


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as spans in order that neither overlap nor touch."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif end > start:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return what of `spans` lies in none of the holes."""
    left = list(spans)
    for hole_start, hole_end in holes:
        cut = [
            piece
            for start, end in left
            for piece in ((start, min(end, hole_start)), (max(start, hole_end), end))
        ]
        left = [(start, end) for start, end in cut if end > start]
    return left


def seconds(spans: Iterable[Span]) -> float:
    """Return how long spans that do not overlap are together."""
    return sum(end - start for start, end in spans)
