"""Each minute is judged once, 90 s after its end, by what was due in it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from netwatch.model.decision import MinuteSettled, Subject

SETTLED = 60 + 90 + 2  # when the first minute has been told to the last verdict


@pytest.mark.parametrize(
    ("tape", "verdict"),
    [
        ("g" * 60, "up 60/60/0"),
        ("L" * 60, "down 60/0/60"),
        ("U" * 60, "down 60/0/60"),
        ("i" * 60, "unknown 60/0/0"),
        ("." * 60, "unknown 60/0/0"),
        # Under half of the valid ones lost: up.
        ("g" * 31 + "L" * 29, "up 60/31/29"),
        ("g" * 30 + "L" * 30, "down 60/30/30"),
        ("g" * 29 + "L" * 31, "down 60/29/31"),
        # At least 80 % valid.
        ("g" * 48 + "i" * 12, "up 60/48/0"),
        ("g" * 47 + "i" * 13, "unknown 60/47/0"),
        ("g" * 48 + "." * 12, "up 60/48/0"),
        ("." * 13 + "g" * 47, "unknown 60/47/0"),
        ("L" * 48 + "i" * 12, "down 60/0/48"),
        ("L" * 47 + "i" * 13, "unknown 60/0/47"),
        ("L" * 24 + "g" * 24 + "i" * 12, "down 60/24/24"),
        ("L" * 23 + "g" * 25 + "i" * 12, "up 60/25/23"),
        # Live it was down three times over.
        ("LLLLLg" * 10, "down 60/10/50"),
        ("gggggL" * 10, "up 60/50/10"),
    ],
)
def test_a_minute_of_one_line(world: Any, tape: str, verdict: str) -> None:
    """Line, device and unit of a single line agree."""
    played = world()
    played.play(tape + "g")
    played.tick(SETTLED)
    for subject in Subject:
        if verdict.startswith("unknown 60/0/0") and "." in tape:
            continue
        assert played.minutes(subject) == [verdict]


def test_nothing_at_all_is_unknown(world: Any) -> None:
    played = world()
    played.tick(SETTLED)
    for subject in Subject:
        assert played.minutes(subject) == ["unknown 60/0/0"]


def test_a_minute_is_told_from_90_s_after_its_end_on_and_once(world: Any) -> None:
    played = world()
    played.play("g" * 61)
    assert not [d for d in played.tick(149.9) if isinstance(d, MinuteSettled)]
    assert not [d for d in played.tick(150.0) if isinstance(d, MinuteSettled)]
    assert len([d for d in played.tick(152.0) if isinstance(d, MinuteSettled)]) == 3
    assert played.tick(209.9) == []
    assert played.judgement.units["12004"].minutes == {"up": 1, "down": 0, "unknown": 0}


def test_the_verdicts_of_many_are_spread_over_two_seconds(world: Any, line: Any, device: Any) -> None:
    """So that no burst holds up the loop."""
    played = world([line(n, f"gw{n}") for n in range(100)], [device(f"gw{n}", f"{n:05}") for n in range(100)])
    told = [len(played.tick(150 + step / 4)) for step in range(10)]
    assert sum(told) == 300
    assert max(told) <= 38
    assert told[9] == 0


def test_every_minute_is_told_when_the_loop_slept_through_several(world: Any) -> None:
    played = world()
    played.play("g" * 130)
    played.tick(3600)
    verdicts = played.minutes()
    assert len(verdicts) == (3600 - 90) // 60
    assert verdicts[:3] == ["up 60/60/0", "up 60/60/0", "unknown 60/10/0"]
    starts = [d.start for d in played.decisions if isinstance(d, MinuteSettled) and d.subject is Subject.UNIT]
    assert [b - a for a, b in itertools.pairwise(starts)] == [60.0] * (len(starts) - 1)


def test_slots_of_a_settled_minute_are_counted_nowhere(world: Any) -> None:
    """Also while its verdicts are still being told."""
    played = world()
    played.play("g" * 50)
    late = played.slots({0: "." * 50 + "L" * 10})
    played.tick(150.0)
    played.feed(late, at=150.1)
    played.tick(152.0)
    tally = played.judgement.lines[0].tally
    assert played.minutes() == ["up 60/50/0"]
    assert (tally.requests, tally.lost) == (50, 0)


def test_a_reload_waits_for_no_verdict(world: Any) -> None:
    """What is due is said before what it is about may vanish."""
    played = world()
    played.play("g" * 61)
    played.tick(150.0)
    played.configure(150.5, [], [])
    assert played.minutes() == ["up 60/60/0"]
    assert played.tick(152.0) == []


def test_slots_that_come_just_before_are_counted(world: Any) -> None:
    played = world()
    played.play("g" * 50)
    played.feed(played.slots({0: "." * 50 + "L" * 10}), at=149.9)
    played.tick(152.0)
    assert played.minutes() == ["up 60/50/10"]
    assert played.judgement.lines[0].tally.lost == 10


def test_the_first_minute_told_is_the_first_full_one(world: Any, line: Any, device: Any) -> None:
    played = world([], [])
    played.configure(20.0, [line()], [device()])
    played.play("g" * 120, start=20)
    played.tick(60 + SETTLED)
    for subject in Subject:
        assert played.minutes(subject) == ["up 60/60/0"]


@pytest.mark.parametrize(
    ("interval", "phase", "tape", "verdicts"),
    [
        (30.0, 5.0, "gggg", ["up 2/2/0", "up 2/2/0"]),
        (30.0, 5.0, "gLLL", ["down 2/1/1", "down 2/0/2"]),
        (30.0, 5.0, "giLL", ["unknown 2/1/0", "down 2/0/2"]),
        (60.0, 59.0, "gL", ["up 1/1/0", "down 1/0/1"]),
        (0.5, 0.25, "g" * 120 + "L" * 120, ["up 120/120/0", "down 120/0/120"]),
        # 7 s do not divide a minute: nine slots are due in one, eight in another.
        (7.0, 3.0, "g" * 17, ["up 9/9/0", "up 8/8/0"]),
        (45.0, 0.0, "gLg", ["down 2/1/1", "up 1/1/0"]),
        # One slot speaks for the minutes until the next.
        (120.0, 10.0, "gL", ["up 1/1/0", "up 1/1/0", "down 1/0/1", "down 1/0/1"]),
        (150.0, 10.0, "g", ["up 1/1/0", "up 1/1/0", "unknown 1/0/0"]),
        (120.0, 70.0, "g", ["unknown 1/0/0", "up 1/1/0", "up 1/1/0"]),
    ],
)
def test_other_intervals(
    world: Any, line: Any, *, interval: float, phase: float, tape: str, verdicts: list[str]
) -> None:
    """A minute in which no slot is due is judged by the slot in force at its start."""
    played = world([line(interval=interval)], phase=phase)
    played.play(tape)
    played.tick(len(verdicts) * 60 + 90 + 2)
    assert played.minutes(Subject.LINE) == verdicts
    assert played.minutes(Subject.UNIT) == verdicts


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("g" * 60, "L" * 60, "up 60/60/0"),
        ("L" * 60, "L" * 60, "down 60/0/60"),
        # Each second counts by itself: half of the minute each is a whole one together.
        ("g" * 30 + "L" * 30, "L" * 30 + "g" * 30, "up 60/60/0"),
        ("gL" * 30, "Lg" * 30, "up 60/60/0"),
        ("gL" * 30, "gL" * 30, "down 60/30/30"),
        # Lost takes all of them: what is unseen might have been good.
        ("L" * 60, "i" * 60, "unknown 60/0/0"),
        ("L" * 60, "i" * 12 + "L" * 48, "down 60/0/48"),
        ("L" * 60, "i" * 13 + "L" * 47, "unknown 60/0/47"),
        ("L" * 60, "", "unknown 60/0/0"),
        ("g" * 60, "i" * 60, "up 60/60/0"),
        ("g" * 60, "", "up 60/60/0"),
        ("U" * 60, "L" * 60, "down 60/0/60"),
    ],
)
def test_a_unit_of_two_uplinks(
    world: Any, line: Any, device: Any, *, first: str, second: str, verdict: str
) -> None:
    """Its slot is good if one of its uplinks' is, be they of one device or of two."""
    one_device = world([line(0, uplink=0), line(1, uplink=1)])
    two_devices = world([line(0, "gw-a"), line(1, "gw-b")], [device("gw-a"), device("gw-b")])
    for played in (one_device, two_devices):
        played.play({0: first + "g", 1: second})
        played.tick(SETTLED)
        assert played.minutes(Subject.UNIT) == [verdict]
    assert one_device.minutes(Subject.DEVICE) == [verdict]


