"""How a device that is reached answers: what the faults in force make of its usual round trip."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.faults import FaultKind

if TYPE_CHECKING:
    import random

    from netwatch.lab.plan.layout import SimulatedDevice
    from netwatch.lab.world.situation import Situation


class Manner(NamedTuple):
    """The way in which a device answers. Times in seconds."""

    delay: float
    jitter: float
    echo: bool = True
    snmp: bool = True
    loss: float = 0.0
    copies: int = 0  # of an echo reply, besides itself
    held_back: float = 0.0  # share of the answers that come `held_by` later
    held_by: float = 0.0

    def time(self, randomness: random.Random) -> float | None:
        """Return after how many seconds an answer arrives; None: it is lost."""
        if self.loss and randomness.random() < self.loss:
            return None
        time = self.delay + self.jitter * randomness.random()
        if self.held_back and randomness.random() < self.held_back:
            time += self.held_by
        return time

    def times(self, randomness: random.Random) -> tuple[float, ...]:
        """Return after how many seconds the replies to one echo arrive, each copy 1 ms after the last."""
        time = self.time(randomness)
        return () if time is None else tuple(time + 0.001 * copy for copy in range(1 + self.copies))


def manner(situation: Situation, device: SimulatedDevice) -> Manner:
    """Return how a device answers while the faults in force are."""
    usual = Manner(device.behaviour.delay, device.behaviour.jitter)
    if delay := situation.fault(FaultKind.DELAY, device.name):
        usual = usual._replace(
            delay=usual.delay + delay.fault.seconds("by"), jitter=usual.jitter + delay.fault.seconds("jitter")
        )
    if loss := situation.fault(FaultKind.LOSS, device.name):
        usual = usual._replace(loss=loss.fault.seconds("share"))
    if duplicates := situation.fault(FaultKind.DUPLICATES, device.name):
        usual = usual._replace(copies=int(duplicates.fault.seconds("copies")))
    if reordering := situation.fault(FaultKind.REORDERING, device.name):
        usual = usual._replace(
            held_back=reordering.fault.seconds("share"), held_by=reordering.fault.seconds("by")
        )
    if silent := situation.fault(FaultKind.SILENT, device.name):
        what = silent.fault.text("to")
        usual = usual._replace(echo=what == "snmp", snmp=what == "echo")
    return usual
