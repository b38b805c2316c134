"""Against Debian's snmpd: the ways out are those that the kernel has, the hosts those of its ARP table."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from real import Agent, Programs, agent_answers, pick_port, program, until

from netwatch.model.device import Credential
from netwatch.model.fact import FactKind, Survey
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.conversation import Conversations
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.survey.survey import Surveyor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.system

COMPLETE = 0x2  # a flag of /proc/net/arp


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    conf = tmp_path / "snmpd.conf"
    conf.write_text("rocommunity public 127.0.0.1\n", "ascii")
    agent = Agent(pick_port(socket.SOCK_DGRAM), "public")
    with contextlib.ExitStack() as stack:
        place = f"udp:127.0.0.1:{agent.port}"
        command = [
            program("snmpd", "snmpd"),
            "-f",
            "-Lo",
            "-C",
            "-c",
            str(conf),
            "-p",
            str(tmp_path / "pid"),
            place,
        ]
        environment = {"SNMP_PERSISTENT_DIR": str(tmp_path), "MIBS": ""}
        Programs(tmp_path, stack).start("snmpd", command, env=environment)
        until(lambda: agent_answers(agent), "snmpd answers")
        yield agent


def surveyed(device: Any) -> Survey:
    async def ask() -> Survey:
        engine = SnmpEngine(asyncio.get_running_loop(), SystemClock(), random.Random(1))
        try:
            credential = Credential("c", "2c", Secret("public"))
            return await Surveyor(Conversations(engine)).survey(device, credential, "127.0.0.1")
        finally:
            engine.close()

    return asyncio.run(ask())


def test_this_host_is_surveyed_as_it_is(agent: Agent, world_device: Callable[..., Any]) -> None:
    survey = surveyed(world_device("gw", "127.0.0.1", snmp_port=agent.port))
    assert (survey.outcome, survey.failed) == (Outcome.ANSWERED, ())
    rows = [line.split() for line in Path("/proc/net/route").read_text("ascii").splitlines()[1:]]
    ways_out = {row[0] for row in rows if row[1] == row[7] == "00000000"}
    told = {fact.text for fact in survey.facts if fact.kind is FactKind.DEFAULT_ROUTE and fact.subject == "4"}
    assert told == ways_out
    neighbours = [line.split() for line in Path("/proc/net/arp").read_text("ascii").splitlines()[1:]]
    known = {row[5] for row in neighbours if int(row[2], 16) == COMPLETE}
    assert known <= {fact.subject for fact in survey.facts if fact.kind is FactKind.HOSTS}
