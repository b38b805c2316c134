"""What is settled follows from slots and signs alone: not from who was noticed first, nor from living it.

So an auditor who has the ledger finds the same, and a new process goes on where the last one was stopped.
"""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings, strategies as st

from netwatch.judgement.events import Recorded, Resumed
from netwatch.judgement.minute import Minute
from netwatch.judgement.slots import MISSING
from netwatch.model.decision import MinuteSettled, MinuteSlots
from netwatch.model.sign import SignKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
FEW = settings(max_examples=25, deadline=None)


def tapes_of(faults: Iterable[tuple[list[int], int, int, str]]) -> dict[int, str]:
    """Lines that are good but for these faults."""
    tapes = {number: ["g"] * LENGTH for number in range(LINES)}
    for numbers, first, length, pattern in faults:
        for number in numbers:
            for place in range(first, min(first + length, LENGTH)):
                tapes[number][place] = pattern[(place - first) % len(pattern)]
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
    for _ in seconds_of(played, tapes, signs, begin):
        pass
    return played


def seconds_of(
    played: Any, tapes: dict[int, str], signs: Any = (), begin: int = 0, after: int = 0
) -> Iterator[int]:
    """Play and wait until all is settled; yield after each second. Nothing is told until second `after`."""
    for end, slots, late in portions(played, tapes, 1, begin):
        if end > after:
            learn(played, signs, end)
            played.feed(slots, at=end)
            for _, number, due in late:
                played.late(number, due, at=end)
            played.tick(end)
            yield int(end)
    for second in range(max(LENGTH + 11, after + 1), END):
        learn(played, signs, second)
        played.tick(second)
        yield second


def unsettled(played: Any, number: int) -> list[Recorded]:
    """What the ledger has of a line that was stopped: the minutes before the unsettled ones, and those."""
    line = played.judgement.lines[number]
    begin = played.judgement.settled_until
    minutes = [begin + 60.0 * place for place in range(-2, 5)]
    raw = [Minute(minute).raw(line.slots) for minute in minutes if line.first_minute <= minute]
    slots = [MinuteSlots(each.due, each.interval, each.marks, 0.0, 0) for each in raw if each is not None]
    return [Recorded(begin, number, each) for each in slots]


def wait(played: Any, begin: int) -> None:
    """Let time pass until all is settled."""
    for second in range(begin, END):
        played.tick(second)


def pieces(decisions: Iterable[Any]) -> list[Recorded]:
    """The slots as the ledger has them, a minute each, told as the minute ends."""
    return [
        Recorded(told.start + 60, int(told.key), told.slots)
        for told in decisions
        if isinstance(told, MinuteSettled) and told.slots is not None
    ]


def without_times(decisions: Iterable[Any]) -> list[Any]:
    """Round-trip times change no verdict; nor does the phase of a line of which nothing came for minutes."""
    return [
        replace(told, slots=_bare(told.slots)) if isinstance(told, MinuteSettled) else told
        for told in decisions
    ]


def _bare(slots: MinuteSlots | None) -> MinuteSlots | None:
    if slots is None or not slots.marks.strip(bytes((MISSING,))):
        return None
    return replace(slots, rtt_sum=0.0, rtt_count=0)


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


def stop(played: Any, playing: Iterator[int], cut: int) -> tuple[str, int, int]:
    """Play until second `cut`; return the last snapshot, how much was told by then, and when that was."""
    saved = (json.dumps(played.judgement.snapshot()), 0, 0)
    for second in playing:
        if played.judgement.told_until == played.judgement.settled_until:
            saved = (json.dumps(played.judgement.snapshot()), len(played.decisions), second)
        if second >= cut:
            break
    return saved


def take_over(stopped: Any, saved: str, signs: Any, seconds: range, build: Any) -> Any:
    """A new process with the last snapshot, and with the slots and signs that the ledger has."""
    start = build().judgement.settled_until
    played = build(at=json.loads(saved)["settled_until"] - start)
    played.judgement.restore(json.loads(saved))
    played.decisions.clear()
    for number in range(LINES):
        for piece in unsettled(stopped, number):
            played.advance(piece)
    for second in seconds:
        learn(played, signs, second)
    played.advance(Resumed(start + seconds.stop - 1, until=start + seconds.stop - 1))
    return played


def test_a_process_that_takes_over_settles_what_one_alone_would(province: Any) -> None:
    """Stopped at any moment, and the other goes on at once."""

    @FEW
    @given(faults=FAULTS, signs=SIGNS, cut=st.integers(1, END - 1))
    def check(faults: Any, signs: Any, cut: int) -> None:
        tapes, alone = tapes_of(faults), province()
        playing = seconds_of(alone, tapes, signs)
        saved, told, taken = stop(alone, playing, cut)
        second = take_over(alone, saved, signs, range(taken + 1, cut + 1), province)
        for _ in seconds_of(second, tapes, signs, after=cut):
            pass
        for _ in playing:
            pass
        alone.decisions = alone.decisions[told:]
        assert without_times(second.settled()) == without_times(alone.settled())

    check()
