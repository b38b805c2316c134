"""One run as figures: each tool's alerts, and its own first word, against the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compare import Row, compare, seconds, without
from history import by_unit, read_truth

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EVALUATION, LIVE = 15.0, 1.0  # seconds between two samples
WARMING_UP = 60.0  # seconds in which no tool can know everything yet
FIRING, EITHER = ("firing",), ("pending", "firing")
TOOLS = {
    "blackbox exporter": {"alertname": ("ProbeFailed",)},
    "snmp exporter": {"alertname": ("InstanceDown",), "job": ("snmp",)},
    "netwatch": {"alertname": ("NetwatchUnitDown",)},
}
"""Whose alert is which, by its labels."""


@dataclass(frozen=True, slots=True)
class Run:
    """A script played once."""

    script: str
    alerts: Mapping[str, Row]  # by tool: the alert is firing
    first: Mapping[str, Row]  # by tool: the alert is pending or firing; of netwatch the live state
    unknown: (
        float  # unit-seconds in which netwatch said *unknown* of a unit that an echo could have told about
    )
    hidden: float  # unit-seconds in which a unit was up and no echo could have told
    doubts: tuple[str, ...]  # why the run is inconclusive


def judge(folder: Path) -> Run:
    """Compare what a run has left in its folder. Raises OSError where it has left nothing."""
    truth = read_truth((folder / "truth.jsonl").read_text(encoding="utf-8"))
    history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    live = by_unit(history["live"], LIVE, state=("down",))
    alerts, first = {}, {}
    for tool, labels in TOOLS.items():
        alerts[tool] = compare(
            truth.down, by_unit(history["alerts"], EVALUATION, alertstate=FIRING, **labels)
        )
        said = by_unit(history["alerts"], EVALUATION, alertstate=EITHER, **labels)
        first[tool] = compare(truth.down, live if tool == "netwatch" else said)
    unknown = by_unit(history["live"], LIVE, state=("unknown",))
    beginning = (0.0, truth.start + WARMING_UP)
    needless = (
        seconds(without(unknown.get(unit, ()), [beginning, *hidden])) for unit, hidden in truth.hidden.items()
    )
    return Run(
        folder.name,
        alerts,
        first,
        sum(needless),
        sum(map(seconds, truth.hidden.values())),
        tuple(doubts(history)),
    )


def doubts(history: Mapping[str, Any]) -> list[str]:
    """Say what speaks against a run: stalls, and targets that never answered."""
    found = [f"a stall of {length:.2f} s at {at:.0f} s" for at, length in history["stalls"]]
    for kind in ("probes", "scrapes"):
        silent = [
            series["metric"]["instance"]
            for series in history[kind]
            if not any(value == "1" for _, value in series["values"])
        ]
        if silent or not history[kind]:
            found.append(f"{kind} that never succeeded: {', '.join(silent) or 'all'}")
    return found
