"""Plays scripts of the lab and prints how they were judged; `python -m tools.truth --help`."""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.lab.script.shipped import find, names
from netwatch.lab.script.story import ScriptError
from tools.truth import table
from tools.truth.compare import compare
from tools.truth.play import play
from tools.truth.province import province
from tools.truth.score import Score, failures, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main() -> int:
    """Play, print, and return 1 where the goal is missed."""
    arguments = parse()
    words = arguments.scripts or names()
    try:
        lengths = {word: find(word).duration for word in words}
        # What takes longest first, so that no process is left alone with it.
        words = sorted(lengths, key=lambda word: -lengths[word])
        scores = list(run(words, arguments.units, arguments.seed, arguments.jobs))
    except (ScriptError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    scores.sort(key=lambda score: score.script)
    print(*table.lines(scores), sep="\n")
    missed = [score for score in scores if failures(score)]
    for score in missed:
        print("", *score.misses, sep="\n  ")
    if arguments.json:
        arguments.json.write_text(json.dumps([figures(score) for score in scores], indent=1), "utf-8")
    return 1 if missed else 0


def parse() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="python -m tools.truth", description=(__doc__ or "").split(";")[0])
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help="names or files; default: all that ship")
    parser.add_argument("--units", type=int, default=24, help="how many units have devices (24)")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; default: one a CPU")
    parser.add_argument("--json", type=Path, metavar="FILE", help="gets the figures and every miss")
    return parser.parse_args()


def run(scripts: Sequence[str], units: int, seed: int, jobs: int) -> Iterator[Score]:
    """Play scripts, several at once, and yield their scores in their order."""
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(partial(score_of, units=units, seed=seed), scripts)


def score_of(script: str, *, units: int, seed: int) -> Score:
    """Play one script and judge how it was judged."""
    return compare(play(find(script), province(units), seed))


if __name__ == "__main__":
    sys.exit(main())
