"""How the lab comes to its stage: it runs twice.

The first run stands outside. It finds out which stage can be had here, opens the web server's socket where
people can reach it, and then becomes the same command again, behind `unshare`, with that socket as
descriptor 3. The second run finds itself on the stage, and plays. The process keeps its number throughout,
so that whoever started it can end it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import enum
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from netwatch.lab import configuration, control, loopback, namespace, wire
from netwatch.lab.course import Course
from netwatch.lab.plan.addresses import BENCHMARK, LOOPBACK, AddressSpace
from netwatch.lab.plan.layout import UNITS_PER_BRANCH, TooManyUnitsError, plan
from netwatch.lab.province import Province
from netwatch.lab.script.story import ScriptError
from netwatch.lab.services.services import OFFERS, Services
from netwatch.lab.session import Command, play
from netwatch.lab.world import report
from netwatch.lab.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netwatch.lab.plan.layout import Plan
    from netwatch.lab.plan.sites import Site
    from netwatch.lab.script.story import Script

STAGE = "NETWATCH_LAB_STAGE"
"""The environment variable by which the first run tells the second where it is."""

FIRST_FD = 3  # where sockets that are handed over begin (sd_listen_fds(3))
BACKLOG = 128


class Stage(enum.StrEnum):
    """Where the province is played."""

    NAMESPACE = "namespace"  # entered as root
    USER_NAMESPACE = "user-namespace"  # entered by an ordinary user
    ON_LOOPBACK = "loopback"

    def space(self) -> AddressSpace:
        """Return the addresses that the stage has room for."""
        if self is Stage.ON_LOOPBACK:
            return LOOPBACK
        return BENCHMARK if namespace.has_ipv6() else AddressSpace(BENCHMARK.ipv4, None)


class LabError(Exception):
    """What stops the lab, in one line for the person who started it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the lab is to play, and how."""

    register: str  # its name
    province: str
    sites: tuple[Site, ...]  # the units that get devices
    config: Path  # where registers, claims and profiles are copied from
    state: Path | None  # None: a folder that is removed at the end
    listen: tuple[str, int] | None
    control: Path | None  # None: `control` in the state folder
    loopback: bool
    command: tuple[str, ...]  # empty: just play
    write_key: Callable[[Path], None]  # makes the key that the ledger's daily heads are signed with
    script: Script | None = None  # None: nothing happens unless the lab is told
    truth: Path | None = None  # gets what was true, when the lab ends
    units_per_branch: int = UNITS_PER_BRANCH  # at most


def start(options: Options, say: Callable[[str], None]) -> int:
    """Play as the options say until told to end, and return the exit status. Raises `LabError`.

    The first run never returns: it becomes the second one.
    """
    found = os.environ.pop(STAGE, "")
    if not found:
        _enter(options, say)
    return _perform(options, Stage(found), say)


def _enter(options: Options, say: Callable[[str], None]) -> NoReturn:
    """Find a stage and become the second run."""
    if options.command and not shutil.which(options.command[0]):
        raise LabError(f"no command {options.command[0]!r} to run inside")
    if options.listen and not options.command:
        raise LabError("--listen opens a socket for a COMMAND: say which, behind --")
    _world(options, _plan(options, BENCHMARK), 0.0)
    stage, way = _stage(options, say)
    if options.listen:
        _open_for_second_run(*options.listen)
    line = [*way, sys.executable, *sys.orig_argv[1:]]
    # This very command once more, and nothing else: no shell, no text of anybody's.
    os.execvpe(line[0], line, {**os.environ, STAGE: stage})  # noqa: S606


def _stage(options: Options, say: Callable[[str], None]) -> tuple[Stage, tuple[str, ...]]:
    """Return the best stage that can be had, and the command that leads to it."""
    if options.loopback:
        return Stage.ON_LOOPBACK, ()
    try:
        way = asyncio.run(namespace.entry(Stage.NAMESPACE.space()))
    except namespace.NoNamespaceError as reason:
        say(f"no network namespace ({reason}): playing the province on loopback addresses")
        return Stage.ON_LOOPBACK, ()
    return (Stage.NAMESPACE if way == namespace.AS_ROOT else Stage.USER_NAMESPACE), way


def _open_for_second_run(host: str, port: int) -> None:
    """Listen for the web server, as the descriptor that survives into the second run."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise LabError(f"cannot listen on {_address(host, port)}: {_why(error)}") from error
    os.dup2(listener.detach(), FIRST_FD)
    os.set_inheritable(FIRST_FD, True)


