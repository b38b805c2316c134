"""What surveys told, as sample lines: ports of default routes, end stations, hosts, identity, inside probes.

A fact is exported while it is younger than 2.5 surveys; a question that was not answered neither renews nor
ends what was told before.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.fact import QUESTIONS, FactKind
from netwatch.model.outcome import Outcome
from netwatch.publishing.devices import FRESH_INTERVALS
from netwatch.publishing.exposition import encoded, go_float, labels
from netwatch.publishing.families import FACTS
from netwatch.publishing.fragments import Fragments
from netwatch.publishing.interfaces import Limits, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.device import Device
    from netwatch.model.fact import Fact, Survey
    from netwatch.publishing.exposition import Format

_GAUGES = {
    FactKind.STATIONS: ("netwatch_device_stations", "ifName"),
    FactKind.HOSTS: ("netwatch_device_hosts", "ifName"),
    FactKind.IDENTITY: ("netwatch_device_identity_match", "field"),
    FactKind.INSIDE_PROBE: ("netwatch_inside_probe_up", "probe"),
    FactKind.INSIDE_RTT: ("netwatch_inside_probe_rtt_seconds", "probe"),
}
_ROUTES = "netwatch_default_route_info"
_SURVEYED = "netwatch_device_surveyed_timestamp_seconds"


class _Known(NamedTuple):
    """Facts of one kind, and the steady time after which they are too old."""

    until: float
    facts: tuple[Fact, ...]


class FactSeries:
    """One device. `interval` is in seconds; `refused` counts by reason what is not told."""

    def __init__(self, device: Device, interval: float, limits: Limits) -> None:
        self.refused: Counter[str] = Counter()
        self.device = device
        self.interval = interval
        self._limits = limits
        self._known: dict[FactKind, _Known] = {}
        self._surveyed: float | None = None
        self._device = {"device": device.name, "unit": device.unit}

    @property
    def until(self) -> float:
        """The steady time at which the next facts get too old."""
        return min((known.until for known in self._known.values()), default=float("inf"))

    def inherit(self, other: FactSeries) -> None:
        """Go on with what is known of the same device as it was configured before."""
        self._known, self._surveyed = other._known, other._surveyed

    def take(self, survey: Survey) -> None:
        """Take what a survey told. What it did not ask, or not learn, stays until it is too old."""
        self.refused.update(dict(survey.refused))
        if survey.outcome is not Outcome.ANSWERED:
            return
        self._surveyed = survey.at
        until = survey.at + FRESH_INTERVALS * self.interval
        for kind in FactKind:
            if QUESTIONS.get(kind) not in survey.failed:
                self._known[kind] = _Known(until, tuple(fact for fact in survey.facts if fact.kind is kind))

    def lines(self, now: float) -> dict[str, bytes]:
        """Return all lines, by family, as of steady time `now`."""
        self._known = {kind: known for kind, known in self._known.items() if known.until > now}
        rendered = {
            name: self._joined(name, [({label: fact.subject}, fact.value) for fact in self._facts(kind)])
            for kind, (name, label) in _GAUGES.items()
        }
        rendered[_ROUTES] = self._joined(_ROUTES, self._routes())
        rendered[_SURVEYED] = self._joined(_SURVEYED, [({}, self._surveyed)])
        return rendered

    def _facts(self, kind: FactKind) -> tuple[Fact, ...]:
        known = self._known.get(kind)
        return known.facts if known is not None else ()

    def _routes(self) -> list[tuple[dict[str, str], float | None]]:
        media = {fact.subject: fact.text for fact in self._facts(FactKind.MEDIUM)}
        below: dict[str, list[str]] = {}
        for fact in self._facts(FactKind.RUNS_OVER):
            below.setdefault(fact.subject, []).append(fact.text)
        return [
            (
                {
                    "ip_version": fact.subject,
                    "ifName": fact.text,
                    "medium": common(media.get(port, "") for port in below.get(fact.text, [fact.text])),
                },
                1.0,
            )
            for fact in self._facts(FactKind.DEFAULT_ROUTE)
        ]

    def _joined(self, name: str, rows: Iterable[tuple[dict[str, str], float | None]]) -> bytes:
        lines: dict[str, str] = {}
        for about, value in rows:
            if value is None:
                continue
            cut = {label: shortened(text, self._limits.label) for label, text in about.items()}
            inside = labels(self._device | cut)
            if len(lines) >= self._limits.rows:
                self.refused["too many rows exported"] += 1
            elif inside in lines:
                self.refused["duplicate row"] += 1
            else:
                lines[inside] = f"{name}{{{inside}}} {go_float(value)}\n"
        return encoded("".join(lines.values()))


def common(media: Iterable[str]) -> str:
    """Return what all ports of a bundle run over; "" where they differ, or one does not say."""
    found = set(media)
    return found.pop() if len(found) == 1 else ""


class FactExposition:
    """Sample lines of all devices, to stand in `/metrics/devices`.

    `interval` is in seconds, between two surveys of a device.
    """

    def __init__(self, interval: float, limits: Limits | None = None) -> None:
        self.refused: Counter[str] = Counter()
        self.interval = interval
        self._limits = limits or Limits()
        self._fragments: Fragments[str] = Fragments(FACTS)
        self._devices: dict[str, FactSeries] = {}

    def observe(self, device: Device, survey: Survey) -> None:
        """Render what a survey of `device` brought."""
        known = self._devices.get(device.name)
        if known is None or known.device != device or known.interval != self.interval:
            series = FactSeries(device, self.interval, self._limits)
            if known is not None:
                series.inherit(known)
            self._devices[device.name] = known = series
        known.take(survey)
        self._put(known, survey.at)

    def forget(self, device: str) -> None:
        """End all series of a device that is watched no longer."""
        if self._devices.pop(device, None) is not None:
            self._fragments.drop(device)

    def expire(self, now: float) -> None:
        """End the series of everything that is too old."""
        for series in self._devices.values():
            if series.until <= now:
                self._put(series, now)

    def pieces(self, form: Format) -> list[bytes]:
        """Return the exposition in pieces, without its end."""
        return self._fragments.pieces(form)

    def _put(self, series: FactSeries, now: float) -> None:
        self._fragments.put(series.device.name, series.lines(now))
        self.refused.update(series.refused)
        series.refused.clear()
