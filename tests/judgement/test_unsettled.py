"""An outage is unsettled from the moment it is seen until the record says why: without a gap in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement.events import Recorded, Resumed
from netwatch.judgement.slots import MARKS
from netwatch.model.decision import CauseSettled, MinuteSlots, RunEnded
from netwatch.model.outcome import SlotResult

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT = "12004"
RESULTS = {"g": SlotResult.GOOD, "L": SlotResult.LOST}


def follow(
    played: Any, tapes: Mapping[int, str] | str, until: int, unit: str = UNIT, start: int = 0
) -> list[tuple[bool, int]]:
    """Play tapes from second `start` on and wait; return when the unit began and ceased to be unsettled."""
    slots = played.slots({0: tapes} if isinstance(tapes, str) else tapes, start)
    turns: list[tuple[bool, int]] = []
    for second in range(start + 1, until):
        played.feed([slot for slot in slots if second - 1 < slot[0] <= second])
        played.tick(second)
        view = played.judgement.units.get(unit)
        now = view is not None and view.unsettled
        if now is not (turns[-1][0] if turns else False):
            turns.append((now, second))
    return turns


def settled_at(played: Any, start: float) -> list[int]:
    return [round(each.at - start) for each in played.of(CauseSettled, UNIT)]


DOWN = "g" * 20 + "L" * 40


COURSES = {
    "never down": ("g" * 200, []),
    "too few losses": ("g" * 20 + "L" * 4 + "g" * 100, []),
    # Seen after five lost slots; the minute of its end is told by second 212, and so is its cause.
    "outage": (DOWN + "g" * 100, [(True, 26), (False, 212)]),
    "blip": ("g" * 20 + "L" * 29 + "g" * 100, [(True, 26), (False, 152)]),
    # Nobody knows how it goes on: it is neither over nor settled until somebody does.
    "unknown, then up": (DOWN + "i" * 100 + "g" * 100, [(True, 26), (False, 272)]),
    "unknown, then down": (DOWN + "i" * 100 + "L" * 40 + "g" * 100, [(True, 26), (False, 332)]),
    "unknown for good": (DOWN + "i" * 400, [(True, 26)]),
    "again, before it is settled": (DOWN + "g" * 60 + "L" * 40 + "g" * 60, [(True, 26), (False, 272)]),
    "again, after it was settled": (
        DOWN + "g" * 200 + "L" * 40 + "g" * 60,
        [(True, 26), (False, 212), (True, 266), (False, 452)],
    ),
}


@pytest.mark.parametrize(("tape", "turns"), COURSES.values(), ids=COURSES)
def test_it_lasts_until_the_record_says_what_became_of_it(
    world: Any, tape: str, turns: list[tuple[bool, int]]
) -> None:
    assert follow(world(), tape, 500) == turns


def test_it_lasts_until_polls_have_told_the_cause(world: Any, device: Any, start: float) -> None:
    """2.5 intervals and half a minute after the end, with the minute that is settled next."""
    played = world(devices=[device(snmp="noc")])
    assert follow(played, DOWN + "g" * 100, 400) == [(True, 26), (False, 272)]
    assert settled_at(played, start) == [270]


def test_it_ends_in_the_breath_in_which_the_cause_is_told(world: Any, device: Any) -> None:
    """Whoever looks between two events finds one of both."""
    played = world(devices=[device(snmp="noc")])
    slots = played.slots({0: DOWN + "g" * 100})
    unit = played.judgement.units[UNIT]
    seen = False
    for at in [slot[0] for slot in slots] + [160 + quarter / 4 for quarter in range(600)]:
        played.feed([slot for slot in slots if slot[0] == at])
        played.tick(at)
        seen = seen or unit.unsettled
        if seen:
            assert unit.unsettled is (unit.last_outage is None)
    assert unit.last_outage is not None


def test_a_run_that_the_record_does_not_know_ends_with_its_minute(world: Any) -> None:
    """Its replies came late: live it was down, and settled it never was."""
    played = world()
    tape = "g" * 20 + "L" * 6 + "g" * 100
    slots = played.slots({0: tape})
    turns = []
    for second in range(1, 400):
        played.feed([slot for slot in slots if second - 1 < slot[0] <= second])
        if second == 30:
            for lost in range(20, 26):
                played.late(0, lost + 0.25, at=30)
        played.tick(second)
        turns.append(played.judgement.units[UNIT].unsettled)
    assert turns.index(True) == 25
    assert sum(turns) == 152 - 26
    assert played.of(RunEnded) == []


def test_a_unit_is_unsettled_only_when_its_last_uplink_is_down(world: Any, line: Any) -> None:
    played = world(lines=[line(0, uplink=0), line(1, uplink=1)])
    tapes = {0: "g" * 20 + "L" * 100 + "g" * 80, 1: "g" * 60 + "L" * 40 + "g" * 100}
    assert follow(played, tapes, 500) == [(True, 66), (False, 212)]


def test_below_a_dead_ancestor_it_ends_with_the_run(province: Any) -> None:
    """That cause is known from the beginning: no poll is waited for."""
    down = "g" * 100 + "L" * 100 + "g" * 220
    tapes = dict.fromkeys(range(8), "g" * 420) | {3: down, 5: down}  # east, gw-a
    played = province()
    turns = follow(played, tapes, 800, unit="A")
    (run,) = played.of(RunEnded, "A")
    assert (run.root, turns[0][1]) == ("east", 106)
    assert turns[1:] == [(False, 332)]


def test_a_unit_that_a_reload_removes_is_not_unsettled_when_it_comes_back(
    world: Any, device: Any, line: Any
) -> None:
    played = world()
    assert follow(played, DOWN, 62) == [(True, 26)]
    played.configure(62.0, [], [])
    assert UNIT not in played.judgement.units
    played.configure(63.0, [line()], [device()])
    assert follow(played, "g" * 100, 400, start=64) == []


def test_a_reload_that_keeps_a_unit_changes_nothing(world: Any, device: Any, line: Any) -> None:
    played = world()
    assert follow(played, DOWN, 62) == [(True, 26)]
    played.configure(62.0, [line()], [device(area="Văn Giang")])
    assert follow(played, "g" * 100, 300, start=62) == [(True, 63), (False, 212)]


@pytest.mark.parametrize("stopped", [30, 61, 100, 121, 149, 170, 209, 212, 260, 272])
def test_a_restart_changes_nothing(world: Any, device: Any, start: float, stopped: int) -> None:
    """In the outage, between its end and its settlement, while its cause is waited for, and afterwards."""
    tape, gateway = DOWN + "g" * 320, device(snmp="noc")
    turns = follow(world(devices=[gateway]), tape, 380)
    assert turns == [(True, 26), (False, 272)]
    before = world(devices=[gateway])
    follow(before, tape[:stopped], stopped + 1)
    saved = json.loads(json.dumps(before.judgement.snapshot()))
    told = int(saved["settled_until"] - start)
    after = world(devices=[gateway], at=told)
    after.judgement.restore(saved)
    for minute in range(max(told - 120, 0), stopped, 60):
        marks = bytes(MARKS[RESULTS[letter]] for letter in tape[minute : min(minute + 60, stopped)])
        slots = MinuteSlots(start + minute + 0.25, 1.0, marks, 0.0, 0)
        after.advance(Recorded(start + told, 0, slots))
    after.advance(Resumed(start + stopped + 1, until=start + stopped))
    expected = [turn for turn in turns if turn[1] > stopped + 1]
    if 26 <= stopped < 272:
        expected.insert(0, (True, stopped + 2))
    assert follow(after, {0: "." + tape[stopped + 1 :]}, 380, start=stopped + 1) == expected
