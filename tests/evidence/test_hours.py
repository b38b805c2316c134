"""An hour is read back as it was put in, and nothing else is read."""

from __future__ import annotations

import contextlib
import zlib

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.evidence import hour, tail
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.hour import Hour, Verdict
from netwatch.model.decision import MinuteSlots, Subject
from netwatch.model.state import State

START = 1_700_002_800
MARKS = st.sampled_from((1, 1, 1, 2, 4, 8, 18, 65))


@st.composite
def minute_slots(draw: st.DrawFn, place: int) -> MinuteSlots:
    marks = bytes(draw(st.lists(MARKS, min_size=1, max_size=8)))
    count, mean = draw(st.integers(0, len(marks))), draw(st.integers(1, 5_000_000))
    due = START + 60 * place + draw(st.integers(-(10**8), 6 * 10**7)) / 1e6
    interval = draw(st.sampled_from((0.1, 0.25, 1.0, 7.5, 30.0, 120.0)))
    return MinuteSlots(due, interval, marks, mean * count / 1e6, count)


@st.composite
def hours(draw: st.DrawFn) -> Hour:
    found = Hour(START, state={"Như Quỳnh": [1, None]})
    for number in draw(st.sets(st.integers(0, 10_000), max_size=4)):
        places = draw(st.sets(st.integers(0, 59), min_size=1, max_size=5))
        found.slots[number] = {place: draw(minute_slots(place)) for place in sorted(places)}
    counts = st.integers(0, 600)
    verdict = st.builds(Verdict, st.sampled_from(State), counts, counts, counts, counts)
    about = st.tuples(st.sampled_from(Subject), st.sampled_from(("1", "gw-như-quỳnh", "12070")))
    found.verdicts = draw(
        st.dictionaries(about, st.dictionaries(st.integers(0, 59), verdict, min_size=1), max_size=4)
    )
    found.blind = {"vnpt": {3: 12.5}}
    return found


@given(hours())
@settings(deadline=None)
def test_an_hour_is_read_back(written: Hour) -> None:
    found = hour.decode(hour.encode(written))
    assert (found.start, found.verdicts, found.blind, found.state) == (
        written.start,
        written.verdicts,
        written.blind,
        written.state,
    )
    assert found.slots == written.slots
    assert hour.encode(found) == hour.encode(written)


@given(hours(), st.data())
@settings(deadline=None, max_examples=30)
def test_whatever_is_cut_off_or_changed_is_read_or_refused(written: Hour, data: st.DataObject) -> None:
    plain = bytearray(zlib.decompress(hour.encode(written)))
    plain[data.draw(st.integers(0, len(plain) - 1))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(plain)))
    for body in (zlib.compress(bytes(plain)), zlib.compress(bytes(plain[:cut])), bytes(plain)):
        for decode in (hour.decode, tail.decode):
            with contextlib.suppress(BrokenBodyError):
                decode(body)


def test_a_bomb_is_not_unpacked() -> None:
    stream = zlib.compressobj(9)
    bomb = b"".join(stream.compress(bytes(2**20)) for _ in range(300)) + stream.flush()
    for decode in (hour.decode, tail.decode):
        with pytest.raises(BrokenBodyError, match="larger than allowed"):
            decode(bomb)
