"""Numbers are read back as written, by the quick ways as by the plain one; other bytes are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.evidence.varint import Broken, Reader, Writer, numbers

NUMBERS = st.one_of(st.integers(0, 127), st.integers(0, 2**14), st.integers(0, 2**70 - 1))
SIGNED = st.one_of(st.integers(-64, 63), st.integers(-(2**40), 2**40))
ROWS = st.one_of(
    st.lists(SIGNED, max_size=80),
    st.builds(lambda value, count: [value] * count, SIGNED, st.integers(0, 80)),
    st.builds(lambda first, rest: [first, *rest], SIGNED, st.lists(st.integers(0, 60), max_size=80)),
)


def one_by_one(reader: Reader, count: int) -> list[int]:
    """The plain way to read deltas: a number after the other."""
    value, found = 0, []
    for _ in range(count):
        value += reader.signed()
        found.append(value)
    return found


def left(reader: Reader) -> list[int]:
    """The numbers that are still to be read, as far as they can be."""
    found = []
    try:
        while True:
            found.append(reader.number())
    except Broken:
        return found


def written(deltas: list[int]) -> bytes:
    out = Writer()
    out.deltas(deltas)
    return out.done()


@given(ROWS)
def test_a_row_reads_as_number_for_number(row: list[int]) -> None:
    reader = Reader(written(row))
    assert list(reader.deltas(len(row))) == row == one_by_one(Reader(written(row)), len(row))
    reader.end()


@given(st.lists(ROWS, max_size=5))
def test_rows_stand_behind_each_other(rows: list[list[int]]) -> None:
    reader = Reader(b"".join(map(written, rows)))
    assert [list(reader.deltas(len(row))) for row in rows] == rows
    reader.end()


@given(st.lists(NUMBERS))
def test_a_stream_reads_as_number_for_number(values: list[int]) -> None:
    out = Writer()
    for value in values:
        out.number(value)
    reader = Reader(out.done())
    assert numbers(out.done()) == values == [reader.number() for _ in values]


@given(
    st.one_of(st.binary(max_size=30), st.lists(st.sampled_from((0x80, 0xFF, 0, 1)), max_size=30).map(bytes))
)
def test_whatever_the_bytes_are_both_ways_agree(data: bytes) -> None:
    reader, plain = Reader(data), []
    try:
        while True:
            plain.append(reader.number())
    except Broken as refused:
        whole = not data or (data[-1] < 0x80 and "end" not in str(refused))
    if whole:
        assert numbers(data) == plain
    else:
        with pytest.raises(Broken):
            numbers(data)


@given(st.binary(max_size=40), st.integers(0, 50))
def test_a_row_of_any_bytes_is_read_or_refused_as_by_the_plain_way(data: bytes, count: int) -> None:
    quick, plain = Reader(data), Reader(data)
    try:
        expected = one_by_one(plain, count)
    except Broken:
        with pytest.raises(Broken):
            quick.deltas(count)
    else:
        assert list(quick.deltas(count)) == expected
        assert left(quick) == left(plain)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"\x80" * 10 + b"\0", "a number without end"), (b"\x80", "cut off"), (b"", "cut off")],
    ids=["endless", "cut", "empty"],
)
def test_a_number_that_cannot_be_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Broken, match=why):
        Reader(data).number()


def test_the_longest_number_has_ten_bytes() -> None:
    data = b"\xff" * 9 + b"\x7f"
    assert Reader(data).number() == 2**70 - 1
    assert numbers(data) == [2**70 - 1]


@given(st.binary(max_size=200), st.integers(0, 20))
def test_runs_are_read_back(values: bytes, spare: int) -> None:
    out = Writer()
    out.runs(values)
    found = Reader(out.done()).runs(len(values) + spare)
    assert b"".join(bytes((value,)) * length for length, value in found) == values
    if values:
        with pytest.raises(Broken, match="longer than allowed"):
            Reader(out.done()).runs(len(values) - 1)
