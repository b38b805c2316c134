"""The report and Prometheus: `increase` gives what the ledger says, or it is told why not.

The samples of a month are those that the daemon would have exported at each scrape. They are put into blocks
by promtool, and a real Prometheus is asked.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import subprocess
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING

import month
import pytest
from month import AFTER, BEFORE, END, LINES_OF, MINUTES, START, A
from real import Programs, fetch, pick_port, program, until

from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system

SCRAPE = 60  # seconds
LAG = 120
"""Seconds after its end by which the last minute of a period was settled, and the next was not."""

GONE = (month.at(24, "00:00:00"), month.at(25, "00:00:00"))
"""The day that the second Prometheus missed: the one of the orderly stop."""

VERDICTS = tuple(State)
Series = dict[tuple[str, State], list[tuple[float, int]]]


def exported(told: month.Told) -> Series:
    """The counters at each scrape: from 0 in each process, and none while there is no process."""
    bounds = [*told.starts, END + AFTER]
    found: Series = {(code, verdict): [] for code in LINES_OF for verdict in VERDICTS}
    minutes = iter(sorted(told.minutes, key=lambda each: each[0]))
    waiting = next(minutes, None)
    for start, following in itertools.pairwise(bounds):
        ended = next((pause[0] for pause in month.PAUSES if pause[1] == following), following)
        counts = dict.fromkeys(found, 0)
        for scrape in range(-(-start // SCRAPE) * SCRAPE, ended + 1, SCRAPE):
            while waiting is not None and waiting[0] <= scrape:
                key = waiting[1].key, waiting[1].verdict
                if key in counts:
                    counts[key] += 1
                waiting = next(minutes, None)
            for key, count in counts.items():
                found[key].append((scrape, count))
        while waiting is not None and waiting[0] < following:  # between the last scrape and the end
            waiting = next(minutes, None)
    return found


def openmetrics(series: Series, gone: tuple[int, int] | None) -> Iterator[str]:
    yield "# TYPE netwatch_unit_minutes counter\n"
    for (code, verdict), samples in series.items():
        labels = f'unit="{code}",verdict="{verdict.value}"'
        for at, count in samples:
            if gone is None or not gone[0] <= at < gone[1]:
                yield f"netwatch_unit_minutes_total{{{labels}}} {count} {at}\n"
    yield "# EOF\n"


@dataclass(frozen=True)
class Server:
    """A Prometheus that has the samples and scrapes nothing."""

    url: str

    def increase(self, verdict: State) -> dict[str, int]:
        """What a month's range at the moment when its last minute was settled gives, by unit."""
        query = f'increase(netwatch_unit_minutes_total{{verdict="{verdict.value}"}}[{END - START}s])'
        asked = urllib.parse.urlencode({"query": query, "time": END + LAG})
        answer = json.loads(fetch(f"{self.url}/api/v1/query?{asked}"))
        assert answer["status"] == "success", answer
        rows = answer["data"]["result"]
        return {row["metric"]["unit"]: round(float(row["value"][1])) for row in rows}


def serve(folder: Path, stack: contextlib.ExitStack, series: Series, gone: tuple[int, int] | None) -> Server:
    folder.mkdir()
    text, data, config = folder / "samples.txt", folder / "data", folder / "prometheus.yml"
    with text.open("w", encoding="utf-8") as file:
        file.writelines(openmetrics(series, gone))
    command = [program("promtool", "prometheus"), "tsdb", "create-blocks-from", "--max-block-duration=72h"]
    made = subprocess.run(
        [*command, "openmetrics", str(text), str(data)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    config.write_text("scrape_configs: []\n", "utf-8")
    port = pick_port(socket.SOCK_STREAM)
    Programs(folder, stack).start(
        "prometheus",
        [
            program("prometheus", "prometheus"),
            f"--config.file={config}",
            f"--storage.tsdb.path={data}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
    )
    server = Server(f"http://127.0.0.1:{port}")
    until(lambda: "Ready" in fetch(f"{server.url}/-/ready"), "Prometheus is ready")
    return server


@pytest.fixture(name="told", scope="module")
def live_it(tmp_path_factory: pytest.TempPathFactory) -> month.Told:
    return month.live(f"sqlite:///{tmp_path_factory.mktemp('month') / 'ledger.db'}")


def unseen(told: month.Told, code: str, verdict: State, gone: tuple[int, int] | None) -> int:
    """Minutes of the month that no scrape saw: settled by a start, or behind the last scrape of a process."""
    found = sum(each.key == code and each.verdict is verdict for each in told.resumed)
    for start, following in itertools.pairwise([*told.starts, END + AFTER]):
        ended = next((pause[0] for pause in month.PAUSES if pause[1] == following), following)
        scrapes = range(-(-start // SCRAPE) * SCRAPE, ended + 1, SCRAPE)
        seen = [at for at in scrapes if gone is None or not gone[0] <= at < gone[1]]
        if following == END + AFTER:
            continue
        found += sum(
            seen[-1] < at < following and each.key == code and each.verdict is verdict
            for at, each in told.minutes
        )
    return found


def test_increase_gives_the_minutes_of_the_report_but_for_those_that_no_scrape_saw(
    told: month.Told, tmp_path: Path
) -> None:
    """Up, down and unknown to the minute, once where Prometheus was always up and once where it missed a day.

    While it is away nothing is lost by itself, as counters go on; what is lost is what a process counted
    after the last scrape before it ended. The ledger has those minutes, and `unseen` says how many they are.
    """
    series = exported(told)
    with contextlib.ExitStack() as stack:
        always = serve(tmp_path / "always", stack, series, None)
        missed = serve(tmp_path / "missed", stack, series, GONE)
        for verdict in VERDICTS:
            found = always.increase(verdict), missed.increase(verdict)
            for code, lines in LINES_OF.items():
                true = month.truth(lines, month.month())
                minutes = {State.UP: true.up, State.DOWN: true.down, State.UNKNOWN: true.unknown}[verdict]
                if verdict is State.UNKNOWN:
                    # Minutes in which no netwatch ran are in no counter; in the ledger they are unknown.
                    minutes -= nobodys(told, code)
                assert found[0][code] == minutes - unseen(told, code, verdict, None)
                assert found[1][code] == minutes - unseen(told, code, verdict, GONE)
    assert unseen(told, A, State.UP, None) <= 5, "nearly nothing is lost while Prometheus is up"
    assert 12 * 60 < unseen(told, A, State.UP, GONE) < 14 * 60, "and what the stopped process had counted is"


def nobodys(told: month.Told, code: str) -> int:
    """Minutes of the month that nobody judged."""
    judged = {each.start for _, each in told.minutes if each.key == code and START <= each.start < END}
    judged |= {each.start for each in told.resumed if each.key == code}
    return MINUTES - len(judged)


def test_the_samples_are_those_of_the_whole_month(told: month.Told) -> None:
    first, last = exported(told)[A, State.UP][0], exported(told)[A, State.UP][-1]
    assert first[0] == START - BEFORE
    assert last[0] == END + AFTER
