"""`make noise`: a week of the lab, and how many messages people get of it; `python -m bench.noise --help`."""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import pickle
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.noise import rules, table
from bench.noise.alertmanager import Alertmanager
from bench.noise.engine import Stretch, evaluate
from bench.noise.judging import Judge
from bench.noise.playing import play_episode
from bench.noise.samples import STEP, Samples
from bench.noise.setups import setups
from bench.noise.week import BEFORE, days, episodes
from bench.noise.whole import Assumed, stretch as stretch_of_both_weeks, whole
from netwatch.lab.plan.layout import Feature
from tools.truth.province import province

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.noise.alertmanager import Notification
    from bench.noise.engine import Firing
    from bench.noise.playing import Recording
    from bench.noise.week import Episode
    from netwatch.lab.plan.layout import Plan
    from netwatch.lab.world.truth import TrueOutage
    from tools.truth.province import Province

SETTLED = int((BEFORE - 60.0) / STEP)
"""The step from which on an episode's series count: a minute before anything happens."""
LEAD, TAIL = 40, 300  # steps that are held before and after: rules look back for an hour at most


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one episode: what was played, less what only quick rules read, and what was alerted."""

    recording: Recording
    alerts: dict[str, list[Firing]]  # by set of rules


def main() -> int:
    """Play, evaluate, count, print."""
    arguments = parse()
    if not shutil.which("promtool"):
        print("not installed: promtool; apt-get install prometheus", file=sys.stderr)
        return 1
    began = time.monotonic()
    chosen = [each for each in episodes(days()) if not arguments.days or each.day + 1 in arguments.days]
    with tempfile.TemporaryDirectory(prefix="netwatch-noise-") as name:
        folder = arguments.keep or Path(name)
        work = partial(perform, folder=folder, units=arguments.units, seed=arguments.seed)
        with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
            # What takes longest first, so that no process is left alone with it.
            outcomes = list(pool.map(work, sorted(chosen, key=lambda each: -each.script.duration)))
        recordings = [outcome.recording for outcome in outcomes]
        slow = evaluate_whole(recordings, folder / "whole", province(arguments.units))
    outages = sorted((each for one in recordings for each in one.truth.outages), key=lambda each: each.start)
    print(*table.truth(outages), "", sep="\n")
    told = {}
    for setup in setups():
        alerts = [alert for outcome in outcomes for alert in outcome.alerts[setup.rules]]
        messages = Alertmanager(setup.config).notifications(alerts + (slow if setup.is_netwatch else []))
        messages = [each for each in messages if setup.counts(each.receiver)]
        told[setup.name] = Judge(by_unit(outages), setup.down).days(messages)
        if arguments.messages:
            print(setup.name, *map(line, messages), "", sep="\n", file=sys.stderr)
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
    parser.add_argument(
        "--keep",
        type=Path,
        help="a folder for what is played and for promtool's files; what stands there is not played again",
    )
    return parser.parse_args()


def perform(episode: Episode, *, folder: Path, units: int, seed: int) -> Outcome:
    """Play one episode, unless it stands in the folder already, and evaluate the rules over it."""
    quick, slow = rules.parted(rules.netwatch())
    kept = folder / episode.script.name
    kept.mkdir(parents=True, exist_ok=True)
    recording = recorded(episode, kept / "recording.pickle", units, seed)
    stretch = Stretch(episode.start, SETTLED, recording.end, LEAD, TAIL)
    alerts = {
        "netwatch": evaluate(kept / "netwatch", quick, recording.netwatch, stretch),
        "peers": evaluate(kept / "peers", rules.groups([rules.PEERS]), recording.peers, stretch),
    }
    names = rules.names(rule for group in slow for rule in group["rules"])
    return Outcome(replace(recording, netwatch=recording.netwatch.only(names), peers=Samples()), alerts)


def recorded(episode: Episode, file: Path, units: int, seed: int) -> Recording:
    """Return what was played before, or play it now."""
    if file.exists():
        found: Recording = pickle.loads(file.read_bytes())  # noqa: S301 - what this program left there
        return found
    wanted = rules.names(rule for group in rules.netwatch() for rule in group["rules"])
    recording = play_episode(episode, province(units), seed, wanted)
    file.write_bytes(pickle.dumps(recording))
    return recording


def evaluate_whole(recordings: Sequence[Recording], folder: Path, place: Province) -> list[Firing]:
    """Return the alerts of the rules that look back for days."""
    _, slow = rules.parted(rules.netwatch())
    names = rules.names(rule for group in slow for rule in group["rules"])
    samples = whole(recordings, SETTLED, names, assumed(place.plan))
    return evaluate(folder, slow, samples, stretch_of_both_weeks())


def assumed(plan: Plan) -> Assumed:
    """Return whose month was bad already, and whose light fades: Monday's cut fibre, and one with a 4G."""
    sfp = [office for office in plan.offices if Feature.SFP in office.features]
    bad = next(office for office in sfp if Feature.BACKUP not in office.features)
    fading = next(office for office in sfp if Feature.BACKUP in office.features)
    return Assumed(bad.unit, fading.gateway)


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
