"""The present as pages and JSON show it, taken from the judgement and from what the daemon keeps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.audit.standing import Standing
from netwatch.model.state import State
from netwatch.publishing.present import DeviceNow, Notices, UnitNow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from netwatch.judgement.composite import DeviceState
    from netwatch.judgement.path import PathState
    from netwatch.model.report import OutageAccount
    from netwatch.publishing.present import Key, OutagesAsked
    from netwatch.publishing.timeline import Hour
    from netwatch.publishing.unit_series import UnitSeries


async def no_outages(_asked: OutagesAsked) -> Sequence[tuple[str, OutageAccount]]:
    """Tell of none, where there is no ledger."""
    return ()


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept besides the present; all quick, but for `outages`. By default there is nothing kept."""

    timeline: Callable[[str], Sequence[Hour]] = lambda _code: ()
    standing: Callable[[], Standing] = Standing
    outages: Callable[[OutagesAsked], Awaitable[Sequence[tuple[str, OutageAccount]]]] = no_outages
    reading: Callable[[], bool] = bool
    now: Callable[[], float] = time.time  # Unix seconds
    reports: Path | None = None  # folder of those that were made


def units_now(series: Iterable[UnitSeries], covered: frozenset[Key]) -> tuple[UnitNow, ...]:
    """Return every unit as it is now; `covered` are those inside an announced window."""
    return tuple(_unit(each, covered) for each in series)


def _unit(series: UnitSeries, covered: frozenset[Key]) -> UnitNow:
    unit, view = series.unit, series.view
    return UnitNow(
        register=series.register,
        unit=unit,
        area=series.area,
        monitored=series.monitored,
        state=view.state if view else State.UNKNOWN,
        since=view.since if view and series.monitored else None,
        root=view.root if view and view.state is State.DOWN else "",
        maintenance=(series.register, unit.code) in covered,
        minutes=dict(view.minutes) if view else None,
    )


def devices_now(views: Mapping[str, DeviceState]) -> tuple[DeviceNow, ...]:
    """Return every device as it is now."""
    return tuple(
        DeviceNow(
            name=name,
            role=view.device.role.value,
            register=view.device.register,
            unit=view.device.unit,
            area=view.device.area,
            via=view.device.via,
            parents=view.device.parents,
            state=view.state,
            since=view.since,
            root=view.root if view.state is State.DOWN else "",
        )
        for name, view in views.items()
    )


def notices_now(paths: Mapping[str, PathState], *, last_good: bool, reading: bool) -> Notices:
    """Return what whoever reads the page must know."""
    blind = tuple((name, path.since) for name, path in sorted(paths.items()) if path.blind)
    return Notices(blind, last_good, reading)
