"""A value that is read from a device ends with the device: no alert on one may end by that.

For each such alert, the tests of the rules have a moment at which it fires though its device is silent.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from promtool import document, promtool

from netwatch.publishing.alerts.table import ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = Path(__file__).parents[2] / "config" / "prometheus"
FADING = Path(__file__).parent / "light-fading-silent.yml"
LOOKBACK = 300
"""Seconds for which Prometheus takes a value that was not followed by another."""

JUDGED = {"NetwatchCoreDown"}
"""About a device's state, which netwatch exports whether the device answers or not."""

READ = (
    "NetwatchLightLow",
    "NetwatchLightFading",
    "NetwatchUplinkErrors",
    "NetwatchUplinkDiscards",
    "NetwatchUplinkSaturated",
    "NetwatchBackupInUse",
    "NetwatchOnBattery",
    "NetwatchBatteryLow",
    "NetwatchCredentialsRefused",
    "NetwatchIdentityChanged",
)


def seconds(told: str) -> int:
    """Return a duration as promtool's tests write it, such as 1h30m."""
    size = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    return sum(int(number) * size[unit] for number, unit in re.findall(r"(\d+)([dhms])", told))


def there(values: str) -> Iterator[bool]:
    """Yield whether each sample of a series is there, from promtool's notation: 1x3 is four, _x3 is three."""
    for token in values.split():
        count = re.search(r"x(\d+)$", token)
        gone = token.startswith(("_", "stale"))
        yield from [not gone] * (1 if count is None else int(count[1]) + (not gone))


def silent(test: dict[str, Any], device: str, at: int) -> bool:
    """Tell whether no poll of a device was answered lately, as its uptime shows."""
    (series,) = (
        each
        for each in test["input_series"]
        if each["series"].startswith("netwatch_device_uptime_seconds{")
        and f'device="{device}"' in each["series"]
    )
    interval = seconds(test["interval"])
    heard = [number * interval for number, is_there in enumerate(there(str(series["values"]))) if is_there]
    last = max((moment for moment in heard if moment <= at), default=-LOOKBACK)
    return at - last >= LOOKBACK


def fired() -> Iterator[tuple[str, dict[str, Any], int, str]]:
    """Yield each alert about a device that fires: its name, the test, the time, the device."""
    for path in (*sorted((CONFIG / "tests").glob("*.yml")), FADING):
        for test in document(path)["tests"]:
            for case in test.get("alert_rule_test", ()):
                for alert in case["exp_alerts"]:
                    if device := alert["exp_labels"].get("device"):
                        yield case["alertname"], test, seconds(case["eval_time"]), device


FIRED = list(fired())


@pytest.mark.parametrize(
    ("values", "samples"),
    [("1x2 _x2 5", "111001"), ("0+60x1 stale", "110"), ("_ 1-2x2", "0111"), ("7", "1")],
)
def test_the_notation_of_samples_is_read(values: str, samples: str) -> None:
    assert list(there(values)) == [sample == "1" for sample in samples]


def test_every_alert_on_what_a_device_told_is_named_here() -> None:
    assert {name for name, *_ in FIRED} == {*READ, *JUDGED}
    assert {alert.name for alert in ALERTS if "netwatch_device_uptime_seconds" in alert.expr} == set(READ)


@pytest.mark.parametrize("name", READ)
def test_an_alert_fires_on_where_its_device_is_silent(name: str) -> None:
    assert any(silent(test, device, at) for fires, test, at, device in FIRED if fires == name)


@pytest.mark.system
def test_fading_light_goes_on_fading_in_silence(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    for name in ("devices.yml", "light.yml"):
        rules = (CONFIG / "rules" / name).read_text("utf-8")
        hurried = re.sub(r"\b1([dw])\b", lambda match: {"d": "1h", "w": "6h"}[match[1]], rules)
        (tmp_path / "rules" / name).write_text(hurried, "utf-8")
    (tmp_path / "tests.yml").write_text(FADING.read_text("utf-8"), "utf-8")
    assert "SUCCESS" in promtool("test", "rules", str(tmp_path / "tests.yml"))
