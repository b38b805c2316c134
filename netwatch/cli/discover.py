"""`netwatch discover`: which devices there are and how they hang together, as a site file."""

from __future__ import annotations

import argparse
import ipaddress
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.inventory.load import Inventory
    from netwatch.model.device import Credential

HELP = "Sweep networks by echo and SNMP, and print a site file of what is not configured yet."
EXAMPLE = "netwatch discover 198.18.16.0/24 --snmp noc-v3 --output config/sites/found.yaml"

MOST_ADDRESSES = 65_536
RATE = 200.0  # echoes a second: what the smallest line bears without noticing
FASTEST = 10_000.0
AT_ONCE = 64
INTERRUPTED = 130  # what shells report for SIGINT

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "networks",
        metavar="CIDR",
        nargs="+",
        type=_network,
        help=f"networks to sweep, {MOST_ADDRESSES:,} addresses in all: 198.18.16.0/24, 2001:2::1000/120",
    )
    parser.add_argument(
        "--snmp",
        metavar="NAME",
        action="append",
        required=True,
        help="a credential of credentials.yaml; may be said several times, and they are tried in order",
    )
    parser.add_argument("--config", type=Path, default="config", metavar="DIR", help="default: config")
    parser.add_argument(
        "--rate", type=_rate, default=RATE, metavar="N", help=f"echoes a second; default: {RATE:g}"
    )
    parser.add_argument(
        "--at-once", type=_count, default=AT_ONCE, metavar="N", help=f"SNMP at once; default: {AT_ONCE}"
    )
    parser.add_argument(
        "--all", action="store_true", help="ask those by SNMP too that do not answer echo (takes long)"
    )
    parser.add_argument("--port", type=_port, default=161, metavar="PORT", help="UDP port of the agents")
    parser.add_argument(
        "--root",
        type=_address,
        metavar="ADDRESS",
        help="where the tree begins; default: configured cores, else the first device that packets to the "
        "others pass, else the middle of what hangs together",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="a new file to write, instead of stdout")


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text} is not a network: write one such as 198.18.16.0/24"
        ) from error
    if network.num_addresses > MOST_ADDRESSES:
        longest = network.max_prefixlen - 16
        raise argparse.ArgumentTypeError(
            f"{text} has more than {MOST_ADDRESSES:,} addresses: sweep it in parts of /{longest} or smaller"
        )
    if network.is_multicast or network.is_unspecified:
        raise argparse.ArgumentTypeError(f"{text} is no network of devices")
    return network


def _rate(text: str) -> float:
    if not text.isdecimal() or not 1 <= int(text) <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text} is not a rate: write a number from 1 to {FASTEST:,.0f}")
    return float(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 1000")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a UDP port: write a number from 1 to 65535")
    return int(text)


def _address(text: str) -> str:
    try:
        return ipaddress.ip_address(text).compressed
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not an address: write one such as 198.18.0.3") from error


def run(arguments: argparse.Namespace) -> int:
    """Discover; 0 also where nobody was found, 1 for a user's mistake, 130 where it was broken off."""
    import os

    from netwatch.inventory.load import InvalidInventory, load

    try:
        inventory = load(arguments.config, os.environ, may_be_empty=True)
        addresses = _addresses(arguments.networks)
        credentials = [_credential(name, inventory) for name in arguments.snmp]
        _check_output(arguments.output)
    except InvalidInventory as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return _discover(arguments, inventory, addresses, credentials)


def _addresses(networks: Sequence[Network]) -> list[str]:
    """Return the addresses of devices in these networks, each once."""
    if sum(network.num_addresses for network in networks) > MOST_ADDRESSES:
        raise ValueError(f"these networks have more than {MOST_ADDRESSES:,} addresses together: sweep fewer")
    return list(dict.fromkeys(address.compressed for network in networks for address in network.hosts()))


def _credential(name: str, inventory: Inventory) -> Credential:
    from netwatch.inventory.wording import did_you_mean

    if name not in inventory.credentials:
        hint = did_you_mean(name, inventory.credentials)
        raise ValueError(f"no credential is named {name} in {inventory.folder}/credentials.yaml{hint}")
    return inventory.credentials[name]


def _check_output(path: Path | None) -> None:
    """Find out before a long sweep that its result could not be written.

    A file that is there is never written over: it may hold the devices that are left out as configured.
    """
    if path is not None and path.is_file():
        raise ValueError(f"{path} is there already: name another file, or move that one away")
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise ValueError(f"cannot write {path}: name a file in a folder that is there")


def _discover(
    arguments: argparse.Namespace,
    inventory: Inventory,
    addresses: Sequence[str],
    credentials: Sequence[Credential],
) -> int:
    import asyncio
    import random

    from netwatch.cli.discovering import CannotDiscoverError, Discovery, Wish
    from netwatch.polling.clock import SystemClock

    wish = Wish(
        addresses=tuple(addresses),
        credentials=tuple(credentials),
        rate=arguments.rate,
        at_once=arguments.at_once,
        port=arguments.port,
        silent_too=arguments.all,
        root=arguments.root or "",
    )
    discovery = Discovery(wish, inventory, SystemClock(), random.SystemRandom(), sys.stderr)
    try:
        complete = asyncio.run(discovery.run())
    except CannotDiscoverError as error:
        print(error, file=sys.stderr)
        return 1
    status = _write(discovery.site_file(), arguments.output)
    return status if complete else INTERRUPTED


def _write(text: str, path: Path | None) -> int:
    if path is None:
        sys.stdout.write(text)
        return 0
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        print(f"cannot write {path}: {error.strerror}; here it is", file=sys.stderr)
        sys.stdout.write(text)
        return 1
    return 0