def _perform(options: Options, stage: Stage, say: Callable[[str], None]) -> int:
    """Write the configuration, and play."""
    province = _plan(options, stage.space())
    if stage is Stage.ON_LOOPBACK and options.script:
        say("the kernel answers every echo to loopback: what the script does shows in SNMP alone")
    with _folder(options.state) as folder, contextlib.closing(_services()) as services:
        key = folder / "state" / "anchor-key.pem"
        description = configuration.Description(
            register=options.register,
            sites=options.sites,
            plan=province,
            snmp_port=loopback.PORT if stage is Stage.ON_LOOPBACK else wire.SNMP_PORT,
            listen=_address(*options.listen) if options.listen else "",
            traps=_address(*loopback.TRAPS) if stage is Stage.ON_LOOPBACK else wire.TRAPS,
            services=services.section,
            authority=services.authority,
            anchor_key=key,
        )
        try:
            configuration.write(folder / "config", options.config, description)
            (folder / "state").mkdir(exist_ok=True)
            if not key.exists():
                options.write_key(key)
        except configuration.NotOursError as error:
            raise LabError(str(error)) from error
        except OSError as error:
            raise LabError(f"cannot write the configuration into {folder}: {_why(error)}") from error
        return asyncio.run(_play(options, stage, province, folder, say, services=services))


async def _play(
    options: Options,
    stage: Stage,
    plan: Plan,
    folder: Path,
    say: Callable[[str], None],
    *,
    services: Services,
) -> int:
    loop = asyncio.get_running_loop()
    epoch = time.time() - loop.time()
    province = Province(_world(options, plan, time.time()), lambda: epoch + loop.time(), services)
    path = options.control or folder / "control"

    def ready() -> None:
        say(f"{len(options.sites)} units, {len(plan.devices)} devices in {stage.space().ipv4}: they answer")
        say("services: " + ", ".join(f"{name} at {each['url']}" for name, each in services.section.items()))
        say(f"configuration: {folder / 'config'}")
        say(f'orders: netwatch lab --control {path} --tell "silence {plan.offices[-1].gateway}"')
        if stage is not Stage.ON_LOOPBACK:
            user = " --user --preserve-credentials" if stage is Stage.USER_NAMESPACE else ""
            say(f"enter: nsenter --target {os.getpid()} --net{user}")

    with contextlib.ExitStack() as resources:
        answers = await _answers(stage, province, resources)
        resources.callback(services.close)
        try:
            services.start(loop)
        except OSError as error:
            raise LabError(f"services cannot listen: {_why(error)}") from error
        try:
            listener = control.open_socket(path)
        except OSError as error:
            raise LabError(f"cannot take orders at {path}: {_why(error)}") from error
        resources.callback(path.unlink, missing_ok=True)
        province.world.listen()
        course = Course(loop, province, say, answers.notify)
        try:
            return await play(answers, province, course, listener, _command(options, folder), ready=ready)
        finally:
            _write_truth(options, province)


async def _answers(
    stage: Stage, province: Province, resources: contextlib.ExitStack
) -> wire.Wire | loopback.LoopbackAgents:
    """Open what carries the answers on this stage."""
    loop = asyncio.get_running_loop()
    try:
        if stage is Stage.ON_LOOPBACK:
            udp = resources.enter_context(loopback.open_socket(loopback.PORT))
            return loopback.LoopbackAgents(loop, udp, province)
        await namespace.lay_cable(stage.space())
        return wire.Wire(loop, resources.enter_context(wire.open_cable()), province)
    except namespace.NoNamespaceError as error:
        raise LabError(f"cannot lay the cable: {error}") from error
    except OSError as error:
        what = f"UDP port {loopback.PORT}" if stage is Stage.ON_LOOPBACK else "the cable"
        raise LabError(f"cannot open {what}: {_why(error)}") from error


def _services() -> Services:
    """Take the services' ports: netwatch is told of them before they answer."""
    try:
        return Services.offer(OFFERS, dt.datetime.now(dt.UTC))
    except OSError as error:
        raise LabError(f"cannot offer services: {_why(error)}") from error


def _command(options: Options, folder: Path) -> Command | None:
    """Return what to run inside, told where its configuration is and where to keep its state."""
    if not options.command:
        return None
    return Command(
        tuple(word.replace("{config}", str(folder / "config")) for word in options.command),
        {**os.environ, "STATE_DIRECTORY": str(folder / "state")},
        socket.socket(fileno=FIRST_FD) if options.listen else None,
    )


def _plan(options: Options, space: AddressSpace) -> Plan:
    try:
        return plan(options.sites, options.province, space, options.units_per_branch)
    except TooManyUnitsError as error:
        raise LabError(str(error)) from error


def _world(options: Options, province: Plan, start: float) -> World:
    try:
        return World(province, options.script, start, random.SystemRandom())
    except ScriptError as error:
        raise LabError(str(error)) from error


def _write_truth(options: Options, province: Province) -> None:
    if options.truth is None:
        return
    name = options.script.name if options.script else ""
    try:
        with options.truth.open("w", encoding="utf-8") as file:
            file.writelines(report.lines(province.world.truth(), name))
    except OSError as error:
        raise LabError(f"cannot write the truth into {options.truth}: {_why(error)}") from error


@contextlib.contextmanager
def _folder(state: Path | None) -> Iterator[Path]:
    if state is not None:
        yield state.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="netwatch-lab-") as folder:
        yield Path(folder)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
