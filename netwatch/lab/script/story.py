"""A script as values: steps at their times, each about something that a selector finds in any plan.

Scripts know no names of a register: `{unit: 0, with: [ups]}` is the first unit that has a UPS, whichever it
is. Times count in seconds from the script's beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.lab.faults import Fault, FaultKind
    from netwatch.lab.plan.layout import Feature


class ScriptError(Exception):
    """What is wrong with a script: one line for each mistake, with file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """What a step is about. Either devices by name, or routers of a branch, or units by their place."""

    line: int
    names: tuple[str, ...] = ()
    branch: int | None = None  # the n-th, of those that have `routers` routers
    routers: int | None = None  # 1 | 2
    router: int | None = None  # of that branch; None with `all_routers`: each of them
    all_routers: bool = False
    unit: int | None = None  # the n-th of the units that fit; None: all of them
    every: int = 1
    features: frozenset[Feature] = frozenset()
    without: frozenset[Feature] = frozenset()
    carrier: str = ""
    part: str = "gateway"  # | switch | ups


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A fault begins: at each target, spread evenly over `within`; mended at `until`, if said."""

    at: float
    line: int
    fault: Fault
    on: Selector | None  # None: the poller
    until: float | None = None
    within: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """A fault is mended; kind None: all that are in force there."""

    at: float
    line: int
    kind: FaultKind | None
    on: Selector | None
    within: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """A maintenance window is announced, now: work from `start` to `end` on what `on` finds."""

    at: float
    line: int
    name: str
    on: Selector
    start: float
    end: float
    by: str
    text: str


Step = Strike | Restore | Announce


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script."""

    name: str
    about: Mapping[str, str]  # by language
    units: int  # that it needs at least
    duration: float
    wire: bool  # short enough to be played in real time
    steps: tuple[Step, ...]
    source: str  # file, for people
