"""Two commands at once: neither is forgotten, whichever ends first and however."""

from __future__ import annotations

import subprocess
import sys

import pytest
from real import ROOT

pytestmark = pytest.mark.system

BESIDE = [sys.executable, str(ROOT / "tools" / "beside.py")]


def beside(first: str, second: str) -> subprocess.CompletedProcess[str]:
    command = [*BESIDE, "sh", "-c", first, "--idle", "sh", "-c", second]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [("true", "true", 0), ("exit 3", "true", 3), ("true", "exit 4", 4), ("exit 3", "exit 4", 3)],
)
def test_it_fails_where_either_fails(first: str, second: str, status: int) -> None:
    done = beside(f"echo one; {first}", f"echo two; echo three >&2; {second}")
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout == "one\ntwo\nthree\n"


def test_both_run_at_once_and_the_second_gives_way(tmp_path: object) -> None:
    """Each waits until the other has begun; `nice` alone prints how much a process gives way."""
    meet = "touch {0}/{1}; until test -e {0}/{2}; do sleep 0.05; done; nice; chrt -p $$ | grep -c SCHED_IDLE"
    done = beside(meet.format(tmp_path, "a", "b") + "; true", meet.format(tmp_path, "b", "a"))
    first, idle, second, second_idle = map(int, done.stdout.split())
    assert (second, idle, second_idle) == (min(first + 19, 19), 0, 1)


@pytest.mark.parametrize("words", [[], ["true"], ["--idle", "true"], ["true", "--idle"]])
def test_two_commands_are_wanted(words: list[str]) -> None:
    done = subprocess.run([*BESIDE, *words], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")