@pytest.mark.parametrize(
    ("main", "backup", "verdict"),
    [
        ("L" * 60, "gg", "up 60/55/0"),  # what it covers, from its first slot at 5 s on
        ("L" * 60, "gL", "up 60/30/25"),
        ("L" * 60, "LL", "down 60/0/55"),
        ("g" * 60, "LL", "up 60/60/0"),
        ("g" * 29 + "L" * 31, "Lg", "up 60/54/6"),
    ],
)
def test_a_backup_asked_every_30_s_speaks_until_it_is_asked_again(
    world: Any, line: Any, main: str, backup: str, verdict: str
) -> None:
    played = world([line(0, uplink=0), line(1, uplink=1, interval=30.0)])
    slots = played.slots({0: main + "g"})
    played.phase = 5.0
    played.feed(sorted(slots + played.slots({1: backup})))
    played.tick(SETTLED)
    assert played.minutes() == [verdict]


def test_a_backup_slot_reaches_into_the_next_minute(world: Any, line: Any) -> None:
    played = world([line(0, uplink=0), line(1, uplink=1, interval=30.0)])
    slots = played.slots({0: "L" * 120})
    played.phase = 20.0
    played.feed(sorted(slots + played.slots({1: "ggLL"})))
    played.tick(60 + SETTLED)
    # At 20 s and 50 s good: until 80 s, hence the first 20 s of the second minute.
    assert played.minutes() == ["unknown 60/40/0", "down 60/20/40"]


