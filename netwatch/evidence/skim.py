"""Reads of an hour what figures are made of, and leaves out its slots: a report reads 744 of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from netwatch.evidence.hour import STATES, decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netwatch.evidence.hour import Hour
    from netwatch.model.decision import Subject


class MinuteColumns(NamedTuple):
    """The verdicts of one subject, a place of each column for each minute that was judged."""

    minutes: Sequence[int]  # 0…59, rising
    states: bytes  # the verdicts: places in `State`
    expected: Sequence[int]  # slots
    good: Sequence[int]
    lost: Sequence[int]
    late: Sequence[int]


@dataclass(frozen=True, slots=True)
class Skim:
    """An hour without its slots."""

    start: int  # steady seconds, a multiple of 3600
    verdicts: Mapping[tuple[Subject, str], MinuteColumns]
    means: Mapping[int, Mapping[int, tuple[float, int]]]  # by line and minute: sum in seconds, and replies
    blind: Mapping[str, Mapping[int, float]]  # seconds by path and minute


def skim(body: bytes) -> Skim:
    """Return what the figures of an hour are made of. Raises BrokenBodyError, wherever `decode` does."""
    return of(decode(body))


def of(hour: Hour) -> Skim:
    """Return the same of an hour that has been read, or is not sealed yet."""
    verdicts = {}
    for about, told in hour.verdicts.items():
        minutes = sorted(told)
        states, *counts = zip(*(told[minute] for minute in minutes), strict=True) if minutes else [()] * 5
        verdicts[about] = MinuteColumns(minutes, bytes(map(STATES.index, states)), *map(list, counts))
    means = {
        line: {
            minute: (slots.rtt_sum, slots.rtt_count)
            for minute, slots in sorted(there.items())
            if slots.rtt_count
        }
        for line, there in hour.slots.items()
    }
    return Skim(hour.start, verdicts, means, hour.blind)
