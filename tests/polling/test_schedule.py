from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from netwatch.polling.schedule import Wheel, offset

EPOCH = 1_800_000_000.0


def told(wheel: Wheel[str], until: float, limit: int = 10**9) -> list[tuple[str, float]]:
    """What a wheel says is due, with the due times."""
    return [
        (wheel.things[index], wheel.due(turn.cycle, index))
        for turn in wheel.turns(until, limit)
        for index in range(turn.start, turn.stop)
    ]


@given(st.text(), st.floats(0.01, 86_400))
def test_an_offset_lies_within_the_interval(key: str, interval: float) -> None:
    assert 0 <= offset(key, interval) < interval


def test_an_offset_is_the_same_in_every_process() -> None:
    """The figure is BLAKE2b's, not that of Python's salted hash."""
    assert offset("gw-nhu-quynh/None", 1.0) == pytest.approx(0.2330457, abs=1e-6)


def test_offsets_spread_evenly() -> None:
    """Of 10,000 lines no tenth of the second gets more than a tenth of them and a bit."""
    tenths = [0] * 10
    for number in range(10_000):
        tenths[math.floor(offset(f"device-{number}", 1.0) * 10)] += 1
    assert max(tenths) < 1_130
    assert min(tenths) > 870


def test_each_thing_is_due_once_a_cycle_in_the_order_of_offsets() -> None:
    wheel = Wheel(1.0, [(0.7, "late"), (0.1, "early"), (0.4, "mid")], EPOCH)
    assert told(wheel, EPOCH + 2.5) == [
        ("early", EPOCH + 0.1),
        ("mid", EPOCH + 0.4),
        ("late", EPOCH + 0.7),
        ("early", EPOCH + 1.1),
        ("mid", EPOCH + 1.4),
        ("late", EPOCH + 1.7),
        ("early", EPOCH + 2.1),
        ("mid", EPOCH + 2.4),
    ]
    assert told(wheel, EPOCH + 2.5) == []


def test_it_begins_after_the_moment_it_is_given() -> None:
    wheel = Wheel(1.0, [(0.1, "early"), (0.4, "mid")], EPOCH + 0.25)
    assert told(wheel, EPOCH + 1.2) == [("mid", EPOCH + 0.4), ("early", EPOCH + 1.1)]


def test_what_does_not_fit_is_told_next_time() -> None:
    wheel = Wheel(1.0, [(0.1, "a"), (0.2, "b"), (0.3, "c")], EPOCH)
    assert [name for name, _ in told(wheel, EPOCH + 1, limit=2)] == ["a", "b"]
    assert [name for name, _ in told(wheel, EPOCH + 1, limit=2)] == ["c"]


def test_what_was_passed_over_is_not_told() -> None:
    wheel = Wheel(1.0, [(0.1, "a"), (0.6, "b")], EPOCH)
    wheel.walk_from(EPOCH + 100.5)
    assert told(wheel, EPOCH + 101) == [("b", pytest.approx(EPOCH + 100.6))]
    assert wheel.walked == EPOCH + 101


def test_looking_back_tells_nothing_and_loses_nothing() -> None:
    wheel = Wheel(1.0, [(0.1, "a"), (0.9, "b")], EPOCH)
    told(wheel, EPOCH + 0.95)
    assert told(wheel, EPOCH - 50) == []
    assert told(wheel, EPOCH + 1.15) == [("a", pytest.approx(EPOCH + 1.1))]


def test_an_empty_wheel_is_never_due() -> None:
    assert told(Wheel[str](1.0, [], EPOCH), EPOCH + 1000) == []


@given(
    st.sets(st.integers(0, 2**20 - 1), min_size=1, max_size=8),
    st.lists(st.tuples(st.floats(0.0, 2.5), st.integers(1, 5), st.booleans()), max_size=12),
)
def test_however_it_is_walked_and_rebuilt_nobody_is_asked_twice_or_left_out(
    phases: set[int], steps: list[tuple[float, int, bool]]
) -> None:
    """Steps of any length, cut short at any limit, with the wheel made anew in between."""
    items = [(phase / 2**20, str(phase)) for phase in phases]
    wheel, now = Wheel(1.0, items, EPOCH), EPOCH
    walked: list[tuple[str, float]] = []
    for step, limit, rebuilt in steps:
        now += step
        walked += told(wheel, now, limit)
        if rebuilt:
            successor = Wheel(1.0, items, now)
            successor.follow(wheel)
            wheel = successor
    walked += told(wheel, now)
    assert walked == told(Wheel(1.0, items, EPOCH), now)
