"""TODO power."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Group

GROUP = Group("power", "…", ())
