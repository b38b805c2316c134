"""Asks one device, once, through the same engines that the daemon uses: for `probe` and for nothing else."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.model.device import Line
from netwatch.model.outcome import SlotResult
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import LONGEST_POLL, DevicePoller
from netwatch.polling.echo import EchoEngine
from netwatch.polling.echo_socket import EchoUnavailable, open_echo_sockets
from netwatch.polling.neighbours import read_neighbours
from netwatch.polling.recorder import LONGEST, Recorder
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.snmp_socket import open_transport

if TYPE_CHECKING:
    import random
    import socket
    from collections.abc import Callable, Mapping, Sequence

    from netwatch.model.device import Credential, Device
    from netwatch.model.neighbour import Neighbour
    from netwatch.model.observation import EchoError, EchoSlots, InterfaceName, Observation
    from netwatch.model.profile import Profile
    from netwatch.polling.clock import Clock
    from netwatch.polling.recorder import Recording
    from netwatch.polling.snmp_socket import Address, IcmpError, Transport

    Tap = Callable[[str, str, bytes], None]
    """Told of each datagram: "→" or "←", the peer, the bytes with the community masked."""

INTERVAL = 0.2
"""Seconds between the echoes of a probe."""

PATIENCE = 3.0
"""Seconds that a recording waits for an answer at least: some tables take an agent long to look through."""


@dataclass(slots=True)
class Echoes:
    """What a few echoes came to. `rtts` are seconds, one for each that was answered."""

    sent: int = 0
    rtts: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # for people
    method: str = ""  # "raw" | "datagram"
    problem: str = ""  # why none could be sent


@dataclass(frozen=True, slots=True)
class Single:
    """Asks one numeric address. `wait` are the seconds that an answer is waited for."""

    clock: Clock
    randomness: random.Random
    wait: float

    async def echo(self, address: str, count: int) -> Echoes:
        """Send `count` echoes and return when each of them has ended."""
        found = Echoes()
        version = 6 if ":" in address else 4
        try:
            sockets = open_echo_sockets(self.randomness, versions=(version,))
        except EchoUnavailable as error:
            found.problem = str(error)
            return found
        ended = asyncio.Event()

        def take(slots: EchoSlots) -> None:
            for result, rtt in zip(slots.results, slots.rtts, strict=True):
                if found.sent == count:
                    break
                found.sent += 1
                if result == SlotResult.GOOD:
                    found.rtts.append(rtt)
                elif result == SlotResult.INVALID:
                    found.errors.append(f"not sent: {', '.join(engine.failures) or 'late'}")
            if found.sent == count:
                ended.set()

        def take_error(error: EchoError) -> None:
            found.errors.append(f"{error.kind}, said {error.sender}")

        loop = asyncio.get_running_loop()
        engine = EchoEngine(
            loop,
            self.clock,
            sockets.by_version,
            self.randomness,
            self.wait,
            on_slots=take,
            on_error=take_error,
            on_stray=lambda _: None,
        )
        found.method = engine.method[version]
        engine.set_lines([Line(0, address, None, address, INTERVAL)])
        engine.start()
        try:
            await asyncio.wait_for(ended.wait(), count * INTERVAL + self.wait + 5)
        except TimeoutError:
            found.errors.append("this machine is too busy to tell of the others")
        finally:
            engine.close()
        found.rtts = [rtt for rtt in found.rtts if not math.isnan(rtt)]
        return found

    async def poll(
        self,
        device: Device,
        credential: Credential,
        address: str,
        profiles: Mapping[str, Profile],
        tap: Tap | None,
    ) -> Observation:
        """Poll a device by SNMP, telling `tap` of every datagram."""
        engine = self._engine(credential, self.wait, tap)
        try:
            return await DevicePoller(Conversations(engine), profiles).poll(device, credential, address)
        finally:
            engine.close()

    async def neighbours(
        self,
        device: Device,
        credential: Credential,
        address: str,
        interfaces: Sequence[InterfaceName],
        *,
        tap: Tap | None,
    ) -> tuple[Neighbour, ...]:
        """Ask a device that answered a poll, with these `interfaces`, for its neighbours."""
        engine = self._engine(credential, self.wait, tap)
        try:
            conversation = Conversations(engine).open(device, credential, address, LONGEST_POLL)
            return await read_neighbours(conversation, interfaces)
        finally:
            engine.close()

    async def record(
        self,
        device: Device,
        credential: Credential,
        address: str,
        subtrees: Sequence[tuple[int, ...]],
        *,
        recording: Recording,
        advance: Callable[[int], None],
        tap: Tap | None,
    ) -> None:
        """Record whole subtrees of a device into `recording`, telling `advance` of how many rows came."""
        engine = self._engine(credential, max(self.wait, PATIENCE), tap)
        conversations = Conversations(engine)
        try:
            if problem := conversations.cannot(credential):
                recording.problems.append(problem)
                return
            conversation = conversations.open(device, credential, address, LONGEST)
            recorder = Recorder(conversation, self.clock, asyncio.sleep, recording=recording, advance=advance)
            await recorder.record(subtrees)
        finally:
            engine.close()

    def _engine(self, credential: Credential, wait: float, tap: Tap | None) -> SnmpEngine:
        def transports(family: socket.AddressFamily) -> Transport:
            transport = open_transport(family)
            return transport if tap is None else _Tapped(transport, tap, credential)

        loop = asyncio.get_running_loop()
        return SnmpEngine(loop, self.clock, self.randomness, timeout=wait, transports=transports)


class _Tapped:
    """A transport that shows what passes through it."""

    def __init__(self, transport: Transport, tap: Tap, credential: Credential) -> None:
        self._transport = transport
        self._tap = tap
        self._secret = credential.community.reveal().encode() if credential.community else b""

    def fileno(self) -> int:
        """Return what the loop waits on."""
        return self._transport.fileno()

    def send(self, data: bytes, to: Address) -> OSError | None:
        """Show and send."""
        self._show("→", to, data)
        return self._transport.send(data, to)

    def receive(self) -> tuple[bytes, Address] | None:
        """Receive and show."""
        received = self._transport.receive()
        if received is not None:
            self._show("←", received[1], received[0])
        return received

    def errors(self) -> list[IcmpError]:
        """Return the ICMP errors that came in."""
        return self._transport.errors()

    @property
    def dropped(self) -> int:
        """Return the transport's count."""
        return self._transport.dropped

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def _show(self, direction: str, peer: Address, data: bytes) -> None:
        masked = data.replace(self._secret, b"*" * len(self._secret)) if self._secret else data
        self._tap(direction, f"{peer[0]} port {peer[1]}", masked)
