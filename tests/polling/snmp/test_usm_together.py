"""A poll and a survey of one device at the same moment: two sessions share what is known of its engine."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from usm_agent import UNKNOWN_ENGINE, Engine

from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations, user_of
from netwatch.protocols.snmp_rows import Column
from netwatch.protocols.usm_message import split

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = "198.51.100.1"
THERE = "198.51.100.2"
SIGNED = Credential(
    "noc-v3", "3", user="noc", level="authNoPriv", auth_protocol="SHA-1", auth_passphrase=Secret("maplesyrup")
)
UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")


def put_up(world: Any, credential: Credential = SIGNED, **more: Any) -> Engine:
    engine = Engine(world.agent(3, HERE), user_of(credential), **more)
    world.attach(engine, HERE)
    return engine


@pytest.mark.parametrize("later", [0.0, 0.005, 0.015, 0.025])
@pytest.mark.parametrize("second_takes", [0.01, 0.05, None], ids=["in order", "late", "lost"])
def test_who_finds_the_engine_out_second_goes_on_by_what_the_first_found(
    play: Callable[..., Any], later: float, second_takes: float | None
) -> None:
    """The report that the second waited for tells what the first has proven meanwhile: it is no forgery."""

    async def story(world: Any) -> None:
        engine = put_up(world)
        found_out = itertools.count(1)

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            second = not split(data).engine_id and next(found_out) == 2
            takes = second_takes if second else 0.01
            reply = engine.handle(data, world.loop.now)
            return [] if takes is None or reply is None else [(takes, reply, (HERE, 161))]

        world.transport.agents[HERE, 161] = replies
        conversations = Conversations(world.engine)

        async def ask(after: float) -> dict[str, int | bytes]:
            await asyncio.sleep(after)
            opened = conversations.open(world.device("sw", HERE), SIGNED, HERE, 20.0)
            return await opened.get((UPTIME,))

        began = world.loop.now
        for found in await asyncio.gather(ask(0.0), ask(later)):
            assert "sysUpTime" in found
        assert world.loop.now - began < (0.5 if second_takes else 1.5), "nothing else was sent again"
        assert not world.engine.rejected
        assert set(engine.reported) == {UNKNOWN_ENGINE}

    play(story)


def test_a_device_that_is_replaced_is_found_out_by_both_at_once(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        put_up(world)
        conversations = Conversations(world.engine)

        async def ask() -> dict[str, int | bytes]:
            opened = conversations.open(world.device("sw", HERE), SIGNED, HERE, 20.0)
            return await opened.get((UPTIME,))

        await ask()
        put_up(world, engine_id=b"\x80another box")
        for found in await asyncio.gather(ask(), ask()):
            assert "sysUpTime" in found

    play(story)


def test_what_polls_have_proven_of_an_engine_can_be_had_by_device(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world, boots=9)
        conversations = Conversations(world.engine)
        conversation = conversations.open(world.device("sw", HERE), SIGNED, HERE, 20.0)
        assert conversations.proof("sw") is None, "nothing was asked yet"
        await conversation.get((UPTIME,))
        assert conversations.proof("sw") == (
            engine.engine_id,
            9,
            engine.time(world.loop.now),
            world.loop.now,
        )
        conversations.keep(())
        assert conversations.proof("sw") is None

    play(story)


def test_nothing_is_proven_where_nobody_signs(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        unsigned = Credential("open", "3", user="noc")
        put_up(world, unsigned)
        conversations = Conversations(world.engine)
        await conversations.open(world.device("sw", HERE), unsigned, HERE, 20.0).get((UPTIME,))
        assert conversations.proof("sw") is None

    play(story)


def test_a_survey_of_an_address_that_was_left_meanwhile_leaves_no_trace(play: Callable[..., Any]) -> None:
    """Else the engine would be said to stand at two addresses for ever."""

    async def story(world: Any) -> None:
        engine = put_up(world)
        world.attach(engine, THERE)
        conversations = Conversations(world.engine)
        survey = conversations.open(world.device("sw", HERE), SIGNED, HERE, 20.0)
        await survey.get((UPTIME,))
        poll = conversations.open(world.device("sw", THERE), SIGNED, THERE, 20.0)
        await poll.get((UPTIME,))
        assert "sysUpTime" in await survey.get((UPTIME,))
        assert conversations.engines.at(engine.engine_id) == ((THERE, 161),)

    play(story)


def test_keys_of_a_credential_that_no_device_has_are_forgotten(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        conversations = Conversations(world.engine)
        conversations.open(world.device("sw", HERE), SIGNED, HERE, 20.0)
        first = conversations.user(SIGNED)
        conversations.keep({"sw"})
        assert conversations.user(SIGNED) is first
        conversations.keep({"another"})
        assert conversations.user(SIGNED) is not first

    play(story)
