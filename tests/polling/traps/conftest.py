"""Devices that send traps, a receiver's intake without sockets, and a clock that is turned by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.trap_engine import Identity, OwnEngine
from netwatch.polling.trap_intake import TrapIntake, Watched
from netwatch.polling.trap_v3 import SignedIntake

if TYPE_CHECKING:
    from netwatch.model.notification import Notice


@dataclass
class Hand:
    now: float = 1000.0
    epoch: float = 1_800_000_000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.epoch + self.now


def v2c(name: str = "lab", community: str = "public") -> Credential:
    return Credential(name, "2c", Secret(community))


def v3(name: str, user: str, auth: str = "", priv: str = "") -> Credential:
    level = "authPriv" if priv else "authNoPriv" if auth else "noAuthNoPriv"
    return Credential(
        name,
        "3",
        user=user,
        level=level,
        auth_protocol=auth,
        auth_passphrase=Secret("authentication") if auth else None,
        priv_protocol=priv,
        priv_passphrase=Secret("for privacy") if priv else None,
    )


@dataclass
class Post:
    """An intake, and what came out of it."""

    clock: Hand = field(default_factory=Hand)
    notices: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = OwnEngine(Identity(b"\x80ourselves", 3), self.clock, random.Random(1))
        self.signed = SignedIntake(self.engine)
        self.intake = TrapIntake(self.clock, self.notices.append, self.signed)

    def watch(self, *devices: tuple[str, str, Credential | None]) -> None:
        watched: dict[str, tuple[Watched, ...]] = {}
        for address, name, credential in devices:
            watched[address] = (*watched.get(address, ()), Watched(name, credential))
        self.intake.use(watched)

    def bring(self, datagram: bytes, host: str = "198.18.4.1") -> bytes | None:
        return self.intake.take(datagram, host, self.clock.now)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(notice.device, notice.kind.value, notice.detail) for notice in self.notices]


@pytest.fixture
def post() -> Post:
    made = Post()
    made.watch(("198.18.4.1", "gw", v2c()), ("198.18.4.2", "sw", v2c("other", "lan")))
    return made
