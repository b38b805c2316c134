"""What a person or a test may tell the running lab, line by line over a Unix socket.

    silence DEVICE [echo|snmp]          no answers to echo, to SNMP, or to either; forwards as ever
    fault KIND [DEVICE] [NAME=VALUE …]  lets any fault of the scripts begin, at the device or its unit
    restore DEVICE [KIND]               ends all faults there, or one; `restore poller` those of the poller
    fault KIND SERVICE                  lets a service fail; `restore SERVICE [KIND]` ends that
    list                                every device and service, what it answers, and the faults in force
    faults                              every kind of fault, what it strikes and what may be said of it

Each line is answered by lines of which the last is `ok` or begins with `error:`; when `ok` is read, the
change is in force.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

from netwatch.lab.faults import DEFINITIONS, FaultKind, Strikes, WrongValueError, fault
from netwatch.lab.script.selecting import NotFoundError
from netwatch.lab.services import services

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netwatch.lab.faults import Fault
    from netwatch.lab.province import Province

LONGEST_LINE = 512  # bytes
OWNER_ONLY = 0o600
POLLER = "poller"
USAGE = (
    "say `silence DEVICE [echo|snmp]`, `fault KIND [DEVICE] [NAME=VALUE …]`, `restore DEVICE [KIND]`, "
    "`list` or `faults`"
)


class WrongOrderError(ValueError):
    """An order that cannot be obeyed; the message says why."""


def obey(province: Province, line: str) -> str:
    """Do what one line says, and return the answer without its last line end."""
    try:
        return "\n".join([*_obey(province, line.split()), "ok"])
    except (WrongOrderError, WrongValueError, NotFoundError, services.ServiceError) as error:
        return f"error: {error}"


def _obey(province: Province, words: Sequence[str]) -> list[str]:
    match words:
        case ["list"]:
            return [*(_state(province, name) for name in province.world.names), *province.services.states()]
        case ["faults"]:
            return [*map(_explained, FaultKind), *services.explained()]
        case ["silence", name]:
            _strike(province, FaultKind.SILENT, [name])
        case ["silence", name, "echo" | "snmp" as what]:
            _silence(province, name, what)
        case ["fault", kind, *struck] if kind in services.KINDS:
            province.services.strike(kind, struck)
        case ["restore", name, *kinds] if name in province.services.names and len(kinds) <= 1:
            province.services.restore(name, kinds)
        case ["fault", kind, *rest]:
            _strike(province, _kind(kind), rest)
        case ["restore", name, *kinds] if len(kinds) <= 1:
            names = () if name == POLLER else (_known(province, name),)
            province.world.restore(_kind(kinds[0]) if kinds else None, names, province.clock())
        case _:
            raise WrongOrderError(USAGE)
    return []


def _strike(province: Province, kind: FaultKind, words: Sequence[str]) -> None:
    names = [_known(province, word) for word in words if "=" not in word]
    said = dict(word.split("=", 1) for word in words if "=" in word)
    if bool(names) is (DEFINITIONS[kind].strikes is Strikes.POLLER):
        raise WrongOrderError(f"{kind} strikes {DEFINITIONS[kind].strikes}")
    province.world.strike(fault(kind, said), names, province.clock())


def _silence(province: Province, name: str, what: str) -> None:
    """Silence one of echo and SNMP beside what is silent already."""
    other = {"echo": "snmp", "snmp": "echo"}[what]
    silent = {each.text("to") for each in province.world.faults(_known(province, name)) if _silences(each)}
    _strike(province, FaultKind.SILENT, [name, f"to={'both' if silent & {'both', other} else what}"])


def _silences(each: Fault) -> bool:
    return each.kind is FaultKind.SILENT


def _known(province: Province, name: str) -> str:
    if name not in province.world.names:
        raise WrongOrderError(f"no device {name!r}")
    return name


def _kind(word: str) -> FaultKind:
    try:
        return FaultKind(word)
    except ValueError:
        raise WrongOrderError(f"no fault {word!r}: `faults` lists them") from None


def _state(province: Province, name: str) -> str:
    faults = province.world.faults(name)
    silent = {each.text("to") for each in faults if _silences(each)}
    answers = [what for what in ("echo", "snmp") if not silent & {what, "both"}]
    others = [f"({each.kind})" for each in faults if not _silences(each)]
    return " ".join([name, *(answers or ["silent"]), *others])


def _explained(kind: FaultKind) -> str:
    definition = DEFINITIONS[kind]
    said = " ".join(f"{name}=…" for name in definition.parameters)
    return f"{kind} {said}".ljust(40) + f" {definition.strikes}: {definition.about}"


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
