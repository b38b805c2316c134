"""After a pause nothing is known of the time within it: minutes are left out, and runs are suspended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netwatch.judgement.events import Recorded, Resumed
from netwatch.judgement.slots import LOST
from netwatch.model.decision import MinuteSettled, MinuteSlots, OutageBegan, StateChanged, Subject

DAY = 86_400.0


def resume(played: Any, until: float, at: float, start: float) -> list[Any]:
    return list(played.advance(Resumed(start + at, start + until)))


def test_minutes_of_a_long_pause_are_left_out(world: Any, start: float) -> None:
    """What was measured before is settled at once; it goes on with the minute of the return."""
    played = world()
    played.play("g" * 130)
    resume(played, 129.25, DAY + 30, start)
    played.play("g" * 90, start=DAY + 30)
    played.tick(DAY + 60 + 152)
    minutes = [(each.start - start, each.verdict.value) for each in played.of(MinuteSettled, "12004")]
    assert minutes == [
        (0, "up"),
        (60, "up"),
        (120, "unknown"),
        (DAY, "unknown"),  # half of it was seen
        (DAY + 60, "up"),
    ]


def test_a_short_pause_leaves_out_nothing(world: Any, start: float) -> None:
    played = world()
    played.play("g" * 60)
    resume(played, 59.25, 200.0, start)
    played.play("g" * 40, start=200)
    played.tick(240 + 152)
    assert [each.start - start for each in played.of(MinuteSettled, "12004")] == [0, 60, 120, 180, 240]


@pytest.mark.parametrize(
    ("after", "runs"),
    [
        ("g" * 60, [("outage", "", 10.25, 120.0)]),  # up again: it ended where knowledge of it did
        ("L" * 60 + "g" * 60, [("outage", "", 10.25, DAY + 60.25)]),
    ],
)
def test_a_run_is_suspended_by_a_pause(
    world: Any, start: float, after: str, runs: list[tuple[str, str, float, float]]
) -> None:
    played = world()
    played.play("g" * 10 + "L" * 110)
    resume(played, 119.25, DAY, start)
    played.play(after, start=DAY)
    for second in range(0, 400, 5):
        played.tick(DAY + 130 + second)
    assert played.outages("12004") == runs
    assert len([each for each in played.of(OutageBegan, "12004") if each.subject is Subject.UNIT]) == 1


def test_the_live_view_after_a_pause_is_unknown_until_something_is_heard(world: Any, start: float) -> None:
    played = world()
    played.play("g" * 60)
    told = [each for each in resume(played, 59.25, DAY, start) if isinstance(each, StateChanged)]
    assert {each.state.value for each in told} == {"unknown"}
    assert played.states()[-1] == ("unknown", 60.25)


def restored(world: Any, played: Any, at: float = 0.0) -> Any:
    """A new process with the snapshot of another."""
    saved = json.loads(json.dumps(played.judgement.snapshot()))
    other = world(at=at)
    other.judgement.restore(saved)
    other.decisions.clear()
    return other


def test_what_was_told_before_a_restart_is_not_told_again(world: Any, start: float) -> None:
    """And the totals begin at 0; the live view knows since when it has been down."""
    first = world()
    first.play("g" * 10 + "L" * 200)
    first.tick(212)
    second = restored(world, first, 120.0)
    for begin, length in ((120.25, 60), (180.25, 30)):
        piece = MinuteSlots(start + begin, 1.0, bytes((LOST,)) * length, 0.0, 0)
        second.advance(Recorded(start + 120.0, 0, piece))
    resume(second, 209.25, 213.0, start)
    second.judgement.forget_totals()
    unit = second.judgement.units["12004"]
    assert (unit.down_since, sum(unit.minutes.values())) == (start + 10.25, 0)
    assert second.judgement.lines[0].tally.requests == 0
    second.play("L" * 27 + "g" * 140, start=213)
    second.tick(552)
    told = {(each.key, each.start) for each in first.of(MinuteSettled)}
    assert not told & {(each.key, each.start) for each in second.of(MinuteSettled)}
    assert second.of(OutageBegan) == []
    assert second.outages("12004")[0][2:] == (10.25, 240.25)


def test_what_was_new_before_a_restart_has_its_first_full_minute_after_it(world: Any, start: float) -> None:
    """And everything that was told before the snapshot counts as told."""
    first = world(at=130.0)
    first.tick(150)
    second = restored(world, first, 120.0)
    assert second.judgement.told_until == second.judgement.settled_until == start + 120
    second.tick(400)
    assert {each.start - start for each in second.of(MinuteSettled)} == {180.0, 240.0}


def test_a_clock_that_went_back_between_two_processes_does_no_harm(world: Any, start: float) -> None:
    """Nothing is told twice or dated back: what comes before what is settled is not counted."""
    first = world()
    first.play("g" * 210)
    first.tick(212)
    second = restored(world, first, 120.0)
    resume(second, 209.25, 30.0, start)
    second.play("L" * 60, start=30)
    second.play("g" * 300, start=90)
    second.tick(400)
    begun = [each.start - start for each in second.of(MinuteSettled, "12004")]
    assert begun == [120, 180, 240]
    assert second.outages("12004") == []


@pytest.mark.parametrize("broken", [{}, {"settled_until": "x", "composites": [], "inquest": {}}])
def test_what_is_no_snapshot_is_refused(world: Any, broken: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        world().judgement.restore(broken)
