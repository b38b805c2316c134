"""What is asked and what is heard know of each other: notifications are judged by what polls have proven."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
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

    import pytest

    from netwatch.model.device import Device
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


class Field:
    """What asks, and one agent that answers at some addresses of loopback."""

    def __init__(self, folder: Path) -> None:
        self.inventory = dataclasses.replace(
            Configuration(folder, folder / "state", {}).first().inventory, credentials={"lab": CREDENTIAL}
        )
        self.engine = Engine(Parrot(), user_of(CREDENTIAL), boots=9)
        self.observed: asyncio.Queue[Observation] = asyncio.Queue()
        self.signed = Signed()
        loop = asyncio.get_running_loop()
        self.asking = Asking(
            loop,
            SystemClock(),
            random.Random(1),
            self.inventory,
            resolver=Resolver(),
            aside=Aside(loop, threads=1),
            hearers=Hearers(nobody, self.observed.put_nowait, nobody, nobody, nobody),
            traps=(),
            signed=self.signed,
        )

    async def attach(self, name: str, address: str) -> tuple[Device, asyncio.BaseTransport]:
        """Have the agent answer at an address, where a device of that name is configured."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: Agent(self.engine), (address, 0))
        (switch,) = (each for each in self.inventory.devices if each.snmp)
        port = transport.get_extra_info("sockname")[1]
        return dataclasses.replace(switch, name=name, address=address, snmp_port=port), transport


def test_signed_notifications_are_judged_by_what_polls_have_proven(folder: Path) -> None:
    async def story() -> None:
        field = Field(folder)
        switch, transport = await field.attach("sw", "127.0.0.1")
        assert field.signed.proof("sw") is None
        field.asking.use([switch], field.inventory)
        await field.observed.get()
        proof = field.signed.proof("sw")
        await field.asking.close()
        transport.close()
        assert proof is not None
        assert (proof.engine_id, proof.boots) == (field.engine.engine_id, 9)

    asyncio.run(story())


def test_who_copied_one_image_to_two_devices_is_warned_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        field = Field(folder)
        (one, here), (other, there) = [
            await field.attach(*each) for each in (("sw-a", "127.0.0.1"), ("sw-b", "127.0.0.2"))
        ]
        field.asking.use([one, other], field.inventory)
        for _ in range(2):
            await field.observed.get()
        await field.asking.compare()
        await field.asking.compare()
        await field.asking.close()
        here.close()
        there.close()
        (warning,) = caplog.messages
        assert field.engine.engine_id.hex() in warning
        assert all(address in warning for address in ("127.0.0.1", "127.0.0.2"))

    with caplog.at_level(logging.WARNING, logger="netwatch.daemon.asking"):
        asyncio.run(story())
