"""One check of one service: its name, a connection, TLS, a request; bounded in time and bytes.

A certificate that is not trusted is looked at all the same, over a second connection: that it expired, or
will tomorrow, is what its owner has to know.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.model.service import Ending, Phase, ServiceCheck
from netwatch.polling.clock import Clock, steady
from netwatch.polling.resolver import is_numeric
from netwatch.polling.service.certificates import chain, first_expiry
from netwatch.polling.service.connecting import connect
from netwatch.polling.service.failing import CheckFailed, look_up_failed, talk_failed
from netwatch.polling.service.request import LARGEST, read_status, request
from netwatch.polling.service.trust import lenient

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from netwatch.model.service import Service
    from netwatch.polling.service.trust import Trust

    _Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class _Course:
    """What is known of a check so far, wherever it is cut off."""

    phase: Phase = Phase.RESOLVE
    phases: list[tuple[Phase, float]] = field(default_factory=list)
    not_after: float | None = None
    failure: CheckFailed | None = None  # that is certain, whatever comes after it


class ServiceChecker:
    """Asks services. `look_up` tells the addresses of a name, and raises OSError or UnicodeError.

    `agent` is how we call ourselves in requests.
    """

    def __init__(
        self, clock: Clock, look_up: Callable[[str], Awaitable[Sequence[str]]], trust: Trust, agent: str
    ) -> None:
        self._clock = clock
        self._look_up = look_up
        self._trust = trust
        self._agent = agent
        self._lenient = lenient()

    def renew(self) -> None:
        """Read the certificates that are trusted again."""
        self._trust.forget()

    async def check(self, service: Service) -> ServiceCheck:
        """Ask once; it takes no longer than the service's timeout."""
        course = _Course()
        ending, detail = Ending.ANSWERED, ""
        try:
            async with asyncio.timeout(service.timeout):
                await self._ask(service, course)
        except (CheckFailed, TimeoutError) as error:
            failure = course.failure or (error if isinstance(error, CheckFailed) else _late(course.phase))
            ending, detail = failure.ending, failure.detail
        return ServiceCheck(
            service, steady(self._clock), ending, detail, tuple(course.phases), course.not_after
        )

    async def _ask(self, service: Service, course: _Course) -> None:
        addresses = await self._addresses(service, course)
        with self._timed(course, Phase.CONNECT):
            sock, address = await connect(addresses, service.port, service.timeout)
        with contextlib.closing(sock):
            if service.scheme.encrypted:
                await self._over_tls(service, course, sock, address)
            elif service.scheme.web:
                with _ended(await asyncio.open_connection(sock=sock, limit=LARGEST)) as stream:
                    await self._request(service, course, stream)

    async def _addresses(self, service: Service, course: _Course) -> Sequence[str]:
        if is_numeric(service.host):
            return (service.host,)
        try:
            with self._timed(course, Phase.RESOLVE):
                return await self._look_up(service.host)
        except (OSError, UnicodeError) as error:
            raise look_up_failed(service.host, error) from error

    async def _over_tls(self, service: Service, course: _Course, sock: socket.socket, address: str) -> None:
        course.failure = CheckFailed(Ending.LOCAL_ERROR, "certificates to verify by take too long to read")
        try:
            context = await self._trust.context(service.ca_file)
            course.failure = None
        except OSError as error:
            course.failure = CheckFailed(Ending.LOCAL_ERROR, f"nothing to verify certificates by: {error}")
            course.not_after = await self._expiry(service, sock)
            raise course.failure from error
        try:
            with self._timed(course, Phase.TLS):
                opened = await _shake_hands(service, sock, context)
        except OSError as error:
            course.failure = talk_failed(error)
            if course.failure.ending is Ending.UNTRUSTED:
                course.not_after = await self._second_look(service, address)
            raise course.failure from error
        with _ended(opened) as stream:
            course.not_after = first_expiry(chain(_tls(stream), verified=True))
            if service.scheme.web:
                await self._request(service, course, stream)

    async def _second_look(self, service: Service, address: str) -> float | None:
        with contextlib.suppress(CheckFailed):
            sock, _ = await connect([address], service.port, service.timeout)
            with contextlib.closing(sock):
                return await self._expiry(service, sock)
        return None

    async def _expiry(self, service: Service, sock: socket.socket) -> float | None:
        """Return when the first of the certificates that are sent expires, whoever made them."""
        try:
            opened = await _shake_hands(service, sock, self._lenient)
        except OSError:
            return None
        with _ended(opened) as stream:
            return first_expiry(chain(_tls(stream), verified=False))

    async def _request(self, service: Service, course: _Course, stream: _Stream) -> None:
        reader, writer = stream
        with self._timed(course, Phase.ANSWER):
            try:
                writer.write(request(service, self._agent))
                status = await read_status(reader)
            except OSError as error:
                raise talk_failed(error) from error
        first, last = service.expect
        if not first <= status <= last:
            raise CheckFailed(Ending.UNEXPECTED, f"status {status}")

    @contextlib.contextmanager
    def _timed(self, course: _Course, phase: Phase) -> Iterator[None]:
        course.phase = phase
        began = self._clock.monotonic()
        yield
        course.phases.append((phase, self._clock.monotonic() - began))


async def _shake_hands(service: Service, sock: socket.socket, context: ssl.SSLContext) -> _Stream:
    """Return a stream over TLS. Raises OSError."""
    return await asyncio.open_connection(
        sock=sock,
        ssl=context,
        server_hostname=service.host,
        limit=LARGEST,
        ssl_handshake_timeout=service.timeout + 1,  # never sooner than the check's own end
    )


@contextlib.contextmanager
def _ended(stream: _Stream) -> Iterator[_Stream]:
    """Cut a connection off afterwards: who closes politely waits for the other side to agree."""
    try:
        yield stream
    finally:
        stream[1].transport.abort()


def _tls(stream: _Stream) -> ssl.SSLObject:
    found: ssl.SSLObject = stream[1].get_extra_info("ssl_object")
    return found


def _late(phase: Phase) -> CheckFailed:
    """Return what it means that a check took too long."""
    if phase is Phase.RESOLVE:
        return CheckFailed(Ending.LOCAL_ERROR, "the name servers take too long")
    told = {Phase.CONNECT: "connection", Phase.TLS: "TLS handshake", Phase.ANSWER: "request"}[phase]
    return CheckFailed(Ending.TIMEOUT, f"no answer to the {told}")