def test_two_lines_asked_every_two_minutes_speak_for_a_minute_without_slots(world: Any, line: Any) -> None:
    """What either showed last before the minute began, even if the other was asked before that."""
    played = world([line(0, uplink=0, interval=120.0), line(1, uplink=1, interval=120.0)])
    played.phase = 10.0
    slots = played.slots({0: "L"})
    played.phase = 40.0
    played.feed(sorted(slots + played.slots({1: "g"})))
    played.tick(60 + SETTLED)
    assert played.minutes() == ["unknown 1/0/0", "up 1/1/0"]


def test_phases_of_two_lines_may_differ(world: Any, line: Any) -> None:
    """No slot of either is counted twice or forgotten at the edges of a minute."""
    played = world([line(0, uplink=0), line(1, uplink=1)])
    played.phase = 0.9
    slots = played.slots({0: "L" * 180})
    played.phase = 0.1
    played.feed(sorted(slots + played.slots({1: "L" * 60 + "g" * 60 + "L" * 60})))
    played.tick(120 + SETTLED)
    assert played.minutes() == ["down 60/0/60", "up 60/60/0", "down 60/0/60"]


def test_a_line_that_is_first_heard_of_after_a_while_counts_from_then_on(world: Any) -> None:
    """Its first minutes have been settled without it."""
    played = world()
    played.tick(200)
    played.play("g" * 100, start=200)
    played.tick(240 + SETTLED)
    assert played.minutes(Subject.UNIT)[-1] == "up 60/60/0"


@pytest.mark.parametrize(("began", "expected"), [(0.0, ["up 60/60/0"] * 2), (30.0, ["up 60/60/0"])])
def test_slots_from_before_the_first_full_minute_bear_on_no_verdict(
    world: Any, began: float, expected: list[str]
) -> None:
    """The ledger does not have them: whoever has it finds the same."""
    played = world(at=began)
    played.play("g" * int(120 - began), start=began)
    played.tick(60 + SETTLED)
    assert played.minutes(Subject.UNIT) == expected
    assert played.judgement.lines[0].tally.replies == 120 - began
