"""`make peers`: netwatch and the Prometheus exporters side by side through the same failures.

The scripts are played in real time, several at once, each in a namespace of its own; a run in which the
machine stalled is repeated. What a run leaves stands in the output folder by the script's name, and is read
again by --judge-only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from judging import Run, judge
from table import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCRIPTS = {path.stem: path for path in sorted((HERE / "scripts").glob("*.yaml"))}
PACKAGES = ("prometheus", "prometheus-blackbox-exporter", "prometheus-snmp-exporter")
STAGGER = 4.0  # seconds between two starts, so that programs do not all start at once


class RunError(Exception):
    """A run came to no end; the message says whose, and where to look."""


def main() -> int:
    """Play, judge, print; 1 where a script came to no conclusive run."""
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the labs end too
    missing = [package for package in PACKAGES if not shutil.which(package)]
    if missing:
        print(f"not installed: {', '.join(missing)}; apt-get install {' '.join(missing)}", file=sys.stderr)
        return 1
    if not arguments.judge_only:
        arguments.output.mkdir(parents=True, exist_ok=True)
        try:
            asyncio.run(play_all(arguments))
        except* RunError as errors:
            print(*errors.exceptions, sep="\n", file=sys.stderr)
            sys.exit(1)
    runs = [judge(arguments.output / name) for name in arguments.scripts]
    print(tables(runs, versions()))
    return 1 if any(run.doubts for run in runs) else 0


def parse() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="peers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help=f"default: all of {', '.join(SCRIPTS)}")
    parser.add_argument("--units", type=int, default=24, help="how many units have devices")
    parser.add_argument("--at-once", type=int, default=5, help="how many scripts are played side by side")
    parser.add_argument(
        "--attempts", type=int, default=2, help="how often a script is played until it counts"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "state" / "peers", help="default: state/peers")
    parser.add_argument("--judge-only", action="store_true", help="play nothing, read the last runs again")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.scripts if name not in SCRIPTS]
    if unknown:
        parser.error(f"no script {unknown[0]!r}: there are {', '.join(SCRIPTS)}")
    arguments.scripts = arguments.scripts or list(SCRIPTS)
    arguments.output = arguments.output.absolute()
    return arguments


async def play_all(arguments: argparse.Namespace) -> None:
    """Play every script until a run of it counts, or its attempts are spent."""
    places = asyncio.Semaphore(arguments.at_once)
    starting = asyncio.Lock()

    async def attempts(name: str) -> None:
        for attempt in range(1, arguments.attempts + 1):
            async with places:
                async with starting:
                    await asyncio.sleep(STAGGER)
                run = await play(name, arguments)
            said = "; ".join(run.doubts) or "played without a stall"
            print(f"{name}, attempt {attempt}: {said}", file=sys.stderr, flush=True)
            if not run.doubts:
                return

    async with asyncio.TaskGroup() as group:
        for name in arguments.scripts:
            group.create_task(attempts(name))


async def play(name: str, arguments: argparse.Namespace) -> Run:
    """Play one script to its end and judge what it left."""
    folder = arguments.output / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (folder / "lab.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command(name, folder, arguments.units), cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        status = await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
    if status:
        raise RunError(f"{name} ended with {status}: see {folder / 'lab.log'}")
    return judge(folder)


def command(name: str, folder: Path, units: int) -> Sequence[str]:
    """Return the lab's command line."""
    script = str(SCRIPTS[name])
    netwatch = (
        sys.executable,
        "-m",
        "netwatch",
        "lab",
        "--units",
        str(units),
        "--config",
        str(ROOT / "config"),
    )
    files = ("--state", str(folder), "--script", script, "--truth", str(folder / "truth.jsonl"))
    inside = (sys.executable, str(HERE / "inside.py"), "--config", "{config}", "--output", str(folder))
    return (*netwatch, *files, "--", *inside, "--script", script)


def versions() -> dict[str, str]:
    """Return the versions of the Debian packages."""
    asked = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", *PACKAGES]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return dict(line.split(" ", 1) for line in answer.splitlines())


if __name__ == "__main__":
    sys.exit(main())
