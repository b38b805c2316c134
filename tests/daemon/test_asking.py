"""What is asked and what is heard know of each other: notifications are judged by what polls have proven."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from typing import TYPE_CHECKING, Any

from usm_agent import Engine

from netwatch.daemon.aside import Aside
from netwatch.daemon.asking import Asking, Hearers
from netwatch.daemon.configuration import Configuration
from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.conversation import user_of
from netwatch.polling.resolver import Resolver
from netwatch.protocols.snmp import RESPONSE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from netwatch.model.observation import Observation
    from netwatch.polling.snmp_peer import Proof
    from netwatch.polling.trap_intake import Taken, Watched

CREDENTIAL = Credential(
    "lab", "3", user="noc", level="authNoPriv", auth_protocol="SHA-1", auth_passphrase=Secret("maplesyrup")
)


class Signed:
    """Takes no message, but what it is told to trust."""

    proof: Callable[[str], Proof | None]

    def use(self, watched: Collection[Watched]) -> None:
        self.watched = watched

    def trust(self, proof: Callable[[str], Proof | None]) -> None:
        self.proof = proof

    def take(self, data: bytes, found: tuple[Watched, ...], now: float) -> Taken:
        raise NotImplementedError


class Parrot:
    """An agent behind an SNMPv3 engine: it has no object, and gives each question back."""

    def handle(self, data: bytes, _now: float) -> bytes | None:
        at = data.index(b"public") + len(b"public")
        return data[:at] + bytes((RESPONSE,)) + data[at + 1 :]


def nobody(_: object) -> None:
    """Listen to nothing."""


class Agent(asyncio.DatagramProtocol):
    """Answers on loopback."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if (reply := self.engine.handle(data, 1000.0)) is not None:
            self.transport.sendto(reply, addr)


def test_signed_notifications_are_judged_by_what_polls_have_proven(folder: Path) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        inventory = Configuration(folder, folder / "state", {}).first().inventory
        engine = Engine(Parrot(), user_of(CREDENTIAL), boots=9)
        transport, _ = await loop.create_datagram_endpoint(lambda: Agent(engine), ("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        (switch,) = (each for each in inventory.devices if each.snmp)
        switch = dataclasses.replace(switch, address="127.0.0.1", snmp_port=port)
        inventory = dataclasses.replace(inventory, credentials={"lab": CREDENTIAL})
        observed: asyncio.Queue[Observation] = asyncio.Queue()
        signed = Signed()
        asking = Asking(
            loop,
            SystemClock(),
            random.Random(1),
            inventory,
            resolver=Resolver(),
            aside=Aside(loop, threads=1),
            hearers=Hearers(nobody, observed.put_nowait, nobody, nobody, nobody),
            traps=(),
            signed=signed,
        )
        assert signed.proof(switch.name) is None
        asking.use([switch], inventory)
        await observed.get()
        proof = signed.proof(switch.name)
        await asking.close()
        transport.close()
        assert proof is not None
        assert (proof.engine_id, proof.boots) == (engine.engine_id, 9)

    asyncio.run(story())
