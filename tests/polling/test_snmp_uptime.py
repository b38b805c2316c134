from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.polling.uptime import DRIFT, SLACK, WRAP, Uptime, advance

POLL = st.floats(1, 3600)


def test_the_first_reading_is_no_restart() -> None:
    assert advance(None, 500, 100.0) == Uptime(100.0, 5.0)


def test_zero_is_not_believed() -> None:
    assert advance(None, 0, 100.0) is None
    before = Uptime(100.0, 5.0)
    assert advance(before, 0, 160.0) is before


@pytest.mark.parametrize(
    ("before", "elapsed", "seconds", "restarted"),
    [
        (1000.0, 60, 1060.0, False),
        (1000.0, 60, 40.0, True),  # less than before
        (1000.0, 7200, 5000.0, True),  # more than before, less than the time that passed
        (1000.0, 60, 1035.0, False),  # a busy agent
        (1000.0, 60, 1200.0, False),  # a clock that was put forward
        (WRAP - 30, 60, 30.0, False),  # a wrap that was due
        (WRAP - 7200, 60, 30.0, True),  # no wrap was due
        (3 * WRAP - 30, 60, 30.0, False),
        (10.0, 2 * WRAP, 10.0, False),  # a year in which nobody asked
    ],
)
def test_restarts_are_told_from_wraps(before: float, elapsed: float, seconds: float, restarted: bool) -> None:
    after = advance(Uptime(0.0, before), round(seconds * 100), elapsed)
    assert after is not None
    assert after.restarted is restarted


@given(st.floats(1, 3 * WRAP), st.lists(POLL, min_size=1, max_size=40), st.floats(-0.01, 0.01))
def test_a_device_that_runs_on_is_never_taken_for_restarted(
    start: float, gaps: list[float], drift: float
) -> None:
    at, uptime = 0.0, None
    for gap in gaps:
        at += gap
        true = start + at * (1 + drift)
        wrapped = true % WRAP
        uptime = advance(uptime, round(wrapped * 100), at)
        assert uptime is None or not uptime.restarted
    if uptime is not None:
        assert (uptime.seconds - true) % WRAP == pytest.approx(0, abs=0.02) or (
            uptime.seconds - true
        ) % WRAP == pytest.approx(WRAP, abs=0.02)


@given(st.floats(0, 0.9 * WRAP), POLL, st.floats(0.01, 1))
def test_a_restart_away_from_a_wrap_is_always_told(before: float, gap: float, since: float) -> None:
    seconds = since * gap
    if before + gap - seconds > SLACK + DRIFT * gap + 0.01:
        after = advance(Uptime(0.0, before), max(1, round(seconds * 100)), gap)
        assert after is not None
        assert after.restarted
