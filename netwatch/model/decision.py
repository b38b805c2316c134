"""What the judgement decides. The daemon hands these to publishing, to the ledger and to the audit."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
class MinuteSettled:
    """The verdict of one minute of one subject, given once and never taken back."""

    start: float  # steady time, a multiple of 60
    subject: Subject
    key: str
    verdict: State
    expected: int  # slots
    good: int
    lost: int  # expected - good - lost: invalid


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run of *down* of a unit or device ended: an outage, or a blip where shorter than `outage_after`."""

    at: float
    subject: Subject
    key: str
    start: float
    end: float
    outage: bool
    cause: str  # "undetermined" until causes are judged
    unknown: float = 0.0  # seconds between start and end about which nothing is known


Decision = StateChanged | MinuteSettled | RunEnded
