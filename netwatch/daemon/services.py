"""Services: each is checked in its turn, and whoever reads the log learns why one is not up."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from netwatch import __version__
from netwatch.daemon.aside import Aside
from netwatch.model.service import Ending
from netwatch.polling.pacer import Job, Pacer
from netwatch.polling.service.checker import ServiceChecker
from netwatch.polling.service.trust import Trust

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Protocol

    from netwatch.model.service import Service, ServiceCheck
    from netwatch.polling.clock import Clock

    class Checker(Protocol):
        """What asks a service: a `ServiceChecker`."""

        async def check(self, service: Service) -> ServiceCheck:
            """Ask once."""
            ...

        def renew(self) -> None:
            """Read again whom it trusts."""
            ...


LOG = logging.getLogger(__name__)

FIRST_WITHIN = 5.0
"""Seconds within which a new service is checked first."""

CLOSE_WITHIN = 0.5
"""Seconds that checks under way get at the end."""

LOOK_UPS = 4
"""Names looked up at a time; a name server that hangs holds a place for half a minute."""


class Services:
    """Checks services. `blind` tells whether a path shows nothing now; `tell` is told of each check."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        checker: Checker,
        *,
        blind: Callable[[str], bool],
        tell: Callable[[ServiceCheck], None],
    ) -> None:
        self._pacer = Pacer(loop, clock, lambda _late: None)
        self._checker = checker
        self._blind = blind
        self._tell = tell
        self._told: dict[str, tuple[Ending, str]] = {}

    def use(self, services: Sequence[Service]) -> None:
        """Check these from now on; one that is unchanged keeps its turn."""
        self._checker.renew()
        names = {service.name for service in services}
        self._told = {name: told for name, told in self._told.items() if name in names}
        self._pacer.set_jobs(
            {service.name: Job(service.interval, partial(self._turn, service)) for service in services},
            first_within=FIRST_WITHIN,
        )

    async def close(self) -> None:
        """Check nothing more."""
        await self._pacer.close(CLOSE_WITHIN)

    async def _turn(self, service: Service) -> None:
        check = await self._checker.check(service)
        if check.ending.up is False and self._blind(service.via):
            detail = f"path {service.via} is blind ({check.detail})"
            check = replace(check, ending=Ending.LOCAL_ERROR, detail=detail)
        self._log(check)
        self._tell(check)

    def _log(self, check: ServiceCheck) -> None:
        """Tell where an end is not that of the check before."""
        name, told = check.service.name, (check.ending, check.detail)
        before = self._told.get(name)
        self._told[name] = told
        if told == before:
            return
        if check.ending is not Ending.ANSWERED:
            state = "is not up" if check.ending.up is False else "cannot be judged"
            LOG.warning("service %s %s: %s", name, state, check.detail)
        elif before is not None:
            LOG.info("service %s is up again", name)


def service_checker(loop: asyncio.AbstractEventLoop, clock: Clock) -> ServiceChecker:
    """Return what asks services by the system's name servers."""
    trust = Trust(clock, Aside(loop, threads=1).run)
    return ServiceChecker(clock, _look_up(Aside(loop, LOOK_UPS)), trust, f"netwatch/{__version__}")


def _look_up(aside: Aside) -> Callable[[str], Awaitable[Sequence[str]]]:
    async def addresses(name: str) -> Sequence[str]:
        found = await aside.run(lambda: socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
        return tuple(dict.fromkeys(str(place[4][0]) for place in found))

    return addresses
