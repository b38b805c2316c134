"""Windows and office hours are told when they begin and end, whatever becomes of a look in between."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from netwatch.daemon.calendar import LATE, LOOK_EVERY, NEAR, Calendar
from netwatch.inventory.hours import OfficeHours
from netwatch.model.maintenance import Window
from netwatch.polling.clock import steady

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = OfficeHours(HANOI)
MIDNIGHT = dt.datetime(2026, 12, 6, tzinfo=HANOI).timestamp()  # a Sunday: offices are closed for long
H = 3600.0


class Clock:
    """Steady time in seconds from that Sunday's midnight; the wall clock is the machine's own affair."""

    def __init__(self) -> None:
        self.now = 0.0
        self.epoch = MIDNIGHT

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        raise AssertionError("windows go by steady time")


class Planned:
    """A scheduler that only remembers what it was told."""

    def __init__(self) -> None:
        self.running = False
        self.jobs: dict[str, dict[str, Any]] = {}

    def add_job(self, func: Callable[[], Awaitable[None]], trigger: str, **options: Any) -> None:
        assert options["replace_existing"]
        assert options["coalesce"]
        assert options["misfire_grace_time"] is None, "what is late is done all the same"
        self.jobs[options["id"]] = {"func": func, "trigger": trigger, **options}

    def start(self) -> None:
        self.running = True

    def shutdown(self, wait: bool) -> None:
        self.running = False


class World:
    """A calendar over some windows (start, end in hours), and all that it told."""

    def __init__(self, *windows: tuple[float, float]) -> None:
        self.windows = [
            Window(f"w{n}", MIDNIGHT + s * H, MIDNIGHT + e * H, 0.0, "NOC")
            for n, (s, e) in enumerate(windows)
        ]
        self.broken = False
        self.clock = Clock()
        self.planned = Planned()
        self.told: list[str] = []
        self.hours: list[bool] = []
        self.calendar = Calendar(
            self.clock,
            HOURS,
            self.between,
            on_windows=lambda windows: self.told.append(" ".join(window.name for window in windows)),
            on_hours=self.hours.append,
            scheduler=self.planned,
        )

    def between(self, since: float, until: float) -> tuple[Window, ...]:
        if self.broken:
            raise OSError("broken")
        return tuple(window for window in self.windows if window.start < until and window.end > since)

    @property
    def wait(self) -> float:
        """Seconds of steady time until the next look."""
        return self.calendar._due - steady(self.clock)

    def look(self) -> None:
        asyncio.run(self.planned.jobs["look"]["func"]())

    def until(self, hour: float) -> list[tuple[float, str]]:
        """Look whenever that was planned until an hour; what was told when, in hours."""
        found: list[tuple[float, str]] = []
        while self.calendar._due - MIDNIGHT <= hour * H:
            self.clock.now = self.calendar._due - MIDNIGHT
            before = len(self.told)
            self.look()
            found += [(self.clock.now / H, each) for each in self.told[before:]]
        return found


def test_a_window_is_told_a_day_before_at_both_ends_and_until_a_day_after() -> None:
    world = World((30, 34))
    world.calendar.start()
    assert world.told == [""]
    assert world.until(80) == [(6, "w0"), (30, "w0"), (34, "w0"), (58, "")]


def test_windows_that_overlap() -> None:
    world = World((1, 5), (2, 3))
    world.calendar.start()
    assert world.told == ["w0 w1"]
    assert world.until(30) == [
        (1, "w0 w1"),
        (2, "w0 w1"),
        (3, "w0 w1"),
        (5, "w0 w1"),
        (27, "w0"),
        (29, ""),
    ]


def test_nothing_new_is_not_told_again() -> None:
    world = World((1, 5))
    world.calendar.start()
    for _ in range(5):
        world.look()
    assert world.told == ["w0"]


def test_a_window_that_is_announced_is_told_at_once() -> None:
    world = World()
    world.calendar.start()
    world.windows.append(Window("new", MIDNIGHT, MIDNIGHT + H, MIDNIGHT, "NOC"))
    world.calendar.look()
    assert world.told == ["", "new"]


def test_office_hours_are_told_when_they_change() -> None:
    world = World()
    world.calendar.start()
    assert world.hours == [False], "it is Sunday"
    world.until(24 + 7.4)
    assert world.hours == [False]
    world.until(24 + 7.5)
    assert world.hours == [False, True]
    world.until(24 + 17)
    assert world.hours == [False, True, False]


def test_other_office_hours_count_at_once() -> None:
    world = World()
    world.calendar.start()
    world.calendar.use(OfficeHours(HANOI, worked=frozenset({dt.date(2026, 12, 6)}), opens=dt.time(0)))
    assert world.hours == [False, True]


def test_the_next_look_is_when_something_changes_and_soon_anyway() -> None:
    """Planned by how far away it is: the scheduler goes by another clock."""
    world = World((0.01, 5))
    before = dt.datetime.now(dt.UTC)
    world.calendar.start()
    after = dt.datetime.now(dt.UTC)
    assert world.wait == pytest.approx(36)
    wait = dt.timedelta(seconds=world.wait)
    assert before + wait <= world.planned.jobs["look"]["run_date"] <= after + wait
    world.clock.now = 60
    world.look()
    assert world.wait == pytest.approx(LOOK_EVERY)


def test_a_timer_that_fires_early_looks_again() -> None:
    world = World((1, 5))
    world.calendar.start()
    world.clock.now = H - 0.001
    world.look()
    assert world.told == ["w0"]
    assert world.wait < 1
    world.clock.now = H
    world.look()
    assert world.told == ["w0", "w0"]


def test_a_computer_that_slept_tells_what_is_now() -> None:
    world = World((1, 5), (20, 21))
    world.calendar.start()
    world.clock.now = 4 * H
    world.look()
    assert world.told == ["w0 w1"] * 2
    world.clock.now = 90 * H
    world.look()
    assert world.told[2:] == [""]


def test_a_look_that_is_lost_is_made_up_for() -> None:
    """The scheduler goes by the wall clock and sleeps on where that is set back; steady time does not."""

    async def names() -> None:
        pass

    world = World((1, 5))
    world.calendar.every(60, names)
    world.calendar.start()
    world.planned.jobs.clear()
    world.clock.now = LOOK_EVERY + LATE - 1
    world.calendar.tick()
    assert world.planned.jobs == {}
    world.clock.now = H + LATE + 1
    world.calendar.tick()
    assert world.told == ["w0", "w0"]
    assert sorted(job["trigger"] for job in world.planned.jobs.values()) == ["date", "interval"]


def test_a_failure_costs_one_look() -> None:
    world = World((1, 5))
    world.calendar.start()
    world.broken = True
    world.planned.jobs.clear()
    world.clock.now = 1.5 * H
    with pytest.raises(OSError, match="broken"):
        world.calendar.look()
    assert world.wait == pytest.approx(LOOK_EVERY), "there is a next one"
    world.broken = False
    world.look()
    assert world.told == ["w0", "w0"]


def test_nothing_is_told_before_the_start_or_after_the_end() -> None:
    world = World((1, 5))
    world.calendar.use(HOURS)
    world.calendar.stop()
    assert world.told == []
    world.calendar.start()
    world.calendar.stop()
    world.clock.now = 2 * H
    world.calendar.look()
    assert world.told == ["w0"]


def test_a_window_is_near_for_a_day() -> None:
    assert NEAR == 24 * H


def test_apscheduler_does_it() -> None:
    """The real one: a window begins a moment from now, and something recurs."""

    class Now:
        epoch = MIDNIGHT

        def monotonic(self) -> float:
            return asyncio.get_running_loop().time() - self.zero

        def wall(self) -> float:
            raise AssertionError

        def __init__(self) -> None:
            self.zero = asyncio.get_running_loop().time()

    async def main() -> None:
        clock = Now()
        begun, recurred = asyncio.Event(), asyncio.Event()
        window = Window("w", MIDNIGHT + 0.05, MIDNIGHT + H, 0.0, "NOC")

        def told(windows: tuple[Window, ...]) -> None:
            if windows[0].start <= steady(clock):
                begun.set()

        async def names() -> None:
            recurred.set()

        calendar = Calendar(clock, HOURS, lambda _since, _until: (window,), on_windows=told)
        calendar.every(0.05, names)
        calendar.start()
        async with asyncio.timeout(30):
            await begun.wait()
            await recurred.wait()
        calendar.stop()
        await asyncio.sleep(0)

    asyncio.run(main())
