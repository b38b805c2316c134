"""What was said of units against what was true of them."""

from __future__ import annotations

import itertools

import pytest
from compare import ALLOWANCE, Row, Span, compare, seconds, total, union, without
from hypothesis import given, strategies as st

OUTAGE: Span = (1000.0, 1420.0)
AFTER = 1420.0 + ALLOWANCE


@pytest.mark.parametrize(
    ("outages", "said", "row"),
    [
        pytest.param([], [], Row(0, 0, 0, 0.0, ()), id="nothing happens, nothing is said"),
        pytest.param([OUTAGE], [], Row(1, 1, 0, 0.0, ()), id="nothing is said: missed"),
        pytest.param([OUTAGE], [(1130.0, 1425.0)], Row(1, 0, 0, 0.0, (130.0,)), id="told with a delay"),
        pytest.param(
            [OUTAGE], [(1130.0, AFTER)], Row(1, 0, 0, 0.0, (130.0,)), id="the allowance is no falsehood"
        ),
        pytest.param([OUTAGE], [(1130.0, AFTER + 7)], Row(1, 0, 1, 7.0, (130.0,)), id="what is beyond it is"),
        pytest.param([OUTAGE], [(1430.0, 1440.0)], Row(1, 0, 0, 0.0, (430.0,)), id="told after its end"),
        pytest.param(
            [OUTAGE], [(AFTER, AFTER + 5)], Row(1, 1, 1, 5.0, ()), id="told too late: missed, and false"
        ),
        pytest.param([], [(1130.0, 1425.0)], Row(0, 0, 1, 295.0, ()), id="said of a unit that was up"),
        pytest.param([OUTAGE], [(900.0, 950.0)], Row(1, 1, 1, 50.0, ()), id="said before it began"),
        pytest.param([OUTAGE], [(990.0, 1420.0)], Row(1, 0, 1, 10.0, (0.0,)), id="said from before it on"),
        pytest.param(
            [OUTAGE],
            [(1010.0, 1020.0), (1015.0, 1050.0), (1200.0, 1210.0)],
            Row(1, 0, 0, 0.0, (10.0,)),
            id="the first word counts, and two at once are one",
        ),
        pytest.param(
            [(1000.0, 1045.0), (1120.0, 1165.0)],
            [(1125.0, 1165.0)],
            Row(2, 1, 0, 0.0, (5.0,)),
            id="what is said of the next outage tells nothing of the one before",
        ),
        pytest.param(
            [(1000.0, 1045.0), (1120.0, 1165.0)],
            [(1005.0, 1165.0)],
            Row(2, 0, 0, 0.0, (5.0, 0.0)),
            id="a word that is still said of the one before comes without delay",
        ),
    ],
)
def test_one_unit(outages: list[Span], said: list[Span], row: Row) -> None:
    assert compare({"12001": outages}, {"12001": said}) == row


def test_units_are_told_apart() -> None:
    truth = {"a": [OUTAGE], "b": [], "c": []}
    said = {"b": [(1000.0, 1030.0)], "c": [(1000.0, 1005.0)]}
    assert compare(truth, said) == Row(1, 1, 2, 35.0, ())


def test_what_is_said_of_units_without_devices_is_left_out() -> None:
    assert compare({"a": []}, {"unmonitored": [(1000.0, 1030.0)]}) == Row(0, 0, 0, 0.0, ())


def test_median_and_greatest_delay() -> None:
    assert Row(3, 0, 0, 0.0, (9.0, 1.0, 2.0)).delay == (2.0, 9.0)
    assert Row(3, 3, 0, 0.0, ()).delay is None


def test_rows_add_up() -> None:
    rows = [Row(2, 1, 3, 50.0, (4.0,)), Row(1, 0, 0, 0.0, (6.0,))]
    assert total(rows) == Row(3, 1, 3, 50.0, (4.0, 6.0))


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (float(min(pair)), float(max(pair)))),
    max_size=8,
)


def covered(spans: list[Span]) -> set[int]:
    """The whole seconds that begin within spans."""
    return {second for start, end in spans for second in range(int(start), int(end))}


@given(SPANS)
def test_a_union_covers_the_same_seconds_once(spans: list[Span]) -> None:
    found = union(spans)
    assert covered(found) == covered(spans)
    assert seconds(found) == len(covered(spans))
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(found))


@given(SPANS, SPANS)
def test_holes_take_away_their_seconds_and_no_others(spans: list[Span], holes: list[Span]) -> None:
    left = without(union(spans), holes)
    assert covered(left) == covered(spans) - covered(holes)
    assert seconds(left) == len(covered(left))
