"""What the judgement decides. The daemon hands these to publishing, to the ledger and to the audit."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.cause import Cause
from netwatch.model.sign import Sign

if TYPE_CHECKING:
    from netwatch.model.cause import Fact
    from netwatch.model.state import State


class Subject(enum.StrEnum):
    """What a decision is about."""

    LINE = "line"  # key: str(Line.number)
    DEVICE = "device"  # key: Device.name
    UNIT = "unit"  # key: Unit.code


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The live state of a subject changed; `since` is dated back to the first slot that showed it."""

    at: float
    subject: Subject
    key: str
    state: State
    previous: State
    since: float
    why: str  # one line for people


@dataclass(frozen=True, slots=True)
class RootChanged:
    """The dead ancestor that a unit or device is down below (live); "" where there is none any more."""

    at: float
    subject: Subject
    key: str
    root: str


@dataclass(frozen=True, slots=True)
class MinuteSlots:
    """The slots that a line's minute was judged by, as they were measured: before any path was judged."""

    due: float  # steady time at which the first was due; the others follow, an interval apart
    interval: float  # seconds
    marks: bytes  # one a slot: see `netwatch.judgement.slots`
    rtt_sum: float  # seconds, of the slots whose round-trip time is known
    rtt_count: int


@dataclass(frozen=True, slots=True)
class MinuteSettled:
    """The verdict of one minute of one subject, given once and never taken back."""

    start: float  # steady time, a multiple of 60
    subject: Subject
    key: str
    verdict: State
    expected: int  # slots
    good: int  # answered within the timeout
    lost: int
    late: int = 0  # answered after the timeout: the line is alive; expected - good - late - lost: invalid
    slots: MinuteSlots | None = None  # of a line


@dataclass(frozen=True, slots=True)
class OutageBegan:
    """A settled run of *down* of a unit or device has become an outage; `cause` is what is known so far."""

    at: float
    subject: Subject
    key: str
    start: float
    cause: Cause
    root: str  # the failed ancestor, where the cause is upstream


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A settled run of *down* of a unit or device ended: an outage, or a blip if under `outage_after`."""

    at: float
    subject: Subject
    key: str
    start: float
    end: float
    outage: bool
    cause: Cause = Cause.UNDETERMINED  # as far as known; of an outage a CauseSettled follows
    unknown: float = 0.0  # seconds between start and end about which nothing is known
    root: str = ""


@dataclass(frozen=True, slots=True)
class CauseSettled:
    """Why an outage happened, once its devices have told what they know; given once for each outage."""

    at: float
    subject: Subject
    key: str
    start: float
    end: float
    cause: Cause
    root: str
    facts: tuple[Fact, ...]
    unknown: float = 0.0


@dataclass(frozen=True, slots=True)
class PathChanged:
    """An observation path went blind or came back into sight (live); dated back to the last good reply."""

    at: float
    path: str
    blind: bool
    since: float


@dataclass(frozen=True, slots=True)
class PathMinute:
    """How many seconds of a settled minute a path was blind."""

    start: float
    path: str
    blind: float


@dataclass(frozen=True, slots=True)
class MassOutage:
    """Many units were lost in the same seconds (live), or the last of them is back: then `units` is empty."""

    at: float
    since: float
    units: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]  # (parent | area | provider | path, name): what all of them share


OfSubject = StateChanged | RootChanged | MinuteSettled | OutageBegan | RunEnded | CauseSettled
"""Decisions about a line, a device or a unit."""

Decision = OfSubject | PathChanged | PathMinute | MassOutage | Sign
