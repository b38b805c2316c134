"""What `/metrics/devices` shows: the values read from devices, rendered as each poll ends.

A scrape of a hundred thousand samples then has nothing left to do but to gather what is there.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.observation import MISSING, READINGS_EVERY
from netwatch.model.outcome import Outcome
from netwatch.publishing.exposition import EXACT, encoded, labels
from netwatch.publishing.families import OWN_PREFIX, READ, Family
from netwatch.publishing.fragments import Fragments
from netwatch.publishing.interfaces import Interfaces, Limits
from netwatch.publishing.readings import Readings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.device import Device
    from netwatch.model.observation import InterfaceTable, Observation
    from netwatch.model.profile import Metric, Profile
    from netwatch.publishing.exposition import Format

FRESH_INTERVALS = 2.5
"""A value read from a device is exported for this many of its polls' intervals (contract)."""

SYS_UPTIME = Family(
    "sysUpTime",
    "gauge",
    "Time since the device's management started, in hundredths of a second.",
    foreign=True,
)
_TICKS = 2**32  # TimeTicks wrap (RFC 2578)

PARTS = ("interfaces", "scalars", "identity", "light", "mains", "sensors", "onus")
"""What a device's values fall into; each grows old by itself."""

_TYPES = {"counter64": "counter", "counter32": "counter"}


class _Part(NamedTuple):
    """What is exported of one device's interfaces, its scalars, its light …: what grows old together."""

    until: float  # steady time after which it is too old
    families: tuple[str, ...]
    series: int


class DeviceExposition:
    """Sample lines of all devices. Times are steady seconds; `refused` counts by reason what is not told."""

    def __init__(self, profiles: Iterable[Profile], limits: Limits | None = None) -> None:
        self.refused: Counter[str] = Counter()
        self._limits = limits or Limits()
        self._fragments: Fragments[tuple[str, str]] = Fragments((*READ, SYS_UPTIME))
        self._parts: dict[tuple[str, str], _Part] = {}
        self._interfaces: dict[str, Interfaces] = {}
        self._series = 0
        self._open_profiles: frozenset[str] = frozenset()
        self.use(profiles)

    @property
    def series(self) -> int:
        """How many are exported now."""
        return self._series

    def use(self, profiles: Iterable[Profile]) -> None:
        """Take types and descriptions from these profiles, and whether all interfaces are exported."""
        profiles = tuple(profiles)
        self._open_profiles = frozenset(profile.name for profile in profiles if profile.all_interfaces)
        described: dict[str, Metric] = {}
        for profile in profiles:
            for metric in (*profile.columns, *profile.scalars):
                described.setdefault(metric.name, metric)
        described.pop(SYS_UPTIME.name, None)
        for name, metric in described.items():
            if not name.startswith(OWN_PREFIX):
                kind = _TYPES.get(metric.syntax, "gauge")
                self._fragments.declare(Family(name, kind, metric.help, foreign=True))

    def observe(self, device: Device, observation: Observation) -> None:
        """Render what a poll of `device` brought; a part that it did not bring stays until it is too old."""
        self.refused.update(dict(observation.refused))
        if observation.outcome is not Outcome.ANSWERED:
            return
        until = observation.at + FRESH_INTERVALS * device.snmp_interval
        self._take_scalars(device, observation, until)
        if observation.interfaces is not None:
            every = device.all_interfaces or observation.profile in self._open_profiles
            self._take_interfaces(device, observation.interfaces, until, every=every)
        self._take_readings(device, observation, until)

    def forget(self, device: str) -> None:
        """End all series of a device that is watched no longer."""
        self._interfaces.pop(device, None)
        for part in PARTS:
            self._drop((device, part))

    def expire(self, now: float) -> None:
        """End the series of everything that is too old."""
        for key in [key for key, part in self._parts.items() if part.until <= now]:
            self._drop(key)

    def pieces(self, form: Format) -> list[bytes]:
        """Return the exposition in pieces, without its end."""
        return self._fragments.pieces(form)

    def _take_interfaces(self, device: Device, table: InterfaceTable, until: float, *, every: bool) -> None:
        known = self._interfaces.get(device.name)
        if known is None or not known.fits(device, table.rows, every=every):
            known = Interfaces(device, table.rows, self._limits, every=every)
            self._interfaces[device.name] = known
        if known.refused:
            self.refused.update(known.refused)
        self._replace((device.name, "interfaces"), until, *known.render(table))

    def _take_scalars(self, device: Device, observation: Observation, until: float) -> None:
        values = {
            name: value
            for name, value in observation.scalars
            if value != MISSING and not name.startswith(OWN_PREFIX)
        }
        if observation.uptime is not None:
            values[SYS_UPTIME.name] = round(observation.uptime * 100) % _TICKS
        inside = encoded(labels({"device": device.name, "unit": device.unit}))
        rendered = {
            name: b"%b{%b} %d\n" % (name.encode(), inside, value % EXACT if value >= 0 else value)
            for name, value in values.items()
        }
        self._replace((device.name, "scalars"), until, rendered, len(rendered))

    def _take_readings(self, device: Device, observation: Observation, until: float) -> None:
        """Render what is unified; sensors and ONUs, which are asked for seldom, stay for longer."""
        late = observation.at + FRESH_INTERVALS * max(device.snmp_interval, READINGS_EVERY)
        known = Readings(device, self._limits)
        told = {"light": (known.light(observation.light), until)}
        if observation.identity is not None:
            told["identity"] = known.identity(observation.identity), until
        if observation.mains is not None:
            told["mains"] = known.mains(observation.mains), until
        if observation.readings is not None:
            told["sensors"] = known.sensors(observation.readings), late
        if observation.onus is not None:
            told["onus"] = known.onus(observation.onus), late
        for part, (rendered, end) in told.items():
            key = (device.name, part)
            if rendered or key in self._parts:
                series = sum(lines.count(b"\n") for lines in rendered.values())
                self._replace(key, end, rendered, series)
        self.refused.update(known.refused)

    def _replace(self, key: tuple[str, str], until: float, rendered: dict[str, bytes], series: int) -> None:
        for name in rendered:
            if name not in self._fragments:
                self._fragments.declare(Family(name, "unknown", "", foreign=True))
        before = self._parts.get(key)
        total = self._series + series - (before.series if before else 0)
        if total > self._limits.series:
            self.refused["too many series"] += series
            self._drop(key)
            return
        families = tuple(rendered)
        if before and before.families != families:
            self._drop(key)
        self._series = total
        self._parts[key] = _Part(until, families, series)
        self._fragments.put(key, rendered)

    def _drop(self, key: tuple[str, str]) -> None:
        part = self._parts.pop(key, None)
        if part is not None:
            self._series -= part.series
            self._fragments.drop(key, part.families)
