"""What a device said unasked: traps and informs. They are forgeable, so they decide nothing by themselves.

One makes the daemon ask the device again at once, and stands as a fact beside the cause of an outage.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class NoticeKind(enum.StrEnum):
    """What a trap says, whoever's it is."""

    COLD_START = "cold_start"
    WARM_START = "warm_start"
    LINK_DOWN = "link_down"
    LINK_UP = "link_up"
    AUTHENTICATION_FAILURE = "authentication_failure"
    DYING_GASP = "dying_gasp"  # power is failing right now
    NEIGHBOUR_GASP = "neighbour_gasp"  # that of the device at the other end of one of its ports is
    ON_BATTERY = "on_battery"
    MAINS_BACK = "mains_back"
    BATTERY_LOW = "battery_low"
    LIGHT_ALARM = "light_alarm"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Notice:
    """One trap or inform of a device that is watched."""

    at: float  # steady time of its arrival
    device: str
    kind: NoticeKind
    detail: str  # for people: the port it is about, or the trap's object identifier
    authentic: bool = False  # signed by a key that we share (SNMPv3 with authentication)
