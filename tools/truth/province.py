"""The province that scripts are played in, and its inventory: written as the lab writes it, and loaded."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.inventory.lines import Numbering, lines
from netwatch.inventory.load import load
from netwatch.inventory.registers import read_register
from netwatch.judgement.events import Reconfigured
from netwatch.lab import configuration
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import plan
from netwatch.lab.plan.sites import sites, spread

if TYPE_CHECKING:
    from netwatch.inventory.load import Inventory
    from netwatch.lab.plan.layout import Plan

CONFIG = Path(__file__).resolve().parents[2] / "config"
REGISTER = "hung-yen"
DAY = dt.date(2026, 10, 5)
"""The day on which everything is played: which units there are depends on it."""

START = dt.datetime(2026, 10, 5, 2, 17, 42, 300_000, tzinfo=dt.UTC).timestamp()
"""Steady seconds at which every play begins: in the middle of a minute, and of a second."""


@dataclass(frozen=True, slots=True)
class Province:
    """A plan, and what a sysadmin would have configured for it."""

    plan: Plan
    inventory: Inventory

    def configured(self, at: float) -> Reconfigured:
        """Return the event that tells the judgement who is watched, from `at` on."""
        devices = self.inventory.in_service(DAY)
        units = tuple((REGISTER, unit.code) for unit in self.inventory.units(DAY))
        paths = tuple(self.inventory.settings.paths.values())
        return Reconfigured(at, lines(devices, Numbering()), devices, units, paths)


@cache
def province(units: int) -> Province:
    """Lay out so many units; ValueError where the register has fewer."""
    found = sites(read_register(CONFIG / "registers" / f"{REGISTER}.csv", REGISTER), DAY)
    if not 1 <= units <= len(found):
        raise ValueError(f"{units} units: the register {REGISTER} has {len(found)} in force")
    chosen = spread(found, units)
    laid_out = plan(chosen, found[0].unit.province, BENCHMARK)
    with tempfile.TemporaryDirectory(prefix="netwatch-truth-") as name:
        folder = Path(name) / "config"
        description = configuration.Description(REGISTER, chosen, laid_out, 161, "")
        configuration.write(folder, CONFIG, description)
        return Province(laid_out, load(folder, {}, today=DAY))
