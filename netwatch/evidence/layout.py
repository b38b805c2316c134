"""The bytes of an hour, column for column: what each way of reading one begins with.

`docs/ledger-format.md` specifies them. A column is read at once, not number for number, and the marks stay
runs: most minutes are like the one before, and a month has 744 hours.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from operator import add, gt
from typing import TYPE_CHECKING, NamedTuple

from netwatch.evidence.varint import Broken, Reader, numbers, signed
from netwatch.model.decision import Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT = 1
HOUR, MINUTE = 3600, 60
MICRO = 1_000_000
MOST_SLOTS = 60 * 1000  # of a line in a minute
MOST_MARKS = 2**28  # of an hour: 74,000 lines of a slot a second
LARGEST = 256 * 2**20  # bytes of a body that is unpacked

GOOD = 1  # the mark of a good slot

STATES = tuple(State)
SUBJECTS = tuple(Subject)

_VERDICTS = bytes(range(len(STATES)))
_WHOLE = tuple(range(HOUR // MINUTE))


class MinuteColumns(NamedTuple):
    """The verdicts of one subject: of each minute that was judged, a place in each column."""

    minutes: Sequence[int]  # 0…59, rising
    states: bytes  # the verdicts: places in `State`
    expected: Sequence[int]  # slots
    good: Sequence[int]
    lost: Sequence[int]
    late: Sequence[int]


class LineColumns(NamedTuple):
    """The slots of one line, likewise."""

    minutes: Sequence[int]  # 0…59, rising
    intervals: Sequence[int]  # microseconds
    dues: Sequence[int]  # microseconds from the minute's start to its first slot
    sizes: Sequence[int]  # slots
    runs: Sequence[tuple[int, int]]  # the marks of all slots, as (length, mark)
    timed: Sequence[int]  # slots of which a round-trip time is known


@dataclass(frozen=True, slots=True)
class Columns:
    """A whole hour."""

    start: int  # steady seconds, a multiple of 3600
    lines: dict[int, LineColumns]  # by number, rising
    means: dict[int, list[int]]  # microseconds, of each minute of a line that has slots timed
    verdicts: dict[tuple[Subject, str], MinuteColumns]
    blind: dict[str, dict[int, float]]  # seconds by path and minute
    state: bytes  # JSON, not looked at


def read(body: bytes) -> Columns:
    """Return the columns of an hour's body. Raises Broken, and zlib.error."""
    reader = Reader(_unpack(body))
    if reader.number() != FORMAT:
        raise Broken("a format that this version does not know")
    start = reader.number()
    lines = dict(_lines(reader))
    means = dict(_means(numbers(reader.raw()), lines))
    verdicts = dict(_verdicts(reader) for _ in range(reader.count()))
    blind = dict(_blind(reader) for _ in range(reader.count()))
    columns = Columns(start, lines, means, verdicts, blind, reader.raw())
    reader.end()
    return columns


def _unpack(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(body, LARGEST)
    if unpacker.unconsumed_tail or unpacker.unused_data or not unpacker.eof:
        raise Broken("cut off, or larger than allowed")
    return data


def _lines(reader: Reader) -> Iterator[tuple[int, LineColumns]]:
    before, room = -1, MOST_MARKS
    for _ in range(reader.count()):
        number = reader.number()
        if number <= before:
            raise Broken("lines out of order")
        columns = _line(reader)
        room -= sum(columns.sizes)
        if room < 0:
            raise Broken("more slots than an hour can have")
        before = number
        yield number, columns


def _line(reader: Reader) -> LineColumns:
    count = reader.count()
    minutes = _minutes(reader, count)
    intervals, dues, sizes = reader.deltas(count), reader.deltas(count), reader.deltas(count)
    if count and (min(sizes) < 0 or max(sizes) > MOST_SLOTS or min(intervals) <= 0):
        raise Broken("slots that cannot be")
    runs = reader.runs(sum(sizes))
    if sum(length for length, _ in runs) != sum(sizes):
        raise Broken("marks are missing")
    timed = list(map(add, _good(sizes, runs), reader.deltas(count)))
    if count and (min(timed) < 0 or any(map(gt, timed, sizes))):
        raise Broken("more round-trip times than slots, or fewer than none")
    return LineColumns(minutes, intervals, dues, sizes, runs, timed)


def _good(sizes: Sequence[int], runs: Sequence[tuple[int, int]]) -> Sequence[int]:
    """Return how many slots of each minute are good: all but the runs of others, which are few."""
    if all(mark == GOOD for _, mark in runs):
        return sizes
    good, ends = list(sizes), list(accumulate(sizes))
    at = 0
    for length, mark in runs:
        if mark != GOOD:
            minute, start = bisect_right(ends, at), at
            while start < at + length:
                stop = min(at + length, ends[minute])
                good[minute] -= stop - start
                start, minute = stop, minute + 1
        at += length
    return good


def _means(told: Sequence[int], lines: dict[int, LineColumns]) -> Iterator[tuple[int, list[int]]]:
    """Take what a middle mean and the differences from it tell apart again, line for line."""
    at = 0
    for number, columns in lines.items():
        count = len(columns.timed) - columns.timed.count(0)
        if not count:
            continue
        if at + count >= len(told):
            raise Broken("cut off")
        middle = told[at]
        yield number, [middle + signed(each) for each in told[at + 1 : at + 1 + count]]
        at += 1 + count
    if at != len(told):
        raise Broken("more than was announced")


def _verdicts(reader: Reader) -> tuple[tuple[Subject, str], MinuteColumns]:
    subject = reader.number()
    if subject >= len(SUBJECTS):
        raise Broken("a subject that this version does not know")
    key = reader.text()
    count = reader.count()
    minutes = _minutes(reader, count)
    states = b"".join(bytes((state,)) * length for length, state in reader.runs(count))
    if len(states) != count:
        raise Broken("verdicts are missing")
    if states.strip(_VERDICTS):
        raise Broken("a verdict that this version does not know")
    counts = (reader.deltas(count) for _ in range(4))
    return (SUBJECTS[subject], key), MinuteColumns(minutes, states, *counts)


def _blind(reader: Reader) -> tuple[str, dict[int, float]]:
    path = reader.text()
    told = [(reader.number(), reader.number() / MICRO) for _ in range(reader.count())]
    if any(minute >= HOUR // MINUTE for minute, _ in told):
        raise Broken("a minute outside of its hour")
    return path, dict(told)


def _minutes(reader: Reader, count: int) -> tuple[int, ...]:
    minutes = reader.deltas(count)
    if minutes != _WHOLE:  # as nearly always
        if sorted(set(minutes)) != list(minutes):
            raise Broken("minutes out of order")
        if count and not set(_WHOLE).issuperset((minutes[0], minutes[-1])):
            raise Broken("a minute outside of its hour")
    return minutes
