"""What the engine takes for an answer, and how a question ends."""

from __future__ import annotations

import asyncio
import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.outcome import Outcome
from netwatch.polling.snmp_question import Ending
from netwatch.polling.snmp_security import Community
from netwatch.polling.snmp_socket import IcmpError
from netwatch.protocols.snmp import REQUEST_IDS, Request, Response
from netwatch.protocols.snmp_get import Get
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.protocols.snmp_step import Step

UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")
COMMUNITY = Community(b"public")
HERE = "198.51.100.1"
THERE = "198.51.100.2"


class Question:
    """A GET of sysUpTime that counts what the engine tells it."""

    def __init__(self) -> None:
        self.get = Get((UPTIME,))
        self.detail = ""
        self.taken = 0
        self.silences: list[tuple[int, bool]] = []

    def ask(self) -> Request:
        return self.get.ask()

    def take(self, response: Response) -> Step:
        self.taken += 1
        return self.get.take(response)

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        self.silences.append((attempts, damaged))
        return False


async def put(world: Any, question: Question | None = None, address: str = HERE) -> Ending:
    """Put a question and return how it ended."""
    ending: Ending = await world.engine.put(question or Question(), COMMUNITY, address, 161, 10.0)
    return ending


def test_an_answer_is_taken_once_however_often_it_comes(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.attach(world.agent(1), HERE, copies=3)
        question = Question()
        assert (await put(world, question)).outcome is Outcome.ANSWERED
        await asyncio.sleep(1)
        assert question.taken == 1
        assert world.engine.rejected == {"late or duplicate": 2}

    play(story)


def test_an_answer_after_the_last_timeout_is_late(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.attach(world.agent(1), HERE, delay=4.0)
        assert await put(world) == Ending(Outcome.TIMEOUT, "no answer to 3 requests")
        await asyncio.sleep(10)
        assert world.engine.rejected == {"late or duplicate": 3}

    play(story)


def test_a_repeated_request_is_the_same_so_that_the_late_answer_to_the_first_counts(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        world.attach(world.agent(1), HERE, delay=1.5)
        question = Question()
        assert (await put(world, question)).outcome is Outcome.ANSWERED
        (first, _), (second, _) = world.transport.sent
        assert first == second
        assert question.silences == [(1, False)]

    play(story)


def test_an_answer_from_another_address_is_not_taken(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.attach(world.agent(1), HERE, sender=THERE)
        assert (await put(world)).outcome is Outcome.TIMEOUT
        assert world.engine.rejected == {"wrong sender": 3}

    play(story)


def test_an_answer_from_another_port_is_not_taken(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        world.transport.agents[HERE, 161] = lambda data: [
            (0.01, agent.handle(data, world.loop.now), (HERE, 162))
        ]
        assert (await put(world)).outcome is Outcome.TIMEOUT
        assert world.engine.rejected == {"wrong sender": 3}

    play(story)


def test_an_answer_with_another_community_is_not_taken(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        world.transport.agents[HERE, 161] = lambda data: [
            (0.01, agent.handle(data, world.loop.now).replace(b"public", b"secret"), (HERE, 161))
        ]
        assert (await put(world)).outcome is Outcome.MALFORMED
        assert world.engine.rejected == {"wrong community": 3}

    play(story)


def test_an_answer_nobody_asked_for_is_counted_by_reason(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        await put(world)
        never = COMMUNITY.request(Question(), REQUEST_IDS.stop - 1, 0.0)
        world.transport.arrive(agent.handle(never, world.loop.now), (HERE, 161))
        world.transport.arrive(b"", (HERE, 161))
        world.transport.arrive(never, (HERE, 161))
        assert world.engine.rejected == {"unknown request-id": 1, "malformed": 2}

    play(story)


def test_answers_cut_at_any_octet_never_end_a_question_and_the_whole_one_does(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            whole = agent.handle(data, world.loop.now)
            return [(0.01, whole[:size], (HERE, 161)) for size in range(len(whole) + 1)]

        world.transport.agents[HERE, 161] = replies
        question = Question()
        assert (await put(world, question)).outcome is Outcome.ANSWERED
        assert question.taken == 1
        assert world.engine.rejected["malformed"] > 40

    play(story)


def test_request_ids_are_not_used_again(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        for _ in range(50):
            await put(world)
        assert len({data for data, _ in world.transport.sent}) == 50
        assert len(agent.requests) == 50

    play(story)


def test_an_icmp_error_ends_the_question_and_says_who_sent_it(play: Callable[..., Any]) -> None:
    async def story(world: Any, number: int, outcome: Outcome, *, local: bool) -> None:
        asking = asyncio.ensure_future(put(world))
        await asyncio.sleep(0.1)
        (data, to) = world.transport.sent[0]
        world.transport.report(IcmpError(to, number, local, "" if local else "192.0.2.1", data[:28]))
        ending = await asking
        assert ending.outcome is outcome
        assert ending.detail == os.strerror(number) + ("" if local else " (says 192.0.2.1)")
        assert ending.by_icmp is not local

    play(lambda world: story(world, errno.ECONNREFUSED, Outcome.REFUSED, local=False))
    play(lambda world: story(world, errno.EHOSTUNREACH, Outcome.UNREACHABLE, local=False))
    play(lambda world: story(world, errno.EMSGSIZE, Outcome.LOCAL_ERROR, local=True))


def test_an_icmp_error_about_something_else_is_not_believed(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.attach(world.agent(1), HERE, delay=0.5)
        asking = asyncio.ensure_future(put(world))
        await asyncio.sleep(0.1)
        world.transport.report(IcmpError((HERE, 161), errno.ECONNREFUSED, False, HERE, b"another datagram"))
        world.transport.report(IcmpError((THERE, 161), errno.ECONNREFUSED, False, THERE, b""))
        assert (await asking).outcome is Outcome.ANSWERED
        assert world.engine.rejected == {"stale icmp error": 2}

    play(story)


def test_what_cannot_be_sent_is_a_local_error(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.agent(1)
        await put(world)
        world.transport.failing = OSError(errno.ENETUNREACH, "Network is unreachable")
        assert await put(world) == Ending(Outcome.LOCAL_ERROR, "not sent: Network is unreachable")
        world.transport.failing = None
        assert (await put(world)).outcome is Outcome.ANSWERED

    play(story)


def test_no_more_questions_are_out_than_allowed_and_all_are_answered(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        out = peak = 0
        agent = world.agent(1)

        def replies(data: bytes) -> list[tuple[float, bytes, tuple[str, int]]]:
            nonlocal out, peak
            out += 1
            peak = max(peak, out)
            world.loop.call_later(0.04, done)
            return [(0.05, agent.handle(data, world.loop.now), (HERE, 161))]

        def done() -> None:
            nonlocal out
            out -= 1

        world.transport.agents[HERE, 161] = replies
        endings = await asyncio.gather(*(put(world) for _ in range(20)))
        assert {ending.outcome for ending in endings} == {Outcome.ANSWERED}
        assert peak == 4

    play(story, in_flight=4)


def test_thousands_that_cannot_be_sent_end_one_after_the_other(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.transport.failing = OSError(errno.ENETUNREACH, "Network is unreachable")
        asking = [asyncio.ensure_future(put(world, address=THERE)) for _ in range(3000)]
        assert {ending.outcome for ending in await asyncio.gather(*asking)} == {Outcome.LOCAL_ERROR}

    async def crowded(world: Any) -> None:
        world.agent(1)
        asking = [asyncio.ensure_future(put(world)) for _ in range(3000)]
        await asyncio.sleep(0)
        world.transport.failing = OSError(errno.ENETUNREACH, "Network is unreachable")
        endings = [ending.outcome for ending in await asyncio.gather(*asking)]
        assert endings == [Outcome.ANSWERED] + [Outcome.LOCAL_ERROR] * 2999

    play(story)
    play(crowded, in_flight=1)


def test_a_question_whose_asker_went_away_makes_room(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.agent(1, THERE)
        asking = asyncio.ensure_future(put(world))
        waiting = asyncio.ensure_future(put(world, address=THERE))
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await waiting).outcome is Outcome.ANSWERED

    play(story, in_flight=1)


def test_closing_ends_every_question(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        asking = [asyncio.ensure_future(put(world)) for _ in range(3)]
        await asyncio.sleep(0.1)
        world.engine.close()
        assert {await each for each in asking} == {Ending(Outcome.LOCAL_ERROR, "closing down")}
        assert world.transport.closed
        assert (await put(world)).outcome is Outcome.LOCAL_ERROR

    play(story, in_flight=2)


def test_the_zone_of_a_link_local_address_is_no_part_of_the_sender(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        world.attach(agent, "fe80::1%eth0", sender="fe80::1")
        assert (await put(world, address="fe80::1%eth0")).outcome is Outcome.ANSWERED

    play(story)


def test_where_no_socket_can_be_had_every_question_is_a_local_error(play: Callable[..., Any]) -> None:
    def none(_: Any) -> Any:
        raise OSError(errno.EMFILE, "Too many open files")

    async def story(world: Any) -> None:
        world.engine._open = none
        assert await put(world) == Ending(Outcome.LOCAL_ERROR, "no socket: Too many open files")

    play(story)


def test_two_questions_to_one_address_each_learn_what_befell_their_own_request(
    play: Callable[..., Any],
) -> None:
    """A survey takes minutes, so that polls of the same device fall into it."""

    async def story(world: Any, first_ends: int) -> None:
        asking = [asyncio.ensure_future(put(world)) for _ in range(2)]
        await asyncio.sleep(0.1)
        quotes = [data[:28] for data, _ in world.transport.sent]
        for place in (first_ends, 1 - first_ends):
            error = IcmpError((HERE, 161), errno.ECONNREFUSED, False, HERE, quotes[place])
            world.transport.report(error)
            assert (await asking[place]).outcome is Outcome.REFUSED
        assert not world.engine.rejected

    play(lambda world: story(world, 0))
    play(lambda world: story(world, 1))


def test_an_answer_that_cannot_be_read_may_be_that_to_either_of_two_questions(
    play: Callable[..., Any],
) -> None:
    """Where it bears the request-ids of both; else it is that to the one alone."""

    async def story(world: Any) -> None:
        first, second = Question(), Question()
        asking = [asyncio.ensure_future(put(world, each)) for each in (first, second)]
        await asyncio.sleep(0.1)
        world.transport.arrive(b"\x30\x82" + b"".join(data for data, _ in world.transport.sent), (HERE, 161))
        assert [(await each).outcome for each in asking] == [Outcome.MALFORMED] * 2
        assert first.silences[0] == second.silences[0] == (1, True)

    play(story)


def test_what_bears_no_request_id_of_ours_shows_nobody_alive(play: Callable[..., Any]) -> None:
    """An address is easily forged; a poll that ends as malformed counts as a sign of life."""

    async def story(world: Any) -> None:
        question = Question()
        asking = asyncio.ensure_future(put(world, question))
        await asyncio.sleep(0.1)
        (asked, _) = world.transport.sent[0]
        start = asked.index(b"public") + 6
        for forged in (b"", b"\x30\x82", b"\x30" * 1400, asked[:start], b"\x30\x05\x02\x01\x03\x30\x00"):
            world.transport.arrive(forged, (HERE, 161))
        assert (await asking).outcome is Outcome.TIMEOUT
        assert {damaged for _, damaged in question.silences} == {False}

    play(story)
