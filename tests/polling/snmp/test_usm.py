"""Polling under SNMPv3: engines found, clocks followed, and nothing believed that is not proven."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from usm_agent import NOT_IN_TIME, UNKNOWN_ENGINE, Engine

from netwatch.model.device import Credential
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations, NoAnswerError, user_of as make_user
from netwatch.polling.snmp_engines import Engines
from netwatch.protocols import usm, usm_message
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.model.observation import Observation

HERE = "198.51.100.1"
THERE = "198.51.100.2"
BASE = Credential("noc-v3", "3", user="noc")
SIGNED = dataclasses.replace(
    BASE, level="authNoPriv", auth_protocol="SHA-1", auth_passphrase=Secret("maplesyrup")
)
PRIVATE = dataclasses.replace(
    SIGNED, level="authPriv", priv_protocol="AES-128", priv_passphrase=Secret("sugarmaple")
)
LEVELS = {"noAuthNoPriv": BASE, "authNoPriv": SIGNED, "authPriv": PRIVATE}
UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")


user_of = functools.cache(make_user)
"""Each passphrase is hashed once."""


def put_up(world: Any, credential: Credential = PRIVATE, address: str = HERE, **more: Any) -> Engine:
    """Put a switch on the network that lets the user of a credential in."""
    engine = Engine(world.agent(3, address), user_of(credential), **more)
    world.attach(engine, address)
    return engine


async def poll(world: Any, credential: Credential = PRIVATE, address: str = HERE) -> Observation:
    found: Observation = await world.poller.poll(world.device(f"sw-{address}", address), credential, address)
    return found


@pytest.mark.parametrize("credential", LEVELS.values(), ids=LEVELS)
def test_a_poll_finds_the_same_at_every_level(play: Callable[..., Any], credential: Credential) -> None:
    async def story(world: Any) -> None:
        world.agent(3)
        plain = await world.poll()
        engine = put_up(world, credential)
        found = await poll(world, credential)
        assert found.outcome is Outcome.ANSWERED, found.detail
        assert found.interfaces == plain.interfaces
        assert found.system is not None
        assert dataclasses.replace(found.system, sys_uptime=plain.system.sys_uptime) == plain.system
        assert {message.level for message in engine.seen[1:]} == {usm_message.LEVELS[credential.level]}
        assert not world.engine.rejected

    play(story)


def test_the_engine_is_found_out_once(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        for _ in range(3):
            assert (await poll(world)).outcome is Outcome.ANSWERED
            await asyncio.sleep(60)
        assert [message.engine_id for message in engine.seen].count(b"") == 1
        assert engine.reported == [UNKNOWN_ENGINE]

    play(story)


def test_nothing_of_the_passphrases_is_sent_or_shown(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        put_up(world)
        found = await poll(world)
        sent = b"".join(data for data, _ in world.transport.sent)
        shown = f"{found!r} {user_of(PRIVATE)!r} {user_of(PRIVATE).at(b'12345')!r}".encode()
        for secret in (b"maplesyrup", b"sugarmaple"):
            assert secret not in sent
            assert secret not in shown

    play(story)


@pytest.mark.parametrize("credential", [SIGNED, PRIVATE], ids=["authNoPriv", "authPriv"])
def test_a_restart_of_the_agent_costs_no_poll(play: Callable[..., Any], credential: Credential) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world, credential)
        await poll(world, credential)
        await asyncio.sleep(60)
        engine.restart()
        assert (await poll(world, credential)).outcome is Outcome.ANSWERED
        assert engine.reported == [UNKNOWN_ENGINE, NOT_IN_TIME]
        await asyncio.sleep(60)
        assert (await poll(world, credential)).outcome is Outcome.ANSWERED
        assert len(engine.reported) == 2

    play(story)


@pytest.mark.parametrize(("boots", "ahead"), [(0, 0.0), (-2, 5000.0), (0, 90_000.0), (0, 4_000.0), (7, 2.0)])
def test_a_clock_that_jumps_is_followed(play: Callable[..., Any], boots: int, ahead: float) -> None:
    """Also backwards, as agents do that lost their boots: the report answers a msgID that is new."""

    async def story(world: Any) -> None:
        engine = put_up(world)
        await poll(world)
        engine.boots += boots
        engine.ahead = ahead
        assert (await poll(world)).outcome is Outcome.ANSWERED
        assert engine.reported == [UNKNOWN_ENGINE, NOT_IN_TIME]

    play(story)


def test_an_agent_that_refuses_its_own_clock_is_asked_twice_a_poll(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        await poll(world)
        asked = len(engine.seen)
        engine.agent = engine
        keys = user_of(PRIVATE).at(engine.engine_id).unencrypted()
        engine._judge = lambda message, now: engine.report(message, NOT_IN_TIME, now, keys)  # type: ignore[method-assign]  # the fault
        found = await poll(world)
        assert found.outcome is Outcome.AGENT_ERROR
        assert "usmStatsNotInTimeWindows" in found.detail
        assert len(engine.seen) == asked + 2

    play(story)


def test_boots_at_their_end_are_told(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        put_up(world, boots=usm_message.LARGEST_BOOTS)
        found = await poll(world)
        assert found.outcome is Outcome.AGENT_ERROR
        assert "2147483647" in found.detail

    play(story)


WRONG = {
    "user": (
        dataclasses.replace(PRIVATE, user="nobody"),
        Outcome.REFUSED,
        (
            "credential noc-v3: the agent knows no user nobody (usmStatsUnknownUserNames): "
            "check user, or create it on the agent"
        ),
    ),
    "auth": (
        dataclasses.replace(PRIVATE, auth_passphrase=Secret("otherwise")),
        Outcome.REFUSED,
        (
            "credential noc-v3: the agent finds the signature wrong (usmStatsWrongDigests): "
            "check protocol and passphrase of auth"
        ),
    ),
    "auth protocol": (
        dataclasses.replace(PRIVATE, auth_protocol="SHA-512"),
        Outcome.REFUSED,
        (
            "credential noc-v3: the agent finds the signature wrong (usmStatsWrongDigests): "
            "check protocol and passphrase of auth"
        ),
    ),
    "priv": (
        dataclasses.replace(PRIVATE, priv_passphrase=Secret("otherwise")),
        Outcome.REFUSED,
        (
            "credential noc-v3: the agent cannot decrypt (usmStatsDecryptionErrors): "
            "check protocol and passphrase of priv"
        ),
    ),
    "level": (
        SIGNED,
        Outcome.REFUSED,
        (
            "credential noc-v3: the agent does not take user noc at level authNoPriv "
            "(usmStatsUnsupportedSecLevels): compare auth and priv with what the agent has"
        ),
    ),
}


@pytest.mark.parametrize(("credential", "outcome", "detail"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(
    play: Callable[..., Any], credential: Credential, outcome: Outcome, detail: str
) -> None:
    async def story(world: Any) -> None:
        put_up(world)
        for _ in range(2):
            found = await poll(world, credential)
            assert (found.outcome, found.detail) == (outcome, detail)
            assert found.interfaces is None
            await asyncio.sleep(60)
        assert (await poll(world)).outcome is Outcome.ANSWERED

    play(story)


def test_silence_after_the_engine_was_told_hints_at_the_keys(play: Callable[..., Any]) -> None:
    """As net-snmp does where it decrypts to nonsense."""

    async def story(world: Any) -> None:
        engine = put_up(world)
        judge = engine._judge
        engine._judge = lambda message, now: None if message.engine_id else judge(message, now)  # type: ignore[method-assign]  # the fault
        for _ in range(2):
            found = await poll(world)
            assert found.outcome is Outcome.TIMEOUT
            assert found.detail.endswith("at level authPriv: check protocol and passphrase of priv")
            await asyncio.sleep(60)
        del world.transport.agents[HERE, 161]
        found = await poll(world)
        assert (found.outcome, found.detail) == (Outcome.TIMEOUT, "no answer to 3 requests")

    play(story)


def test_a_device_that_was_replaced_is_found_out_anew(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        put_up(world)
        await poll(world)
        await asyncio.sleep(60)
        engine = put_up(world, engine_id=b"\x80\x00\x00\x01\x05new", boots=1)
        assert (await poll(world)).outcome is Outcome.ANSWERED
        assert engine.reported == [UNKNOWN_ENGINE]

    play(story)


def test_an_engine_id_that_changes_with_each_message_ends_the_poll(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        numbers = itertools.count(1)

        def change(_: object) -> None:
            engine.engine_id = b"\x80\x00\x00\x01" + next(numbers).to_bytes(4)

        engine.on_request = change
        for _ in range(3):
            found = await poll(world)
            assert found.outcome is Outcome.AGENT_ERROR
            assert "usmStatsUnknownEngineIDs" in found.detail
        assert len(engine.seen) == 9

    play(story)


FORGED = {
    "unsupported level": (1, Outcome.REFUSED),
    "not in time window": (NOT_IN_TIME, Outcome.AGENT_ERROR),
    "unknown user": (3, Outcome.REFUSED),
    "unknown engine": (UNKNOWN_ENGINE, Outcome.ANSWERED),
    "wrong digest": (5, Outcome.REFUSED),
    "decryption": (6, Outcome.REFUSED),
    "nothing known": (7, Outcome.AGENT_ERROR),
}


@pytest.mark.parametrize("of_engine", [b"\x80\x00\x00\x01\x05box", b"\x80\x00\x00\x01\x05bad"])
@pytest.mark.parametrize(("number", "outcome"), FORGED.values(), ids=FORGED)
def test_a_forged_report_costs_one_poll_at_most_and_teaches_nothing(
    play: Callable[..., Any], number: int, outcome: Outcome, of_engine: bytes
) -> None:
    """One that names another engine, or tells what is known, costs none: it is not believed."""

    async def story(world: Any) -> None:
        engine = put_up(world)
        await poll(world)
        forger = Engine(world.agent(1, THERE), engine_id=of_engine, boots=2000)
        forging = True

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            forged = forger.report(usm_message.split(data), number, world.loop.now)
            answer = (0.01, engine.handle(data, world.loop.now) or b"", (HERE, 161))
            return [(0.005, forged, (HERE, 161)), answer] if forging else [answer]

        world.transport.agents[HERE, 161] = replies
        await asyncio.sleep(60)
        found = await poll(world)
        believed = of_engine == engine.engine_id
        if number == UNKNOWN_ENGINE and not believed:
            assert found.outcome is Outcome.AGENT_ERROR
        else:
            assert found.outcome is (outcome if believed else Outcome.ANSWERED), found.detail
        assert found.outcome is Outcome.ANSWERED or found.interfaces is None
        forging = False
        await asyncio.sleep(60)
        found = await poll(world)
        assert found.outcome is Outcome.ANSWERED, found.detail
        assert set(engine.reported) == {UNKNOWN_ENGINE}  # the clock was not moved

    play(story)


def test_a_forged_engine_id_at_discovery_costs_nothing(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        forger = Engine(world.agent(1, THERE), engine_id=b"\x80\x00\x00\x01\x05bad", boots=2**30)

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            message = usm_message.split(data)
            answer = (0.01, engine.handle(data, world.loop.now), (HERE, 161))
            if message.engine_id:
                return [answer]
            return [(0.005, forger.report(message, UNKNOWN_ENGINE, world.loop.now), (HERE, 161)), answer]

        world.transport.agents[HERE, 161] = replies
        assert (await poll(world)).outcome is Outcome.ANSWERED

    play(story)


def test_a_forged_clock_at_discovery_costs_nothing(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        forger = Engine(world.agent(1, THERE), engine_id=engine.engine_id, boots=2**30)

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            message = usm_message.split(data)
            chosen = engine if message.engine_id else forger
            return [(0.01, chosen.handle(data, world.loop.now), (HERE, 161))]

        forger.engine_id, real = b"\x80\x00\x00\x01\x05bad", engine.engine_id
        forger.always = None
        engine.engine_id = forger.engine_id = real
        forger._judge = lambda message, now: forger.report(message, UNKNOWN_ENGINE, now)  # type: ignore[method-assign]  # the forger
        world.transport.agents[HERE, 161] = replies
        assert (await poll(world)).outcome is Outcome.ANSWERED
        assert engine.reported == [NOT_IN_TIME]

    play(story)


def test_of_an_image_that_was_copied_a_thousand_times_a_few_addresses_are_told() -> None:
    engines = Engines()
    for host in range(1, 101):
        engines.enter(b"\x80", (f"198.18.0.{host:03}", 161))
    (line,) = engines.clashes()
    assert line.count("198.18.0.") == 8
    assert " and 92 more" in line


def test_two_agents_of_one_engine_id_are_both_polled_and_told(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        put_up(world, boots=900)
        twin = put_up(world, address=THERE, boots=2)
        twin.ahead = -500.0
        conversations = Conversations(world.engine)
        for _ in range(3):
            for address in (HERE, THERE):
                conversation = conversations.open(world.device(address, address), PRIVATE, address, 10.0)
                assert "sysUpTime" in await conversation.get((UPTIME,))
        (line,) = conversations.engines.clashes()
        assert line == (
            f"snmpEngineID {twin.engine_id.hex()} answers at {HERE} port 161, {THERE} port 161: "
            "give each device one of its own"
        )
        conversations.keep({THERE})
        assert conversations.engines.clashes() == []

    play(story)


AT_HERE = user_of(PRIVATE).at(b"\x80\x00\x00\x01\x05box")
LIES = {
    "lower level": ({"keys": usm.user("noc").at(b"")}, "wrong security level"),
    "signed only": ({"keys": AT_HERE.unencrypted()}, "wrong security level"),
    "another user": (
        {"keys": user_of(dataclasses.replace(PRIVATE, user="noz")).at(b"\x80\x00\x00\x01\x05box")},
        "wrong user",
    ),
    "other keys": ({"keys": user_of(PRIVATE).at(b"\x80\x00\x00\x01\x05bxx")}, "wrong digest"),
    "another engine": (
        {"engine_id": b"\x80\x00\x00\x01\x05bxx", "keys": user_of(PRIVATE).at(b"\x80\x00\x00\x01\x05bxx")},
        "wrong engine",
    ),
    "other privacy": (
        {
            "keys": user_of(dataclasses.replace(PRIVATE, priv_passphrase=Secret("otherwise"))).at(
                b"\x80\x00\x00\x01\x05box"
            )
        },
        "decryption",
    ),
    "another context": ({"context": b"other"}, "wrong context"),
    "another request-id": ({"request_id": True}, "wrong request-id inside"),
    "out of the window": ({"older": 160}, "not in time window"),
}  # fmt: skip


@pytest.mark.parametrize(("lie", "reason"), LIES.values(), ids=LIES)
def test_no_answer_is_believed_that_is_not_proven(
    play: Callable[..., Any], lie: dict[str, object], reason: str
) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        assert (await poll(world)).outcome is Outcome.ANSWERED
        engine.answer_as = lie
        found = await poll(world)
        assert found.outcome is Outcome.MALFORMED
        assert found.interfaces is None
        assert set(world.engine.rejected) == {reason}
        engine.answer_as = {}
        assert (await poll(world)).outcome is Outcome.ANSWERED

    play(story)


def test_an_answer_that_bears_no_signature_is_believed_of_no_other_version(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        await poll(world)
        agent = engine.agent

        def downgraded(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            message = usm_message.split(data)
            opened = user_of(PRIVATE).at(engine.engine_id).open(message)
            inner = opened.data[opened.start : opened.stop]
            body = b"\x02\x01\x01\x04\x06public" + b"\xa5\x82" + len(inner).to_bytes(2) + inner
            asked = b"\x30\x82" + len(body).to_bytes(2) + body
            return [(0.01, agent.handle(asked, world.loop.now) or b"", (HERE, 161))]

        world.transport.agents[HERE, 161] = downgraded
        assert (await poll(world)).outcome is Outcome.MALFORMED
        assert set(world.engine.rejected) == {"version"}

    play(story)


def test_replayed_and_reordered_answers_change_nothing(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world)
        await poll(world)

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            before = [engine.sent[0], *engine.sent[-3:]]  # the first tells the engineID
            answer = engine.handle(data, world.loop.now) or b""
            renumbered = [
                old.replace(
                    usm_message.split(old).msg_id.to_bytes(4), usm_message.split(data).msg_id.to_bytes(4)
                )
                for old in before
            ]
            heard = [*before, *renumbered, answer, answer]
            return [(0.01 + place / 1000, each, (HERE, 161)) for place, each in enumerate(heard)]

        world.transport.agents[HERE, 161] = replies
        asked = len(engine.seen)
        found = await poll(world)
        assert found.outcome is Outcome.ANSWERED
        await asyncio.sleep(1)
        asked = len(engine.seen) - asked
        assert set(world.engine.rejected) == {"late or duplicate", "wrong digest", "wrong engine"}
        assert world.engine.rejected["late or duplicate"] >= asked
        assert found.refused == ()

    play(story)


def test_an_old_answer_to_the_same_message_is_told_by_its_time(play: Callable[..., Any]) -> None:
    """The msgIDs of another process may come again: what answered them then bears the time of then."""

    async def story(world: Any) -> None:
        engine = put_up(world)
        await poll(world)
        engine.ahead += 100  # within the window, and learnt from the next answer
        await poll(world)
        engine.answer_as = {"older": 151}
        assert (await poll(world)).outcome is Outcome.MALFORMED
        assert set(world.engine.rejected) == {"not in time window"}
        engine.answer_as = {"older": 149}
        assert (await poll(world)).outcome is Outcome.ANSWERED

    play(story)


places = st.integers(0, 2**16)
octets = st.integers(0, 255)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(st.sampled_from([SIGNED, PRIVATE]), places, st.integers(1, 255), places)
def test_changed_and_cut_answers_never_raise_nor_count(
    play: Callable[..., Any], credential: Credential, place: int, change: int, size: int
) -> None:
    async def story(world: Any) -> None:
        engine = put_up(world, credential)
        conversations = Conversations(world.engine)
        conversation = conversations.open(world.device("sw", HERE), credential, HERE, 10.0)
        await conversation.get((UPTIME,))

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            answer = engine.handle(data, world.loop.now) or b""
            changed = bytearray(answer)
            changed[place % len(answer)] ^= change
            heard = (bytes(changed), answer[: size % len(answer)], answer)
            return [(0.01 + later / 100, each, (HERE, 161)) for later, each in enumerate(heard)]

        world.transport.agents[HERE, 161] = replies
        assert "sysUpTime" in await conversation.get((UPTIME,))
        assert sum(world.engine.rejected.values()) == 2

    play(story)


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    st.sampled_from([0, *range(1, 8)]),
    st.lists(st.tuples(st.lists(st.tuples(places, octets), max_size=3), places), min_size=1, max_size=8),
)
def test_unsigned_octets_of_any_kind_never_raise(
    play: Callable[..., Any], report: int, changes: list[tuple[list[tuple[int, int]], int]]
) -> None:
    """Responses that nobody signs, and reports, are read by the same readers that forgers reach."""

    async def story(world: Any) -> None:
        engine = put_up(world, BASE)
        conversation = Conversations(world.engine).open(world.device("sw", HERE), BASE, HERE, 10.0)
        await conversation.get((UPTIME,))
        del world.transport.agents[HERE, 161]
        asking = asyncio.ensure_future(conversation.get((UPTIME,)))
        await asyncio.sleep(0.001)
        data = world.transport.sent[-1][0]
        answer = engine.handle(data, world.loop.now) or b""
        if report:
            answer = engine.report(usm_message.split(data), report, world.loop.now)
        for written, size in changes:
            changed = bytearray(answer)
            for place, octet in written:
                changed[place % len(answer)] = octet
            world.engine._heard(bytes(changed[: size % len(answer)]), (HERE, 161))
            world.engine._heard(bytes(changed), (HERE, 161))
        with contextlib.suppress(NoAnswerError):
            await asking

    play(story)


@pytest.mark.parametrize("name", ["cisco-mst", ""])
def test_a_context_is_asked_and_must_be_answered(play: Callable[..., Any], name: str) -> None:
    async def story(world: Any) -> None:
        credential = dataclasses.replace(PRIVATE, context=name)
        engine = put_up(world, credential)
        assert (await poll(world, credential)).outcome is Outcome.ANSWERED
        opened = user_of(credential).at(engine.engine_id).open(engine.seen[-1])
        assert opened.context_name == name.encode()

    play(story)


def test_thousands_of_devices_of_one_credential_hash_its_passphrases_once(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        conversations = Conversations(world.engine)
        users = {id(conversations.user(dataclasses.replace(PRIVATE))) for _ in range(1000)}
        assert len(users) == 1
        other = dataclasses.replace(PRIVATE, auth_passphrase=Secret("otherwise"))
        assert id(conversations.user(other)) not in users

    play(story)
