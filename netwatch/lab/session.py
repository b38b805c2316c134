"""One run of the lab, from the first answer to the last: the province, its control, and the command inside.

The command and the lab live and die together: when either ends, so does the other, and the command's exit
status is the lab's. Since the namespace lives as long as a process is in it, nothing is left over.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from netwatch.lab.control import serve

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from netwatch.lab.course import Course
    from netwatch.lab.province import Province

GRACE = 4.0  # seconds between asking the command to end and ending it
KILLED_BY = 128  # plus the signal's number: what shells report

# A program is told which process a socket is for (sd_listen_fds(3)); only the shell that becomes it knows.
TELL_PID = ("/bin/sh", "-c", 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"', "sh")
# The command must not outlive a lab that was killed. Part of util-linux, as `unshare` is.
DIE_WITH_THE_LAB = ("setpriv", "--pdeathsig", "TERM", "--")


class Answers(Protocol):
    """What carries the province's answers: the wire, or the agents on loopback."""

    def start(self) -> None:
        """Answer from now on."""
        ...

    def stop(self) -> None:
        """Answer no more."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """The program to run beside the province; `listener`, descriptor 3, is handed to it by the name `web`."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    listener: socket.socket | None

    def line(self) -> tuple[str, ...]:
        """Return what to execute."""
        before = DIE_WITH_THE_LAB if shutil.which(DIE_WITH_THE_LAB[0]) else ()
        return (*before, *(TELL_PID if self.listener else ()), *self.arguments)

    def variables(self) -> dict[str, str]:
        """Return its environment."""
        handed_over = {"LISTEN_FDS": "1", "LISTEN_FDNAMES": "web"} if self.listener else {}
        return {**self.environment, **handed_over}


async def play(
    answers: Answers,
    province: Province,
    course: Course,
    control: socket.socket,
    command: Command | None,
    *,
    ready: Callable[[], None],
) -> int:
    """Play until the command or the script ends or SIGTERM or SIGINT comes, and return the exit status.

    `ready` is called when the province answers and before the command starts. SIGHUP is passed on to the
    command; where there is none, it ends the lab.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    answers.start()
    server = await serve(province, control)
    try:
        ready()
        course.start(stop.set)
        if command is None:
            await stop.wait()
            return 0
        return await _accompany(command, stop)
    finally:
        server.close()
        answers.stop()
        course.stop()


async def _accompany(command: Command, stop: asyncio.Event) -> int:
    """Run the command until it ends, or until `stop` is set and it has been ended."""
    program = await asyncio.create_subprocess_exec(
        *command.line(),
        env=command.variables(),
        pass_fds=(command.listener.fileno(),) if command.listener else (),
    )
    if command.listener:
        command.listener.close()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _signal, program, signal.SIGHUP)
    ended = asyncio.create_task(program.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not ended.done():
        _signal(program, signal.SIGTERM)
        await asyncio.wait({ended}, timeout=GRACE)
        _signal(program, signal.SIGKILL)
    status = await ended
    return status if status >= 0 else KILLED_BY - status


def _signal(program: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
        program.send_signal(number)
