"""A service that is asked from outside: a portal, a mail server, any that speaks TLS; what a check found."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Scheme(enum.StrEnum):
    """How a service is asked; the values are the schemes of addresses."""

    HTTPS = "https"  # a request over TLS
    HTTP = "http"
    TLS = "tls"  # a handshake, and no more
    TCP = "tcp"  # a connection, and no more

    @property
    def encrypted(self) -> bool:
        """Whether there is a certificate."""
        return self in {Scheme.HTTPS, Scheme.TLS}

    @property
    def web(self) -> bool:
        """Whether a request is sent, and a status awaited."""
        return self in {Scheme.HTTPS, Scheme.HTTP}


@dataclass(frozen=True, slots=True)
class Service:
    """A service as configured. Durations are seconds."""

    name: str
    scheme: Scheme
    host: str  # a numeric address, or a DNS name
    port: int
    target: str = "/"  # path and query, of a request
    interval: float = 60.0
    timeout: float = 10.0  # of a whole check
    expect: tuple[int, int] = (200, 399)  # statuses that are well, first and last
    ca_file: Path | None = None  # PEM; None: whom the system trusts
    via: str = "default"  # observation path


class Phase(enum.StrEnum):
    """A part of a check; the values are labels."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    ANSWER = "answer"


class Ending(enum.StrEnum):
    """How a check ended; a failure of our own must never look like the service's fault."""

    ANSWERED = "answered"  # as it should
    NO_NAME = "no_name"  # the name servers say that there is no such name
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # a router or the host said so
    REFUSED = "refused"  # the port is closed
    CLOSED = "closed"  # cut off before the answer was complete
    UNTRUSTED = "untrusted"  # the certificate leads to nobody trusted, is of another name or out of date
    TLS_FAILED = "tls_failed"  # no handshake came about
    UNEXPECTED = "unexpected"  # a status that is not well
    MALFORMED = "malformed"
    LOCAL_ERROR = "local_error"  # never asked, or nobody could tell: no route, no resolver, path blind

    @property
    def up(self) -> bool | None:
        """Whether the service is up; None where the check cannot tell."""
        return None if self is Ending.LOCAL_ERROR else self is Ending.ANSWERED


@dataclass(frozen=True, slots=True)
class ServiceCheck:
    """What one check of a service found."""

    service: Service
    at: float  # steady time of its end
    ending: Ending
    detail: str = ""  # for people: what went wrong, in one line
    phases: tuple[tuple[Phase, float], ...] = ()  # seconds, of those that were completed
    not_after: float | None = None  # Unix time at which the first certificate expires; None: not seen
