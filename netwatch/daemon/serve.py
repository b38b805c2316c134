"""Runs the daemon until it is told to end: signals in, the service manager informed, all closed in order."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netwatch.daemon.aside import Aside, look_up
from netwatch.daemon.daemon import Daemon
from netwatch.daemon.ledger import address, open_ledger
from netwatch.daemon.service_manager import ServiceManager
from netwatch.daemon.traps import open_sockets, signed_intake
from netwatch.polling.clock import SystemClock
from netwatch.polling.echo_socket import open_echo_sockets
from netwatch.polling.resolver import CONCURRENT

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from netwatch.daemon.configuration import Configuration, Loaded

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a daemon keeps what outlives it, and under what name."""

    state: Path
    poller: str


async def serve(
    configuration: Configuration,
    loaded: Loaded,
    listener: socket.socket,
    place: Place,
    environment: Mapping[str, str],
    *,
    traps: Sequence[socket.socket] = (),
) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reloads. `traps`: sockets for notifications that were handed over.

    Raises EchoUnavailable where echoes cannot be sent, LedgerError where the ledger cannot be opened, and
    AlreadyRunning where another daemon takes orders in the same state folder.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_tell)
    manager = ServiceManager(environment)
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    sockets = open_echo_sockets(random.SystemRandom())
    for problem in sockets.problems.values():
        LOG.warning("%s", problem)
    clock = SystemClock()
    settings = loaded.inventory.settings
    ledger = open_ledger(
        address(settings, place.state), place.poller, settings, clock, Aside(loop, threads=1)
    )
    daemon = Daemon(
        clock,
        configuration,
        loaded,
        resumption=ledger.resumption,
        chronicle=ledger.chronicle,
        history=ledger.history,
        state=place.state,
        listener=listener,
        sockets=sockets.by_version,
        look_up=look_up(Aside(loop, CONCURRENT)),
        manager=manager,
        traps=open_sockets(traps, settings.traps),
        signed=signed_intake(place.state, clock),
        source=ledger.source,
    )
    loop.add_signal_handler(signal.SIGHUP, daemon.ask_reload)
    starting = loop.create_task(daemon.start())
    ended = loop.create_task(ending.wait())
    try:
        await asyncio.wait({starting, ended}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            await ended
    finally:
        manager.tell(STOPPING="1")
        starting.cancel()
        ended.cancel()
        await asyncio.wait({starting, ended})
        await daemon.stop()


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a mistake of our own in a callback, as one kind of line: a tick that always fails is no flood."""
    LOG.error("%s", context["message"], exc_info=context.get("exception"))
