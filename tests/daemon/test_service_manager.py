"""sd_notify(3) and sd_listen_fds(3) as the service manager speaks them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from netwatch.daemon.service_manager import HandedOver, ServiceManager, handed_over

if TYPE_CHECKING:
    from pathlib import Path


def test_facts_reach_the_manager_as_one_datagram(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        ServiceManager({"NOTIFY_SOCKET": str(path)}).tell(READY="1", STATUS="104 units")
        assert manager.recv(4096) == b"READY=1\nSTATUS=104 units"


def test_an_abstract_socket_is_reached_too() -> None:
    name = f"netwatch-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name)
        ServiceManager({"NOTIFY_SOCKET": "@" + name}).tell(WATCHDOG="1")
        assert manager.recv(4096) == b"WATCHDOG=1"


def test_a_manager_that_reads_nothing_holds_up_nobody(tmp_path: Path) -> None:
    """Its queue is full after some hundred facts; the loop must go on all the same."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        ours = ServiceManager({"NOTIFY_SOCKET": str(path)})
        telling = threading.Thread(target=lambda: [ours.tell(WATCHDOG="1") for _ in range(2000)], daemon=True)
        telling.start()
        telling.join(20)
        assert not telling.is_alive()


def test_without_a_manager_or_with_a_deaf_one_nothing_happens(tmp_path: Path) -> None:
    ServiceManager({}).tell(READY="1")
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell(READY="1")


@pytest.mark.parametrize(
    ("environment", "interval"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_asked(
    environment: dict[str, str], interval: float | None
) -> None:
    assert ServiceManager(environment).watchdog_interval == interval


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"LISTEN_FDS": "1"},
        {"LISTEN_FDS": "1", "LISTEN_PID": "1"},
        {"LISTEN_FDS": "0", "LISTEN_PID": str(os.getpid())},
        {"LISTEN_FDS": "many", "LISTEN_PID": str(os.getpid())},
    ],
)
def test_no_socket_is_taken_that_was_not_meant_for_us(environment: dict[str, str]) -> None:
    assert handed_over(environment) == HandedOver()
    assert environment == {}


TAKE_THEM = """
import os, sys
from netwatch.daemon.service_manager import handed_over
for place, descriptor in enumerate(sys.argv[1:]):
    os.dup2(int(descriptor), 3 + place)
os.environ["LISTEN_PID"] = str(os.getpid())
handed = handed_over(os.environ)
taken = [handed.web, *handed.traps]
print(*(each.getsockname()[1] if each else "none" for each in taken))
print(*(each.getblocking() for each in taken if each), "LISTEN_FDS" in os.environ)
"""


def taken(*sockets: socket.socket) -> list[str]:
    """Hand sockets over to a child, as descriptors 3 and after; return the lines that it tells of them."""
    descriptors = [each.fileno() for each in sockets]
    answer = subprocess.run(
        [sys.executable, "-c", TAKE_THEM, *map(str, descriptors)],
        pass_fds=descriptors,
        env={**os.environ, "LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": "any"},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.splitlines()


def bound(kind: socket.SocketKind, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    made = socket.socket(family, kind)
    made.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def port(of: socket.socket) -> str:
    return str(of.getsockname()[1])


def test_a_socket_that_was_handed_over_is_taken() -> None:
    """A child that inherits a listener as descriptor 3 finds it there, not blocking."""
    with bound(socket.SOCK_STREAM) as web:
        assert taken(web) == [port(web), "False False"]


def test_sockets_are_told_apart_by_what_they_are_in_whatever_order_they_come() -> None:
    with (
        bound(socket.SOCK_DGRAM) as four,
        bound(socket.SOCK_STREAM) as web,
        bound(socket.SOCK_DGRAM, socket.AF_INET6) as six,
        bound(socket.SOCK_STREAM) as another,
    ):
        assert taken(four, web, six, another) == [
            f"{port(web)} {port(four)} {port(six)}",
            "False False False False",
        ]


def test_a_socket_for_traps_alone_leaves_the_web_to_the_configuration() -> None:
    with bound(socket.SOCK_DGRAM) as four:
        assert taken(four) == [f"none {port(four)}", "False False"]
