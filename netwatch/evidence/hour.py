"""One hour of one poller: the slots of every line, the verdicts, and where the judgement stood at its end.

The body is zlib over the bytes that `docs/ledger-format.md` specifies. Marks are those of
`netwatch.judgement.slots`. Lines are known by number; what a number stands for, the last entry `configured`
before a minute says.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from netwatch.evidence import codec
from netwatch.evidence.varint import LONGEST, Broken, Reader, Writer
from netwatch.model.decision import MinuteSettled, MinuteSlots, PathMinute, Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = 1
HOUR, MINUTE = 3600, 60
MICRO = 1_000_000
MOST_SLOTS = 60 * 1000  # of a line in a minute
LARGEST = 256 * 2**20  # bytes of a body that is unpacked

GOOD = 1  # the mark of a good slot

STATES = tuple(State)
SUBJECTS = tuple(Subject)


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


def beginning(head: bytes) -> int:
    """Return when an hour begins whose body begins so (512 bytes are enough). Raises BrokenBodyError."""
    try:
        reader = Reader(zlib.decompressobj().decompress(head, 2 * LONGEST))
        if reader.number() != FORMAT:
            raise Broken("a format that this version does not know")
        return reader.number()
    except (Broken, zlib.error) as error:
        raise codec.BrokenBodyError(f"no hour: {error}") from error


def decode(body: bytes) -> Hour:
    """Return the hour that a body tells of. Raises BrokenBodyError."""
    try:
        data = _unpack(body)
        reader = Reader(data)
        hour = _read(reader)
        reader.end()
    except (Broken, zlib.error, IndexError) as error:
        raise codec.BrokenBodyError(f"no hour: {error}") from error
    return hour


def _unpack(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(body, LARGEST)
    if unpacker.unconsumed_tail or unpacker.unused_data or not unpacker.eof:
        raise Broken("cut off, or larger than allowed")
    return data


def _read(reader: Reader) -> Hour:
    if reader.number() != FORMAT:
        raise Broken("a format that this version does not know")
    hour = Hour(reader.number())
    for _ in range(reader.count()):
        number = reader.number()
        hour.slots[number] = dict(_read_slots(reader, hour.start))
    _read_means(Reader(reader.raw()), hour)
    for _ in range(reader.count()):
        about = SUBJECTS[reader.number()], reader.text()
        hour.verdicts[about] = dict(_read_verdicts(reader))
    for _ in range(reader.count()):
        path = reader.text()
        hour.blind[path] = {_minute(reader.number()): reader.number() / MICRO for _ in range(reader.count())}
    state = codec.parse(reader.raw())
    if not isinstance(state, dict):
        raise Broken("no state")
    hour.state = state
    return hour


def _read_slots(reader: Reader, start: int) -> Iterator[tuple[int, MinuteSlots]]:
    count = reader.count()
    places = [_minute(place) for place in reader.deltas(count)]
    intervals, dues = reader.deltas(count), reader.deltas(count)
    sizes = reader.deltas(count)
    if any(not 0 <= size <= MOST_SLOTS for size in sizes) or any(interval <= 0 for interval in intervals):
        raise Broken("slots that cannot be")
    marks = reader.runs(sum(sizes))
    if len(marks) != sum(sizes):
        raise Broken("marks are missing")
    more = reader.deltas(count)
    at = 0
    for place, interval, due, size, extra in zip(places, intervals, dues, sizes, more, strict=True):
        first, own = start + place * MINUTE + due / MICRO, marks[at : at + size]
        if not 0 <= (rtts := own.count(GOOD) + extra) <= size:
            raise Broken("more round-trip times than slots, or fewer than none")
        yield place, MinuteSlots(first, interval / MICRO, own, 0.0, rtts)
        at += size


def _read_means(reader: Reader, hour: Hour) -> None:
    for _, minutes in sorted(hour.slots.items()):
        timed = [place for place, slots in sorted(minutes.items()) if slots.rtt_count]
        middle = reader.number() if timed else 0
        for place in timed:
            mean = middle + reader.signed()
            slots = minutes[place]
            minutes[place] = replace(slots, rtt_sum=mean * slots.rtt_count / MICRO)
    reader.end()


def _read_verdicts(reader: Reader) -> Iterable[tuple[int, Verdict]]:
    count = reader.count()
    places = [_minute(place) for place in reader.deltas(count)]
    states = reader.runs(count)
    if len(states) != count:
        raise Broken("verdicts are missing")
    columns = [reader.deltas(count) for _ in range(4)]
    return [
        (place, Verdict(STATES[state], *counts))
        for place, state, *counts in zip(places, states, *columns, strict=True)
    ]


def _minute(place: int) -> int:
    if not 0 <= place < HOUR // MINUTE:
        raise Broken("a minute outside of its hour")
    return place
