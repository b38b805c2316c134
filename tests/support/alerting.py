"""The shipped rules and routes, hurried: what is there for an hour's patience is tried within minutes.

Nothing is changed but durations, who is told (a webhook on loopback), and office hours, which are always.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

HURRY = 6
"""How many times faster than shipped: scrapes, `for`, `keep_firing_for`, windows of queries, `group_wait`.

The lab's devices are polled by SNMP as much more often, as the windows are made for so many polls.
"""

GROUP_INTERVAL = "2s"
"""Instead of five minutes: how long a group that was told waits to tell what is new in it."""

SCRAPES = "3s"
"""Instead of every 15 s and 60 s: a busy machine may take seconds to answer."""

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_PART = re.compile(r"(\d+)(ms|[smhdwy])")
_WINDOW = re.compile(r"(?<=\[)(\d+(ms|[smhdwy]))+(?=[]:])|(?<=offset )(\d+(ms|[smhdwy]))+")


def hurried(duration: str) -> str:
    """Return a duration of Prometheus as so much less of it, a second at least where it is anything."""
    seconds = sum(int(count) * SECONDS[unit] for count, unit in _PART.findall(duration)) / HURRY
    return f"{max(round(seconds), 1)}s" if seconds else "0s"


def hurry_prometheus(folder: Path) -> None:
    """Write a configuration of Prometheus and its rules anew: the same ones, faster."""
    main = folder / "prometheus.yml"
    main.write_text(re.sub(r"(scrape_(?:interval|timeout)): \w+", rf"\1: {SCRAPES}", main.read_text("utf-8")))
    for path in sorted((folder / "rules").glob("*.yml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        for group in content["groups"]:
            if "interval" in group:
                group["interval"] = hurried(group["interval"])
            for rule in group["rules"]:
                rule["expr"] = _windows(rule["expr"])
                for key in ("for", "keep_firing_for"):
                    if key in rule:
                        rule[key] = hurried(rule[key])
                for texts in (rule.get("labels", {}), rule.get("annotations", {})):
                    texts.update({name: _windows(text) for name, text in texts.items()})
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def _windows(query: str) -> str:
    return _WINDOW.sub(lambda found: hurried(found[0]), query)


def hurry_routes(path: Path, url: str) -> None:
    """Write a configuration of Alertmanager anew: the same routes, faster, to webhooks at `url` + name."""
    content = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8"))))  # nothing is shared any more
    content["global"] = {}
    content["receivers"] = [
        {
            "name": receiver["name"],
            "webhook_configs": [{"url": url + receiver["name"], "send_resolved": True, "max_alerts": 0}],
        }
        for receiver in content["receivers"]
    ]
    _hurry_route(content["route"])
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def _hurry_route(route: dict[str, Any]) -> None:
    route.pop("active_time_intervals", None)
    route.pop("mute_time_intervals", None)
    if "group_wait" in route:
        route["group_wait"] = hurried(route["group_wait"])
    if "group_interval" in route:
        route["group_interval"] = GROUP_INTERVAL
    for each in route.get("routes", ()):
        _hurry_route(each)
