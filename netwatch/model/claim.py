"""What was declared, of whom, and what would show it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


class Criterion(enum.StrEnum):
    """What can be shown of a unit (architecture: *criteria*)."""

    DECLARED = "declared"
    REACHABLE = "reachable"
    IDENTIFIED = "identified"
    FIBRE = "fibre"
    INTERNET = "internet"
    LAN = "lan"
    QUALITY = "quality"


class Finding(enum.IntEnum):
    """The tri-state of a criterion; the values are those of `netwatch_unit_criterion`."""

    CONTRADICTED = -1
    NOT_SHOWN = 0
    SHOWN = 1


class UnitVerdict(enum.StrEnum):
    """What a claim finds of one unit."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNDETERMINED = "undetermined"
    UNMONITORED = "unmonitored"


class ClaimVerdict(enum.StrEnum):
    """What a claim comes to."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Source:
    """The document that makes a claim."""

    document: str
    date: dt.date
    sha256: str


@dataclass(frozen=True, slots=True)
class Population:
    """The denominator: the units of a register in force on a day, of some kinds."""

    register: str
    as_of: dt.date
    kinds: tuple[str, ...]  # empty: all


@dataclass(frozen=True, slots=True)
class Limits:
    """What quality asks for; None: not asked."""

    availability: float | None = None  # ratio
    loss: float | None = None  # ratio
    rtt: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as its document states it."""

    name: str
    kind: str  # uplink | lan | service | figure
    statement: tuple[tuple[str, str], ...]  # (language, text)
    source: Source
    declared: float  # ratio
    population: Population
    criteria: tuple[Criterion, ...]
    period: str  # "month" or "last-30d"
    minimum: float  # share of the period that must have passed and been observed
    limits: Limits


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim measured: a verdict for every unit of its population, and the two bounds."""

    claim: Claim
    units: tuple[tuple[str, UnitVerdict], ...]  # (code, verdict), every unit of the population
    lower: float
    upper: float
    verdict: ClaimVerdict
    criteria: tuple[tuple[str, Criterion, Finding], ...]  # (unit, criterion, finding)
    why: str  # one line for people
