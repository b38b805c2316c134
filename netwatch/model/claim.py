"""What was declared, of whom, and what would show it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from netwatch.model.register import Unit


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
    successors_of: dt.date | None = None  # only units that were made of some in force on that day


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
    declared: float | None  # ratio; None: a count, or nothing that is a number
    population: Population | None  # of `uplink` and `lan` always
    criteria: tuple[Criterion, ...]
    period: str  # "month" or "last-30d"
    minimum: float  # share of the period that must have passed and been observed
    limits: Limits
    count: float | None = None  # declared, where the document states a number: 29 units
    hours: str = "24x7"  # or "office": the minutes that `quality` is judged by
    measured_by: MeasuredBy | None = None  # of a figure
    class_: str = "standard"  # or "high": a failure of whom it is about is told at any hour


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """Where a figure's value comes from: one of the two."""

    csv: str = ""  # a file of the configuration: date, value, source
    query: str = ""  # PromQL


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure's value, as an entry of the ledger."""

    at: float  # Unix seconds
    claim: str
    date: dt.date  # that the value is of
    value: float
    source: str  # the CSV's own word for it, or the query


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one criterion, when, and by what."""

    finding: Finding
    at: float | None = None  # Unix seconds of the newest evidence; None: there is none
    device: str = ""  # that told it
    source: str = ""  # the MIB object, "settled minutes", "document", "inspection" or "acceptance"
    text: str = ""  # what was told, as data without words: "ether1 -18.3 dBm"
    attested: bool = False  # by a paper that somebody signed, rather than measured


NOT_FOUND = Found(Finding.NOT_SHOWN)


class Withheld(enum.StrEnum):
    """Why a claim has no verdict."""

    EXAMPLE = "example"  # its register is marked as an example
    NO_UNITS = "no_units"  # its register lists no such unit on its day
    NOT_MEASURED = "not_measured"  # declared, and nothing that measures it
    CEASED = "ceased"  # none of its units lives on
    READING = "reading"  # the ledger is still being read after a start
    NOT_OBSERVED = "not_observed"  # less than the minimum of its period has passed and was observed


@dataclass(frozen=True, slots=True)
class UnitResult:
    """A claim measured at one unit of its population."""

    unit: Unit
    verdict: UnitVerdict
    criteria: tuple[tuple[Criterion, Found], ...]  # those that the claim asks for, in its order
    heirs: tuple[str, ...] = ()  # codes, in force today, of the units that it lives on in
    disputes: tuple[str, ...] = ()  # the names of those that are open: then it is undetermined


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim measured: a verdict for every unit of its population, and the two bounds."""

    claim: Claim
    start: float  # Unix seconds: its period
    end: float
    observed: float  # share of the whole period that has passed and was observed
    units: tuple[UnitResult, ...]  # every unit of the population
    lower: float  # 0 and 1 where nothing is known
    upper: float
    verdict: ClaimVerdict
    withheld: Withheld | None = None
    measured: Measurement | None = None  # of a figure

    def count(self, verdict: UnitVerdict) -> int:
        """Return how many units have a verdict."""
        return sum(unit.verdict is verdict for unit in self.units)

    @property
    def heirs(self) -> int:
        """How many units of today its population lives on in."""
        return len({code for unit in self.units for code in unit.heirs})
