"""Who is compared: each set of rules with a configuration of Alertmanager, and how its alerts name units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bench.noise.rules import ALERTMANAGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bench.noise.engine import Firing

HERE = Path(__file__).parent
BY_LABEL = frozenset({"NetwatchUnitDown", "NetwatchPriorityUnitDown", "NetwatchUnitDownUpstream"})
BY_LIST = frozenset({"NetwatchUpstreamDown", "NetwatchMassOutage"})
NOT_COUNTED = frozenset({"outside"})
"""Receivers whose messages nobody reads: the watchdog's."""
_CODE = re.compile(r"\((\d+)\)$")


@dataclass(frozen=True, slots=True)
class Setup:
    """One tool as it is set up. `down` names the units that an alert says are down, at a moment."""

    name: str
    rules: str  # netwatch | peers
    config: Mapping[str, Any]
    down: Callable[[Firing, float], Iterable[str]]

    @property
    def is_netwatch(self) -> bool:
        """Whether the rules are netwatch's."""
        return self.rules == "netwatch"

    def counts(self, receiver: str) -> bool:
        """Tell whether messages count: not a watchdog's, nor an area's copies of what others get."""
        return receiver not in NOT_COUNTED and not receiver.startswith("team-")


def down_by_netwatch(alert: Firing, at: float) -> Iterable[str]:
    """Name the units: by the label, or by the list in the text, whose lines end with the code."""
    if alert.name in BY_LABEL:
        return (dict(alert.labels)["unit"],)
    if alert.name in BY_LIST:
        return tuple(found[1] for line in alert.named(at) if (found := _CODE.search(line)))
    return ()


def down_by_peers(alert: Firing, _at: float) -> Iterable[str]:
    """Name the unit that a failed probe or an unread device is of."""
    return (dict(alert.labels)["unit"],)


def setups() -> tuple[Setup, ...]:
    """Return them in the order of the table."""

    def read(path: Path) -> Any:
        return yaml.safe_load(path.read_text("utf-8"))

    return (
        Setup("netwatch", "netwatch", read(ALERTMANAGER), down_by_netwatch),
        Setup("exporters, example grouping", "peers", read(HERE / "example.yml"), down_by_peers),
        Setup("exporters, by alert and unit", "peers", read(HERE / "by_unit.yml"), down_by_peers),
    )
