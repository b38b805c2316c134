"""A real daemon, killed at random moments and started again: its ledger opens and verifies."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from real import NETWATCH, ROOT, run_to_end

from netwatch.evidence import tail
from netwatch.evidence.chain import intact
from netwatch.evidence.kinds import Started
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from real import Programs

pytestmark = [pytest.mark.system, pytest.mark.paced]

KILLS = int(os.environ.get("NETWATCH_KILLS", "10"))
SEED = 3

LONGEST = 16
"""Seconds that a process lives at most."""

SUPERVISOR = """
import random, subprocess, sys, time
seed, kills, longest, *command = sys.argv[1:]
chance = random.Random(int(seed))
for _ in range(int(kills)):
    daemon = subprocess.Popen(command)
    time.sleep(chance.uniform(1, int(longest)))
    daemon.kill()
    print("killed", time.time(), daemon.wait(), flush=True)
daemon = subprocess.Popen(command)
time.sleep(15)
daemon.terminate()
sys.exit(daemon.wait())
"""

LOST = 10.0 + 1.0 + 1.0
"""Seconds before a kill that may be lost: a piece, a slot's timeout, and what a busy machine takes."""


def test_a_ledger_outlives_every_kill(programs: Programs, tmp_path: Path) -> None:
    """Ten kills here, 200 in `make soak`."""
    state = tmp_path / "state"
    daemon = [*NETWATCH, "run", "--config", "{config}", "--state", str(state), "--poller", "noc"]
    supervisor = [sys.executable, "-c", SUPERVISOR, str(SEED), str(KILLS), str(LONGEST)]
    lab = programs.start(
        "lab",
        [
            *(*NETWATCH, "lab", "--units", "8", "--config", str(ROOT / "config")),
            *("--state", str(tmp_path / "lab"), "--", *supervisor, *daemon),
        ],
    )
    assert lab.wait(60 + (LONGEST + 2) * KILLS) == 0, programs.log("lab")
    told = programs.log("lab")
    kills = [
        (float(at), int(status)) for at, status in re.findall(r"^killed (\S+) (-?\d+)$", told, re.MULTILINE)
    ]
    assert [status for _, status in kills] == [-9] * KILLS, told
    assert "Traceback" not in told

    ledger = tmp_path / "lab" / "state" / "ledger.db"  # as the lab's configuration says
    verified = run_to_end([*NETWATCH, "verify", str(ledger)])
    assert (verified.returncode, verified.stderr) == (0, ""), verified.stdout
    assert verified.stdout.startswith("noc: intact:")

    store = Store(f"sqlite:///{ledger}", "noc")
    said = [content(entry) for entry in intact(store.entries())]
    starts = [each for each in said if isinstance(each, Started)]
    times = [at for at, _ in kills]
    check_tail(store, starts, times)


def check_tail(store: Store, starts: list[Started], kills: list[float]) -> None:
    """Nothing stands twice; there are no holes but those that kills made, and these are short."""
    pieces = [tail.decode(body) for _, _, body in store.tail()]
    dues = Counter(
        (line, round(due, 3))
        for piece in pieces
        for batch in piece.slots
        for line, due in zip(batch.lines, batch.due, strict=True)
    )
    assert dues
    assert set(dues.values()) == {1}, "nothing stands twice"
    known = sorted({due for _, due in dues})
    holes = [(begin, end) for begin, end in pairwise(known) if end - begin > 1.5]
    for begin, end in holes:
        within = [kill for kill in kills if begin < kill < end]
        assert within, f"no kill explains the hole {begin:.1f} … {end:.1f}"
        assert begin > within[0] - LOST or begin < min(start.at for start in starts if start.at > begin)
    ends = [start.until for start in starts if start.until is not None]
    assert ends == sorted(ends), "no start knows less than the one before"
    for kill in kills:
        began = max((start.at for start in starts if start.at < kill), default=kill)
        if kill - began > LOST:
            assert max(due for due in known if due < kill) > kill - LOST
