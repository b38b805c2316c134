"""What `/metrics` shows of units, devices, claims and services, rendered as things happen.

A state is rendered when it is decided, a poll when it ended. What changes all the time (echo counters, the
last minute's gauges) is rendered in turns, each device's once a second while there are few, and at
:data:`RATE` devices a second beyond. So a scrape only gathers lines, and rendering ten thousand devices never
holds up the loop.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.decision import (
    MassOutage,
    MinuteSettled,
    OfSubject,
    PathChanged,
    PathMinute,
    RootChanged,
    StateChanged,
    Subject,
)
from netwatch.publishing.claim_series import claim_lines, criterion_lines
from netwatch.publishing.device_series import DeviceSeries
from netwatch.publishing.families import LIVE
from netwatch.publishing.fragments import Fragments
from netwatch.publishing.neighbour_series import mismatch_lines
from netwatch.publishing.path_series import mass_lines, path_lines
from netwatch.publishing.service_series import ServiceLines
from netwatch.publishing.unit_series import UnitSeries

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container, Iterable, Mapping
    from typing import Protocol

    from netwatch.judgement.composite import DeviceState, UnitState
    from netwatch.judgement.neighbourhood import Mismatch
    from netwatch.judgement.path import PathState
    from netwatch.model.claim import ClaimResult, Criterion, Found
    from netwatch.model.decision import Decision
    from netwatch.model.observation import Observation
    from netwatch.model.register import Unit
    from netwatch.publishing.exposition import Format

    class Views(Protocol):
        """The present as the judgement sees it: a `Judgement`."""

        @property
        def devices(self) -> Mapping[str, DeviceState]:
            """What is known of each device, by name."""
            ...

        @property
        def units(self) -> Mapping[str, UnitState]:
            """What is known of each unit that has a device, by code."""
            ...

        @property
        def paths(self) -> Mapping[str, PathState]:
            """What is known of each observation path, by name."""
            ...

        @property
        def lost_together(self) -> int:
            """How many units are down that were lost in the same seconds."""
            ...


RATE = 1500
"""Devices whose lines are rendered anew each second: a twentieth of a core, and 5 s for a country."""


ROUNDING = 1e-6
"""Of a turn: what floats add to whole numbers."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Whom the metrics are about. Every unit has its lines, also one that has no device."""

    register: str  # the main one, whose series carry no label `register`
    units: tuple[tuple[str, Unit], ...]  # (register, unit), all that are in force


