"""A hundred reloads of a real daemon under load, twenty of them invalid: nothing is lost or wrongly down."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families
from real import NETWATCH, Programs, end, fetch, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.system

RELOADS, INVALID_EVERY = 100, 5
STABLE, COMING = 60, 40
"""Gateways on loopback that are always there, and those that come, go and change."""


def site(number: int, role: str = "switch", more: str = "") -> str:
    address = f"127.0.{number // 200 + 1}.{number % 200 + 1}"
    return (
        f"  - area: Khu {number % 7}\n    devices:\n"
        f"      - {{name: sw-{number}, address: {address}, role: {role}{more}}}\n"
    )


def write(folder: Path, chance: random.Random, *, valid: bool) -> set[str]:
    """Write another configuration; return the names of all devices in it."""
    there = [number for number in range(STABLE, STABLE + COMING) if chance.random() < 0.5]
    changed = {
        number: chance.choice(["", ", intervals: {echo: 2s}", ", intervals: {echo: 500ms}"])
        for number in there
    }
    text = "sites:\n" + "".join(site(number) for number in range(STABLE))
    text += "".join(site(number, "switch", changed[number]) for number in there)
    text += "" if valid else site(STABLE + COMING, "swich")
    (folder / "sites" / "all.yaml").write_text(text, "utf-8")
    return {f"sw-{number}" for number in [*range(STABLE), *there]}


def totals(url: str, name: str) -> dict[str, float]:
    """A metric's values by device, summed over all else."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(fetch(f"{url}/metrics")):
        for sample in family.samples:
            if sample.name == name and "device" in sample.labels:
                device = sample.labels["device"]
                found[device] = found.get(device, 0.0) + sample.value
    return found


def test_a_hundred_reloads_lose_nothing(programs: Programs, free_port: Callable[[], int]) -> None:
    chance = random.Random(1)
    config = programs.folder / "config"
    (config / "sites").mkdir(parents=True)
    names = write(config, chance, valid=True)
    url = f"http://127.0.0.1:{free_port()}"
    daemon = programs.start(
        "netwatch",
        [
            *(*NETWATCH, "run", "--config", str(config), "--state", str(programs.folder / "state")),
            *("--listen", url.removeprefix("http://"), "--poller", "noc"),
        ],
    )
    stable = {f"sw-{number}" for number in range(STABLE)}
    until(lambda: stable <= totals(url, "netwatch_echo_requests_total").keys(), "slots are counted")
    time.sleep(3)
    before, began = totals(url, "netwatch_echo_requests_total"), time.monotonic()
    for number in range(RELOADS):
        valid = number % INVALID_EVERY != INVALID_EVERY - 1
        wanted = write(config, chance, valid=valid)
        daemon.send_signal(signal.SIGHUP)
        told = f"netwatch_config_last_reload_successful {float(valid)}"
        until(lambda told=told: told in fetch(f"{url}/metrics"), f"reload {number} is told")  # type: ignore[misc]
        names = wanted if valid else names
        if number % 10 == 0:
            until(lambda names=names: known(url) == names, "devices are those configured", 10)  # type: ignore[misc]
    after, seconds = totals(url, "netwatch_echo_requests_total"), time.monotonic() - began
    for name in stable:
        assert abs(after[name] - before[name] - seconds) <= 3, f"{name} was not asked each second"
    assert known(url) == names
    assert " is down" not in programs.log("netwatch")
    assert "Traceback" not in programs.log("netwatch")
    assert end(daemon) == 0


def known(url: str) -> set[str]:
    """The devices of which there is any series."""
    found: set[str] = set()
    for family in text_string_to_metric_families(fetch(f"{url}/metrics")):
        found |= {sample.labels["device"] for sample in family.samples if "device" in sample.labels}
    return found
