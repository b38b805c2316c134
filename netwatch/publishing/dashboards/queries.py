"""The PromQL of a dashboard, variables filled in, so that a test can ask a real Prometheus for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCRAPED = "15s"
"""The interval of the datasource, as it is provisioned: the min step of a query that has none."""

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One query of one panel."""

    panel: str  # its title
    ref: str  # A, B, …
    expr: str  # PromQL
    legend: str


def queries(dashboard: Mapping[str, Any], variables: Mapping[str, str]) -> tuple[PanelQuery, ...]:
    """Return every query of `dashboard`, the parsed JSON; a variable without a value raises KeyError.

    `variables` holds what a user would choose: `register`, `area` (a regular expression), `unit`, `claim`, …
    """
    return tuple(
        PanelQuery(
            panel["title"],
            target["refId"],
            _filled(target["expr"], _given(target) | dict(variables)),
            target.get("legendFormat", ""),
        )
        for panel in panels(dashboard)
        for target in panel.get("targets", ())
    )


def _given(target: Mapping[str, Any]) -> dict[str, str]:
    """Return what Grafana fills in by itself, on a range of an hour: windows of rates are of four steps."""
    step = target.get("interval") or SCRAPED
    return {"__range": "1h", "__rate_interval": f"{4 * int(step[:-1])}{step[-1]}", "__interval": step}


def panels(dashboard: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every panel that shows something: those in collapsed rows too, rows themselves not."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels") or ()
        else:
            yield panel


def _filled(expr: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: values[match[1] or match[2]], expr)
