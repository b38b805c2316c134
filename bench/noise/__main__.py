"""`make noise`: a week of the lab, and how many messages people get of it; `python -m bench.noise --help`."""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.noise import rules, table
from bench.noise.alertmanager import Alertmanager
from bench.noise.engine import Stretch, evaluate
from bench.noise.judging import Judge
from bench.noise.playing import play_episode
from bench.noise.samples import STEP
from bench.noise.setups import setups
from bench.noise.week import BEFORE, days, episodes
from tools.truth.province import province

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.noise.alertmanager import Notification
    from bench.noise.engine import Firing
    from bench.noise.week import Episode
    from netwatch.lab.world.truth import TrueOutage

SETTLED = int((BEFORE - 60.0) / STEP)
"""The step from which on an episode's series count: a minute before anything happens."""
LEAD, TAIL = 40, 300  # steps that are held before and after: rules look back for an hour at most


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one episode: its true outages, and the alerts of each set of rules."""

    episode: Episode
    outages: tuple[TrueOutage, ...]
    alerts: dict[str, list[Firing]]


def main() -> int:
    """Play, evaluate, count, print."""
    arguments = parse()
    if not shutil.which("promtool"):
        print("not installed: promtool; apt-get install prometheus", file=sys.stderr)
        return 1
    began = time.monotonic()
    chosen = [each for each in episodes(days()) if not arguments.days or each.day + 1 in arguments.days]
    work = partial(perform, units=arguments.units, seed=arguments.seed, keep=arguments.keep)
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        # What takes longest first, so that no process is left alone with it.
        outcomes = list(pool.map(work, sorted(chosen, key=lambda each: -each.script.duration)))
    outages = sorted((each for outcome in outcomes for each in outcome.outages), key=lambda each: each.start)
    print(*table.truth(outages), "", sep="\n")
    told = {}
    for setup in setups():
        alerts = [alert for outcome in outcomes for alert in outcome.alerts[setup.rules]]
        messages = [
            each for each in Alertmanager(setup.config).notifications(alerts) if setup.counts(each.receiver)
        ]
        told[setup.name] = Judge(by_unit(outages), setup.down).days(messages)
        if arguments.messages:
            print(*map(line, messages), "", sep="\n", file=sys.stderr)
    print(*table.compared(told), sep="\n")
    print(f"\n{time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def parse() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="python -m bench.noise", description=(__doc__ or "").split(";")[0])
    parser.add_argument("--units", type=int, default=24, help="how many units have devices (24)")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; default: one a CPU")
    parser.add_argument("--days", type=int, nargs="*", help="only these days, 1 is Monday; default: all")
    parser.add_argument("--messages", action="store_true", help="tell of every message on stderr")
    parser.add_argument("--keep", type=Path, help="a folder that gets promtool's files of each episode")
    return parser.parse_args()


def perform(episode: Episode, *, units: int, seed: int, keep: Path | None) -> Outcome:
    """Play one episode and evaluate the rules over it."""
    netwatch, _ = rules.parted(rules.groups(sorted(rules.NETWATCH.glob("*.yml"))))
    wanted = rules.names(rule for group in netwatch for rule in group["rules"])
    recording = play_episode(episode, province(units), seed, wanted)
    stretch = Stretch(episode.start, SETTLED, recording.end, LEAD, TAIL)
    with tempfile.TemporaryDirectory(prefix="netwatch-noise-") as name:
        folder = (keep or Path(name)) / episode.script.name
        alerts = {
            "netwatch": evaluate(folder / "netwatch", netwatch, recording.netwatch, stretch),
            "peers": evaluate(folder / "peers", rules.groups([rules.PEERS]), recording.peers, stretch),
        }
    return Outcome(episode, recording.truth.outages, alerts)


def by_unit(outages: Sequence[TrueOutage]) -> dict[str, list[TrueOutage]]:
    """Return the outages of each unit."""
    found: dict[str, list[TrueOutage]] = {}
    for outage in outages:
        found.setdefault(outage.unit, []).append(outage)
    return found


def line(message: Notification) -> str:
    """Tell of one message."""
    at = time.strftime("%a %H:%M:%S", time.gmtime(message.at + 7 * 3600))
    names = {alert.name for alert in (*message.firing, *message.resolved)}
    where = ", ".join(value for name, value in message.group if name != "alertname")
    counts = f"{len(message.firing)} firing, {len(message.resolved)} over"
    return f"{at}  {message.receiver:<10} {' '.join(sorted(names))} [{where}] {counts}"


if __name__ == "__main__":
    sys.exit(main())
