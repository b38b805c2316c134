"""The model of Alertmanager, by its rules. Minutes; an alert is (labels, from, to)."""

from __future__ import annotations

from typing import Any

import pytest

from bench.noise.alertmanager import Alertmanager
from bench.noise.engine import Firing

RECEIVERS = [
    {"name": "all", "webhook_configs": [{"url": "x"}]},
    {"name": "mail", "email_configs": [{"to": "x"}]},
]
ROUTE = {
    "receiver": "all",
    "group_by": ["alertname"],
    "group_wait": "1m",
    "group_interval": "5m",
    "repeat_interval": "4h",
}


def alert(start: float, end: float, **labels: str) -> Firing:
    return Firing(tuple(sorted({"alertname": "Down", **labels}.items())), start * 60, end * 60)


def told(
    alerts: list[Firing], resent: float = 15, inhibit: list[dict[str, Any]] | None = None, **route: Any
) -> list[tuple[float, int, int]]:
    """Return each message's minute, and how many alerts fire and are over in it."""
    config = {"route": {**ROUTE, **route}, "receivers": RECEIVERS, "inhibit_rules": inhibit or []}
    config["time_intervals"] = [
        {"name": "first-hour", "time_intervals": [{"times": [{"start_time": "00:00", "end_time": "01:00"}]}]}
    ]
    messages = Alertmanager(config, resent * 60).notifications(alerts)
    return [(each.at / 60, len(each.firing), len(each.resolved)) for each in messages]


A = {"unit": "a"}
B = {"unit": "b"}
C = {"unit": "c", "alertname": "Cause"}
RULE = {"source_matchers": ['alertname = "Cause"'], "target_matchers": ['alertname =~ "Do.*"']}

CASES: dict[str, tuple[list[Firing], dict[str, Any], list[tuple[float, int, int]]]] = {
    "one alert: one message, and one when it is over, at a flush": (
        [alert(10, 17, **A)],
        {},
        [(11, 1, 0), (21, 0, 1)],
    ),
    "what comes within the wait is in the first message": (
        [alert(10, 12, **A), alert(10.5, 12, **B)],
        {},
        [(11, 2, 0), (16, 0, 2)],
    ),
    "what comes later is told at the next flush, with what still fires": (
        [alert(10, 60, **A), alert(11.5, 60, **B)],
        {},
        [(11, 1, 0), (16, 2, 0), (61, 0, 2)],
    ),
    "one that is over while another fires is told at the next flush": (
        [alert(10, 60, **A), alert(10, 13, **B)],
        {},
        [(11, 2, 0), (16, 1, 1), (61, 0, 1)],
    ),
    "what is over before the wait is over is never told": ([alert(10, 10.5, **A)], {}, []),
    "by unit there are two groups": (
        [alert(10, 12, **A), alert(10, 12, **B)],
        {"group_by": ["alertname", "unit"]},
        [(11, 1, 0), (11, 1, 0), (16, 0, 1), (16, 0, 1)],
    ),
    "by everything as well": (
        [alert(10, 12, **A), alert(10, 12, **B)],
        {"group_by": ["..."]},
        [(11, 1, 0), (11, 1, 0), (16, 0, 1), (16, 0, 1)],
    ),
    "it is repeated at the first flush after the interval": (
        [alert(10, 300, **A)],
        {},
        [(11, 1, 0), (256, 1, 0), (301, 0, 1)],
    ),
    "who is not told of ends gets no message of them, and the news of the next": (
        [alert(10, 12, **A), alert(100, 102, **A)],
        {"receiver": "mail"},
        [(11, 1, 0), (101, 1, 0)],
    ),
    "while the end is told again the group lives on, and the next alert joins it without a wait": (
        [alert(10, 12, **A), alert(25.5, 40, **B)],
        {},
        [(11, 1, 0), (16, 0, 1), (26, 1, 1), (41, 0, 1)],
    ),
    "an alert that another inhibits is not told": (
        [alert(10, 20, **A), alert(10, 20, **C)],
        {"inhibit": [RULE]},
        [(11, 1, 0), (21, 0, 1)],
    ),
    "but for one of another unit, where the unit has to be equal": (
        [alert(10, 20, **A), alert(10, 20, **C)],
        {"inhibit": [{**RULE, "equal": ["unit"]}]},
        [(11, 1, 0), (11, 1, 0), (21, 0, 1), (21, 0, 1)],
    ),
    "it is told when the other is over": (
        [alert(10, 30, **A), alert(10, 14, **C)],
        {"inhibit": [RULE]},
        [(11, 1, 0), (16, 1, 0), (16, 0, 1), (31, 0, 1)],
    ),
    "one that begins out of hours is told when they begin": (
        [alert(1400, 1460, **A)],
        {"active_time_intervals": ["first-hour"]},
        [(1441, 1, 0), (1461, 0, 1)],
    ),
    "one that ends out of hours is never told of as over": (
        [alert(50, 70, **A)],
        {"active_time_intervals": ["first-hour"]},
        [(51, 1, 0)],
    ),
    "and is no news within the interval when it fires again": (
        [alert(50, 70, **A), alert(1445, 1460, **A)],
        {"active_time_intervals": ["first-hour"], "repeat_interval": "7d"},
        [(51, 1, 0), (1461, 0, 1)],
    ),
    "muted is the reverse": (
        [alert(30, 70, **A)],
        {"mute_time_intervals": ["first-hour"]},
        [(61, 1, 0), (71, 0, 1)],
    ),
    "where it is told only once that it is over, it is gone at the next flush": (
        [alert(10, 12, **A), alert(18, 40, **B)],
        {"resent": 0},
        [(11, 1, 0), (16, 0, 1), (19, 1, 0), (44, 0, 1)],
    ),
}


@pytest.mark.parametrize(("alerts", "route", "expected"), CASES.values(), ids=CASES)
def test_messages(
    alerts: list[Firing], route: dict[str, Any], expected: list[tuple[float, int, int]]
) -> None:
    assert told(alerts, **route) == expected


def test_an_alert_takes_each_route_that_goes_on_and_the_first_that_does_not() -> None:
    routes = [
        {"matchers": ["unit = a"], "receiver": "mail", "continue": True},
        {"matchers": ['unit =~ "a|b"']},
        {"matchers": ["unit != c"], "receiver": "mail"},
    ]
    config = {"route": {**ROUTE, "routes": routes}, "receivers": RECEIVERS}
    messages = Alertmanager(config).notifications([alert(0, 1.5, **each) for each in (A, B, {"unit": "c"})])
    assert [(each.receiver, each.route, len(each.firing)) for each in messages if each.firing] == [
        ("all", (), 1),
        ("mail", (0,), 1),
        ("all", (1,), 2),
    ]
