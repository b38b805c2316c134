"""What goes wrong on this host is never told as a device's silence."""

from __future__ import annotations

import asyncio
import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = "198.51.100.1"
FAILURES = ["EAGAIN", "ENOBUFS", "EMFILE", "ENFILE", "ENETUNREACH", "EPERM", "ENOMEM"]


def hold_up(world: Any, seconds: float) -> None:
    """Let the loop stand still; what arrives meanwhile lies in the buffer and wakes it only afterwards."""
    world.loop.now += seconds


@pytest.mark.parametrize("name", FAILURES)
def test_what_could_not_be_sent_is_a_local_error(play: Callable[..., Any], name: str) -> None:
    async def story(world: Any) -> None:
        world.agent(1)
        number = getattr(errno, name)
        world.transport.failing = OSError(number, os.strerror(number))
        found = await world.poll()
        assert (found.outcome, found.detail) == (Outcome.LOCAL_ERROR, f"not sent: {os.strerror(number)}")
        world.transport.failing = None
        assert (await world.poll()).outcome is Outcome.ANSWERED

    play(story)


@pytest.mark.parametrize("seconds", [0.5, 3.0, 20.0, 300.0])
def test_answers_that_waited_while_the_loop_stood_still_are_read_before_silence_is_judged(
    play: Callable[..., Any], seconds: float
) -> None:
    """Two hundred devices, three wake-ups' worth of answers: none has timed out."""

    async def story(world: Any) -> None:
        addresses = [f"198.51.100.{number}" for number in range(200)]
        for address in addresses:
            world.agent(2, address)
            await world.poll(address)
        world.transport.wakes = False
        polls = [asyncio.ensure_future(world.poll(address)) for address in addresses]
        await asyncio.sleep(0.02)
        hold_up(world, seconds)
        world.transport.wakes = True
        found = await asyncio.gather(*polls)
        assert {each.outcome for each in found} == {Outcome.ANSWERED}
        assert world.engine.rejected == {}

    play(story)


def test_a_poll_that_ran_out_of_time_for_a_stall_is_a_local_error(play: Callable[..., Any]) -> None:
    """It has more to ask, and no time left to do it in."""

    async def story(world: Any) -> None:
        agent = world.agent(100)
        await world.poll()
        agent.on_request = lambda number: hold_up(world, 30.0) if number % 3 == 0 else None
        found = await world.poll()
        assert found.outcome is Outcome.LOCAL_ERROR
        assert "this host was held up for" in found.detail

    play(story)


@pytest.mark.parametrize("stalled_before", [False, True])
def test_a_silent_device_is_silent_though_the_loop_was_held_up_for_a_moment(
    play: Callable[..., Any], stalled_before: bool
) -> None:
    async def story(world: Any) -> None:
        if stalled_before:
            hold_up(world, 3600.0)
        poll = asyncio.ensure_future(world.poll())
        await asyncio.sleep(0.1)
        hold_up(world, 1.5)
        found = await poll
        assert (found.outcome, found.detail) == (Outcome.TIMEOUT, "no answer to 3 requests")

    play(story)


def test_silence_is_a_local_error_where_the_receive_buffer_was_full(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        await world.poll()
        poll = asyncio.ensure_future(world.poll())
        await asyncio.sleep(1)
        world.transport.dropped += 7
        found = await poll
        assert found.outcome is Outcome.LOCAL_ERROR
        assert found.detail == "the receive buffer of this host had no room for 7 datagrams"
        assert (await world.poll()).outcome is Outcome.TIMEOUT

    play(story)
