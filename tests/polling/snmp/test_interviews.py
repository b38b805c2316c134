"""Whoever answers is asked everything, with the first credential that opens."""

from __future__ import annotations

import asyncio
import errno
from typing import TYPE_CHECKING, Any

import pytest
from usm_agent import Engine

from netwatch.inventory.profiles import packaged
from netwatch.model.device import Credential
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.conversation import user_of
from netwatch.polling.snmp_socket import IcmpError
from netwatch.polling.sweep import Answerer, Interviewer
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = "198.51.100.1"
BATTERY = (1, 3, 6, 1, 2, 1, 33, 1, 2, 1, 0)
CHASSIS = {
    (1, 0, 8802, 1, 1, 2, 1, 3, 1, 0): ber.encode_integer(4),
    (1, 0, 8802, 1, 1, 2, 1, 3, 2, 0): ber.encode(ber.OCTET_STRING, bytes((2, 0, 0, 0, 0, 1))),
}


def credential(name: str, community: str) -> Credential:
    return Credential(name, "2c", Secret(community))


def signed(name: str, passphrase: str) -> Credential:
    return Credential(
        name, "3", user="noc", level="authNoPriv", auth_protocol="SHA-1", auth_passphrase=Secret(passphrase)
    )


@pytest.fixture
def interview(play: Callable[..., Any]) -> Callable[..., tuple[Answerer | None, Any]]:
    """Interview an agent of four ports; `prepare` may do something to it first."""

    def interview(
        *credentials: Credential, prepare: Callable[[Any], object] = lambda _: None
    ) -> tuple[Answerer | None, Any]:
        found: list[Any] = []

        async def story(world: Any) -> None:
            agent = world.agent(4)
            prepare(agent)
            interviewer = Interviewer(world.engine, packaged(), credentials, 161)
            assert interviewer.problems == []
            found.extend([await interviewer.ask(ADDRESS), agent])

        play(story)
        return found[0], found[1]

    return interview


def test_the_first_credential_that_opens_is_told(interview: Callable[..., Any]) -> None:
    answerer, _ = interview(
        credential("wrong", "nobody"), credential("lab", "public"), credential("b", "public")
    )
    assert answerer.credential == "lab"
    assert answerer.observation.outcome is Outcome.ANSWERED
    assert answerer.observation.system.sys_name == "sw-1"
    assert [row.key for row in answerer.observation.interfaces.rows] == ["ge1", "ge2", "ge3", "ge4"]
    assert (answerer.is_ups, answerer.neighbourhood.speaks) == (False, False)


def test_neighbours_and_batteries_are_asked_for(interview: Callable[..., Any]) -> None:
    def prepare(agent: Any) -> None:
        agent.objects |= {**CHASSIS, BATTERY: ber.encode_integer(2)}

    answerer, _ = interview(credential("lab", "public"), prepare=prepare)
    assert answerer.is_ups
    assert answerer.neighbourhood.own.chassis == "02:00:00:00:00:01"


def test_whom_no_credential_opens_is_nobody(interview: Callable[..., Any]) -> None:
    answerer, agent = interview(credential("a", "x"), credential("b", "y"))
    assert answerer is None
    assert agent.requests == [], "an agent that keeps silent was told nothing else"


def test_an_agent_that_refuses_every_credential_is_told_with_its_first_refusal(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        world.attach(Engine(world.agent(4), user_of(signed("right", "maplesyrup"))), ADDRESS)
        credentials = (signed("typo", "mapelsyrup"), signed("older", "mayplesyrup"))
        answerer = await Interviewer(world.engine, packaged(), credentials, 161).ask(ADDRESS)
        assert (answerer.credential, answerer.observation) == ("", None)
        assert "credential typo: " in answerer.refusal
        assert "passphrase of auth" in answerer.refusal

    play(story)


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, errno.EHOSTUNREACH])
def test_where_nobody_listens_no_second_credential_is_tried(play: Callable[..., Any], number: int) -> None:
    async def story(world: Any) -> None:
        interviewer = Interviewer(world.engine, packaged(), (credential("a", "x"), credential("b", "y")), 161)
        asking = asyncio.ensure_future(interviewer.ask(ADDRESS))
        await asyncio.sleep(0.1)
        ((data, to),) = world.transport.sent
        world.transport.report(IcmpError(to, number, False, ADDRESS, data[:28]))
        assert await asking is None
        assert len(world.transport.sent) == 1

    play(story)


def test_a_credential_that_cannot_be_used_is_a_problem_from_the_beginning(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        broken = Credential("noc", "2c", problem="its file is not there")
        interviewer = Interviewer(world.engine, {}, (credential("lab", "public"), broken), 161)
        assert interviewer.problems == ["credential noc: its file is not there"]

    play(story)
