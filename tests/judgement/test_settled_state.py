"""The settled state is the live one, told once more when everything is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.judgement.settled import Judged, SettledState
from netwatch.judgement.slots import GOOD, INVALID, LATE, LOST, MISSING
from netwatch.model.decision import Subject
from netwatch.model.device import StateRules

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = {"g": GOOD, "L": LOST, "i": INVALID, ".": MISSING, "l": LATE}
RULES = StateRules()
PHASE = 0.25

RUNS = st.lists(st.tuples(st.sampled_from("ggLLi"), st.integers(1, 70)), min_size=1, max_size=10)
BITS = st.lists(st.sampled_from(("g", "L", "i", "gL", "gi", "LLLLg", "iL")), max_size=60)
TAPES = st.one_of(
    RUNS.map(lambda runs: "".join(letter * length for letter, length in runs)), BITS.map("".join)
)
MANY = settings(max_examples=300, deadline=None)


class Plodding(SettledState):
    """Reads every slot, however little happens."""

    def _steady(self, marks: bytes, rules: StateRules) -> bool:
        return False


def read(state: SettledState, tape: str, start: float = 0.0, minute: int = 60) -> Iterator[tuple[str, float]]:
    """Read a tape in minutes; yield the states that it takes, each with its date in seconds after `start`."""
    marks = bytes(MARKS[letter] for letter in tape.replace(" ", ""))
    for first in range(0, len(marks), minute):
        judged = Judged(start + first + PHASE, 1.0, marks[first : first + minute])
        for turn in state.read(judged, RULES):
            yield turn.state.value, round(turn.since - start, 3)


def settled(tape: str) -> list[tuple[str, float]]:
    return list(read(SettledState(0.0), tape))


@pytest.mark.parametrize(
    ("tape", "states"),
    [
        ("ggg LLLLL ggg", [("up", 0), ("down", 3), ("up", 8)]),
        ("ggg LLLL ggg", [("up", 0)]),
        ("ggg iiiii ggg", [("up", 0), ("unknown", 3), ("up", 8)]),
        ("ggg ..... ggg", [("up", 0), ("unknown", 3), ("up", 8)]),  # what was not reported was not measured
        ("ggg LL . LLL", [("up", 0), ("unknown", 3), ("down", 3)]),
        # Late is alive: it breaks a run of lost ones, and three of them are up.
        ("ggg LLLL l LLLL", [("up", 0)]),
        ("LLLLL lll", [("down", 0), ("up", 5)]),
        # Across the edge of a minute.
        ("g" * 57 + "LLLLL" + "g" * 58, [("up", 0), ("down", 57), ("up", 62)]),
        ("g" * 58 + "LLL ii" + "g" * 58, [("up", 0), ("unknown", 58), ("up", 63)]),
        # On a line that loses every other slot, five in a row are chance.
        ("ggg" + "gL" * 30 + "LLLL" + "ggg", [("up", 0), ("unknown", 62), ("up", 67)]),
        ("ggg" + "gL" * 30 + "L" * 25, [("up", 0), ("unknown", 62), ("down", 62)]),
    ],
)
def test_a_tape_gives_these_states(tape: str, states: list[tuple[str, int]]) -> None:
    assert settled(tape) == [(state, slot + PHASE) for state, slot in states]


def test_what_is_settled_is_what_was_live(world: Any) -> None:
    """For every tape whose slots were told in their order."""

    @MANY
    @given(tape=TAPES)
    def check(tape: str) -> None:
        played = world()
        for _, number, due, letter in sorted(played.slots({0: tape}), key=lambda slot: slot[2]):
            played.feed([(due + 1.01, number, due, letter)])
        assert settled(tape) == played.states(Subject.LINE)

    check()


def test_a_quick_look_tells_what_reading_every_slot_does() -> None:
    @MANY
    @given(tape=TAPES, missing=st.sets(st.integers(0, 500), max_size=20), late=st.sets(st.integers(0, 500)))
    def check(tape: str, missing: set[int], late: set[int]) -> None:
        letters = [
            "." if place in missing else "l" if place in late else each for place, each in enumerate(tape)
        ]
        quick, plodding = SettledState(0.0), Plodding(0.0)
        found = list(read(quick, "".join(letters)))
        assert found == list(read(plodding, "".join(letters)))
        for end in ("L" * 200, "i" * 7 + "g" * 7, "L" * 4 + "gLgLgL" + "L" * 10):
            assert list(read(quick, end, 600.0)) == list(read(plodding, end, 600.0))

    check()


def test_how_minutes_are_cut_changes_nothing() -> None:
    @MANY
    @given(tape=TAPES, size=st.integers(1, 70))
    def check(tape: str, size: int) -> None:
        assert list(read(SettledState(0.0), tape, minute=size)) == settled(tape)

    check()


def test_what_was_dumped_goes_on_alike() -> None:
    @MANY
    @given(before=TAPES, after=TAPES)
    def check(before: str, after: str) -> None:
        state, other = SettledState(0.0), SettledState(0.0)
        list(read(state, before))
        other.load(state.dump())
        assert list(read(other, after, 900.0)) == list(read(state, after, 900.0))

    check()


@pytest.mark.parametrize(
    ("tape", "turn"),
    [("ggggg", ("unknown", 40.0)), ("LLLLL", ("unknown", 40.0)), ("iii", None), ("gg", None)],
)
def test_what_is_lost_sight_of_is_unknown_and_forgets_its_rows(
    tape: str, turn: tuple[str, float] | None
) -> None:
    state = SettledState(0.0)
    list(read(state, tape))
    lost = state.lose(40.0)
    assert (lost and (lost.state.value, lost.since)) == turn
    assert list(read(state, "gg", 60.0)) == []
    assert list(read(state, "g", 62.0)) == [("up", -2.0 + PHASE)]
