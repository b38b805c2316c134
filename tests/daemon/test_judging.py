"""Claims are judged when something is new, not too often, and never for long at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netwatch.daemon.judging import EVERY, SHARE, Judging

if TYPE_CHECKING:
    from collections.abc import Generator


class Slow:
    """Claims that take so many steps, each of which takes two milliseconds."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.now = 0.0
        self.asked: list[float] = []

    def judging(self, at: float) -> Generator[None, None, Any]:
        self.asked.append(at)
        for _ in range(self.steps):
            self.now += 0.002
            yield
        return at

    def clock(self) -> float:
        return self.now


class Desk:
    def __init__(self, steps: int = 1) -> None:
        self.claims = Slow(steps)
        self.told: list[Any] = []
        anything: Any = self.claims
        self.judging = Judging(anything, self.told.append, self.claims.clock)

    def tick(self, *times: float) -> list[Any]:
        for now in times:
            self.judging.tick(now)
        return self.told


def test_nothing_new_nothing_judged() -> None:
    assert Desk().tick(0.0, 100.0) == []


def test_what_is_new_is_judged_once() -> None:
    desk = Desk()
    desk.judging.renew()
    desk.judging.renew()
    assert desk.tick(1000.0, 1000.0 + 2 * EVERY) == [1000.0]


def test_it_is_not_judged_too_often() -> None:
    desk = Desk()
    for now in range(1000, 1000 + int(3 * EVERY)):
        desk.judging.renew()
        desk.tick(float(now))
    assert desk.told == [1000.0, 1000.0 + EVERY, 1000.0 + 2 * EVERY]


def test_much_work_is_shared_between_ticks() -> None:
    """Each tick takes its share and the step that was begun; the result is as of the first."""
    desk = Desk(steps=10)
    desk.judging.renew()
    ticks = 0
    while not desk.told:
        before = desk.claims.now
        desk.tick(1000.0 + ticks)
        assert desk.claims.now - before == pytest.approx(0.002 * 3) or desk.told
        assert desk.claims.now - before < SHARE + 0.002
        ticks += 1
    assert (desk.told, ticks) == ([1000.0], 4)


def test_what_comes_while_it_is_judged_is_judged_next() -> None:
    desk = Desk(steps=5)
    desk.judging.renew()
    desk.tick(1000.0)
    desk.judging.renew()
    assert desk.tick(1001.0, 1000.0 + EVERY, 1001.0 + EVERY) == [1000.0, 1000.0 + EVERY]


def test_a_reload_begins_anew_at_once() -> None:
    desk = Desk(steps=5)
    desk.judging.renew()
    desk.tick(1000.0)
    desk.judging.restart()
    assert desk.tick(1001.0, 1001.25) == [1001.0]


def test_at_the_start_all_of_it_is_judged_at_once() -> None:
    desk = Desk(steps=1000)
    desk.judging.at_once(1000.0)
    assert desk.told == [1000.0]
    desk.judging.renew()
    assert desk.tick(1001.0) == [1000.0], "not again so soon"
