"""What is told of a line's echoes: totals that never step back, and gauges of its last minute."""

from __future__ import annotations

import math
from array import array
from typing import Any

import pytest

from netwatch.judgement.tally import RTT_BOUNDS
from netwatch.model.observation import EchoError, EchoSlots, EchoStray
from netwatch.model.outcome import SlotResult


def feed_rtts(world: Any, rtts: list[float], start: float) -> Any:
    """A line whose slots, one a second, were answered after these times; NaN: lost."""
    played = world()
    results = bytearray(SlotResult.LOST if math.isnan(rtt) else SlotResult.GOOD for rtt in rtts)
    due = array("d", [start + place for place in range(len(rtts))])
    played.advance(EchoSlots(start + len(rtts), array("L", [0] * len(rtts)), due, results, array("d", rtts)))
    return played.judgement.lines[0]


def test_every_slot_is_in_one_total(world: Any) -> None:
    played = world()
    played.play("ggggLLUi.i")
    tally = played.judgement.lines[0].tally
    assert (tally.requests, tally.replies, tally.lost, tally.unreachables, tally.local_errors) == (
        7,
        4,
        3,
        1,
        2,
    )
    assert sum(tally.histogram) == 4
    assert tally.rtt_sum == pytest.approx(4 * 0.005)


def test_totals_count_each_slot_once_whenever_they_are_asked_for(world: Any) -> None:
    """Also one that was overtaken and came after it was looked for."""
    asked, not_asked = world(), world()
    slots = asked.slots({0: "gLgigU" * 30})
    slots = [*slots[5:50], *slots[:5], *slots[50:]]
    for slot in slots:
        asked.feed([slot])
        assert asked.judgement.lines[0].tally.requests >= 0
    not_asked.feed(slots)
    first, second = (each.judgement.lines[0].tally for each in (asked, not_asked))
    assert [
        getattr(first, name) for name in ("replies", "lost", "unreachables", "local_errors", "histogram")
    ] == [getattr(second, name) for name in ("replies", "lost", "unreachables", "local_errors", "histogram")]
    assert first.replies + first.lost + first.local_errors == 180


def test_totals_are_complete_though_nobody_asks_for_an_hour(world: Any) -> None:
    played = world()
    played.play("gggL" * 900)
    tally = played.judgement.lines[0].tally
    assert (tally.replies, tally.lost) == (2700, 900)


def test_strays_are_no_replies(world: Any, start: float) -> None:
    played = world()
    played.play("LL")
    for late in (True, True, False, True):
        played.advance(EchoStray(start + 3, 0, late=late, due=start + 1))
    played.advance(EchoStray(start + 3, 99, late=True, due=start + 1))
    tally = played.judgement.lines[0].tally
    assert (tally.late, tally.duplicates, tally.replies, tally.lost) == (3, 1, 0, 2)


def test_the_last_icmp_error_is_kept(world: Any, start: float) -> None:
    played = world()
    error = EchoError(start + 1, 0, "198.18.0.1", "host unreachable")
    played.advance(error)
    played.advance(EchoError(start + 1, 99, "198.18.0.1", "host unreachable"))
    assert played.judgement.lines[0].last_error is error


def test_a_round_trip_at_a_bound_is_in_the_bucket_below(world: Any, start: float) -> None:
    """As Prometheus counts: less or equal."""
    line = feed_rtts(world, [0.00005, 0.00006, 0.0499, 0.2, 0.2001, 3.0], start)
    expected = [0] * (len(RTT_BOUNDS) + 1)
    for bound in (0.0001, 0.0001, 0.05, 0.2, 0.5):
        expected[RTT_BOUNDS.index(bound)] += 1
    expected[-1] = 1
    assert line.tally.histogram == expected


def test_a_reply_of_unknown_round_trip_is_a_reply_in_no_bucket(world: Any, start: float) -> None:
    played = world()
    played.advance(
        EchoSlots(
            start + 2,
            array("L", [0, 0]),
            array("d", [start, start + 1]),
            bytearray([SlotResult.GOOD, SlotResult.GOOD]),
            array("d", [math.nan, 0.004]),
        )
    )
    line = played.judgement.lines[0]
    assert (line.tally.replies, sum(line.tally.histogram)) == (2, 1)
    assert line.quality(start + 2) == (0.0, pytest.approx(0.004), pytest.approx(math.nan, nan_ok=True))


@pytest.mark.parametrize(
    ("rtts", "loss", "rtt", "jitter"),
    [
        ([], math.nan, math.nan, math.nan),
        ([0.010], 0, 0.010, math.nan),
        ([0.010, 0.010, 0.010], 0, 0.010, 0),
        ([0.010, 0.030, 0.020], 0, 0.020, 0.015),
        # What was lost has no round-trip time, and two slots beside it are not consecutive.
        ([0.010, math.nan, 0.030, 0.040], 0.25, 0.080 / 3, 0.010),
        ([math.nan, math.nan], 1, math.nan, math.nan),
        # A minute back and no more.
        ([0.500] * 40 + [0.010] * 60, 0, 0.010, 0),
        ([math.nan] * 40 + [0.010] * 30 + [math.nan] * 30, 0.5, 0.010, 0),
    ],
)
def test_gauges_of_the_last_minute(
    world: Any, start: float, *, rtts: Any, loss: Any, rtt: Any, jitter: Any
) -> None:
    quality = feed_rtts(world, rtts, start).quality(start + len(rtts) - 0.5)
    assert quality == pytest.approx((loss, rtt, jitter), nan_ok=True, abs=1e-7)


def test_gauges_of_invalid_slots_are_no_loss(world: Any, start: float) -> None:
    played = world()
    played.play("ggLi.i")
    assert played.judgement.lines[0].quality(start + 6).loss == pytest.approx(1 / 3)


def test_gauges_end_with_silence(world: Any, start: float) -> None:
    played = world()
    played.play("g" * 10)
    line = played.judgement.lines[0]
    assert line.quality(start + 14).loss == 0
    assert all(math.isnan(value) for value in line.quality(start + 20))


def test_gauges_of_a_line_asked_every_two_minutes_are_those_of_its_last_slot(
    world: Any, line: Any, start: float
) -> None:
    played = world([line(interval=120.0)])
    played.play("Lg")
    assert played.judgement.lines[0].quality(start + 239).loss == 0
