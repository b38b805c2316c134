"""What is kept of the polls of one device, and what a poll says about the device being alive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome, SlotResult

if TYPE_CHECKING:
    from netwatch.model.observation import Observation

SLOT_OF = {
    Outcome.ANSWERED: SlotResult.GOOD,
    Outcome.REFUSED: SlotResult.GOOD,  # whoever refuses is alive
    Outcome.AGENT_ERROR: SlotResult.GOOD,
    Outcome.MALFORMED: SlotResult.GOOD,
    Outcome.TIMEOUT: SlotResult.LOST,
    Outcome.UNREACHABLE: SlotResult.UNREACHABLE,
    Outcome.LOCAL_ERROR: SlotResult.INVALID,
}
"""The slot of a device without echo: garbage and refusals are no service, but they prove life."""


class Polls:
    """Totals and last values of the SNMP polls of a device; totals never step back."""

    __slots__ = ("duration", "last", "outcomes", "profile", "refused", "success", "uptime", "vendor")

    def __init__(self) -> None:
        self.outcomes = dict.fromkeys(Outcome, 0)
        self.last: Outcome | None = None
        self.duration: float | None = None  # seconds, of the last poll
        self.success: float | None = None  # steady time at which the last answered poll ended
        self.uptime: float | None = None  # seconds, at `success`
        self.profile = ""
        self.vendor = ""
        self.refused: dict[str, int] = {}  # values not taken, by reason

    def take(self, observation: Observation) -> None:
        """Count one poll; what a failed one could not read stays as it was."""
        self.outcomes[observation.outcome] += 1
        self.last = observation.outcome
        self.duration = observation.duration
        for reason, number in observation.refused:
            self.refused[reason] = self.refused.get(reason, 0) + number
        if observation.outcome is Outcome.ANSWERED:
            self.success = observation.at
            self.uptime = observation.uptime
            self.profile = observation.profile
            self.vendor = observation.vendor
