"""The world in real time: what the wire and the control socket meet.

It adds a clock to `netwatch.lab.world`, and the services beside it, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.lab.services.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.world.answers import EchoAnswer, IcmpError
    from netwatch.lab.world.world import World


class Province:
    """A world that is asked now. `clock` returns steady seconds. Without `services` there are none."""

    def __init__(self, world: World, clock: Callable[[], float], services: Services | None = None) -> None:
        self.world = world
        self.clock = clock
        self.services = services or Services()

    def echo(self, address: bytes, hop_limit: int) -> EchoAnswer:
        """Return what an echo to the packed `address` comes to, sent with that hop limit."""
        return self.world.echo(address, self.clock(), hop_limit)

    def snmp(self, address: bytes, datagram: bytes) -> tuple[float, bytes] | None:
        """Return the delay in seconds and the reply of the agent at the packed `address`; None: no reply."""
        return self.world.snmp(address, datagram, self.clock())

    def error(self, address: bytes) -> IcmpError | None:
        """Return the ICMP error that anything sent to the packed `address` draws; None: none."""
        return self.world.error(address, self.clock())
