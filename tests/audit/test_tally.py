"""Figures are added up by the hour, in a ring that forgets what is older than any claim looks back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from netwatch.audit.period import Window
from netwatch.audit.tally import HOURS, Ring, RollingTally
from netwatch.model.figures import Figures

NOW = 500_000  # an hour, counted from 1970
ONE = Figures(1, 0, 0, 60, 3, 58, 1, 1, 0.25, 55)
ROW = (1, 0, 60, 3, 58, 1, 1, 250_000, 55)

HOUR = st.integers(NOW, NOW + 2 * HOURS)
STEP = st.one_of(st.tuples(st.just("add"), HOUR, st.integers(0, 1)), st.tuples(st.just("sum"), HOUR, HOUR))


def window(first: int, end: int) -> Window:
    return Window(first * 3600.0, end * 3600.0)


def counted(*hours: int, key: str = "a") -> RollingTally:
    tally = RollingTally()
    for hour in hours:
        tally.add(key, hour, ONE)
    return tally


def test_every_figure_of_an_hour_is_kept() -> None:
    tally = counted(NOW, NOW)
    assert tally.of("a", window(NOW, NOW + 1), 60) == replace(ONE + ONE, unknown=58)
    assert Ring(NOW).row(NOW) == (0,) * len(ROW)
    assert next(iter(tally.rings.values())).row(NOW) == tuple(2 * each for each in ROW)


def test_what_nobody_judged_is_unknown() -> None:
    assert counted(NOW).of("a", window(NOW, NOW + 24), 100).unknown == 99
    assert counted(NOW).of("new", window(NOW, NOW + 24), 100) == Figures(unknown=100)


def test_hours_outside_of_the_window_do_not_count() -> None:
    tally = counted(NOW, NOW + 1, NOW + 3)
    assert tally.of("a", window(NOW + 1, NOW + 3), 120).up == 1
    assert tally.of("a", window(NOW + 4, NOW + 5), 0) == Figures()
    assert tally.of("a", window(NOW - 9, NOW), 540) == Figures(unknown=540)


def test_the_ring_turns_and_forgets() -> None:
    """The hour that takes an old one's place begins at zero, and what is too old is dropped."""
    tally = counted(NOW, NOW + 1, NOW + HOURS, NOW)
    assert tally.of("a", window(NOW + HOURS, NOW + HOURS + 1), 60).up == 1
    assert tally.of("a", window(NOW, NOW + 2), 120).up == 1


def test_a_long_sleep_forgets_everything() -> None:
    assert counted(NOW, NOW + 3 * HOURS).of("a", window(NOW, NOW + 2 * HOURS), 60).up == 0


def test_what_a_reload_took_away_is_forgotten() -> None:
    tally = counted(NOW)
    tally.add("b", NOW, ONE)
    tally.retain({"b"})
    assert [tally.of(key, window(NOW, NOW + 1), 60).up for key in "ab"] == [0, 1]


@given(st.lists(STEP, max_size=30))
def test_sums_that_are_remembered_are_those_of_a_plain_table(steps: list[tuple[str, int, int]]) -> None:
    """In whatever order hours come and sums are asked for."""
    ring, table, newest = Ring(NOW), dict.fromkeys(range(NOW, NOW + 2 * HOURS + 1), 0), NOW
    for what, first, other in steps:
        if what == "add":
            newest = max(newest, first)
            ring.add(first, tuple(other * each for each in ROW))
            table[first] += other
        else:
            kept = range(max(first, newest - HOURS + 1), min(other, newest + 1))
            times = sum(table[hour] for hour in kept)
            assert ring.sum(first, other) == tuple(times * each for each in ROW)


@given(st.lists(HOUR, max_size=6), st.lists(HOUR, max_size=6), st.sets(HOUR, max_size=2))
def test_the_time_before_is_added_to_what_is_known(
    before: list[int], since: list[int], left_out: set[int]
) -> None:
    """As if it had been counted first, but for the hours that are left out."""
    tally, earlier = counted(*since), counted(*before)
    together = counted(*(hour for hour in before if hour not in left_out), *since)
    for key, ring in earlier.rings.items():
        tally.adopt(key, ring, left_out)
    newest = max((*before, *since), default=NOW)
    for hour in range(newest - HOURS + 1, newest + 1):
        span = window(hour, hour + 1)
        assert tally.of("a", span, 60) == together.of("a", span, 60), hour


@pytest.mark.parametrize("figures", [Figures(up=61), Figures(lost=2**32), Figures(valid=-59)], ids=str)
def test_an_hour_that_cannot_be_changes_nothing(figures: Figures) -> None:
    tally = counted(NOW)
    with pytest.raises(ValueError, match="more than an hour can come to"):
        tally.add("a", NOW, figures)
    assert tally.of("a", window(NOW, NOW + 1), 1) == ONE


def test_the_hours_of_a_key_are_told_one_by_one() -> None:
    tally = counted(NOW, NOW, NOW + 2)
    tally.add("a", NOW + 2, Figures(down=5))
    assert list(tally.hours("a", NOW, NOW + 3)) == [(NOW, 2, 0), (NOW + 1, 0, 0), (NOW + 2, 1, 5)]
    assert list(tally.hours("new", NOW, NOW + 1)) == [(NOW, 0, 0)]
