"""A week ago, for what looks back so far: series that a datasource has now, dated back.

They were told by the daemon; only their time, and what is added to the values, is made. Prometheus gets
them as a block, which it finds within a minute; VictoriaMetrics by its import.
"""

from __future__ import annotations

import subprocess
import urllib.request
from typing import TYPE_CHECKING

from real import program, until

from netwatch.publishing import exposition

if TYPE_CHECKING:
    from pathlib import Path

    from board_asking import Answer, Datasource

HOUR = 3600
DAY = 24 * HOUR
AGO = 7 * DAY + 12 * HOUR
"""Seconds: amid the day that lies seven days before the last one."""


def dated(series: Answer, at: int, more: float) -> list[tuple[str, str]]:
    """The series by how they are written, with a value that is `more` than now, and Unix seconds."""
    return [(_written(dict(labels)), f"{value + more:.3f} {at}") for labels, value in series.items()]


def _written(labels: dict[str, str]) -> str:
    name = labels.pop("__name__")
    return f"{name}{{{exposition.labels(labels)}}}"


def into_prometheus(rows: list[tuple[str, str]], folder: Path) -> None:
    """Write a block into the folder that a running Prometheus keeps its data in."""
    text = folder.parent / "past.txt"
    text.write_text("".join(f"{series} {value}\n" for series, value in sorted(rows)) + "# EOF\n", "utf-8")
    promtool = program("promtool", "prometheus")
    subprocess.run(
        [promtool, "tsdb", "create-blocks-from", "openmetrics", str(text), str(folder)],
        check=True,
        capture_output=True,
        timeout=60,
    )


def into_victoria(rows: list[tuple[str, str]], source: Datasource) -> None:
    """Hand them to VictoriaMetrics, which takes milliseconds."""
    body = "".join(f"{series} {value}000\n" for series, value in rows).encode()
    request = urllib.request.Request(f"{source.url}/api/v1/import/prometheus", body)  # noqa: S310 loopback
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        assert response.status == 204


def has_it(source: Datasource, expr: str, at: int) -> None:
    """Wait until a datasource finds at a time what was dated back."""
    until(lambda: source.instant(expr, at), "what is a week old is found", 150)
