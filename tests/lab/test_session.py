"""The command inside and the lab live and die together, and nothing of either is left."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.control import open_socket
from netwatch.lab.course import Course
from netwatch.lab.session import Command, play

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.lab.province import Province


class Answers:
    """Stands for the wire: remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self) -> None:
        self.told.append("start")

    def stop(self) -> None:
        self.told.append("stop")


@pytest.fixture
def run(province: Province, tmp_path: Path) -> Callable[..., int]:
    """Play with a command; `ready` is called once the province answers."""

    def run(command: Command | None, ready: Callable[[], None] = lambda: None) -> int:
        answers = Answers()

        async def whole() -> int:
            course = Course(asyncio.get_running_loop(), province, lambda _: None)
            return await play(
                answers, province, course, open_socket(tmp_path / "control"), command, ready=ready
            )

        status = asyncio.run(whole())
        assert answers.told == ["start", "stop"]
        return status

    return run


def python(code: str, *arguments: str, listener: socket.socket | None = None) -> Command:
    return Command((sys.executable, "-c", code, *arguments), dict(os.environ), listener)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("", 0),
        ("raise SystemExit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + signal.SIGKILL),
    ],
)
def test_the_commands_exit_status_is_the_labs(run: Callable[..., int], code: str, status: int) -> None:
    assert run(python(code)) == status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_without_a_command_a_signal_ends_the_lab_well(
    run: Callable[..., int], number: signal.Signals
) -> None:
    assert run(None, ready=lambda: os.kill(os.getpid(), number)) == 0


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGTERM),
        (signal.SIGHUP, signal.SIGHUP),
    ],
)
def test_a_signal_to_the_lab_reaches_the_command(
    run: Callable[..., int], sent: signal.Signals, received: signal.Signals
) -> None:
    """The command signals its parent, the lab, and tells by its exit status what came back."""
    code = (
        "import os, signal, sys\n"
        f"for number in ({signal.SIGTERM:d}, {signal.SIGHUP:d}):\n"
        "    signal.signal(number, lambda number, frame: sys.exit(40 + number))\n"
        f"os.kill(os.getppid(), {sent:d})\n"
        "signal.pause()"
    )
    assert run(python(code)) == 40 + received


def test_a_command_finds_its_socket_as_from_a_service_manager(
    run: Callable[..., int], tmp_path: Path
) -> None:
    """sd_listen_fds(3), apart from the number: it is descriptor 3 only where the first run put it there."""
    listener = socket.create_server(("127.0.0.1", 0))
    code = (
        "import os, socket, sys\n"
        "assert os.environ['LISTEN_PID'] == str(os.getpid())\n"
        "assert (os.environ['LISTEN_FDS'], os.environ['LISTEN_FDNAMES']) == ('1', 'web')\n"
        "assert socket.socket(fileno=int(sys.argv[1])).getsockname()[1] == int(sys.argv[2])\n"
    )
    number, port = listener.fileno(), listener.getsockname()[1]
    assert run(python(code, str(number), str(port), listener=listener)) == 0
    assert listener.fileno() == -1, "the lab keeps no hold on it"


def test_a_command_without_a_socket_is_told_of_none(run: Callable[..., int]) -> None:
    assert run(python("import os; raise SystemExit('LISTEN_FDS' in os.environ)")) == 0
