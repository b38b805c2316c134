"""What is settled follows from slots and signs alone: not from who was noticed first, nor from living it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, given, settings, strategies as st

from netwatch.judgement.events import Recorded
from netwatch.model.decision import MinuteSettled
from netwatch.model.sign import SignKind

if TYPE_CHECKING:
    from collections.abc import Iterable

LINES = 8
LENGTH = 240
END = LENGTH + 60 + 92 + 180
"""When everything has been settled, the last cause too."""

FAULTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, LINES - 1), min_size=1, max_size=4),  # of these lines
        st.integers(0, LENGTH - 1),  # from this second
        st.integers(1, 120),  # for so many
        st.sampled_from(("L", "U", "i", ".", "l", "gL", "gLL", "gggggggggL", "giL")),
    ),
    max_size=8,
)
SIGNS = st.lists(
    st.tuples(
        st.integers(0, 480),
        st.sampled_from(("gw-a", "gw-b", "gw-c")),
        st.sampled_from([kind.value for kind in SignKind]),
        st.integers(0, 120),
    ),
    max_size=6,
)
FEW = settings(max_examples=40, deadline=None, phases=[Phase.generate])


def tapes_of(faults: Iterable[tuple[list[int], int, int, str]]) -> dict[int, str]:
    """Lines that are good but for these faults."""
    tapes = {number: ["g"] * LENGTH for number in range(LINES)}
    for numbers, first, length, pattern in faults:
        for number in numbers:
            for place, letter in zip(range(first, min(first + length, LENGTH)), itertools.cycle(pattern)):  # noqa: B905 (one has no end)
                tapes[number][place] = letter
    return {number: "".join(tape) for number, tape in tapes.items()}


def portions(
    played: Any, tapes: dict[int, str], seconds: int, begin: int = 0
) -> Iterable[tuple[float, list[Any], list[Any]]]:
    """What is told at the end of each so many seconds: slots, and late replies, `l`, 3 s after the loss."""
    slots = played.slots({number: tape.replace("l", "L") for number, tape in tapes.items()})
    late = [
        (place + 4.5, number, place + played.phase)
        for number, tape in tapes.items()
        for place, letter in enumerate(tape)
        if letter == "l" and place >= begin
    ]
    for end in range(begin + seconds, LENGTH + 10 + seconds, seconds):
        yield (
            end,
            [slot for slot in slots if end - seconds <= slot[0] < end and slot[2] >= begin],
            [each for each in late if end - seconds <= each[0] < end],
        )


def learn(played: Any, signs: Any, second: int) -> None:
    """Tell the signs that are learnt in that second."""
    for at, name, kind, before in signs:
        if at == second:
            played.sign(name, kind, at - before, at)


def live(played: Any, tapes: dict[int, str], signs: Any = (), begin: int = 0) -> Any:
    """Play tapes and signs second by second, and wait until all is settled."""
    for end, slots, late in portions(played, tapes, 1, begin):
        learn(played, signs, end)
        played.feed(slots, at=end)
        for _, number, due in late:
            played.late(number, due, at=end)
    wait(played, LENGTH + 11, signs)
    return played


def wait(played: Any, begin: int, signs: Any = ()) -> None:
    """Let time pass until all is settled."""
    for second in range(begin, END):
        learn(played, signs, second)
        played.tick(second)


def pieces(decisions: Iterable[Any]) -> list[Recorded]:
    """The slots as the ledger has them, a minute each, told as the minute ends."""
    return [
        Recorded(told.start + 60, int(told.key), told.slots)
        for told in decisions
        if isinstance(told, MinuteSettled) and told.slots is not None
    ]


def without_times(decisions: Iterable[Any]) -> list[Any]:
    """Round-trip times change no verdict, and a piece out of the ledger has them in one sum."""
    return [
        replace(told, slots=replace(told.slots, rtt_sum=0.0, rtt_count=0))
        if isinstance(told, MinuteSettled) and told.slots is not None
        else told
        for told in decisions
    ]


def test_replaying_gives_what_was_lived(province: Any, start: float) -> None:
    """Minutes, outages, causes and blind seconds, though slots come a minute in one piece."""

    @FEW
    @given(faults=FAULTS, signs=SIGNS, begin=st.sampled_from([0, 30]))
    def check(faults: Any, signs: Any, begin: int) -> None:
        signs = [sign for sign in signs if sign[0] >= begin]
        lived = live(province(at=begin), tapes_of(faults), signs, begin)
        recorded = pieces(lived.decisions)
        replayed = province(at=begin)
        for second in range(begin + 1, END):
            learn(replayed, signs, second)
            for piece in recorded:
                if piece.at == start + second:
                    replayed.advance(piece)
            replayed.tick(second)
        assert without_times(replayed.settled()) == without_times(lived.settled())

    check()


def test_order_of_arrival_changes_nothing_that_is_settled(province: Any) -> None:
    """Between parents, children and references, and within a line among what is under way together."""

    @FEW
    @given(faults=FAULTS, seed=st.integers(0, 2**32))
    def check(faults: Any, seed: int) -> None:
        tapes, chance = tapes_of(faults), Random(seed)
        in_order, shuffled = live(province(), tapes), province()
        for end, slots, late in portions(shuffled, tapes, 20):
            told = [*slots, *late]
            chance.shuffle(told)
            for each in told:
                if len(each) == 3:
                    shuffled.late(each[1], each[2], at=end)
                else:
                    shuffled.feed([each], at=end)
        wait(shuffled, LENGTH + 20)
        assert without_times(shuffled.settled()) == without_times(in_order.settled())

    check()
