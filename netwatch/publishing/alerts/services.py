"""TODO services."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Group

GROUP = Group("services", "…", ())
