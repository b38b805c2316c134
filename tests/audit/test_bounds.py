"""A percentage has two bounds, and more evidence brings them closer."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.audit.bounds import Bounds, availability, keeps_below, loss, reaches, share
from netwatch.model.claim import Finding
from netwatch.model.figures import Figures

minutes = st.integers(0, 50_000)


@pytest.mark.parametrize(
    ("tally", "lower", "upper"),
    [
        (Figures(), 0.0, 1.0),
        (Figures(up=10), 1.0, 1.0),
        (Figures(down=10), 0.0, 0.0),
        (Figures(unknown=10), 0.0, 1.0),
        (Figures(up=90, down=5, unknown=5), 0.9, 0.95),
    ],
)
def test_availability(tally: Figures, lower: float, upper: float) -> None:
    assert availability(tally) == Bounds(lower, upper)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        (Bounds(0.995, 1.0), Finding.SHOWN),
        (Bounds(0.99, 0.995), Finding.NOT_SHOWN),
        (Bounds(0.99, 0.9949), Finding.CONTRADICTED),
        (Bounds(0.0, 1.0), Finding.NOT_SHOWN),
    ],
)
def test_a_threshold_is_reached_missed_or_open(bounds: Bounds, found: Finding) -> None:
    assert reaches(bounds, 0.995) is found


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        (Bounds(0.0, 0.02), Finding.SHOWN),
        (Bounds(0.02, 0.03), Finding.NOT_SHOWN),
        (Bounds(0.021, 0.03), Finding.CONTRADICTED),
        (Bounds(0.0, 1.0), Finding.NOT_SHOWN),
    ],
)
def test_a_limit_is_kept_missed_or_open(bounds: Bounds, found: Finding) -> None:
    assert keeps_below(bounds, 0.02) is found


@pytest.mark.parametrize(
    ("figures", "lower", "upper"),
    [
        (Figures(), 0.0, 1.0),
        (Figures(expected=100, valid=100, lost=3), 0.03, 0.03),
        (Figures(expected=100, valid=90, lost=3), 0.03, 0.13),  # ten slots say nothing
        (Figures(expected=100), 0.0, 1.0),
    ],
)
def test_loss(figures: Figures, lower: float, upper: float) -> None:
    assert loss(figures) == Bounds(lower, upper)


def test_of_nothing_nothing_is_known() -> None:
    assert share(0, 0, 0) == Bounds(0.0, 1.0)


@given(up=minutes, down=minutes, unknown=minutes)
def test_lower_is_never_above_upper(up: int, down: int, unknown: int) -> None:
    bounds = availability(Figures(up, down, unknown))
    assert 0.0 <= bounds.lower <= bounds.upper <= 1.0


@given(up=minutes, down=minutes, unknown=minutes, data=st.data())
def test_knowing_more_never_widens_the_bounds(up: int, down: int, unknown: int, data: st.DataObject) -> None:
    """Some of the unknown minutes turn out up, some down: the new bounds lie within the old."""
    found_up = data.draw(st.integers(0, unknown))
    found_down = data.draw(st.integers(0, unknown - found_up))
    before = availability(Figures(up, down, unknown))
    after = availability(Figures(up + found_up, down + found_down, unknown - found_up - found_down))
    assert before.lower <= after.lower <= after.upper <= before.upper
