"""The watchdog is fed while devices are really asked, and by nothing less."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.daemon.configuration import Configuration
from netwatch.daemon.health import BEAT, STUCK, Heart, Signs, patience

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Loop:
    """Runs the callback that waits, late by what the test says."""

    hand: Any
    waiting: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def call_later(self, delay: float, callback: Callable[[], None]) -> Loop:
        self.waiting.append((self.hand.now + delay, callback))
        return self

    def cancel(self) -> None:
        self.waiting.clear()

    def turn(self, late: float = 0.0) -> None:
        due, callback = self.waiting.pop()
        self.hand.now = due + late
        callback()


@dataclass
class Manager:
    watchdog_interval: float | None = 1.0
    told: list[dict[str, str]] = field(default_factory=list)

    def tell(self, **facts: str) -> None:
        self.told.append(facts)


class World:
    def __init__(self, hand: Any) -> None:
        self.loop, self.manager = Loop(hand), Manager()
        self.working = True
        self.lags: list[float] = []
        self.heart = Heart(self.loop, hand, self.manager, lambda: self.working, self.lags.append)  # type: ignore[arg-type]
        self.heart.start()


@pytest.fixture
def world(hand: Any) -> World:
    return World(hand)


def test_a_beat_tells_by_how_much_it_was_late(world: World) -> None:
    for late in (0.0, 0.5, 0.0):
        world.loop.turn(late)
    assert world.lags == pytest.approx([0.0, 0.5, 0.0])


def test_the_watchdog_is_fed_once_an_interval(world: World) -> None:
    for _ in range(round(3 / BEAT)):
        world.loop.turn()
    assert world.manager.told == [{"WATCHDOG": "1"}] * 3


def test_the_watchdog_is_not_fed_while_nothing_works_and_is_again_at_once(world: World) -> None:
    world.working = False
    for _ in range(round(3 / BEAT)):
        world.loop.turn()
    assert world.manager.told == []
    world.working = True
    world.loop.turn()
    assert world.manager.told == [{"WATCHDOG": "1"}]


def test_without_a_watchdog_nothing_is_told(world: World) -> None:
    world.manager.watchdog_interval = None
    for _ in range(40):
        world.loop.turn()
    assert world.manager.told == []


def test_a_beat_that_fails_is_not_the_last(hand: Any) -> None:
    """A mistake in what it calls must not stop the watchdog from being fed for ever."""
    loop = Loop(hand)

    def fail(_lag: float) -> None:
        raise ValueError

    Heart(loop, hand, Manager(), lambda: True, fail).start()  # type: ignore[arg-type]
    with pytest.raises(ValueError):  # noqa: PT011 - the one above
        loop.turn()
    assert len(loop.waiting) == 1


def test_a_stopped_heart_beats_no_more(world: World) -> None:
    world.heart.stop()
    assert world.loop.waiting == []


def test_a_sign_is_missing_once_its_patience_is_over(hand: Any) -> None:
    signs = Signs(hand)
    signs.expect({"echo": 10.0, "tick": 30.0})
    hand.now += 10.0
    assert signs.missing() == []
    hand.now += 0.1
    assert signs.missing() == ["echo"]
    signs.saw("echo")
    assert signs.missing() == []
    hand.now += 25.0
    assert signs.missing() == ["echo", "tick"]


def test_what_was_not_expected_before_gets_its_time_from_now_on(hand: Any) -> None:
    """The first SNMP device of a daemon that has run for a week is no reason to end it."""
    signs = Signs(hand)
    signs.expect({"tick": 30.0})
    hand.now += 7 * 86400
    signs.saw("end of a poll")
    hand.now += 100.0
    signs.expect({"tick": 30.0, "end of a poll": 60.0})
    assert signs.missing() == []


def test_what_is_asked_no_more_is_missed_by_nobody(hand: Any) -> None:
    signs = Signs(hand)
    signs.expect({"tick": 30.0, "end of a poll": 60.0})
    signs.expect({"tick": 500.0})
    hand.now += 100.0
    assert signs.missing() == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((), {"tick": STUCK}),
        (("gw",), {"tick": STUCK, "echo": STUCK + 1.2}),
        (
            ("gw", "sw"),
            {
                "tick": STUCK,
                "echo": STUCK + 1.2,
                "start of a poll": STUCK + 1.0,
                "end of a poll": STUCK + 21.0,
            },
        ),
    ],
    ids=["nobody", "by echo alone", "by echo and SNMP"],
)
def test_only_what_is_asked_is_expected(
    folder: Path, asked: tuple[str, ...], expected: dict[str, float]
) -> None:
    devices = Configuration(folder, folder / "state", {}).first().inventory.devices
    assert patience((device for device in devices if device.name in asked), 1.0) == pytest.approx(expected)
