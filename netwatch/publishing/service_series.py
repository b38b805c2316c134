"""Services as sample lines: whether they answered, what their phases took, when their certificates expire.

What a check could not tell has no line: a failure of our own is neither 1 nor 0. When certificates expire is
told while it is younger than 2.5 intervals, however the checks since then ended.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.publishing.devices import FRESH_INTERVALS
from netwatch.publishing.exposition import encoded, labels, number
from netwatch.publishing.families import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.service import Service, ServiceCheck
    from netwatch.publishing.fragments import Fragments

_UP, _DURATION, _NOT_AFTER = (family.name for family in SERVICES)


class _Expiry(NamedTuple):
    not_after: float
    until: float  # steady time after which it is too old


class ServiceSeries:
    """One service, from its first check on. Times are steady seconds."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._about = {"service": service.name}
        self._check: ServiceCheck | None = None
        self._expiry: _Expiry | None = None

    @property
    def until(self) -> float:
        """When the next of its values gets too old."""
        return min(self._checked_until, self._expiry.until if self._expiry else math.inf)

    def take(self, check: ServiceCheck) -> None:
        """Take what a check found."""
        self._check = check
        if check.not_after is not None:
            self._expiry = _Expiry(check.not_after, check.at + FRESH_INTERVALS * self.service.interval)

    def lines(self, now: float) -> dict[str, bytes]:
        """Return all lines, by family, as of `now`."""
        if self._checked_until <= now:
            self._check = None
        if self._expiry is not None and self._expiry.until <= now:
            self._expiry = None
        return {
            _UP: self._up(),
            _DURATION: self._durations(),
            _NOT_AFTER: self._line(_NOT_AFTER, self._expiry.not_after) if self._expiry else b"",
        }

    @property
    def _checked_until(self) -> float:
        return self._check.at + FRESH_INTERVALS * self.service.interval if self._check else math.inf

    def _up(self) -> bytes:
        up = self._check.ending.up if self._check else None
        return b"" if up is None else self._line(_UP, float(up))

    def _durations(self) -> bytes:
        phases = self._check.phases if self._check else ()
        return b"".join(self._line(_DURATION, seconds, phase=phase.value) for phase, seconds in phases)

    def _line(self, name: str, value: float, **more: str) -> bytes:
        return b"%b{%b} %b\n" % (name.encode(), encoded(labels(self._about | more)), number(value))


class ServiceLines:
    """The lines of all services, kept among the fragments of `/metrics`."""

    def __init__(self, fragments: Fragments[tuple[str, ...]]) -> None:
        self._fragments = fragments
        self._services: dict[str, ServiceSeries] = {}

    def use(self, services: Iterable[Service]) -> None:
        """Show these, and no others; what is known of one that is unchanged stays."""
        before, self._services = self._services, {}
        for service in services:
            known = before.get(service.name)
            same = known is not None and known.service == service
            self._services[service.name] = known if known and same else ServiceSeries(service)
        for name, series in before.items():
            if self._services.get(name) is not series:
                self._fragments.drop(_key(name))

    def take(self, check: ServiceCheck) -> None:
        """Show what a check found, unless its service is gone or changed meanwhile."""
        series = self._services.get(check.service.name)
        if series is not None and series.service == check.service:
            series.take(check)
            self._put(series, check.at)

    def expire(self, now: float) -> None:
        """End the series of everything that is too old."""
        for series in self._services.values():
            if series.until <= now:
                self._put(series, now)

    def _put(self, series: ServiceSeries, now: float) -> None:
        self._fragments.put(_key(series.service.name), series.lines(now))


def _key(name: str) -> tuple[str, ...]:
    return ("service", name)
