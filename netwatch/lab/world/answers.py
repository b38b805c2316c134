"""Who answers at an address, how, and what a router on the way says where nobody does."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.faults import FaultKind
from netwatch.lab.world.manner import Manner, manner
from netwatch.lab.world.ways import way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netwatch.lab.plan.layout import Plan, SimulatedDevice
    from netwatch.lab.world.situation import Running, Situation

HOST_UNREACHABLE = {4: (3, 1), 16: (1, 3)}
"""Type and code by the address's length: host unreachable (RFC 792), address unreachable (RFC 4443)."""
TIME_EXCEEDED = {4: (11, 0), 16: (3, 0)}

ERROR_DELAY = 0.003  # seconds until a router's error is there


class IcmpError(NamedTuple):
    """An ICMP error instead of a reply. `sender` is a packed address."""

    sender: bytes
    type: int
    code: int
    delay: float


class EchoAnswer(NamedTuple):
    """What an echo comes to: the seconds after which each reply arrives, or an error."""

    delays: tuple[float, ...] = ()
    error: IcmpError | None = None


class Answering(NamedTuple):
    """What is behind an address at this moment."""

    running: Running | None  # None: nobody is reached
    manner: Manner
    error: IcmpError | None = None
    routers: tuple[str, ...] = ()  # that are passed on the way, as far as it goes


NOBODY = Answering(None, Manner(0, 0))


class Addresses:
    """Every address of the plan. What was found once holds until `forget`."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._known = dict(_addresses(situation.plan))
        self._found: dict[bytes, Answering] = {}

    def forget(self) -> None:
        """Look anew: something has changed."""
        self._found.clear()

    def find(self, address: bytes, at: float) -> Answering:
        """Return who answers at a packed address."""
        found = self._found.get(address)
        if found is None:
            found = self._found[address] = self._look(address, at)
        return found

    def _look(self, address: bytes, at: float) -> Answering:
        known = self._known.get(address)
        if known is None:
            return NOBODY
        device, by_backup = known
        reached, passed = way(self._situation, device, at, by_backup=by_backup)
        if reached:
            running = self._situation.devices[device.name]
            return Answering(running, manner(self._situation, device), routers=passed[:-1])
        return NOBODY._replace(error=self._unreachable(address, passed), routers=passed)

    def _unreachable(self, address: bytes, passed: tuple[str, ...]) -> IcmpError | None:
        """Return what the last router on the way says, if it says such things."""
        if not passed or not self._situation.fault(FaultKind.TELLS_UNREACHABLE, passed[-1]):
            return None
        return self._error(passed[-1], address, HOST_UNREACHABLE)

    def exceeded(self, router: str, address: bytes) -> IcmpError | None:
        """Return what a router says of a packet whose hop limit ends at it; None where it answers no echo."""
        if not manner(self._situation, self._situation.devices[router].device).echo:
            return None
        return self._error(router, address, TIME_EXCEEDED)

    def _error(self, name: str, address: bytes, kinds: Mapping[int, tuple[int, int]]) -> IcmpError | None:
        """Return an error that a router sends about an address, if it has one of that family itself."""
        router = self._situation.devices[name].device
        own = router.address if len(address) == 4 else router.address6
        sender = ipaddress.ip_address(own or router.address).packed
        if len(sender) != len(address):
            return None
        return IcmpError(sender, *kinds[len(address)], ERROR_DELAY)


def _addresses(plan: Plan) -> Iterator[tuple[bytes, tuple[SimulatedDevice, bool]]]:
    """Yield each packed address that is echoed, whose it is, and whether it is that of a backup."""
    devices = {device.name: device for device in plan.devices}
    for device in plan.devices:
        yield ipaddress.ip_address(device.address).packed, (device, False)
    for office in plan.offices:
        if office.backup:
            yield ipaddress.ip_address(office.backup).packed, (devices[office.gateway], True)
