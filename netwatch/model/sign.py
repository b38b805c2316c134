"""What polls of a device tell about the cause of an outage: few, small, and kept in the ledger.

Signs are read off two polls in a row (`netwatch.judgement.signs`), so that a cause can be found again from
the ledger without the polls themselves. One kind is none of a poll's: a dying gasp, which none could catch.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

SIGNED, UNSIGNED = "signed", "not signed"
"""The detail of a dying gasp: with a key that the device shares with us, or by anybody."""


class SignKind(enum.StrEnum):
    """What was seen. `start` of a sign is the steady time at which it happened, as the device tells it."""

    BOOTED = "booted"  # the device runs since `start`; told after every silence, and when it moves
    PORT_DOWN = "port_down"  # the port of an uplink went down at `start`
    PORT_UP = "port_up"  # the port of an uplink came up at `start`: it had been down until then
    LIGHT_LOST = "light_lost"  # received light under its alarm threshold, first seen at `start`
    LIGHT_FADING = "light_fading"  # received light fell by 3 dB or more from what it had been
    LIGHT_BACK = "light_back"  # received light as it had been
    MAINS_LOST = "mains_lost"  # the UPS runs on battery since `start`, or has done so meanwhile
    MAINS_BACK = "mains_back"  # it does no more
    IDENTITY = "identity"  # another device answers at the address than the one expected, or than before
    DYING_GASP = "dying_gasp"  # by a trap, the device said that it loses power; `detail`: how surely
    ANSWERED = "answered"  # the first answered poll after a silence: whatever else it shows is known now


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that a poll showed, or a trap said."""

    at: float  # steady time at which it was learnt
    device: str
    kind: SignKind
    start: float  # steady time at which it happened, at most `at`
    detail: str = ""  # ifName, or what else tells it apart
