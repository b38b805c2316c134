"""What a person or a test may tell the running lab, line by line over a Unix socket.

    silence DEVICE [echo|snmp]   no answers to echo, to SNMP, or to either
    restore DEVICE               as planned again
    list                         every device and what it answers

Each line is answered by lines of which the last is `ok` or begins with `error:`; when `ok` is read, the
change is in force.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.lab.province import Province

LONGEST_LINE = 512  # bytes
OWNER_ONLY = 0o600
SILENCES = {(): {"echo": False, "snmp": False}, ("echo",): {"echo": False}, ("snmp",): {"snmp": False}}


def obey(province: Province, line: str) -> str:
    """Do what one line says, and return the answer without its last line end."""
    match line.split():
        case ["list"]:
            return "\n".join([*(_state(province, name) for name in province.names), "ok"])
        case ["silence" | "restore", name, *_] if name not in province.names:
            return f"error: no device {name!r}"
        case ["silence", name, *what] if tuple(what) in SILENCES:
            province.change(name, dataclasses.replace(province.behaviour(name), **SILENCES[tuple(what)]))
        case ["restore", name]:
            province.restore(name)
        case _:
            return "error: say `silence DEVICE [echo|snmp]`, `restore DEVICE` or `list`"
    return "ok"


def _state(province: Province, name: str) -> str:
    behaviour = province.behaviour(name)
    answers = [what for what, on in (("echo", behaviour.echo), ("snmp", behaviour.snmp)) if on]
    return f"{name} {' '.join(answers) or 'silent'}"


def open_socket(path: Path) -> socket.socket:
    """Return a listening socket at `path` that only this user may connect to. Raises OSError.

    A socket that an earlier lab left there is replaced.
    """
    if path.is_socket():
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        listener.bind(str(path))
        path.chmod(OWNER_ONLY)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


async def serve(province: Province, listener: socket.socket) -> asyncio.Server:
    """Obey everybody who connects to `listener` until the server is closed."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that goes away, or whose line has no end, costs only itself.
        with contextlib.suppress(ConnectionError, ValueError), contextlib.closing(writer):
            while line := await reader.readline():
                writer.write(f"{obey(province, line.decode(errors='replace'))}\n".encode())
                await writer.drain()

    return await asyncio.start_unix_server(converse, sock=listener, limit=LONGEST_LINE)


async def tell(path: Path, line: str) -> str:
    """Say one line to the lab that listens at `path` and return its answer. Raises OSError."""
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(f"{line}\n".encode())
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer.decode().rstrip("\n")
