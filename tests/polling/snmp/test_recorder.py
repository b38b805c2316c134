"""Recording leaves a weak device time, takes all that can be had, and says what could not."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.device import Credential, Device, Role
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations
from netwatch.polling.recorder import MOST, Recorder, Recording, apart
from netwatch.protocols import ber, snmp
from netwatch.protocols.snmp_dump import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = "198.51.100.1"
CREDENTIAL = Credential("c", "2c", Secret("public"))
MIB_2 = (1, 3, 6, 1, 2, 1)
ENTERPRISES = (1, 3, 6, 1, 4, 1)


class Recorded:
    """One recording of the agent at HERE, and when each of its requests came."""

    def __init__(self, world: Any, agent: Any, bounds: Bounds = MOST) -> None:
        self.recording = Recording()
        self.shown: list[int] = []
        self.times: list[float] = []
        agent.on_request = lambda _: self.times.append(world.loop.now)
        conversation = Conversations(world.engine).open(
            Device(name="sw", address=HERE, role=Role.SWITCH), CREDENTIAL, HERE, 1800.0
        )
        self._recorder = Recorder(
            conversation,
            world.clock,
            asyncio.sleep,
            recording=self.recording,
            advance=self.shown.append,
            bounds=bounds,
        )

    async def run(self, subtrees: Sequence[tuple[int, ...]] = (MIB_2, ENTERPRISES)) -> Recorded:
        await self._recorder.record(subtrees)
        return self

    @property
    def names(self) -> list[tuple[int, ...]]:
        return [row.oid for row in self.recording.rows]


def vendor(agent: Any, count: int) -> None:
    """Give an agent a table of its vendor."""
    for index in range(1, count + 1):
        agent.objects[*ENTERPRISES, 9999, 1, index] = ber.encode_integer(index)


def test_everything_below_the_subtrees_is_recorded_once_and_in_order(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(30)
        vendor(agent, 70)
        agent.objects[1, 3, 6, 1, 6, 3, 1] = ber.encode_integer(1)
        done = await Recorded(world, agent).run()
        assert done.names == sorted(name for name in agent.objects if name[:5] != (1, 3, 6, 1, 6))
        assert done.recording.problems == []
        assert sum(done.shown) == len(done.names)

    play(story)


@pytest.mark.parametrize("delay", [0.001, 0.5])
def test_a_device_is_left_alone_for_as_long_as_it_took(play: Callable[..., Any], delay: float) -> None:
    """And never asked more than fifty times a second."""

    async def story(world: Any) -> None:
        agent = world.agent(40)
        world.attach(agent, HERE, delay=delay)
        done = await Recorded(world, agent).run((MIB_2,))
        gaps = [after - before for before, after in zip(done.times, done.times[1:], strict=False)]
        assert len(gaps) > 5
        assert min(gaps) >= max(2 * delay, delay + 0.02) - 1e-6

    play(story)


@pytest.mark.parametrize(
    "fault",
    [
        {"knows_getbulk": False},
        {"silent_above": 5},
        {"largest": 200, "says_too_big": True},
        {"cuts_above": 300},
    ],
    ids=str,
)
def test_a_device_that_cannot_say_much_at_once_is_asked_for_less(
    play: Callable[..., Any], fault: dict[str, Any]
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(6)
        vendor(agent, 10)
        for name, value in fault.items():
            setattr(agent, name, value)
        done = await Recorded(world, agent).run()
        assert done.names == sorted(agent.objects)
        assert done.recording.problems == []

    play(story)


def test_a_device_that_turns_in_a_circle_ends_the_subtree_only(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(3)
        vendor(agent, 5)
        agent.loops = True
        done = await Recorded(world, agent).run()
        assert len(done.recording.problems) == 1
        assert "not increasing" in done.recording.problems[0]
        assert len(done.names) == len(set(done.names))
        assert sum(name[:6] == ENTERPRISES for name in done.names) == 5

    play(story)


def test_a_device_that_falls_silent_is_asked_once_more_and_what_was_had_is_kept(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(40)
        done = Recorded(world, agent)
        heard = agent.handle
        agent.handle = lambda data, now: heard(data, now) if now < 1000.2 else None
        await done.run()
        assert done.names
        (problem,) = done.recording.problems
        last = ".".join(map(str, done.names[-1]))
        assert problem.startswith(f"1.3.6.1.2.1: cut off after {last}: no answer to ")

    play(story)


@pytest.mark.parametrize(
    ("bounds", "rows"),
    [(Bounds(25, 999, 10**6), 25), (Bounds(999, 2, 10**6), 40), (Bounds(999, 999, 60), 5)],
)
def test_a_bound_ends_the_recording_and_is_told(play: Callable[..., Any], bounds: Bounds, rows: int) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(40)
        vendor(agent, 5)
        done = await Recorded(world, agent, bounds).run()
        assert len(done.names) == rows
        assert [problem.rsplit(": ", 1)[1] for problem in done.recording.problems] == [
            "the recording is full",
            "not asked, the recording is full",
        ]

    play(story)


def test_what_was_had_is_kept_where_a_person_breaks_it_off(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        done = Recorded(world, world.agent(40))
        task = asyncio.ensure_future(done.run())
        await asyncio.sleep(0.2)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert 20 <= len(done.names) < 200

    play(story)


def test_a_value_that_cannot_be_read_costs_itself(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        vendor(agent, 3)
        agent.objects[*ENTERPRISES, 9999, 1, 2] = ber.encode(snmp.COUNTER32, bytes((1,) * 9))
        done = await Recorded(world, agent).run((ENTERPRISES,))
        assert [name[-1] for name in done.names] == [1, 3]
        assert done.recording.refused == {"long integer": 1}

    play(story)


def test_subtrees_that_lie_in_one_another_are_recorded_once() -> None:
    assert apart([ENTERPRISES, (1, 3, 6, 1), MIB_2, (1, 0, 8802), ENTERPRISES]) == [
        (1, 0, 8802),
        (1, 3, 6, 1),
    ]
