"""What follows from a notification: the device is asked again at once, and it is counted; it decides nothing.

A dying gasp is the one thing that no poll can catch, and is told to the judgement as a sign of its own kind.
Everything else, an outage of the mains included, is believed when the poll that follows shows it.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.notification import Notice, NoticeKind
from netwatch.model.sign import SIGNED, UNSIGNED, Sign, SignKind
from netwatch.polling.trap_engine import OwnEngine, start_again
from netwatch.polling.trap_intake import TrapIntake, Watched
from netwatch.polling.trap_socket import TrapSocket, open_trap_socket
from netwatch.polling.trap_v3 import SignedIntake
from netwatch.polling.traps import TrapReceiver
from netwatch.publishing.notice_series import NoticeCounts

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from netwatch.model.device import Credential, Device
    from netwatch.polling.clock import Clock
    from netwatch.polling.resolver import Resolver
    from netwatch.polling.trap_intake import Signed
    from netwatch.polling.trap_socket import TrapTransport

LOG = logging.getLogger(__name__)

GASP_EVERY = 60.0
"""Seconds between two dying gasps of a device that are kept: a device dies once, and forgers many times."""


def open_sockets(
    handed: Sequence[socket.socket], wanted: tuple[str, int] | None
) -> tuple[TrapTransport, ...]:
    """Return the sockets that were handed over, else the one that is configured; warn where it is taken."""
    if handed:
        return tuple(TrapSocket(each) for each in handed)
    if wanted is None:
        return ()
    try:
        return (open_trap_socket(*wanted),)
    except OSError as error:
        host, port = wanted
        LOG.warning("no traps are received: %s port %d: %s", host or "*", port, error.strerror)
        return ()


def signed_intake(state: Path, clock: Clock) -> SignedIntake:
    """Return what takes version 3, of an engine that has now started once more."""
    randomness = random.SystemRandom()
    return SignedIntake(OwnEngine(start_again(state, randomness), clock, randomness))


class Traps:
    """The receiver, and what is done about a notice.

    `ask` starts a poll of a device out of turn (it bounds how often by itself); `tell` takes signs.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        transports: Sequence[TrapTransport],
        resolver: Resolver,
        *,
        ask: Callable[[str], object],
        tell: Callable[[Sign], None],
        signed: Signed | None = None,
    ) -> None:
        self._resolver = resolver
        self._ask = ask
        self._tell = tell
        self._intake = TrapIntake(clock, self._noticed, signed)
        self._receiver = TrapReceiver(loop, clock, transports, self._intake)
        self._devices: tuple[Device, ...] = ()
        self._credentials: Mapping[str, Credential] = {}
        self._units: dict[str, str] = {}
        self._totals: Counter[tuple[str, str]] = Counter()
        self._gasped: dict[str, float] = {}  # steady time of the last gasp that was kept
        self.counts = NoticeCounts(
            notices=self._notices,
            dropped=lambda: self._receiver.dropped,
            rejected=lambda: self._intake.rejected,
            kernel_drops=lambda: self._receiver.kernel_drops,
        )

    def start(self) -> None:
        """Begin to receive."""
        self._receiver.start()

    def close(self) -> None:
        """Receive no more."""
        self._receiver.close()

    def use(self, devices: Iterable[Device], credentials: Mapping[str, Credential]) -> None:
        """Hear these from now on; what is no longer watched is counted no longer."""
        self._devices, self._credentials = tuple(devices), credentials
        self._units = {device.name: device.unit for device in self._devices}
        self._totals = Counter({key: count for key, count in self._totals.items() if key[0] in self._units})
        self._gasped = {name: at for name, at in self._gasped.items() if name in self._units}
        self._receiver.forget()
        self.find_addresses()

    def find_addresses(self) -> None:
        """Match by the addresses that names have now."""
        watched: dict[str, tuple[Watched, ...]] = {}
        for device in self._devices:
            each = Watched(device.name, self._credentials.get(device.snmp or ""))
            for address in {*self._addresses(device)}:
                watched[address] = (*watched.get(address, ()), each)
        self._intake.use(watched)

    def _addresses(self, device: Device) -> Iterable[str]:
        for written in (device.address, *(uplink.address for uplink in device.uplinks)):
            if written and (address := self._resolver.address(written)) is not None:
                yield address

    def _notices(self) -> Mapping[tuple[str, str, str], int]:
        return {(name, self._units[name], kind): count for (name, kind), count in self._totals.items()}

    def _noticed(self, notice: Notice) -> None:
        """Count a notice, ask its device, and keep a dying gasp."""
        if notice.device not in self._units:
            return
        self._totals[notice.device, notice.kind.value] += 1
        LOG.debug("%s says by a trap: %s, %s", notice.device, notice.kind, notice.detail)
        if notice.kind is NoticeKind.DYING_GASP:
            self._keep_gasp(notice)
        self._ask(notice.device)

    def _keep_gasp(self, notice: Notice) -> None:
        last = self._gasped.get(notice.device)
        if last is not None and notice.at - last < GASP_EVERY:
            return
        self._gasped[notice.device] = notice.at
        detail = SIGNED if notice.authentic else UNSIGNED
        LOG.info("%s says by a trap that it loses power: %s (%s)", notice.device, notice.detail, detail)
        self._tell(Sign(notice.at, notice.device, SignKind.DYING_GASP, notice.at, detail))
