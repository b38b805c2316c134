"""One hour of one poller: the slots of every line, the verdicts, and where the judgement stood at its end.

The body is zlib over the bytes of `netwatch.evidence.layout`. Marks are those of `netwatch.judgement.slots`.
Lines are known by number; what a number stands for, the last entry `configured` before a minute says.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from netwatch.evidence import codec, layout
from netwatch.evidence.layout import FORMAT, GOOD, MICRO, STATES, SUBJECTS
from netwatch.evidence.varint import Broken, Writer
from netwatch.model.decision import MinuteSettled, MinuteSlots, PathMinute, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.evidence.layout import LineColumns, MinuteColumns
    from netwatch.model.state import State

HOUR, MINUTE = layout.HOUR, layout.MINUTE


class Verdict(NamedTuple):
    """What one minute of one subject came to."""

    verdict: State
    expected: int
    good: int
    lost: int
    late: int


@dataclass
class Hour:
    """The settled minutes of an hour, as they are decided or as they were read."""

    start: int  # steady seconds, a multiple of 3600
    slots: dict[int, dict[int, MinuteSlots]] = field(default_factory=dict)  # by line number and minute 0…59
    verdicts: dict[tuple[Subject, str], dict[int, Verdict]] = field(default_factory=dict)
    blind: dict[str, dict[int, float]] = field(default_factory=dict)  # seconds by path and minute
    state: dict[str, Any] = field(default_factory=dict)  # the judgement's snapshot at the end of it

    def take(self, minute: MinuteSettled) -> None:
        """Add the verdict of a minute of this hour."""
        place = int(minute.start - self.start) // MINUTE
        told = Verdict(minute.verdict, minute.expected, minute.good, minute.lost, minute.late)
        self.verdicts.setdefault((minute.subject, minute.key), {})[place] = told
        if minute.slots is not None:
            self.slots.setdefault(int(minute.key), {})[place] = minute.slots

    def take_blind(self, minute: PathMinute) -> None:
        """Add how long a path was blind in a minute of this hour."""
        self.blind.setdefault(minute.path, {})[int(minute.start - self.start) // MINUTE] = minute.blind


def encode(hour: Hour) -> bytes:
    """Return the body of the hour's entry."""
    out = Writer()
    out.number(FORMAT)
    out.number(hour.start)
    out.number(len(hour.slots))
    for number, minutes in sorted(hour.slots.items()):
        out.number(number)
        _write_slots(out, hour.start, minutes)
    out.raw(_means(hour))
    out.number(len(hour.verdicts))
    for (subject, key), told in sorted(hour.verdicts.items()):
        out.number(SUBJECTS.index(subject))
        out.text(key)
        _write_verdicts(out, told)
    out.number(len(hour.blind))
    for path, blind in sorted(hour.blind.items()):
        out.text(path)
        out.number(len(blind))
        for place, seconds in sorted(blind.items()):
            out.number(place)
            out.number(round(seconds * MICRO))
    out.raw(codec.dump(hour.state))
    return zlib.compress(out.done(), 6)


def _write_slots(out: Writer, start: int, minutes: dict[int, MinuteSlots]) -> None:
    """Write the minutes of a line: which, at what interval, when the first slots were due, marks, times."""
    places = sorted(minutes)
    out.number(len(places))
    out.deltas(places)
    out.deltas([round(minutes[place].interval * MICRO) for place in places])
    out.deltas([round((minutes[place].due - start - place * MINUTE) * MICRO) for place in places])
    out.deltas([len(minutes[place].marks) for place in places])
    out.runs(b"".join(minutes[place].marks for place in places))
    out.deltas([minutes[place].rtt_count - minutes[place].marks.count(GOOD) for place in places])


def _means(hour: Hour) -> bytes:
    """Return the mean round-trip times: of each line a middle one, then what each minute differs from it.

    They are chance, and stand apart from what is regular: both take the less room.
    """
    out = Writer()
    for _, minutes in sorted(hour.slots.items()):
        known = [_mean(slots) for _, slots in sorted(minutes.items()) if slots.rtt_count]
        if known:
            middle = sorted(known)[len(known) // 2]
            out.number(middle)
            for mean in known:
                out.signed(mean - middle)
    return out.done()


def _mean(slots: MinuteSlots) -> int:
    return round(slots.rtt_sum / slots.rtt_count * MICRO)


def _write_verdicts(out: Writer, told: dict[int, Verdict]) -> None:
    places = sorted(told)
    out.number(len(places))
    out.deltas(places)
    states, *counts = zip(*(told[place] for place in places), strict=True)
    out.runs(bytes(map(STATES.index, states)))
    for column in counts:
        out.deltas(column)


def decode(body: bytes) -> Hour:
    """Return the hour that a body tells of. Raises BrokenBodyError."""
    try:
        columns = layout.read(body)
    except (Broken, zlib.error) as error:
        raise codec.BrokenBodyError(f"no hour: {error}") from error
    state = codec.parse(columns.state)
    if not isinstance(state, dict):
        raise codec.BrokenBodyError("no hour: no state")
    return Hour(
        columns.start,
        {
            number: dict(_slots(columns.start, line, columns.means.get(number, ())))
            for number, line in columns.lines.items()
        },
        {about: dict(_minutes(told)) for about, told in columns.verdicts.items()},
        columns.blind,
        state,
    )


def _slots(start: int, line: LineColumns, means: Iterable[int]) -> Iterator[tuple[int, MinuteSlots]]:
    marks = b"".join(bytes((mark,)) * length for length, mark in line.runs)
    at, mean = 0, iter(means)
    for minute, interval, due, size, timed in zip(
        line.minutes, line.intervals, line.dues, line.sizes, line.timed, strict=True
    ):
        first, rtts = start + minute * MINUTE + due / MICRO, next(mean) * timed / MICRO if timed else 0.0
        yield minute, MinuteSlots(first, interval / MICRO, marks[at : at + size], rtts, timed)
        at += size


def _minutes(told: MinuteColumns) -> Iterator[tuple[int, Verdict]]:
    for minute, state, *counts in zip(*told, strict=True):
        yield minute, Verdict(STATES[state], *counts)
