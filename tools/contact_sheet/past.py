"""A week ago, for what is compared with it: series that a Prometheus has now, dated back.

What the lab plays lasts minutes. Only the time is made of what is dated back: the daemon told the values.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from netwatch.publishing import exposition
from tools.contact_sheet import server

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DAY = 86_400
AGO = 7 * DAY + DAY // 2
"""Seconds: amid the day that lies seven days before the last one."""

LIGHT = '{__name__=~"netwatch_optical_(receive|transmit)_power_dbm"}'


def light(prometheus: str, data: Path, now: int) -> None:
    """Date the light of now back, into the folder of data of a Prometheus that runs.

    Raises ValueError where it tells of none, OSError, CalledProcessError.
    """
    found = server.found(prometheus, LIGHT)
    if not found:
        raise ValueError("no port tells of light")
    block(((series(each["metric"]), f"{each['value'][1]} {now - AGO}") for each in found), data)


def series(labels: Mapping[str, str]) -> str:
    """Return how a series is written, of its labels and its name, which is one of them."""
    name = labels["__name__"]
    return f"{name}{{{exposition.labels({key: labels[key] for key in labels if key != '__name__'})}}}"


def block(samples: Iterable[tuple[str, str]], data: Path) -> None:
    """Write samples, series and "value seconds", as a block that Prometheus finds within a minute.

    Raises OSError where promtool is missing, CalledProcessError where it refuses them.
    """
    promtool = shutil.which("promtool")
    if promtool is None:
        raise FileNotFoundError("promtool is missing: apt-get install prometheus")
    text = data.parent / "past.txt"
    text.write_text("".join(f"{each} {value}\n" for each, value in sorted(samples)) + "# EOF\n", "utf-8")
    command = [promtool, "tsdb", "create-blocks-from", "openmetrics", str(text), str(data)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603 - ours
