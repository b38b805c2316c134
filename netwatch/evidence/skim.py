"""Reads of an hour what figures are made of, and leaves out its slots: a report reads 744 of them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.evidence import layout
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.layout import MICRO, STATES, MinuteColumns
from netwatch.evidence.varint import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netwatch.evidence.hour import Hour, Verdict
    from netwatch.evidence.layout import LineColumns
    from netwatch.model.decision import MinuteSlots, Subject


@dataclass(frozen=True, slots=True)
class Skim:
    """An hour without its slots."""

    start: int  # steady seconds, a multiple of 3600
    verdicts: Mapping[tuple[Subject, str], MinuteColumns]
    means: Mapping[int, Mapping[int, tuple[float, int]]]  # by line and minute: sum in seconds, and replies
    blind: Mapping[str, Mapping[int, float]]  # seconds by path and minute


def skim(body: bytes) -> Skim:
    """Return what the figures of an hour are made of, equal to `of(decode(body))`. Raises BrokenBodyError."""
    try:
        columns = layout.read(body)
    except (Broken, zlib.error) as error:
        raise BrokenBodyError(f"no hour: {error}") from error
    means = {number: _sums(columns.lines[number], means) for number, means in columns.means.items()}
    return Skim(columns.start, columns.verdicts, means, columns.blind)


def _sums(line: LineColumns, means: list[int]) -> dict[int, tuple[float, int]]:
    minutes = [minute for minute, count in zip(line.minutes, line.timed, strict=True) if count]
    counts = [count for count in line.timed if count]
    sums = [mean * count / MICRO for mean, count in zip(means, counts, strict=True)]
    return dict(zip(minutes, zip(sums, counts, strict=True), strict=True))


def of(hour: Hour) -> Skim:
    """Return the same of an hour that has been read, or is not sealed yet."""
    verdicts = {about: _columns(told) for about, told in hour.verdicts.items()}
    means = {line: dict(_known(there)) for line, there in hour.slots.items()}
    known = {line: there for line, there in means.items() if there}
    return Skim(hour.start, verdicts, known, hour.blind)


def _columns(told: Mapping[int, Verdict]) -> MinuteColumns:
    minutes = tuple(sorted(told))
    states, *counts = zip(*(told[minute] for minute in minutes), strict=True) if minutes else ((),) * 5
    return MinuteColumns(minutes, bytes(map(STATES.index, states)), *counts)


def _known(slots: Mapping[int, MinuteSlots]) -> Iterator[tuple[int, tuple[float, int]]]:
    for minute, told in sorted(slots.items()):
        if told.rtt_count:
            yield minute, mean(told)


def mean(slots: MinuteSlots) -> tuple[float, int]:
    """Return the round trips of a minute that knows any, as the ledger keeps them: a mean in microseconds."""
    count = slots.rtt_count
    return round(slots.rtt_sum / count * MICRO) * count / MICRO, count
