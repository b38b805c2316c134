"""What entries there are: each kind has a body of a declared shape, and a new one is a row in `KINDS`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netwatch.model.attestation import Answer, Attestation, AttestationKind, Dispute, Exhibit
from netwatch.model.cause import Cause, Fact
from netwatch.model.claim import Criterion, Finding, Measurement
from netwatch.model.decision import (
    CauseSettled,
    MassOutage,
    OutageBegan,
    PathChanged,
    RunEnded,
    Subject,
)
from netwatch.model.device import Device, Line, ObservationPath, Role, StateRules, Uplink
from netwatch.model.fact import FactKind
from netwatch.model.maintenance import Annotation, Announcement, Origin, Window
from netwatch.model.sign import Sign, SignKind
from netwatch.model.trace import Hop, Trace

if TYPE_CHECKING:
    import datetime as dt

RULE_VERSION = 1
"""Of the definitions by which slots become verdicts; it moves when they would give another verdict."""


@dataclass(frozen=True, slots=True)
class Started:
    """A process began to write this chain."""

    version: str  # of netwatch
    rules: int  # RULE_VERSION
    parameters: StateRules
    poller: str
    at: float  # steady seconds
    clock_offset: float  # seconds: wall time less steady time
    until: float | None  # steady time of the last slot that the process before had kept; None: there was none


@dataclass(frozen=True, slots=True)
class Stopped:
    """A process ended in order."""

    until: float  # steady time of the last slot


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the configuration, without secrets, or a register: kept once."""

    name: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Configured:
    """From now on this is watched. `documents` are (name, SHA-256) of what says so."""

    at: float
    lines: tuple[Line, ...]
    devices: tuple[Device, ...]
    units: tuple[tuple[str, str], ...]  # (register, code)
    paths: tuple[ObservationPath, ...]
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Windows:
    """From now on these windows are known to the judgement."""

    at: float
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The poller was alive. Steady seconds."""

    at: float
    clock_offset: float
    lines: int
    up: int  # units, live
    down: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a survey of one device told that was news (`netwatch.evidence.facts`)."""

    at: float
    device: str
    facts: tuple[tuple[FactKind, str, float | None, str, str], ...]  # kind, subject, value, text, source


@dataclass(frozen=True, slots=True)
class Gap:
    """Entries that there was no room for while the ledger could not be written."""

    dropped: tuple[tuple[str, int], ...]  # (kind, how many)


@dataclass(frozen=True, slots=True)
class Anchored:
    """A daily head of the ledger was made (`netwatch.evidence.heads`): it is missed where it is gone."""

    date: dt.date  # of the head
    sha256: str  # of its bytes


HOUR = "hour"
"""The kind whose body is no JSON: see `netwatch.evidence.hour`."""

KINDS: dict[str, type[Any]] = {
    "started": Started,
    "stopped": Stopped,
    "document": Document,
    "configured": Configured,
    "windows": Windows,
    "announcement": Announcement,
    "annotation": Annotation,
    "exhibit": Exhibit,
    "attestation": Attestation,
    "dispute": Dispute,
    "answer": Answer,
    "measurement": Measurement,
    "heartbeat": Heartbeat,
    "facts": Facts,
    "gap": Gap,
    "anchor": Anchored,
    "sign": Sign,
    "trace": Trace,
    "outage-began": OutageBegan,
    "run-ended": RunEnded,
    "cause-settled": CauseSettled,
    "path-changed": PathChanged,
    "mass-outage": MassOutage,
}

KIND_OF: dict[type[Any], str] = {shape: kind for kind, shape in KINDS.items()}

TYPES: tuple[type[Any], ...] = (
    *KINDS.values(),
    *(Cause, Fact, Subject, Device, Line, ObservationPath, Role, StateRules, Uplink),
    *(Origin, Window, SignKind, Hop, FactKind, AttestationKind, Criterion, Finding),
)
"""Every type that a body may hold."""
