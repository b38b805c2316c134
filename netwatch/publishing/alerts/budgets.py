"""TODO budgets."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Group

GROUP = Group("budgets", "…", ())
