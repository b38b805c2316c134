"""In real time the script is moved by the clock, says what it does, and ends the lab when it is over."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from netwatch.lab.course import TICK, Course
from netwatch.lab.province import Province
from netwatch.lab.script.reading import read_script
from netwatch.lab.world.world import World
from netwatch.protocols import traps

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Clock

    from netwatch.lab.plan.layout import Plan

SCRIPT = """name: short
about: {vi: a, en: a}
duration: 10s
steps:
  - {at: 2s, fault: fibre-cut, on: {unit: 0}, until: 4s}
"""


class Timer:
    cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """Calls back when the test moves the clock."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []
        self.timer = Timer()

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        self.waiting.append((delay, call))
        return self.timer

    def tick(self) -> None:
        ((delay, call),) = self.waiting
        assert delay == TICK
        self.waiting.clear()
        call()


def test_a_script_runs_its_course(plan: Plan, clock: Clock) -> None:
    loop, said, ended = Loop(), [], []
    world = World(plan, read_script(SCRIPT, "s.yaml"), clock(), random.Random(1))
    course = Course(loop, Province(world, clock), said.append)
    course.start(lambda: ended.append(clock.now - world.start))
    for second in (1, 3, 9):
        clock.now = world.start + second
        loop.tick()
    assert ended == []
    assert [line.split("  ", 1)[1].strip() for line in said] == [
        "2.0 s  fibre-cut gw-nhu-quynh",
        "4.0 s  restore fibre-cut gw-nhu-quynh",
    ]
    assert said[0].startswith("14:13:22.000Z")
    for second in (10, 11):
        clock.now = world.start + second
        loop.tick()
    assert ended == [10], "once"
    course.stop()
    assert loop.timer.cancelled
    assert world.truth().end == world.start + 10, "the truth ends with the script"


def test_what_devices_say_unasked_is_sent_within_a_tick(plan: Plan, clock: Clock) -> None:
    loop, sent = Loop(), []
    world = World(plan, read_script(SCRIPT, "s.yaml"), clock(), random.Random(1))
    world.listen()
    Course(loop, Province(world, clock), lambda _: None, sent.append).start(lambda: None)
    told = []
    for second in (1, 3, 4, 5):
        clock.now = world.start + second
        loop.tick()
        told.append([traps.decode(each.datagram).notification.trap[-1] for each in sent])
        sent.clear()
    assert told == [[], [], [4], []], "linkUp; the linkDown of an only line is lost"


def test_without_a_script_nothing_ends(plan: Plan, clock: Clock) -> None:
    loop, ended = Loop(), []
    course = Course(loop, Province(World(plan, None, clock(), random.Random(1)), clock), ended.append)
    course.start(lambda: ended.append("ended"))
    clock.now += 1e6
    loop.tick()
    assert ended == []
