"""A reply after its timeout: lost for quality, alive for the verdict, whenever it is told."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import MinuteSettled, Subject


def minute(played: Any) -> MinuteSettled:
    played.tick(152)
    return next(each for each in played.of(MinuteSettled, "12004"))


@pytest.mark.parametrize("order", ["after", "before"])
def test_a_late_reply_makes_its_slot_late(world: Any, order: str) -> None:
    """Counted as lost in the totals and the quality, as alive in the minute."""
    played = world()
    for place in range(60):
        slots = played.slots({0: "L" if 10 <= place < 50 else "g"}, start=place)
        if order == "after":
            played.feed(slots, at=place + 2.0)
        if 10 <= place < 50:
            played.late(0, place + 0.25, at=place + 2.0)
        if order == "before":
            played.feed(slots, at=place + 2.0)
    line = played.judgement.lines[0]
    assert (line.tally.replies, line.tally.lost, line.tally.late) == (20, 40, 40)
    assert line.quality(played.judgement.settled_until + 60).loss == pytest.approx(40 / 60)
    found = minute(played)
    assert (found.verdict, found.expected, found.good, found.lost, found.late) == ("up", 60, 20, 0, 40)
    assert played.runs() == []


def test_late_replies_take_down_back_live(world: Any) -> None:
    """Three of them in a row are up, dated back to the first."""
    played = world()
    played.play("ggg LLLLL")
    for place in (5, 6, 7):
        played.late(0, place + 0.25, at=9.0 + place / 10)
    assert played.states(Subject.LINE) == [("up", 0.25), ("down", 3.25), ("up", 5.25)]


def test_one_late_reply_breaks_a_row_of_lost_ones(world: Any) -> None:
    played = world()
    played.play("ggg LLLL")
    played.late(0, 6.25, at=7.4)
    played.play("LL", start=7)
    assert played.states(Subject.LINE) == [("up", 0.25)]


@pytest.mark.parametrize(("at", "late"), [(98.0, 1), (99.5, 0), (155.0, 0)])
def test_a_reply_that_comes_too_late_for_the_record_is_only_counted(
    world: Any, *, at: float, late: int
) -> None:
    """Sooner than its own minute is settled, by an interval: the minute before may hang on it too."""
    played = world()
    played.play("g" * 10 + "L" + "g" * 90)
    played.late(0, 10.25, at=at)
    assert minute(played).late == late
    assert played.judgement.lines[0].tally.late == 1


def test_a_late_reply_to_a_good_slot_changes_nothing(world: Any) -> None:
    played = world()
    played.play("g" * 60)
    played.late(0, 10.25, at=61.0)
    assert (minute(played).good, minute(played).late) == (60, 0)
