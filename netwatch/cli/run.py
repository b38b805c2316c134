"""`netwatch run`: the daemon."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from netwatch.inventory.load import Inventory

HELP = "The daemon: asks, judges, and serves metrics until SIGTERM."
EXAMPLE = "netwatch run --config /etc/netwatch --listen 127.0.0.1:9990"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--config", default="config", metavar="DIR", help="default: config")
    parser.add_argument(
        "--listen", metavar="ADDR:PORT", help="of the HTTP server; default: as netwatch.yaml says"
    )
    parser.add_argument(
        "--state",
        metavar="DIR",
        help="for what outlives the process; default: $STATE_DIRECTORY or /var/lib/netwatch",
    )
    parser.add_argument(
        "--poller", metavar="NAME", help="whose chain of the ledger to write; default: the host's name"
    )
    parser.add_argument(
        "--log-level", choices=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO", help="default: INFO"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM; 0 then, 1 where it cannot start."""
    from netwatch.daemon.configuration import Configuration
    from netwatch.daemon.logs import set_up
    from netwatch.daemon.service_manager import handed_over
    from netwatch.inventory.load import InvalidInventory
    from netwatch.inventory.settings import state_folder
    from netwatch.polling.echo_socket import EchoUnavailable

    set_up(arguments.log_level, time.monotonic)
    state = Path(arguments.state) if arguments.state else state_folder(os.environ)
    configuration = Configuration(Path(arguments.config), state, os.environ)
    try:
        loaded = configuration.first()
    except InvalidInventory as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    handed = handed_over(os.environ)
    try:
        listener = handed.web or _listener(arguments.listen, loaded.inventory)
    except (OSError, ValueError) as error:
        print(f"cannot listen: {error}", file=sys.stderr)
        return 1
    from netwatch.daemon.orders import AlreadyRunning
    from netwatch.daemon.serve import Place, serve
    from netwatch.evidence.place import LedgerError

    place = Place(state, arguments.poller or socket.gethostname() or "poller")
    try:
        with listener:
            asyncio.run(serve(configuration, loaded, listener, place, os.environ, traps=handed.traps))
    except (AlreadyRunning, EchoUnavailable, LedgerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _listener(wanted: str | None, inventory: Inventory) -> socket.socket:
    """Open the socket that was asked for."""
    from netwatch.inventory.words import Listen

    host, port = Listen().parse(wanted) if wanted else inventory.settings.listen
    every = not host and socket.has_dualstack_ipv6()  # a kernel without IPv6 is no reason not to start
    family = socket.AF_INET6 if ":" in host or every else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128, dualstack_ipv6=every)
    except OSError as error:
        raise OSError(f"{host or '*'} port {port}: {error.strerror}; choose another with --listen") from error
