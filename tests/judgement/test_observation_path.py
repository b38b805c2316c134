"""A path is in sight between two answers of a reference, for as many as its quorum; else nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.judgement.sight import Seen, Sight
from netwatch.judgement.slots import GOOD, INVALID, LATE, LOST, MISSING, Slots
from netwatch.model.decision import PathChanged, PathMinute, Subject

MARKS = {"g": GOOD, "L": LOST, "i": INVALID, "l": LATE, ".": MISSING}


def reference(tape: str, interval: float = 1.0) -> Slots:
    """Slots due at second 0 and each interval after it."""
    slots = Slots(interval, 240.0)
    for place, letter in enumerate(tape):
        if letter != ".":
            slots.put(place * interval, MARKS[letter], 0.0)
    return slots


def sight(*tapes: str, quorum: int = 1, intervals: tuple[float, ...] = ()) -> Sight:
    spaced = intervals or (1.0,) * len(tapes)
    return Sight("p", [(reference(t, each),) for t, each in zip(tapes, spaced, strict=True)], quorum)


@pytest.mark.parametrize(
    ("tapes", "quorum", "time", "now", "seen"),
    [
        (["gg"], 1, 0.5, 1.1, "YES"),
        (["ll"], 1, 0.5, 1.1, "YES"),  # late is alive
        (["gL"], 1, 0.5, 2.1, "NO"),
        (["Lg"], 1, 0.5, 2.1, "NO"),
        (["gi"], 1, 0.5, 2.1, "NO"),
        # What was not reported may still come, for a while.
        (["g"], 1, 0.5, 0.6, "NOT_YET"),
        (["g"], 1, 0.5, 4.0, "NOT_YET"),
        (["g"], 1, 0.5, 4.1, "NO"),
        (["L"], 1, 0.5, 0.6, "NO"),
        # A reference that was never seen shows nothing.
        ([""], 1, 0.5, 0.6, "NO"),
        # Exactly as a slot is due: it, and the next one.
        (["gg"], 1, 0.0, 1.1, "YES"),
        # A quorum of several.
        (["gg", "LL"], 1, 0.5, 2.1, "YES"),
        (["gg", "LL"], 2, 0.5, 2.1, "NO"),
        (["gg", "gg"], 2, 0.5, 2.1, "YES"),
        (["gg", "g"], 2, 0.5, 1.1, "NOT_YET"),
        (["gg", "LL", "gg"], 2, 0.5, 2.1, "YES"),
        (["L", "g", "L"], 2, 0.5, 0.6, "NO"),
        # Without references it is always in sight.
        ([], 0, 0.5, 0.6, "YES"),
        (["LL"], 0, 0.5, 2.1, "YES"),
        # A quorum that nobody can reach: never.
        ([], 1, 0.5, 9.0, "NO"),
    ],
)
def test_a_time_is_seen_between_two_answers(
    tapes: list[str], *, quorum: int, time: float, now: float, seen: str
) -> None:
    assert sight(*tapes, quorum=quorum).at(time, now) is Seen[seen]


@pytest.mark.parametrize(
    ("tapes", "intervals", "quorum", "blind"),
    [
        (["g" * 20], (1.0,), 1, []),
        (["gggLLgggggggggggg"], (1.0,), 1, [(2, 5)]),
        (["ggg.ggggggggggggg"], (1.0,), 1, [(2, 4)]),
        (["gLgLgggggggggggg"], (1.0,), 1, [(0, 4)]),
        (["LLLLLLLLLLLLLLLL"], (1.0,), 1, [(0, 12)]),
        ([""], (1.0,), 1, [(0, 12)]),
        (["gggLLggggggggggg", "ggggggggLLLLgggg"], (1.0, 1.0), 1, []),
        (["gggLLggggggggggg", "ggggggggLLLLgggg"], (1.0, 1.0), 2, [(2, 5), (7, 12)]),
        (["gggLLLLLgggggggg", "gggggLLLLLgggggg"], (1.0, 1.0), 1, [(4, 8)]),
        # Of two that are asked at different intervals, either is enough.
        (["gggLLLLLgggggggg", "gggg"], (1.0, 5.0), 1, []),
        (["gggLLLLLgggggggg", "gLgg"], (1.0, 5.0), 1, [(2, 8)]),
        (["LLLLLLLLLLLLLLLL", "ggLg"], (1.0, 5.0), 1, [(5, 12)]),
        (["LLLLLLLLLLLLLLLL"], (1.0,), 0, []),
    ],
)
def test_spans_without_a_quorum_are_blind(
    tapes: list[str], *, intervals: tuple[float, ...], quorum: int, blind: list[tuple[int, int]]
) -> None:
    """Cut to what is asked for: 0 to 12 s."""
    found = sight(*tapes, quorum=quorum, intervals=intervals).blind(0.0, 12.0)
    assert found == [(pytest.approx(low), pytest.approx(high)) for low, high in blind]


def test_two_lines_of_one_reference_are_one() -> None:
    """One of them is enough, and both together are no quorum of two."""
    both = (reference("gggLLLgggggggg"), reference("ggggggggLLgggg"))
    assert Sight("p", [both], 1).blind(0.0, 12.0) == []
    assert Sight("p", [both], 2).blind(0.0, 12.0) == [(0.0, 12.0)]


def play(world: Any, line: Any, device: Any, path: Any, **tapes: str) -> Any:
    """A reference and a unit behind it."""
    played = world(
        [line(0, "ref"), line(1)], [device("ref", "", via="near"), device()], paths=[path()], phase=0.25
    )
    played.play({0: tapes["ref"], 1: tapes["gw"]})
    return played


@pytest.mark.parametrize(
    ("ref", "gw", "states"),
    [
        # The unit alone died.
        ("g" * 40, "ggg" + "L" * 37, [("up", 0), ("down", 3)]),
        # The way out died with it, a little before it, a little after it: nothing can be said.
        ("ggg" + "L" * 20, "ggg" + "L" * 20, [("up", 0), ("unknown", 3)]),
        ("gg" + "L" * 20, "ggg" + "L" * 20, [("up", 0), ("unknown", 3)]),
        ("gggg" + "L" * 20, "ggg" + "L" * 20, [("up", 0), ("unknown", 3)]),
        ("ggggggg" + "L" * 20, "ggg" + "L" * 20, [("up", 0), ("unknown", 3)]),
        # It was down for five slots before the way out was cut.
        ("g" * 12 + "L" * 20, "ggg" + "L" * 29, [("up", 0), ("down", 3), ("unknown", 11)]),
        # A valid reply counts also while blind.
        ("ggg" + "L" * 20, "g" * 23, [("up", 0)]),
        ("L" * 23, "g" * 23, [("up", 0)]),
        # Back in sight: what is lost from then on counts.
        (
            "ggg" + "L" * 10 + "g" * 17,
            "ggg" + "L" * 27,
            [("up", 0), ("unknown", 3), ("down", 13)],
        ),
        ("ggg" + "L" * 10 + "g" * 17, "ggg" + "L" * 10 + "g" * 17, [("up", 0), ("unknown", 3), ("up", 13)]),
    ],
)
def test_lost_behind_a_blind_path_is_unknown_dated_back(
    world: Any, line: Any, device: Any, path: Any, *, ref: str, gw: str, states: list[tuple[str, int]]
) -> None:
    played = play(world, line, device, path, ref=ref, gw=gw)
    assert played.states(Subject.LINE, "1") == [(state, second + 0.25) for state, second in states]


def test_a_loss_waits_for_the_reference_and_is_told_when_it_answers(
    world: Any, line: Any, device: Any, path: Any
) -> None:
    """Whichever of them is told first."""
    played = world([line(0, "ref"), line(1)], [device("ref", "", via="near"), device()], paths=[path()])
    slots = played.slots({0: "g" * 10, 1: "gggLLLLL"})
    ours = [slot for slot in slots if slot[1] == 1]
    played.feed([slot for slot in slots if slot[1] == 0 and slot[2] < 7])
    played.feed(ours)
    assert played.states(Subject.UNIT) == [("up", 0.25)]
    played.feed([slot for slot in slots if slot[1] == 0 and slot[2] > 7], at=9.3)
    assert played.states(Subject.UNIT) == [("up", 0.25), ("down", 3.25)]


def test_a_blind_minute_is_unknown_and_told_of_the_path(
    world: Any, line: Any, device: Any, path: Any, start: float
) -> None:
    played = play(world, line, device, path, ref="g" * 60 + "L" * 60 + "g" * 60, gw="g" * 60 + "L" * 120)
    for second in range(180, 340):
        played.tick(second)
    assert played.minutes(Subject.UNIT) == ["up 60/60/0", "unknown 60/0/0", "down 60/0/59", "unknown 60/0/0"]
    blind = [(minute.start - start, round(minute.blind, 6)) for minute in played.of(PathMinute)]
    # Before its first answer at 0.25, and from 59.25 to 120.25.
    assert blind[:3] == [(0, 0.25 + 0.75), (60, 60.0), (120, 0.25 + 0.75)]
    assert played.judgement.paths["default"].blind_seconds == sum(
        each.blind for each in played.of(PathMinute)
    )


def test_a_path_is_told_blind_and_back(world: Any, line: Any, device: Any, path: Any, start: float) -> None:
    played = play(world, line, device, path, ref="g" * 20 + "L" * 20 + "g" * 20, gw="g" * 60)
    changes = [(each.blind, each.since - start, each.at - start) for each in played.of(PathChanged)]
    (went, since, told), (back, again, seen) = changes
    assert (went, since, back) == (True, 19.25, False)
    assert 26 < told < 28.5
    assert 40.25 <= again <= seen < 42


def test_a_path_without_references_is_never_blind(world: Any, line: Any, device: Any, path: Any) -> None:
    played = world([line(0)], [device()], paths=[path(references=(), quorum=0)])
    played.play("ggg" + "L" * 60)
    assert played.states() == [("up", 0.25), ("down", 3.25)]
    assert played.of(PathChanged) == []


def test_a_backup_that_was_lost_before_the_minute_finds_the_references_of_that_time(
    world: Any, line: Any, device: Any, path: Any
) -> None:
    """Its slot of 30 s before speaks in this minute; the references around it were in sight."""
    played = world(
        [line(0, "ref"), line(1, "gw", uplink=0), line(2, "gw", uplink=1, interval=60.0)],
        [device("ref", "", via="near"), device("gw")],
        paths=[path()],
    )
    slots = played.slots({0: "g" * 240, 1: "L" * 240})
    played.phase = 0.5
    played.feed(sorted(slots + played.slots({2: "LLLL"})))
    for second in range(240, 400):
        played.tick(second)
    assert played.minutes(Subject.UNIT)[1:3] == ["down 60/0/60"] * 2
