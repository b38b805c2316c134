"""The model of Alertmanager beside a real one: the same alerts, as many messages, with as much in each.

Seconds here where the shipped configuration has minutes, so that all is over in a quarter of a minute. Each
event is a second or more away from the flush that it could come before or after.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from alert_sinks import sinks, until
from real_alertmanager import running

from bench.noise.alertmanager import Alertmanager
from bench.noise.engine import Firing

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.system, pytest.mark.paced]


def alert(start: float, end: float, **labels: str) -> Firing:
    return Firing(tuple(sorted(labels.items())), start, end)


ALERTS = [
    # One joins, one ends, the other ends.
    alert(0, 5.7, alertname="Unit", area="a", unit="1"),
    alert(3, 9, alertname="Unit", area="a", unit="2"),
    # Another area is another group; it ends before anybody is told.
    alert(0, 0.5, alertname="Unit", area="b", unit="3"),
    # Inhibited until the cause is over, one of another root is not.
    alert(0, 6, alertname="Cause", area="a", root="r"),
    alert(0, 12, alertname="Below", area="a", root="r"),
    alert(0, 12, alertname="Below", area="c", root="q"),
    # Told twice, as it lasts longer than is waited before a message is repeated.
    alert(0, 9, alertname="Long", area="a"),
    # Back again after its group had ended.
    alert(0, 2.9, alertname="Again", area="a"),
    alert(9, 12, alertname="Again", area="a"),
    # To two receivers, one of which is told of no ends.
    alert(0, 6, alertname="Both", area="a"),
]


def config(url: str) -> dict[str, Any]:
    def hook(name: str, *, ends: bool = True) -> dict[str, Any]:
        return {"name": name, "webhook_configs": [{"url": f"{url}/{name}", "send_resolved": ends}]}

    return {
        "route": {
            "receiver": "all",
            "group_by": ["alertname", "area"],
            "group_wait": "1500ms",
            "group_interval": "3s",
            "repeat_interval": "1h",
            "routes": [
                {"receiver": "beginnings", "matchers": ['alertname = "Both"'], "continue": True},
                {"receiver": "all", "matchers": ['alertname =~ "Bo.*"']},
                {"receiver": "all", "matchers": ['alertname = "Long"'], "repeat_interval": "5s"},
            ],
        },
        "inhibit_rules": [
            {
                "source_matchers": ['alertname = "Cause"'],
                "target_matchers": ['alertname = "Below"'],
                "equal": ["root"],
            }
        ],
        "receivers": [hook("all"), hook("beginnings", ends=False)],
    }


def modelled(spec: dict[str, Any]) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Return of each receiver and group how many alerts fired and were over in each message."""
    found: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for each in Alertmanager(spec, resent=0.0).notifications(ALERTS):
        key = (each.receiver, *(value for _, value in each.group))
        found[key].append((len(each.firing), len(each.resolved)))
    return found


def test_a_real_alertmanager_sends_what_the_model_says(tmp_path: Path) -> None:
    with sinks() as got, running(config(got.http), tmp_path) as real:
        began = time.monotonic()
        events = sorted({at for each in ALERTS for at in (each.start, each.end)})
        for at in events:
            time.sleep(max(began + at - time.monotonic(), 0.0))
            now = dt.datetime.now(dt.UTC)
            later = now + dt.timedelta(hours=1)
            real.post(
                [
                    {"labels": dict(each.labels), "startsAt": now.isoformat(), "endsAt": ends.isoformat()}
                    if each.start == at
                    else {"labels": dict(each.labels), "endsAt": ends.isoformat()}
                    for each in ALERTS
                    for moment, ends in ((each.start, later), (each.end, now))
                    if moment == at
                ]
            )
        expected = modelled(config(got.http))
        until(lambda: len(got) >= sum(map(len, expected.values())), 10)
        time.sleep(3.5)  # one more flush: nothing may come after
    found: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for receiver, payload in got.hooks:
        labels = payload["groupLabels"]
        states = [each["status"] for each in payload["alerts"]]
        found[receiver, labels["alertname"], labels["area"]].append(
            (states.count("firing"), states.count("resolved"))
        )
    assert found == expected
