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
from typing import TYPE_CHECKING, Any

from bench.noise import rules, table
from bench.noise.alertmanager import Alertmanager
from bench.noise.engine import Stretch, evaluate
from bench.noise.judging import Judge
from bench.noise.playing import play_episode
from bench.noise.samples import STEP, Samples
from bench.noise.setups import setups
from bench.noise.week import BEFORE, OVER, days, episodes, truly
from bench.noise.whole import Assumed, stretch as stretch_of_both_weeks, whole
from netwatch.lab.plan.layout import Feature
from tools.truth.province import province

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.noise.alertmanager import Notification
    from bench.noise.engine import Firing
    from bench.noise.playing import Recording
    from bench.noise.week import Episode
    from netwatch.lab.plan.layout import Plan
    from netwatch.lab.world.truth import TrueOutage
    from tools.truth.province import Province

SETTLED = int((BEFORE - 60.0) / STEP)
"""The step from which on an episode's series count: a minute before anything happens."""
FINE = frozenset({"netwatch-units", "netwatch-paths"})
MINUTE = (
    4  # steps: the groups of lines and light are evaluated each minute; so are the rest here, to save time
)
LEAD, TAIL, LONG_TAIL = 8, 60, 300
"""Steps held before and after; where alerts fire at the end, for more than an hour: so far rules look."""


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
    plan = province(arguments.units).plan
    found = (each for one in recordings for each in truly(one.truth.outages, one.episode, plan))
    outages = sorted(found, key=lambda each: each.start)
    print(*table.truth(outages), "", sep="\n")
    told = {}
    for setup in setups():
        alerts = [alert for outcome in outcomes for alert in outcome.alerts[setup.rules]]
        messages = Alertmanager(setup.config).notifications(alerts + (slow if setup.is_netwatch else []))
        # What still fires when the week is over does not end then.
        messages = [each for each in messages if setup.counts(each.receiver) and each.at < OVER]
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
    watched = {office.unit for office in province(units).plan.offices}
    recording = replace(recording, netwatch=recording.netwatch.of(watched))
    alerts = alerted(kept, quick, recording)
    return Outcome(
        replace(recording, netwatch=recording.netwatch.only(read_by(slow)), peers=Samples()), alerts
    )


def alerted(
    folder: Path, quick: Sequence[Mapping[str, Any]], recording: Recording
) -> dict[str, list[Firing]]:
    """Return the alerts of an episode, by set of rules."""
    fine = [group for group in quick if group["name"] in FINE]
    rest = [group for group in quick if group["name"] not in FINE]
    ours, minutes = recording.netwatch, recording.netwatch.coarser(MINUTE)
    return {
        "netwatch": [
            *to_the_end(folder / "fine", fine, recording, ours.only(read_by(fine)), 1),
            *to_the_end(folder / "rest", rest, recording, minutes.only(read_by(rest)), MINUTE),
        ],
        "peers": to_the_end(folder / "peers", rules.groups([rules.PEERS]), recording, recording.peers, 1),
    }


def read_by(groups: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the metrics that groups of rules read."""
    return rules.names(rule for group in groups for rule in group["rules"])


def to_the_end(
    folder: Path, groups: Sequence[Mapping[str, Any]], recording: Recording, samples: Samples, coarse: int
) -> list[Firing]:
    """Return the alerts of an episode; where some fire when it is over, look for longer."""
    for tail in (TAIL, LONG_TAIL):
        first, last, lead, after = (each // coarse for each in (SETTLED, recording.end, LEAD, tail))
        stretch = Stretch(recording.episode.start, first, last, lead, after, coarse * STEP)
        found = evaluate(folder, groups, samples, stretch)
        if all(alert.end < stretch.origin + stretch.steps * stretch.step for alert in found):
            break
    return found


def recorded(episode: Episode, file: Path, units: int, seed: int) -> Recording:
    """Return what was played before, or play it now."""
    if file.exists():
        found: Recording = pickle.loads(file.read_bytes())  # noqa: S301 - what this program left there
        return found
    recording = play_episode(episode, province(units), seed, read_by(rules.netwatch()))
    file.write_bytes(pickle.dumps(recording))
    return recording


def evaluate_whole(recordings: Sequence[Recording], folder: Path, place: Province) -> list[Firing]:
    """Return the alerts of the rules that look back for days."""
    _, slow = rules.parted(rules.netwatch())
    samples = whole(recordings, SETTLED, read_by(slow), assumed(place.plan))
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
