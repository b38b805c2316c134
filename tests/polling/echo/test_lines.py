"""A reload: what is unchanged is not touched, what went is forgotten, what is new begins."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from netwatch.model.outcome import SlotResult

GOOD, LOST, UNREACHABLE, INVALID = SlotResult


def test_lines_that_stay_keep_their_rhythm_and_open_slots(world: Any) -> None:
    """Ten reloads a second, each with another line beside."""
    world.socket.hosts[world.host(1)] = world.answering(0.9)
    world.socket.hosts[world.host(2)] = world.answering()
    stay = [world.line(1), world.line(2)]
    world.ask(*stay)
    for number in range(100):
        world.run(0.1)
        world.engine.set_lines([*stay, world.line(100 + number)])
    world.run(2)
    assert set(world.results(1)) == {GOOD}
    assert set(world.results(2)) == {LOST}
    for number in (1, 2):
        dues = world.dues()[number]
        assert len(dues) >= 10
        assert [later - earlier for earlier, later in itertools.pairwise(dues)] == pytest.approx(
            [1.0] * (len(dues) - 1), abs=1e-6
        )


def test_an_equal_reload_changes_nothing(world: Any) -> None:
    world.ask(world.line(1), world.line(2))
    for _ in range(50):
        world.run(0.1)
        world.engine.set_lines([world.line(1), world.line(2)])
    world.run(1)
    assert {end.result for end in world.ends} == {GOOD}
    assert len(world.ends) == pytest.approx(12, abs=2)


def test_a_reply_for_a_line_that_went_is_counted_as_unknown(world: Any) -> None:
    world.socket.hosts[world.host(1)] = world.answering(0.9)
    world.ask(world.line(1))
    world.run(5)
    world.engine.set_lines([world.line(2)])
    world.run(5)
    assert world.engine.rejected["unknown_line"] in {0, 1}
    assert world.strays == []
    assert set(world.results(2)) == {GOOD}


def test_a_name_that_resolved_at_last_is_asked(world: Any) -> None:
    line = world.line(1)
    world.ask(type(line)(1, line.device, None, "gw.example.vn", 1.0))
    world.run(5)
    world.engine.set_lines([line])
    world.run(5)
    results = world.results(1)
    assert results[:4] == [INVALID] * 4
    assert results[-4:] == [GOOD] * 4


def test_a_line_with_a_new_interval_is_asked_at_it(world: Any) -> None:
    world.ask(world.line(1))
    world.run(10)
    changed = world.time.now
    world.engine.set_lines([world.line(1, interval=5.0)])
    world.run(50)
    later = [end.due for end in world.of(1) if end.due > changed]
    assert len(later) == pytest.approx(10, abs=1)


def test_no_lines_at_all_is_quiet_and_may_end(world: Any) -> None:
    world.ask()
    world.run(10)
    assert world.batches == []
    world.engine.set_lines([world.line(1)])
    world.run(10)
    assert set(world.results(1)) == {GOOD}


def test_slots_before_start_are_nobodys(world: Any) -> None:
    world.engine.set_lines([world.line(1)])
    world.time.stall(30)
    world.engine.start()
    world.run(10)
    assert set(world.results(1)) == {GOOD}
    assert len(world.of(1)) in {9, 10}


def test_a_restart_keeps_every_lines_phase(make_world: Any) -> None:
    phases = []
    for begin in (1000.0, 2345.678):
        world = make_world()
        world.time.now = begin
        world.ask(*(world.line(number) for number in range(5)))
        world.run(5)
        phases.append([dues[0] % 1 for _, dues in sorted(world.dues().items())])
    assert phases[0] == pytest.approx(phases[1], abs=1e-6)


def test_a_reload_while_the_engine_catches_up_asks_nobody_twice(world: Any) -> None:
    """After a stall what is due is spread over ticks; a reload between them goes on where they were."""
    lines = [world.line(number) for number in range(2_000)]
    world.ask(*lines)
    world.run(2)
    for number in range(10):
        world.time.stall(0.9)
        for extra in range(5):
            world.run(0.02)
            world.engine.set_lines([*lines, world.line(10_000 + 10 * number + extra)])
        world.run(1)
    world.run(2)
    for line, dues in world.dues().items():
        if line < 2_000:
            steps = [later - earlier for earlier, later in itertools.pairwise(dues)]
            assert steps == pytest.approx([1.0] * len(steps), abs=1e-6)
    asked = [(echo.to, echo.sequence) for echo in world.socket.sent]
    assert len(asked) == len(set(asked))
    assert world.strays == []
