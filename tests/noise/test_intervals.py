"""Alertmanager's time intervals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bench.noise.intervals import Intervals

ZONE = {"location": "Asia/Ho_Chi_Minh"}
OFFICE = {"times": [{"start_time": "07:30", "end_time": "17:00"}], "weekdays": ["monday:friday"], **ZONE}


def holds(spec: dict[str, Any], local: str) -> bool:
    at = dt.datetime.fromisoformat(f"{local}+07:00").timestamp()
    config = {"time_intervals": [{"name": "it", "time_intervals": [spec]}]}
    return Intervals(config).any(["it"], at)


@pytest.mark.parametrize(
    ("spec", "local", "expected"),
    [
        (OFFICE, "2026-10-05 07:29:59", False),
        (OFFICE, "2026-10-05 07:30", True),
        (OFFICE, "2026-10-05 16:59:59", True),
        (OFFICE, "2026-10-05 17:00", False),
        (OFFICE, "2026-10-09 12:00", True),
        (OFFICE, "2026-10-10 12:00", False),
        ({"weekdays": ["saturday"]}, "2026-10-11 06:59", True),  # Saturday still in UTC
        ({"weekdays": ["saturday"], **ZONE}, "2026-10-11 06:59", False),
        ({"days_of_month": ["1:5"], **ZONE}, "2026-10-05 12:00", True),
        ({"days_of_month": ["6"], **ZONE}, "2026-10-05 12:00", False),
        ({"days_of_month": ["-1"], **ZONE}, "2026-10-31 12:00", True),
        ({"days_of_month": ["-1"], **ZONE}, "2026-10-30 12:00", False),
        ({"months": ["october"], **ZONE}, "2026-10-05 12:00", True),
        ({"months": ["9"], **ZONE}, "2026-10-05 12:00", False),
        ({"years": ["2025:2026"], **ZONE}, "2026-10-05 12:00", True),
        ({"years": ["2027"], **ZONE}, "2026-10-05 12:00", False),
        ({"times": [{"start_time": "20:00", "end_time": "24:00"}], **ZONE}, "2026-10-05 23:59", True),
    ],
)
def test_an_interval_holds(spec: dict[str, Any], local: str, expected: bool) -> None:
    assert holds(spec, local) is expected
