"""Down after 5 lost in a row, up after 3 good, dated back to the first; unknown where nothing is at hand."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import StateChanged, Subject

PHASE = 0.25  # of the slots, after the full second


@pytest.mark.parametrize(
    ("tape", "expected"),
    [
        # The start: unknown until a run says otherwise.
        ("", []),
        ("gg", []),
        ("ggg", [("up", 0)]),
        ("LLLL", []),
        ("LLLLL", [("down", 0)]),
        ("gLgLgLgL", []),
        ("LggLggg", [("up", 4)]),
        ("iggg", [("up", 1)]),
        # Up and down and up again.
        ("ggg LLLL", [("up", 0)]),
        ("ggg LLLL g LLLL g", [("up", 0)]),
        ("ggg LLLLL", [("up", 0), ("down", 3)]),
        ("ggg UUUUU", [("up", 0), ("down", 3)]),
        ("ggg LULUL", [("up", 0), ("down", 3)]),
        ("ggg LLLLL gg L", [("up", 0), ("down", 3)]),
        ("ggg LLLLL ggg", [("up", 0), ("down", 3), ("up", 8)]),
        ("ggggg LLLLL LLL ggg", [("up", 0), ("down", 5), ("up", 13)]),
        # Five of which none was good are unknown at least; invalid slots neither add to a run nor break it.
        ("gigig", [("up", 0)]),
        ("gigii", []),
        ("ggg LLL ii LL", [("up", 0), ("unknown", 3), ("down", 3)]),
        ("ggg LiLiLiiLiL", [("up", 0), ("unknown", 3), ("down", 3)]),
        ("ggg iiii g", [("up", 0)]),
        ("ggg LLL i", [("up", 0)]),
        ("ggg LLL ii", [("up", 0), ("unknown", 3)]),
        ("LLLLL iiii ggg", [("down", 0), ("up", 9)]),
        # Five in a row are unknown, dated back to the first of them.
        ("iiiiiiii", []),
        ("ggg iiiii", [("up", 0), ("unknown", 3)]),
        ("LLLLL iiiii", [("down", 0), ("unknown", 5)]),
        ("ggg L iiii", [("up", 0), ("unknown", 3)]),
        # A run is never dated back across unknown time.
        ("ggg LLL iiiii LL", [("up", 0), ("unknown", 3)]),
        ("ggg LLL iiiii LLLLL", [("up", 0), ("unknown", 3), ("down", 11)]),
        ("gg iiiii ggg", [("up", 7)]),
        ("LLLLL iiiii ggg", [("down", 0), ("unknown", 5), ("up", 10)]),
        # A slot that was not reported may still come: it breaks a run.
        ("gg . g", []),
        ("gg . ggg", [("up", 3)]),
        ("ggg LL . LLLL", [("up", 0)]),
        ("ggg LL . LLLLL", [("up", 0), ("down", 6)]),
        ("ggg .... LLLLL", [("up", 0), ("down", 7)]),
        ("gg ..... ggg", [("up", 7)]),
        ("ggg ii . ii", [("up", 0)]),
        ("ggg ii . iii", [("up", 0), ("unknown", 3)]),
    ],
)
def test_a_tape_gives_these_states_with_these_dates(
    world: Any, tape: str, expected: list[tuple[str, int]]
) -> None:
    """Line, device and unit of a single line agree."""
    played = world()
    played.play(tape)
    dated = [(state, slot + PHASE) for state, slot in expected]
    assert played.states(Subject.LINE) == dated
    assert played.states(Subject.DEVICE) == dated
    assert played.states(Subject.UNIT) == dated


def test_down_is_known_within_7_5_seconds_of_the_first_lost_echo(world: Any, start: float) -> None:
    """The fifth echo is sent 4 s after the first, and lost 1 s later."""
    played = world()
    played.play("ggg LLLLL")
    (down,) = [d for d in played.decisions if isinstance(d, StateChanged) and d.state == "down"][:1]
    assert down.since == start + 3 + PHASE
    assert down.at - down.since == pytest.approx(5.01)
    assert down.at - down.since <= 7.5


def test_up_is_known_within_5_seconds_of_the_first_reply(world: Any) -> None:
    """The third echo is sent 2 s after the first, and answered at once."""
    played = world()
    played.play("LLLLL ggg")
    (up,) = [d for d in played.decisions if isinstance(d, StateChanged) and d.state == "up"][:1]
    assert up.at - up.since == pytest.approx(2.005)
    assert up.at - up.since <= 5


def test_the_reason_is_told_to_people(world: Any) -> None:
    played = world()
    played.play("LLLLL")
    assert [d.why for d in played.decisions] == ["gw: 5 echoes in a row were lost"] * 3


def test_silence_is_unknown_dated_back_to_the_first_slot_that_did_not_come(world: Any) -> None:
    """5 intervals and 5 s of margin are granted."""
    played = world()
    played.play("gggg")
    played.tick(13.2)
    assert played.states() == [("up", PHASE)]
    played.tick(15.3)
    assert played.states() == [("up", PHASE), ("unknown", 4 + PHASE)]


def test_silence_after_invalid_slots_is_dated_back_to_the_first_of_those(world: Any) -> None:
    played = world()
    played.play("gggg ii")
    played.tick(30)
    assert played.states() == [("up", PHASE), ("unknown", 4 + PHASE)]


def test_slots_that_come_after_silence_was_told_do_not_take_it_back(world: Any) -> None:
    """The run began before, but what was told unknown stays so."""
    played = world()
    late = played.slots({0: "ggg LLL LL"})
    played.feed(late[:6])
    played.tick(20)
    played.feed(late[6:], at=20.5)
    assert played.states(Subject.LINE) == [("up", PHASE), ("unknown", 6.25), ("down", 6.25)]


def test_a_line_asked_every_30_s_is_silent_only_after_155_s(world: Any, line: Any) -> None:
    played = world([line(interval=30.0)])
    played.play("ggg")
    played.tick(60 + 154)
    assert played.states() == [("up", PHASE)]
    played.tick(60 + 157)
    assert played.states() == [("up", PHASE), ("unknown", 90 + PHASE)]


def test_a_stall_of_everything_is_noticed_before_the_slots_that_follow(world: Any) -> None:
    """The process was stopped for a minute: nobody knows what was, so up begins anew."""
    played = world()
    played.play("gggg")
    played.play("ggg", start=64)
    assert played.states() == [("up", PHASE), ("unknown", 4 + PHASE), ("up", 64 + PHASE)]


def test_a_line_that_never_reported_stays_unknown(world: Any) -> None:
    played = world()
    played.tick(50)
    assert played.states() == []
    assert played.judgement.units["12004"].state == "unknown"


def test_a_reply_that_overtakes_the_loss_before_it_changes_nothing(world: Any) -> None:
    """The last of five lost is known only after the good one that follows: it was a blip all the same."""
    in_order, overtaken = world(), world()
    slots = in_order.slots({0: "ggg LLLLL ggg"})
    by_due = sorted(slots, key=lambda slot: slot[2])
    swapped = [*by_due[:7], by_due[8], by_due[7], *by_due[9:]]
    in_order.feed(by_due)
    overtaken.feed(swapped)
    assert overtaken.states() == in_order.states() == [("up", 0.25), ("down", 3.25), ("up", 8.25)]


def test_a_loss_told_long_after_is_judged_where_it_belongs(world: Any) -> None:
    """Down and up again become known together, with the dates that they have in order."""
    played = world()
    slots = sorted(played.slots({0: "ggg LLLLL gggg"}), key=lambda slot: slot[2])
    late = slots.pop(7)
    played.feed(slots)
    assert played.states() == [("up", 0.25)]
    played.feed([late])
    assert played.states() == [("up", 0.25), ("down", 3.25), ("up", 8.25)]


def test_a_loss_from_before_the_present_state_began_changes_nothing(world: Any) -> None:
    played = world()
    slots = sorted(played.slots({0: "LLLLL ggg"}), key=lambda slot: slot[2])
    late = slots.pop(4)
    played.feed([*slots, late])
    assert played.states() == [("up", 5.25)]


def test_a_slot_told_twice_counts_once(world: Any) -> None:
    """The first word counts, also after it was added to the totals."""
    played = world()
    played.play("gg")
    tally = played.judgement.lines[0].tally
    played.play("gL")
    assert played.states() == []
    assert (tally.replies, tally.lost) == (2, 0)
    assert played.judgement.lines[0].tally.requests == 2


def test_noise_in_due_times_neither_loses_nor_doubles_a_slot(world: Any) -> None:
    """Slots due around the full second, some before it and some after."""
    played = world(phase=0.0)
    noisy = [
        (closed, number, due + (-1) ** place * 4e-7, letter)
        for place, (closed, number, due, letter) in enumerate(played.slots({0: "g" * 180}, start=60))
    ]
    played.feed(noisy)
    played.tick(240 + 92)
    assert played.minutes(Subject.LINE)[1:4] == ["up 60/60/0"] * 3
