"""All groups of rules, in the order of what they watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.alerts import (
    budgets,
    claims,
    devices,
    itself,
    light,
    lines,
    paths,
    power,
    services,
    units,
)

if TYPE_CHECKING:
    from netwatch.publishing.alerts.alert import Alert, Group

GROUPS: tuple[Group, ...] = (
    units.GROUP,
    paths.GROUP,
    budgets.GROUP,
    light.GROUP,
    lines.GROUP,
    power.GROUP,
    devices.GROUP,
    claims.GROUP,
    services.GROUP,
    itself.GROUP,
)

ALERTS: tuple[Alert, ...] = tuple(alert for group in GROUPS for alert in group.alerts)
