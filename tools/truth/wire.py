"""`make truth-wire`: the short scripts in real time, on the wire, against the daemon as people run it.

All of them at once, each in a namespace of its own, at 8 units: two and a half minutes. The gauges are
scraped each second and compared with the file that the lab leaves, by the rules of `tools.truth`; what is
scraped may be `PAGE` seconds old. Beside them runs a control (`tools.truth.stalls`): where it saw the machine
stall, the run is *inconclusive*, whatever it showed, and is repeated up to three times.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from netwatch.lab.script.shipped import names, shipped
from netwatch.lab.world.truth import TrueSpan
from netwatch.model.state import State
from tools.truth.course import Course, state_of
from tools.truth.live import TO_UP, judge
from tools.truth.score import Miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
NETWATCH = (sys.executable, "-m", "netwatch")
UNITS = 8
ATTEMPTS = 3
PAGE = 1.0  # seconds
STARTING = 20.0  # seconds within which the daemon has to answer


@dataclass(slots=True)
class Run:
    """What one script came to. Unix seconds."""

    script: str
    start: float = 0.0
    seconds: int = 0  # unit-seconds that were compared
    misses: list[Miss] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the wire showed: the runs of the last attempt, and the stalls that were seen beside them."""

    runs: tuple[Run, ...]
    stalls: tuple[str, ...]

    @property
    def conclusive(self) -> bool:
        """Whether it tells anything."""
        return not self.stalls


def main() -> int:
    """Play and print; return 0 where all is right, 1 where something is not, 3 where nobody can tell."""
    for attempt in range(1, ATTEMPTS + 1):
        outcome = play_all([name for name in names() if shipped(name).wire])
        if outcome.conclusive:
            break
        print(f"attempt {attempt}: inconclusive, the machine stalled: {', '.join(outcome.stalls[:5])}")
    for run in outcome.runs:
        print(f"{run.script:<16} {run.seconds:>6} unit-seconds, {len(run.misses)} wrong")
        print(*(f"  {miss}" for miss in run.misses), sep="\n", end="\n" if run.misses else "")
    if not outcome.conclusive:
        return 3
    return 1 if any(run.misses or not run.seconds for run in outcome.runs) else 0


def play_all(scripts: Iterable[str]) -> Outcome:
    """Play scripts at the same time, with a control beside them."""
    control = subprocess.Popen(
        [sys.executable, "-m", "tools.truth.stalls"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            runs = tuple(pool.map(play, scripts))
    finally:
        control.terminate()
    stalls, _ = control.communicate()
    return Outcome(runs, tuple(stalls.splitlines()))


def play(script: str) -> Run:
    """Play one script in real time, and compare."""
    with tempfile.TemporaryDirectory(prefix="netwatch-wire-") as name:
        folder, port = Path(name), _free_port()
        with (folder / "log").open("w") as log:
            lab = subprocess.Popen(_command(script, folder, port), cwd=ROOT, stdout=log, stderr=log)  # noqa: S603
            scrapes = list(_scrape(lab, f"http://127.0.0.1:{port}/metrics", shipped(script).duration))
            lab.wait(STARTING)
        if not scrapes:
            raise RuntimeError(f"{script} was never scraped:\n{(folder / 'log').read_text()}")
        return compare(script, (folder / "truth").read_text("utf-8"), scrapes)


def _command(script: str, folder: Path, port: int) -> list[str]:
    lab = ["lab", "--units", str(UNITS), "--script", script, "--truth", str(folder / "truth")]
    places = ["--config", str(ROOT / "config"), "--state", str(folder / "lab")]
    daemon = [*NETWATCH, "run", "--config", "{config}", "--state", str(folder / "state")]
    return [*NETWATCH, *lab, *places, "--listen", f"127.0.0.1:{port}", "--", *daemon]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _scrape(
    lab: subprocess.Popen[bytes], url: str, duration: float
) -> Iterator[tuple[float, dict[str, State]]]:
    """Yield the time and every unit's state each second until the lab ends; end one that does not."""
    until = time.monotonic() + duration + 2 * STARTING
    while lab.poll() is None:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
                page = answer.read().decode("utf-8")
            yield time.time(), states(page)
        if time.monotonic() > until:
            lab.terminate()
            return
        time.sleep(1.0 - time.time() % 1.0)


def states(page: str) -> dict[str, State]:
    """Return the state of each unit, by code, that a page shows."""
    return {
        sample.labels["unit"]: State(sample.labels["state"])
        for family in text_string_to_metric_families(page)
        if family.name == "netwatch_unit_state"
        for sample in family.samples
        if sample.value == 1
    }


def compare(script: str, truth: str, scrapes: list[tuple[float, dict[str, State]]]) -> Run:
    """Compare what was scraped with the lab's truth, its file's text."""
    entries = [json.loads(line) for line in truth.splitlines()]
    spans: dict[str, list[TrueSpan]] = {}
    for entry in entries:
        if entry["kind"] == "unit":
            up = entry["state"] == "up"
            span = TrueSpan(entry["start"], entry["end"], up, entry["observable"])
            spans.setdefault(entry["unit"], []).append(span)
    run = Run(script, start=float(entries[0]["start"]))
    end, answered = float(entries[0]["end"]), scrapes[0][0]
    for code, course in ((code, Course(found)) for code, found in spans.items()):
        for at, found in scrapes:
            if at >= end or (found[code] is State.UNKNOWN and at < answered + TO_UP + PAGE):
                continue
            run.seconds += 1
            wrong = [judge(course, time, found[code]) for time in (at, at - PAGE)]
            if all(wrong):
                since = at - run.start
                told = str(state_of(course.at(at)))
                run.misses.append(Miss(script, code, wrong[0], since, since + 1, found[code], told))
    return run


if __name__ == "__main__":
    sys.exit(main())
