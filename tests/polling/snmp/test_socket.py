"""The real sockets, on loopback."""

from __future__ import annotations

import asyncio
import errno
import random
import socket
from typing import TYPE_CHECKING

import pytest

from netwatch.model.outcome import Outcome
from netwatch.polling.clock import SystemClock
from netwatch.polling.receive_buffer import OCTETS
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.snmp_question import Ending
from netwatch.polling.snmp_security import Community
from netwatch.polling.snmp_socket import open_transport
from netwatch.protocols.snmp_get import Get
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from netwatch.protocols.snmp import Request, Response
    from netwatch.protocols.snmp_step import Step

COMMUNITY = Community(b"public")
FAMILIES = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]


class Question:
    """One GET."""

    detail = ""

    def __init__(self) -> None:
        self.get = Get((Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks"),))

    def ask(self) -> Request:
        return self.get.ask()

    def take(self, response: Response) -> Step:
        return self.get.take(response)

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        return False


def closed_port(family: socket.AddressFamily, address: str) -> int:
    """A port that nobody listens on."""
    with socket.socket(family, socket.SOCK_DGRAM) as other:
        other.bind((address, 0))
        return int(other.getsockname()[1])


async def ask(*targets: tuple[str, int]) -> list[Ending]:
    engine = SnmpEngine(asyncio.get_running_loop(), SystemClock(), random.Random(1), timeout=0.5)
    try:
        return list(
            await asyncio.gather(
                *(engine.put(Question(), COMMUNITY, host, port, 2.0) for host, port in targets)
            )
        )
    finally:
        engine.close()


@pytest.mark.parametrize(("family", "address"), FAMILIES)
def test_a_closed_port_refuses_at_once(family: socket.AddressFamily, address: str) -> None:
    (ending,) = asyncio.run(ask((address, closed_port(family, address))))
    assert ending == Ending(Outcome.REFUSED, f"Connection refused (says {address})", by_icmp=True)


def test_many_closed_ports_refuse_each_its_own_question() -> None:
    targets = [(f"127.0.0.{n}", closed_port(socket.AF_INET, f"127.0.0.{n}")) for n in range(1, 60)]
    assert {ending.outcome for ending in asyncio.run(ask(*targets))} == {Outcome.REFUSED}


@pytest.mark.parametrize(("family", "address"), FAMILIES)
def test_datagrams_come_with_their_sender(family: socket.AddressFamily, address: str) -> None:
    transport = open_transport(family)
    with socket.socket(family, socket.SOCK_DGRAM) as other:
        other.bind((address, 0))
        to = other.getsockname()[:2]
        assert transport.send(b"question", to) is None
        data, sender = other.recvfrom(100)
        assert data == b"question"
        other.sendto(b"answer", sender)
        assert transport.receive() == (b"answer", to)
        assert transport.receive() is None
        assert transport.dropped == 0
    transport.close()


def test_what_cannot_be_sent_is_told() -> None:
    transport = open_transport(socket.AF_INET)
    error = transport.send(b"x" * 70_000, ("127.0.0.1", 9))
    assert error is not None
    assert error.errno == errno.EMSGSIZE
    transport.close()


def test_the_receive_buffer_is_large() -> None:
    transport = open_transport(socket.AF_INET)
    granted = transport._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    with open("/proc/sys/net/core/rmem_max", encoding="ascii") as limit:  # noqa: PTH123 - a file of the kernel's
        assert granted >= 2 * min(OCTETS, int(limit.read()))
    transport.close()


def test_datagrams_that_found_no_room_are_counted() -> None:
    transport = open_transport(socket.AF_INET)
    transport._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for _ in range(100):
            other.sendto(bytes(1000), ("127.0.0.1", transport._socket.getsockname()[1]))
    assert transport.dropped > 50
    transport.close()
