"""What is skimmed of an hour is what reading all of it would tell, whatever the bytes are."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.evidence import hour
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.hour import Hour, Verdict
from netwatch.evidence.skim import Skim, of, skim
from netwatch.evidence.varint import Writer
from netwatch.model.decision import MinuteSlots, Subject
from netwatch.model.state import State

START = 1_700_002_800
WHOLE = st.just(tuple(range(60)))
SOME = st.sets(st.integers(0, 59), min_size=1, max_size=7).map(lambda each: tuple(sorted(each)))
MARKS = st.sampled_from((1, 1, 1, 2, 4, 8, 18, 65))


@st.composite
def slots(draw: st.DrawFn, place: int, marks: st.SearchStrategy[bytes]) -> MinuteSlots:
    """Most of a minute's good slots are timed; a mean is kept to the microsecond."""
    there = draw(marks)
    timed = draw(st.sampled_from((there.count(1), max(there.count(1) - 1, 0), min(1, len(there)), 0)))
    mean = draw(st.one_of(st.integers(4000, 4200), st.integers(0, 5_000_000)))
    return MinuteSlots(START + 60 * place + 0.25, 1.0, there, mean * timed / 1e6, timed)


@st.composite
def hours(draw: st.DrawFn) -> Hour:
    """Whole hours of steady lines as well as holes, gaps and odd sizes."""
    found = Hour(START, state={"settled_until": 1.0}, blind={"vnpt": {3: 12.5}})
    for number in draw(st.sets(st.integers(0, 10_000), max_size=3)):
        steady = st.just(b"\1" * draw(st.integers(0, 60)))
        marks = draw(st.sampled_from((steady, st.lists(MARKS, max_size=8).map(bytes))))
        places = draw(st.one_of(WHOLE, SOME))
        found.slots[number] = {place: draw(slots(place, marks)) for place in places}
    about = st.tuples(st.sampled_from(Subject), st.sampled_from(("1", "gw-như-quỳnh", "12070")))
    for each in draw(st.sets(about, max_size=3)):
        largest = draw(st.sampled_from((60, 600, 60_000)))
        counts = st.integers(0, largest)
        one = st.builds(Verdict, st.sampled_from(State), counts, counts, counts, counts)
        verdict = draw(st.sampled_from((st.just(draw(one)), one)))
        found.verdicts[each] = {place: draw(verdict) for place in draw(st.one_of(WHOLE, SOME))}
    return found


@given(hours())
@settings(deadline=None)
def test_an_hour_is_skimmed_as_it_is_read(written: Hour) -> None:
    body = hour.encode(written)
    found = skim(body)
    assert found == of(hour.decode(body))
    assert found == of(written)


@given(hours(), st.data())
@settings(deadline=None)
def test_what_was_changed_or_cut_off_is_refused_or_read_alike(written: Hour, data: st.DataObject) -> None:
    plain = bytearray(zlib.decompress(hour.encode(written)))
    plain[data.draw(st.integers(0, len(plain) - 1))] ^= data.draw(st.integers(1, 255))
    body = zlib.compress(bytes(plain[: data.draw(st.integers(0, len(plain)))]))
    for each in (body, zlib.compress(bytes(plain)), bytes(plain)):
        assert outcome(each) in ({"skimmed alike"}, {"refused by both"}, {"a state that is none"})


def outcome(body: bytes) -> set[str]:
    """What comes of a body: the state is all that may be broken without its figures being so."""
    try:
        skimmed: Skim | None = skim(body)
    except BrokenBodyError:
        skimmed = None
    try:
        read: Skim | None = of(hour.decode(body))
    except BrokenBodyError:
        read = None
    if skimmed == read:
        return {"refused by both"} if read is None else {"skimmed alike"}
    return {"a state that is none"} if read is None and skimmed is not None else {"not alike"}


@pytest.mark.parametrize(
    ("minutes", "why"),
    [((3, 3), "minutes out of order"), ((4, 2), "minutes out of order"), ((59, 60), "outside of its hour"),
     ((-1, 0), "outside of its hour")],
)  # fmt: skip
def test_minutes_rise_within_their_hour(minutes: tuple[int, ...], why: str) -> None:
    """Two verdicts of one minute would be counted twice by one reader, and once by another."""
    out = Writer()
    for number in (1, START, 0, 0, 1, 2):  # format, start, no lines, no means, one subject: a unit
        out.number(number)
    out.text("1")
    out.number(len(minutes))
    out.deltas(minutes)
    out.runs(bytes(len(minutes)))
    for _ in range(4):
        out.deltas([60] * len(minutes))
    out.number(0)
    out.raw(b"{}")
    for read in (skim, hour.decode):
        with pytest.raises(BrokenBodyError, match=why):
            read(zlib.compress(out.done()))


def test_lines_rise() -> None:
    out = Writer()
    for number in (1, START, 2, 7, 0, 0, 7, 0, 0):  # two lines of no minutes: number, minutes, runs
        out.number(number)
    for read in (skim, hour.decode):
        with pytest.raises(BrokenBodyError, match="lines out of order"):
            read(zlib.compress(out.done()))


def test_an_hour_has_no_more_slots_than_any_poller_could_ask() -> None:
    """A few bytes could stand for thousands of millions of slots: nobody is to make room for them."""
    out = Writer()
    lines = 2**28 // (60 * 60_000) + 1
    for number in (1, START, lines):
        out.number(number)
    for line in range(lines):
        out.number(line)
        out.number(60)
        out.deltas(range(60))
        for value in (1000, 0, 60_000):
            out.deltas([value] * 60)
        for number in (1, 60 * 60_000):
            out.number(number)
        out.number(1)
        out.deltas([0] * 60)
    for read in (skim, hour.decode):
        with pytest.raises(BrokenBodyError, match="more slots than an hour can have"):
            read(zlib.compress(out.done()))


@pytest.mark.parametrize(
    ("means", "why"), [((4000, 0), "cut off"), ((), "cut off"), ((4000, 0, 2, 1), "more than was announced")]
)
def test_there_is_a_mean_for_each_minute_that_was_timed(means: tuple[int, ...], why: str) -> None:
    out = Writer()
    for number in (1, START, 1, 7, 2):  # one line of two minutes
        out.number(number)
    for row in ((0, 1), (1_000_000, 1_000_000), (0, 0), (1, 1)):
        out.deltas(row)
    out.runs(b"\1\1")
    out.deltas((0, 0))
    told = Writer()
    for number in means:
        told.number(number)
    out.raw(told.done())
    for read in (skim, hour.decode):
        with pytest.raises(BrokenBodyError, match=why):
            read(zlib.compress(out.done()))
