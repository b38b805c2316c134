"""A hundred reloads of a real daemon, twenty of them invalid: nothing lost, nothing wrongly down."""

from __future__ import annotations

import random
import re
import signal
import time
from functools import partial
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


AWAY = 4
"""Seconds: the part of the page that was read first was as old, and so may be the last."""


def site(number: int, role: str = "switch", more: str = "") -> str:
    return (
        f"  - area: Khu {number % 7}\n    devices:\n"
        f"      - {{name: sw-{number}, address: 127.0.1.{number + 1}, role: {role}{more}}}\n"
    )


def write(folder: Path, chance: random.Random, there: set[int], *, valid: bool) -> set[str]:
    """Write another configuration; return the names of all devices in it.

    `there` are those that come and go: a few at a time, as more than a tenth are not dropped unasked.
    """
    for number in chance.sample(range(STABLE, STABLE + COMING), 5):
        there ^= {number}
    changed = {
        number: chance.choice(["", ", intervals: {echo: 2s}", ", intervals: {echo: 500ms}"])
        for number in there
    }
    text = "sites:\n" + "".join(site(number) for number in range(STABLE))
    text += "".join(site(number, "switch", changed[number]) for number in sorted(there))
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
    there: set[int] = set()
    names = write(config, chance, there, valid=True)
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
    before, began = totals(url, "netwatch_echo_requests_total"), time.monotonic()
    for number in range(RELOADS):
        valid = number % INVALID_EVERY != INVALID_EVERY - 1
        kept, last = set(there), reloaded(url)
        wanted = write(config, chance, there, valid=valid)
        daemon.send_signal(signal.SIGHUP)
        until(partial(is_told, url, last, valid), f"reload {number} is told", 10)
        names, there = (wanted, there) if valid else (names, kept)
        if number % 10 == 0:
            assert known(url) == names, f"the devices after reload {number}"
    asked: set[str] = set()

    def all_asked() -> bool:
        """A device's part of the page is written anew every few seconds: then it tells of every second."""
        after, seconds = totals(url, "netwatch_echo_requests_total"), time.monotonic() - began
        asked.update(name for name in stable if abs(after[name] - before[name] - seconds) <= AWAY)
        return asked == stable

    until(all_asked, "every device has been asked each second", 30)
    assert known(url) == names
    assert " is down" not in programs.log("netwatch")
    assert "Traceback" not in programs.log("netwatch")
    assert end(daemon) == 0


def reloaded(url: str) -> float:
    """When a configuration was last taken."""
    name = "netwatch_config_last_reload_success_timestamp_seconds"
    (told,) = re.findall(rf"^{name} (.*)$", fetch(f"{url}/metrics"), re.MULTILINE)
    return float(told)


def is_told(url: str, last: float, valid: bool) -> bool:
    """Whether a reload has been taken since then, or refused."""
    if valid:
        return reloaded(url) > last
    return "netwatch_config_last_reload_successful 0.0" in fetch(f"{url}/metrics")


def known(url: str) -> set[str]:
    """The devices of which there is any series."""
    found: set[str] = set()
    for family in text_string_to_metric_families(fetch(f"{url}/metrics")):
        found |= {sample.labels["device"] for sample in family.samples if "device" in sample.labels}
    return found
