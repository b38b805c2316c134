"""The course of a `netwatch discover`: echo, then SNMP, then a look at the way there."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from netwatch.cli.found import Tree, boxes, site_file
from netwatch.cli.progress import progress
from netwatch.daemon.aside import Aside, look_up
from netwatch.polling.echo_socket import EchoUnavailable, open_echo_sockets
from netwatch.polling.resolver import Resolver
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.sweep import Answerer, EchoSweep, Interviewer, few_at_a_time, is_own
from netwatch.polling.trace import take_trace

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping
    from typing import TextIO

    from netwatch.cli.found import Box
    from netwatch.inventory.load import Inventory
    from netwatch.model.device import Credential, Device
    from netwatch.polling.clock import Clock
    from netwatch.polling.echo_socket import EchoSocket

ROUNDS = 2
"""Echoes to an address that is silent: one may be lost."""
TRACED = 3
"""Boxes of each part to which the way is looked at: one of them may be the root itself."""


class CannotDiscoverError(Exception):
    """What stands in the way from the beginning, in a line for the person who asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be discovered, and how."""

    addresses: tuple[str, ...]  # numeric
    credentials: tuple[Credential, ...]  # tried in this order
    rate: float  # echoes a second
    at_once: int  # asked by SNMP
    port: int  # UDP
    silent_too: bool  # ask those by SNMP too that do not answer echo
    root: str  # an address, "" where the tree's beginning is to be found out


class Discovery:
    """One run of `discover`. What it has found so far can be written down at any time."""

    def __init__(
        self, wish: Wish, inventory: Inventory, clock: Clock, randomness: random.Random, errors: TextIO
    ) -> None:
        self._wish = wish
        self._inventory = inventory
        self._clock = clock
        self._randomness = randomness
        self._errors = errors
        self._found: dict[str, Answerer] = {}
        self._known: Mapping[str, Device] = {}
        self._tree: Tree | None = None

    async def run(self) -> bool:
        """Discover; False where it was broken off by Ctrl-C. Raises `CannotDiscoverError`."""
        self._check_sockets()
        engine = SnmpEngine(
            asyncio.get_running_loop(),
            self._clock,
            self._randomness,
            timeout=self._inventory.settings.timeout,
        )
        wish = self._wish
        interviewer = Interviewer(engine, self._inventory.profiles, wish.credentials, wish.port)
        if interviewer.problems:
            raise CannotDiscoverError("\n".join(interviewer.problems))
        try:
            self._known = await self._configured()
            await self._sweep()
            await self._interview(interviewer)
            self._tree = await self._grow()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            self._say("broken off: what was found so far is written")
            return False
        finally:
            engine.close()
        return True

    def _check_sockets(self) -> None:
        """Find out before all else whether echoes can be sent."""
        if self._wish.silent_too:
            return
        versions = {ipaddress.ip_address(address).version for address in self._wish.addresses}
        try:
            sockets = open_echo_sockets(self._randomness, versions=tuple(versions))
        except EchoUnavailable as error:
            raise CannotDiscoverError(f"{error}. Or ask without echo: --all") from error
        for each in sockets.by_version.values():
            each.close()
        if sockets.problems:
            raise CannotDiscoverError(f"{'; '.join(sockets.problems.values())}. Or ask without echo: --all")

    def site_file(self) -> str:
        """Return what was found, as YAML."""
        found = self._boxes()
        tree = self._tree
        if tree is None:  # broken off
            tree = Tree(found)
            tree.root_as_configured()
            tree.root_in_the_middle()
        with_agent = sum(bool(each.credential) for each in self._found.values())
        refused = sum(bool(each.refusal) for each in self._found.values())
        told = f"{with_agent} of them by SNMP" + (f", {refused} refused it" if refused else "")
        self._say(f"{len(self._found)} addresses answered, {told}: {len(found)} devices")
        return site_file(found, tree, self._wish.port)

    def _boxes(self) -> list[Box]:
        names = [device.name for device in self._inventory.devices]
        return boxes(self._found.values(), self._known, names)

    def _say(self, line: str) -> None:
        print(line, file=self._errors)

    async def _configured(self) -> dict[str, Device]:
        """Return the configured devices by numeric address, uplinks' own addresses included."""
        resolver = Resolver(look_up(Aside(asyncio.get_running_loop(), threads=4)))
        pairs = [
            (address, device)
            for device in self._inventory.devices
            for address in (device.address, *(uplink.address for uplink in device.uplinks))
            if address
        ]
        await resolver.refresh([address for address, _ in pairs])
        numeric = ((resolver.address(address), device) for address, device in pairs)
        return {ipaddress.ip_address(address).compressed: device for address, device in numeric if address}

    def _sockets(self) -> Mapping[int, EchoSocket]:
        try:
            return open_echo_sockets(self._randomness).by_version
        except EchoUnavailable:
            return {}  # nobody is heard; who is asked regardless is asked by SNMP

    async def _sweep(self) -> None:
        sweep = EchoSweep(
            asyncio.get_running_loop(),
            self._clock,
            self._randomness,
            self._inventory.settings.timeout,
            self._sockets,
        )
        for number in range(ROUNDS):
            silent = [address for address in self._wish.addresses if address not in self._found]
            what = "echo, again" if number else "echo"
            with progress(what, len(silent), "addresses", stream=self._errors) as shown:
                await sweep.round(silent, self._wish.rate, on_heard=self._hear, on_ended=shown.advance)

        for address in [address for address in self._found if is_own(address)]:
            del self._found[address]
            self._say(f"{address} is this host: left out")

    def _hear(self, address: str) -> None:
        self._found.setdefault(address, Answerer(address))

    async def _interview(self, interviewer: Interviewer) -> None:
        addresses = [
            address for address in self._wish.addresses if self._wish.silent_too or address in self._found
        ]
        with progress("SNMP", len(addresses), "addresses", stream=self._errors) as shown:

            async def ask(address: str) -> None:
                answerer = await interviewer.ask(address)
                if answerer is not None:
                    self._found[address] = answerer
                shown.advance()

            await few_at_a_time(ask, addresses, self._wish.at_once)

    async def _grow(self) -> Tree:
        """Find out where the tree begins."""
        tree = Tree(self._boxes())
        if self._wish.root and not tree.root_at(self._wish.root):
            self._say(f"--root {self._wish.root}: no device with neighbours was found there")
        tree.root_as_configured()
        tree.root_on_the_way(await self._ways(tree))
        tree.root_in_the_middle()
        return tree

    async def _ways(self, tree: Tree) -> list[tuple[str, list[str]]]:
        """Look at the ways to a few boxes of each part without a root, if this host lets us."""
        aside = Aside(asyncio.get_running_loop(), threads=2)
        targets = [box.addresses[0] for part in tree.undecided() for box in _spread(part, TRACED)]
        ways = []
        for target in targets:
            identifier = self._randomness.randrange(1, 2**16)
            try:
                hops = await aside.run(partial(take_trace, target, identifier))
            except OSError:
                continue
            ways.append((target, [hop.address for hop in hops]))
        return ways


def _spread(part: list[Box], count: int) -> list[Box]:
    """Return a few of them, evenly spread."""
    return part[:: max(1, -(-len(part) // count))]
