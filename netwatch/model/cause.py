"""Why an outage happened, as far as anything shows it (architecture: *why an outage happened*)."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Cause(enum.StrEnum):
    """The cause of an outage; without a sign it is undetermined, never a guess."""

    UPSTREAM = "upstream"  # all parents were down from the same moment on
    MAINTENANCE = "maintenance"  # a window that was announced before it began
    POWER = "power"
    RESTART = "restart"
    LINK = "link"  # the uplink's port or its light, while the device itself ran on
    ACCESS = "access"  # the device ran on, and its port showed nothing
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a cause follows from."""

    at: float  # steady time that it speaks of
    device: str
    text: str  # one line for people
