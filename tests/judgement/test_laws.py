"""What holds whatever the lines show, and in whatever order and portions it is told."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings, strategies as st

from netwatch.judgement.events import Tick
from netwatch.model.decision import MinuteSettled, RunEnded, StateChanged, Subject
from netwatch.model.state import State

RUNS = st.lists(st.tuples(st.sampled_from("gLUi."), st.integers(1, 50)), min_size=1, max_size=12)
TAPES = RUNS.map(lambda runs: "".join(letter * length for letter, length in runs)[:240])
PAIRS = st.fixed_dictionaries({0: TAPES, 1: TAPES, 2: TAPES})

FEW = settings(max_examples=60, deadline=None)


def build(world: Any, line: Any, device: Any, backup: float = 1.0) -> Any:
    """Two units: one of two devices, the second of which is asked less often; one of one device."""
    return world(
        [line(0, "gw-a"), line(1, "gw-b", interval=backup), line(2, "gw-c")],
        [device("gw-a"), device("gw-b"), device("gw-c", "12007")],
    )


def settled(played: Any) -> list[MinuteSettled]:
    return [decision for decision in played.decisions if isinstance(decision, MinuteSettled)]


def totals(played: Any) -> list[int]:
    """Every counter that is exposed."""
    judgement = played.judgement
    counted: list[int] = []
    for line in judgement.lines.values():
        tally = line.tally
        counted += [tally.requests, tally.replies, tally.unreachables, tally.local_errors, *tally.histogram]
        counted += line.minutes.values()
    for composite in (*judgement.devices.values(), *judgement.units.values()):
        counted += composite.minutes.values()
        counted += [composite.blips, sum(composite.outages.values())]
    return counted


def test_laws_of_slots_minutes_and_states(world: Any, line: Any, device: Any) -> None:
    """Valid, invalid and missing slots add up; states follow on each other; runs do not overlap."""

    @FEW
    @given(tapes=PAIRS, backup=st.sampled_from([1.0, 7.0, 30.0]))
    def check(tapes: dict[int, str], backup: float) -> None:
        played = build(world, line, device, backup)
        played.play(tapes)
        played.tick(240 + 92)
        for minute in settled(played):
            assert 0 <= minute.good + minute.lost <= minute.expected
        for number in (0, 2):
            for place, minute in enumerate(d for d in settled(played) if d.key == str(number)):
                tape = tapes[number].ljust(240, ".")[place * 60 : place * 60 + 60]
                reported = len(tape) - tape.count(".")
                assert minute.good == tape.count("g")
                assert minute.lost == tape.count("L") + tape.count("U")
                assert minute.good + minute.lost + tape.count("i") == reported
                assert minute.expected == 60
        for subject, key in {(d.subject, d.key) for d in played.decisions}:
            changes = [
                d
                for d in played.decisions
                if isinstance(d, StateChanged) and (d.subject, d.key) == (subject, key)
            ]
            assert [d.previous for d in changes] == [State.UNKNOWN, *(d.state for d in changes)][
                : len(changes)
            ]
            assert all(d.previous is not d.state and d.since <= d.at for d in changes)
            assert all(a.since <= b.since for a, b in itertools.pairwise(changes))
            runs = [
                d
                for d in played.decisions
                if isinstance(d, RunEnded) and (d.subject, d.key) == (subject, key)
            ]
            assert all(d.start <= d.end <= d.at and 0 <= d.unknown <= d.end - d.start for d in runs)
            assert all(a.end <= b.start for a, b in itertools.pairwise(runs))

    check()


def test_every_subject_has_exactly_one_verdict_a_minute(world: Any, line: Any, device: Any) -> None:
    @FEW
    @given(tapes=PAIRS, ticks=st.lists(st.floats(0, 400), max_size=20))
    def check(tapes: dict[int, str], ticks: list[float]) -> None:
        played = build(world, line, device)
        events: list[tuple[float, Any]] = [(slot[0], slot) for slot in played.slots(tapes)]
        events += [(at, None) for at in ticks]
        for at, slot in sorted(events, key=lambda event: event[0]):
            if slot is None:
                played.tick(at)
            else:
                played.feed([slot])
        played.tick(400)
        played.tick(510 + 92)
        keys = [(d.subject, d.key) for d in settled(played) if d.start == settled(played)[0].start]
        assert len(keys) == len(set(keys)) == 3 + 3 + 2
        told = [(d.subject, d.key, d.start) for d in settled(played)]
        assert len(told) == len(set(told)) == 8 * 8
        for unit in played.judgement.units.values():
            assert sum(unit.minutes.values()) == 8

    check()


def test_order_of_arrival_changes_no_settled_minute(world: Any, line: Any, device: Any) -> None:
    """Between lines, and within a line among the slots that are under way together."""

    @FEW
    @given(tapes=PAIRS, backup=st.sampled_from([1.0, 30.0]), chance=st.randoms(use_true_random=False))
    def check(tapes: dict[int, str], backup: float, chance: Any) -> None:
        in_order, shuffled = build(world, line, device, backup), build(world, line, device, backup)
        slots = [slot for slot in in_order.slots(tapes) if slot[0] < 240]
        in_order.feed(slots)
        for _, portion in itertools.groupby(slots, key=lambda slot: slot[0] // 20):
            mixed = list(portion)
            chance.shuffle(mixed)
            shuffled.feed(mixed, at=max(slot[0] for slot in mixed))
        for played in (in_order, shuffled):
            played.tick(240 + 92)
        assert settled(shuffled) == settled(in_order)
        assert totals(shuffled)[: 3 * 19] == totals(in_order)[: 3 * 19]

    check()


def test_how_batches_are_cut_changes_nothing(world: Any, line: Any, device: Any) -> None:
    """Hence replaying gives what was lived."""

    @FEW
    @given(tapes=PAIRS, cuts=st.lists(st.integers(1, 7), min_size=1, max_size=50))
    def check(tapes: dict[int, str], cuts: list[int]) -> None:
        whole, cut = build(world, line, device), build(world, line, device)
        slots = whole.slots(tapes)
        sizes = itertools.cycle(cuts)
        for at, portion in itertools.groupby(slots, key=lambda slot: slot[0] // 5 * 5 + 5):
            batch = list(portion)
            whole.feed(batch, at=at)
            while batch:
                size = next(sizes)
                cut.feed(batch[:size], at=at)
                batch = batch[size:]
        for played in (whole, cut):
            for second in range(245, 340):
                played.tick(second)
        assert cut.decisions == whole.decisions
        assert totals(cut) == totals(whole)

    check()


def test_counters_never_step_back(world: Any, line: Any, device: Any) -> None:
    @FEW
    @given(tapes=PAIRS)
    def check(tapes: dict[int, str]) -> None:
        played = build(world, line, device)
        before = totals(played)
        for slot in played.slots(tapes)[::3]:
            played.feed([slot])
            after = totals(played)
            assert all(a <= b for a, b in zip(before, after, strict=True))
            before = after

    check()


def test_time_that_goes_back_is_taken_as_standing_still(world: Any, start: float) -> None:
    """Engines close batches beside each other: an event may be a little older than the one before."""
    played = world()
    played.play("g" * 61)
    played.tick(152)
    assert played.judgement.advance(Tick(start + 100)) == []
    assert played.minutes(Subject.UNIT) == ["up 60/60/0"]
