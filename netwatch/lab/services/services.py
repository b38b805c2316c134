"""The services that the province shares, as they are described to netwatch and told what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.lab.services.certificates import Authority
from netwatch.lab.services.port import ADDRESS, Port
from netwatch.lab.services.server import Server, ServiceFault

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence

CA_FILE = "lab-authority.pem"
EVERY = "30s"
"""Between two checks, so that whoever lets one fail sees it soon."""

LEFT_WHEN_STRUCK = dt.timedelta(days=2)

ABOUT: Mapping[ServiceFault, str] = {
    ServiceFault.DOWN: "refuses connections",
    ServiceFault.ERROR: "answers HTTP with status 503",
    ServiceFault.CERTIFICATE: f"shows a certificate that expires in {LEFT_WHEN_STRUCK.days} days",
}


class ServiceError(ValueError):
    """What was said of a service cannot be meant; the message says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that there is to be."""

    name: str
    page: str | None  # the title of what is told over HTTP; None: TLS alone
    left: dt.timedelta  # until its certificate expires, at the lab's start
    settings: Mapping[str, str] = field(default_factory=dict)  # what netwatch.yaml says besides


OFFERS: Sequence[Offer] = (
    Offer("cong-thong-tin", "Cổng thông tin điện tử", dt.timedelta(days=180)),
    Offer(
        "mot-cua",
        "Bộ phận một cửa điện tử",
        dt.timedelta(days=24),  # to be seen on a board; an alert tells of 21 days
        {"expect": "200..299", "timeout": "5s"},
    ),
    Offer("thu-dien-tu", None, dt.timedelta(days=90)),
)


class Services:
    """Services by name, each at a port of its own; none are meant by default."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}
        self.section: dict[str, dict[str, str]] = {}
        """What netwatch.yaml says of them, by name."""
        self.authority = b""
        """In PEM, what their certificates are verified by: the content of CA_FILE."""

    @classmethod
    def offer(cls, offers: Sequence[Offer], now: dt.datetime) -> Services:
        """Take a port for each, and make certificates; they answer once they are started. Raises OSError."""
        services = cls()
        authority = Authority(now)
        services.authority = authority.pem
        try:
            for each in offers:
                port = Port()
                tls = {
                    fault: authority.serving(each.name, ADDRESS, left)
                    for fault, left in ((None, each.left), (ServiceFault.CERTIFICATE, LEFT_WHEN_STRUCK))
                }
                services._servers[each.name] = Server(port, each.page, tls)
                services.section[each.name] = _entry(each, port)
        except BaseException:
            services.close()
            raise
        return services

    @property
    def names(self) -> tuple[str, ...]:
        """Of all of them."""
        return tuple(self._servers)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer from now on. Raises OSError."""
        for server in self._servers.values():
            server.start(loop)

    def close(self) -> None:
        """Answer no more, and cut off whoever is connected."""
        for server in self._servers.values():
            server.close()

    def strike(self, kind: str, names: Sequence[str]) -> None:
        """Let a fault begin at one service. Raises ServiceError."""
        if len(names) != 1 or names[0] not in self._servers:
            raise ServiceError(f"{kind} strikes a service: {', '.join(self._servers) or 'there is none'}")
        server, fault = self._servers[names[0]], _fault(kind)
        if fault not in server.suffers:
            raise ServiceError(f"{names[0]} has no {kind}: it does not speak HTTP")
        server.strike(fault)

    def restore(self, name: str, kinds: Sequence[str]) -> None:
        """End the faults of a service, or one kind of them. Raises ServiceError."""
        fault = _fault(kinds[0]) if kinds else None
        try:
            self._servers[name].restore(fault)
        except OSError as error:
            raise ServiceError(f"{name} cannot listen again: {error.strerror}") from error

    def states(self) -> list[str]:
        """Return a line for each: whether it answers, and its faults."""
        return [_state(name, server.faults) for name, server in self._servers.items()]


def _entry(offer: Offer, port: Port) -> dict[str, str]:
    where = f"{ADDRESS}:{port.number}"
    url = f"tls://{where}" if offer.page is None else f"https://{where}/"
    return {"url": url, "every": EVERY, "ca_file": CA_FILE, **offer.settings}


def _fault(kind: str) -> ServiceFault:
    try:
        return ServiceFault(kind)
    except ValueError:
        raise ServiceError(f"no fault {kind!r} of a service: `faults` lists them") from None


def _state(name: str, faults: frozenset[ServiceFault]) -> str:
    down = ServiceFault.DOWN in faults
    others = [f"({fault})" for fault in ServiceFault if fault in faults - {ServiceFault.DOWN}]
    return " ".join([name, "refuses" if down else "answers", *others])


def explained() -> list[str]:
    """Return a line for each kind of fault, as those of devices are told."""
    return [f"{fault}".ljust(40) + f" a service: {about}" for fault, about in ABOUT.items()]


KINDS: frozenset[str] = frozenset(ServiceFault)
"""Words that an order about a service's fault has."""
