"""A reload harms nothing that stayed the same; what is gone is gone; what moved counts where it was."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import StateChanged, Subject


def test_what_is_unchanged_keeps_state_totals_and_minutes(world: Any, line: Any, device: Any) -> None:
    played = world()
    played.play("g" * 70)
    kept = (played.judgement.lines[0], played.judgement.devices["gw"], played.judgement.units["12004"])
    assert played.configure(70.2, [line(), line(1, "gw2")], [device(), device("gw2", "12007")]) == []
    played.play("g" * 60, start=70)
    played.tick(60 + 152)
    assert kept == (
        played.judgement.lines[0],
        played.judgement.devices["gw"],
        played.judgement.units["12004"],
    )
    assert played.states(Subject.UNIT, "12004")[:1] == [("up", 0.25)]
    assert played.minutes(Subject.UNIT, "12004") == ["up 60/60/0", "up 60/60/0"]
    assert kept[0].tally.replies == 130


def test_a_hundred_reloads_change_nothing(world: Any, line: Any, device: Any) -> None:
    quiet, restless = world(), world()
    slots = quiet.slots({0: "g" * 40 + "L" * 20 + "g" * 40 + "i" * 20})
    quiet.feed(slots)
    for slot in slots:
        restless.configure(slot[0], [line()], [device()])
        restless.feed([slot])
    for played in (quiet, restless):
        played.tick(212)
    assert restless.decisions == quiet.decisions


def test_a_new_unit_begins_unknown_with_its_first_full_minute(world: Any, line: Any, device: Any) -> None:
    played = world()
    played.configure(70.0, [line(), line(1, "gw2")], [device(), device("gw2", "12007")])
    assert played.judgement.units["12007"].state == "unknown"
    played.play({1: "g" * 120}, start=70)
    played.tick(120 + 152)
    assert played.states(Subject.UNIT, "12007")[:1] == [("up", 70.25)]
    assert played.minutes(Subject.UNIT, "12007") == ["up 60/60/0"]
    assert len(played.minutes(Subject.UNIT, "12004")) == 3


def test_the_removed_vanishes_without_another_word(world: Any, line: Any, device: Any) -> None:
    """Also slots under way; of its line, minutes that were over are kept: others may need them."""
    played = world([line(), line(1, "gw2")], [device(), device("gw2", "12007")])
    slots = played.slots({0: "g" * 65, 1: "g" * 65})
    played.feed(slots[:120])
    played.configure(60.0, [line()], [device()])
    played.feed(slots[120:])
    played.tick(152)
    assert set(played.judgement.lines) == {0}
    assert set(played.judgement.units) == {"12004"}
    assert played.minutes(Subject.UNIT, "12007") == []
    assert played.minutes(Subject.LINE, "1") == ["up 60/60/0"]
    assert played.minutes(Subject.UNIT, "12004") == ["up 60/60/0"]


def test_what_comes_back_begins_anew(world: Any, line: Any, device: Any) -> None:
    played = world()
    played.play("g" * 61)
    played.configure(61.0, [], [])
    played.configure(62.0, [line(7)], [device()])
    played.play({7: "g" * 60}, start=62)
    played.tick(60 + 152)
    assert played.minutes() == []
    assert played.judgement.units["12004"].minutes["up"] == 0


@pytest.mark.parametrize(("moved_at", "before", "after"), [(75.0, "up 60/60/0", "down 60/15/45")])
def test_a_device_that_moves_counts_where_it_was_when_it_counted(
    world: Any, line: Any, device: Any, *, moved_at: float, before: str, after: str
) -> None:
    """Minutes that ended before the move are judged as things were then."""
    lines = [line(0, "gw"), line(1, "dead-a"), line(2, "dead-b")]
    there = [device("gw", "A"), device("dead-a", "A"), device("dead-b", "B")]
    here = [device("gw", "B"), device("dead-a", "A"), device("dead-b", "B")]
    played = world(lines, there)
    slots = played.slots({0: "g" * 180, 1: "L" * 180, 2: "L" * 180})
    played.feed([slot for slot in slots if slot[0] < moved_at])
    played.configure(moved_at, lines, here)
    played.feed([slot for slot in slots if slot[0] >= moved_at])
    played.tick(120 + 152)
    assert played.minutes(Subject.UNIT, "A") == [before, "down 60/0/60", "down 60/0/60"]
    # In the minute of the move B has 15 s of which its new device says nothing: too few were valid to tell.
    assert played.minutes(Subject.UNIT, "B") == ["down 60/0/60", "unknown 60/45/0", "up 60/60/0"]
    assert played.states(Subject.UNIT, "A")[:2] == [("up", 0.25), ("down", moved_at)]
    assert played.states(Subject.UNIT, "B")[:2] == [("down", 0.25), ("up", moved_at)]


def test_a_device_that_replaces_another_counts_from_then_on(world: Any, line: Any, device: Any) -> None:
    """In the minute of the change its unit has seen 45 s of 60."""
    lines = [line(0, "gw"), line(1, "old")]
    played = world(lines, [device("gw", "A"), device("old", "B")])
    played.play({0: "g" * 75, 1: "L" * 75})
    played.configure(75.0, lines[:1], [device("gw", "B")])
    played.play({0: "g" * 60}, start=75)
    played.tick(60 + 152)
    assert played.minutes(Subject.UNIT, "B") == ["down 60/0/60", "unknown 60/45/0"]


@pytest.mark.parametrize("at", [61.0, 70.0, 73.0])
def test_a_line_added_within_a_minute_counts_from_the_next_one_on(
    world: Any, line: Any, device: Any, at: float
) -> None:
    """A device whose address was changed has a new line, of which the ledger has full minutes only."""
    played = world()
    played.play("g" * 60)
    played.configure(at, [line(1, address="198.18.4.9")], [device(address="198.18.4.9")])
    played.play({1: "g" * 60}, start=at)
    played.tick(60 + 152)
    assert played.minutes(Subject.UNIT) == ["up 60/60/0", "unknown 60/0/0"]
    assert played.minutes(Subject.LINE, "1") == []


def test_a_device_whose_lines_are_replaced_is_unknown_until_they_speak(
    world: Any, line: Any, device: Any
) -> None:
    played = world()
    played.play("ggg")
    told = played.configure(3.0, [line(1)], [device()])
    assert [(d.subject, d.state, d.why) for d in told if isinstance(d, StateChanged)] == [
        (Subject.DEVICE, "unknown", "the configuration changed"),
        (Subject.UNIT, "unknown", "the configuration changed"),
    ]
    assert played.states() == [("up", 0.25), ("unknown", 3.0)]


def test_slots_of_unknown_lines_are_ignored(world: Any) -> None:
    played = world()
    assert played.play({5: "LLLLLLLL"}) == []


def test_a_line_of_no_device_is_refused_and_changes_nothing(world: Any, line: Any, device: Any) -> None:
    played = world()
    played.play("ggg")
    with pytest.raises(ValueError, match="line 1 is of 'elsewhere', which is no device"):
        played.configure(3.0, [line(1, "elsewhere")], [device()])
    assert set(played.judgement.lines) == {0}
    assert played.judgement.units["12004"].state == "up"


def test_a_unit_without_a_device_is_unknown_minute_by_minute(world: Any) -> None:
    """Every unit of the register has a row in every figure: its minutes are unknown, not missing."""
    played = world(lines=[], devices=[])
    played.configure(0.0, [], [], units=[("hung-yen", "12007")])
    for second in range(0, 60 + 60 + 94, 2):
        played.tick(second)
    assert played.minutes(Subject.UNIT, "12007") == ["unknown 0/0/0"] * 2
    unit = played.judgement.units["12007"]
    assert (unit.state.value, unit.monitored, unit.minutes[unit.state]) == ("unknown", False, 2)
    assert unit.register == "hung-yen"


def test_a_unit_that_gets_its_first_device_goes_on_counting(world: Any, line: Any, device: Any) -> None:
    """It was unmonitored; its unknown minutes stay in its total."""
    played = world(lines=[], devices=[])
    played.configure(0.0, [], [], units=[("hung-yen", "12004")])
    played.tick(152.5)
    played.configure(180.0, [line()], [device()], units=[("hung-yen", "12004")])
    played.play("g" * 60, start=180)
    played.tick(332.5)
    assert played.minutes(Subject.UNIT, "12004")[-1] == "up 60/60/0"
    assert played.judgement.units["12004"].monitored
    assert sum(played.judgement.units["12004"].minutes.values()) == 4
