"""What pages and JSON show of the present: plain values, gathered on the loop and rendered anywhere.

Whoever fills these in (the daemon, a test) decides nothing about how they look; whoever renders them asks
nothing further. No value here is an address or a secret, so that none can be shown by mistake.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.claim import ClaimResult, UnitResult
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from netwatch.audit.standing import Standing
    from netwatch.model.claim import Criterion, Found
    from netwatch.model.register import Register, Unit
    from netwatch.model.report import OutageAccount
    from netwatch.publishing.exposition import Format

UNMONITORED = "unmonitored"
"""Is shown as a state of its own: nothing can be known of it, ever."""

SHOWN = (State.DOWN.value, State.UNKNOWN.value, State.UP.value, UNMONITORED)
"""The states of a unit as people see them, the most urgent first."""

Key = tuple[str, str]
"""(register, code): codes of two registers have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit of the register in force, whether or not it has a device. Times are Unix seconds."""

    register: str
    unit: Unit
    area: str
    monitored: bool  # whether a device of it is watched
    state: State
    since: float | None  # of the state; None where it is not monitored
    root: str  # the failed ancestor that it is down below, a device's name; or ""
    maintenance: bool  # inside an announced window
    minutes: Mapping[State, int] | None  # settled since the start, by verdict; None: nobody judges it

    @property
    def key(self) -> Key:
        """Register and code."""
        return self.register, self.unit.code

    @property
    def shown(self) -> str:
        """Return one of `SHOWN`."""
        return self.state.value if self.monitored else UNMONITORED


@dataclass(frozen=True, slots=True)
class DeviceNow:
    """A device that is watched. Its address is nobody's business here."""

    name: str
    role: str
    register: str  # of its unit; "" for a device of no unit
    unit: str
    area: str
    via: str  # observation path
    parents: tuple[str, ...]
    state: State
    since: float  # Unix seconds
    root: str


@dataclass(frozen=True, slots=True)
class Notices:
    """What whoever reads the page must know of how it came about."""

    blind: tuple[tuple[str, float], ...] = ()  # (observation path, since when: Unix seconds)
    last_good: bool = False  # runs on its last good configuration: the present one was refused
    reading: bool = False  # the ledger is still being read after a start


@dataclass(frozen=True, slots=True)
class OutagesAsked:
    """Which outages are asked for: those that touch the time from `since` up to `until`."""

    unit: str | None = None  # a code; None: of every unit
    since: float | None = None  # Unix seconds
    until: float | None = None
    limit: int = 200  # the newest so many


@dataclass(frozen=True, slots=True)
class Sources:
    """What the site shows; every callable is quick and runs on the loop, but for `outages` and `reload`."""

    metrics: Callable[[Format], bytes]
    device_metrics: Callable[[Format], bytes]
    not_ready: Callable[[], str]  # "" when ready, else the reason
    reload: Callable[[bool], Awaitable[str]]  # force → "" when done, else the problems, a line each
    units: Callable[[], Sequence[UnitNow]]  # every unit of the register in force, in its order
    devices: Callable[[], Sequence[DeviceNow]]
    claims: Callable[[], Sequence[ClaimResult]]
    criteria: Callable[[], Mapping[Key, tuple[tuple[Criterion, Found], ...]]]  # all that were looked for
    timeline: Callable[
        [str], Sequence[tuple[float, int, int, int]]
    ]  # code → (hour's start, up, down, unknown)
    registers: Callable[[], Mapping[str, Register]]
    standing: Callable[[], Standing]
    outages: Callable[[OutagesAsked], Awaitable[Sequence[tuple[str, OutageAccount]]]]  # by beginning; OSError
    notices: Callable[[], Notices]
    language: str  # "vi" | "en": which one the page has where the reader asks for none
    timezone: str
    now: Callable[[], float]  # Unix seconds
    reports: Path | None = None  # folder of the monthly reports that were made; None: there are none to show


Verdicts = tuple[tuple[ClaimResult, UnitResult], ...]
"""What the claims find of the office that a unit of today is, or holds."""


def verdicts(claims: Iterable[ClaimResult]) -> Mapping[Key, Verdicts]:
    """Return, by unit of today, its results in the claims that count it or a unit that lives on in it."""
    found: dict[Key, list[tuple[ClaimResult, UnitResult]]] = defaultdict(list)
    for result in claims:
        population = result.claim.population
        if population is not None:
            for each in result.units:
                for heir in each.heirs:
                    found[population.register, heir].append((result, each))
    return {key: tuple(there) for key, there in found.items()}


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the overview shows, of one moment."""

    now: float
    timezone: str
    units: tuple[UnitNow, ...]
    claims: tuple[ClaimResult, ...]
    verdicts: Mapping[Key, Verdicts]
    notices: Notices

    def count(self, shown: str) -> int:
        """Return how many units are shown in a state."""
        return sum(each.shown == shown for each in self.units)


class Gathering:
    """Gathers situations; what claims say of each unit is indexed once for each judgement of them."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._claims: tuple[ClaimResult, ...] = ()
        self._verdicts: Mapping[Key, Verdicts] = {}

    def claims(self) -> tuple[ClaimResult, ...]:
        """Return the claims as they were judged last."""
        claims = tuple(self.sources.claims())
        if list(map(id, claims)) != list(map(id, self._claims)):
            self._claims, self._verdicts = claims, verdicts(claims)
        return self._claims

    def situation(self) -> Situation:
        """Return the present."""
        sources = self.sources
        claims = self.claims()
        return Situation(
            sources.now(),
            sources.timezone,
            tuple(sources.units()),
            claims,
            self._verdicts,
            sources.notices(),
        )
