"""Keeps the tallies that claims are judged by, and judges them again when minutes have settled."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING

from netwatch.audit.claims import Evidence, evaluate
from netwatch.audit.period import window
from netwatch.audit.sites import sites
from netwatch.audit.tally import RollingTally
from netwatch.model.decision import Subject

if TYPE_CHECKING:
    from netwatch.audit.period import Window
    from netwatch.inventory.load import Inventory
    from netwatch.model.claim import Claim, ClaimResult
    from netwatch.model.decision import MinuteSettled


class Claims:
    """The settled minutes of units and devices over the longest period, and the claims judged by them."""

    def __init__(self, inventory: Inventory) -> None:
        self._units = RollingTally()
        self._devices = RollingTally()
        self.take(inventory)

    def take(self, inventory: Inventory) -> None:
        """Judge by this inventory from now on; the minutes of what it no longer has are forgotten."""
        self._inventory = inventory
        self._zone = zoneinfo.ZoneInfo(inventory.settings.timezone)
        self._units.retain({device.unit for device in inventory.devices})
        self._devices.retain({device.name for device in inventory.devices})

    def count(self, minute: MinuteSettled) -> None:
        """Add a settled minute."""
        if minute.subject is Subject.UNIT:
            self._units.count(minute)
        elif minute.subject is Subject.DEVICE:
            self._devices.count(minute)

    def evaluate(self, at: float) -> tuple[ClaimResult, ...]:
        """Judge every claim as of steady time `at`."""
        today = dt.datetime.fromtimestamp(at, self._zone).date()
        return tuple(
            self._evaluate(claim, window(claim.period, at, self._zone), today)
            for claim in self._inventory.claims
        )

    def _evaluate(self, claim: Claim, period: Window, today: dt.date) -> ClaimResult:
        places = sites(
            self._inventory.in_service(today),
            of_unit=lambda code: self._units.of(code, period),
            of_device=lambda name: self._devices.of(name, period),
        )
        evidence = Evidence(today, places, self._units.observed(period), period)
        name = claim.population.register if claim.population else ""
        return evaluate(claim, self._inventory.registers.get(name), evidence)