class LiveExposition:
    """Sample lines of everything that netwatch judges. Times are steady seconds."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._main = ""
        self._in_force_since: dt.date | None = None
        self._fragments: Fragments[tuple[str, ...]] = Fragments(LIVE)
        self.services = ServiceLines(self._fragments)
        self._units: dict[tuple[str, ...], UnitSeries] = {}
        self._devices: dict[str, DeviceSeries] = {}
        self._claims: dict[str, ClaimResult] = {}
        self._about: Mapping[tuple[str, str], Mapping[str, int]] = {}
        self._criteria: tuple[tuple[str, tuple[tuple[Criterion, Found], ...]], ...] = ()
        self._paths: set[str] = set()
        self._turns: deque[DeviceSeries] = deque()
        self._refreshed = -math.inf

    @property
    def units(self) -> Iterable[UnitSeries]:
        """All units, in the order of their registers."""
        return self._units.values()

    @property
    def cycle(self) -> float:
        """Seconds within which every device is rendered anew: how old an echo counter may be."""
        return max(1.0, len(self._turns) / RATE)

    @property
    def claims(self) -> Iterable[ClaimResult]:
        """The claims as they were judged last."""
        return self._claims.values()

    def take_roll(self, roll: Roll, now: float) -> None:
        """Show these units, and the devices of the judgement, which was told of them before."""
        self._main = roll.register
        self._in_force_since = max(
            (unit.valid_from for register, unit in roll.units if register == roll.register), default=None
        )
        self._call_units(roll)
        self._call_devices(now)
        self._call_paths()
        self.take_claims(tuple(self._claims.values()), self._criteria, self._about)

    def take(self, decisions: Iterable[Decision]) -> None:
        """Render what was decided."""
        for decision in decisions:
            if isinstance(decision, PathChanged | PathMinute):
                self._put_path(decision.path)
            elif isinstance(decision, MassOutage):
                self._fragments.put(("mass",), mass_lines(len(decision.units)))
            elif isinstance(decision, OfSubject):
                self._take_of_subject(decision)

    def _take_of_subject(self, decision: OfSubject) -> None:
        if decision.subject is Subject.UNIT:
            self._take_of_unit(decision)
        elif decision.subject is Subject.DEVICE:
            self._take_of_device(decision)

    def take_windows(self, covered: Container[tuple[str, str]], devices: Container[str]) -> None:
        """Show which units, by register and code, and which devices an announced window covers now."""
        for (kind, register, code), series in self._units.items():
            inside = (register, code) in covered
            self._fragments.put((kind, register, code), series.maintenance(inside=inside))
        for name, device in self._devices.items():
            self._fragments.put(_device(device), device.maintenance(inside=name in devices))

    def observe(self, observation: Observation) -> None:
        """Render how a poll ended, after the judgement has taken it."""
        series = self._devices.get(observation.device)
        if series is not None:
            self._fragments.put(_device(series), {**series.info(), **series.polls()})

    def refresh(self, now: float) -> None:
        """Render the devices whose turn it is; call it several times a second."""
        share = min(max(now - self._refreshed, 0.0) / self.cycle, 1.0)
        for _ in range(math.ceil(share * len(self._turns) - ROUNDING)):
            series = self._turns[0]
            self._turns.rotate(-1)
            self._fragments.put(_device(series), series.present(now))
        self._refreshed = now

    def take_claims(
        self,
        results: Iterable[ClaimResult],
        criteria: Iterable[tuple[str, tuple[tuple[Criterion, Found], ...]]] = (),
        about: Mapping[tuple[str, str], Mapping[str, int]] | None = None,
    ) -> None:
        """Show these claims as they were judged, and no others.

        `criteria` are those of the units of the main register in force, by code; `about` is how many claims
        of each class are about a unit, by register and code.
        """
        self._about = about or {}
        self._criteria = tuple(criteria)
        before, self._claims = self._claims, {result.claim.name: result for result in results}
        for name in before.keys() - self._claims.keys():
            self._fragments.drop(("claim", name))
        for name, result in self._claims.items():
            self._fragments.put(("claim", name), claim_lines(result))
        lines = criterion_lines(self._criteria, self._claims.values(), self._main, self._in_force_since)
        self._fragments.put(("criteria",), {"netwatch_unit_criterion": lines})
        for key, series in self._units.items():
            classes = self._about.get((series.register, series.unit.code), {})
            if series.classes != classes:
                series.classes = classes
                self._fragments.put(key, series.claims())

    def take_mismatches(self, mismatches: Iterable[Mismatch]) -> None:
        """Show these configured parents as not plugged in, and no others."""
        self._fragments.put(("neighbours",), mismatch_lines(mismatches))

    def pieces(self, form: Format) -> list[bytes]:
        """Return the exposition in pieces, without its end."""
        return self._fragments.pieces(form)

    def _call_units(self, roll: Roll) -> None:
        before, self._units = self._units, {}
        for register, unit in roll.units:
            view = self._views.units.get(unit.code)
            if view is not None and view.register != register:
                view = None
            series = UnitSeries(register, unit, view, main=register == roll.register)
            key = _place(register, unit.code)
            known = before.get(key)
            if known is not None and known.same(series):
                self._units[key] = known
                continue
            self._fragments.drop(key)
            self._fragments.put(key, series.everything())
            self._units[key] = series
        for key in before.keys() - self._units.keys():
            self._fragments.drop(key)

    def _call_devices(self, now: float) -> None:
        before, self._devices = self._devices, {}
        for name, view in self._views.devices.items():
            known = before.get(name)
            if known is not None and known.view is view and known.device == view.device:
                self._devices[name] = known
                continue
            series = self._devices[name] = DeviceSeries(view)
            if known is not None and known.view is view:
                series.inherit(known)
            self._fragments.drop(_device(series))
            self._fragments.put(_device(series), series.everything(now))
        for name in before.keys() - self._devices.keys():
            self._fragments.drop(_device(before[name]))
        self._turns = self._in_turn()

    def _in_turn(self) -> deque[DeviceSeries]:
        """Return the devices from where the turns were on: reloads in a row must not pass over the last."""
        turns = deque(self._devices.values())
        following = (series.device.name for series in self._turns)
        first = next((name for name in following if name in self._devices), None)
        if first is not None:
            turns.rotate(-list(self._devices).index(first))
        return turns

    def _call_paths(self) -> None:
        for name in self._paths - self._views.paths.keys():
            self._fragments.drop(("path", name))
        self._paths = set(self._views.paths)
        for name in self._paths:
            self._put_path(name)
        self._fragments.put(("mass",), mass_lines(self._views.lost_together))

    def _put_path(self, name: str) -> None:
        path = self._views.paths.get(name)
        if path is not None:
            self._fragments.put(("path", name), path_lines(path))

    def _take_of_unit(self, decision: OfSubject) -> None:
        view = self._views.units.get(decision.key)
        key = _place(view.register if view else "", decision.key)
        series = self._units.get(key)
        if series is not None:
            self._fragments.put(key, _changed(series, decision))

    def _take_of_device(self, decision: OfSubject) -> None:
        series = self._devices.get(decision.key)
        if series is not None:
            self._fragments.put(_device(series), _changed(series, decision))


def _place(register: str, unit: str) -> tuple[str, ...]:
    return ("unit", register, unit)


def _device(series: DeviceSeries) -> tuple[str, ...]:
    return ("device", series.device.name)


def _changed(series: UnitSeries | DeviceSeries, decision: OfSubject) -> dict[str, bytes]:
    """Render what follows from a decision."""
    if isinstance(decision, StateChanged | RootChanged):
        return series.state()
    if isinstance(decision, MinuteSettled):
        return series.minutes()
    return series.runs() if isinstance(series, UnitSeries) else {}
