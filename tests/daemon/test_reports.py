"""The report of a month is made once it is over, and what is missing of it at each look."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from lived import Clock

from netwatch.daemon.reports import LOWEST, Places, Reports, run_apart
from netwatch.publishing.report_pages import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ZONE = "Asia/Ho_Chi_Minh"


class Runner:
    """Writes what it was asked for, and remembers it; or fails."""

    def __init__(self, problem: str = "") -> None:
        self.asked: list[Sequence[str]] = []
        self.problem = problem

    async def __call__(self, command: Sequence[str]) -> str:
        self.asked.append(command)
        if not self.problem:
            with open(command[command.index("--output") + 1], "w", encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - a fake
                file.write("report")
        return self.problem


def at(*when: int) -> Clock:
    clock = Clock()
    clock.now = dt.datetime(*when, tzinfo=ZoneInfo(ZONE)).timestamp()  # type: ignore[misc,arg-type]  # numbers
    return clock


def reports(folder: Path, clock: Clock, run: Runner) -> Reports:
    return Reports(Places(folder / "config", folder / "state", "noc", ZONE), clock, run)


def test_the_month_that_ended_is_made_in_every_form(tmp_path: Path) -> None:
    run = Runner()
    asyncio.run(reports(tmp_path, at(2026, 11, 1, 0, 6), run).look())
    made = sorted(path.name for path in (tmp_path / "state" / "reports").iterdir())
    assert made == sorted(f"2026-10.{part}" for part in PARTS)
    command = run.asked[0]
    assert command[1:4] == ("-m", "netwatch", "report")
    assert command[command.index("--period") + 1] == "2026-10"
    assert command[command.index("--poller") + 1] == "noc"


@pytest.mark.parametrize("minute", [0, 4])
def test_nothing_is_made_before_the_last_hour_is_in_the_ledger(tmp_path: Path, minute: int) -> None:
    run = Runner()
    asyncio.run(reports(tmp_path, at(2026, 11, 1, 0, minute), run).look())
    assert run.asked == []


def test_what_is_missing_is_made_at_the_next_look_and_nothing_twice(tmp_path: Path) -> None:
    run = Runner()
    maker = reports(tmp_path, at(2026, 11, 17, 9, 0), run)
    asyncio.run(maker.look())
    asyncio.run(maker.look())
    assert len(run.asked) == len(PARTS)
    (tmp_path / "state" / "reports" / "2026-10.json").unlink()
    asyncio.run(maker.look())
    assert run.asked[-1][run.asked[-1].index("--format") + 1] == "json"
    assert len(run.asked) == len(PARTS) + 1


def test_a_failure_is_told_once_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = Runner("the ledger begins later")
    maker = reports(tmp_path, at(2026, 11, 1, 1, 0), run)
    asyncio.run(maker.look())
    asyncio.run(maker.look())
    assert len(run.asked) == 2
    assert caplog.text.count("the ledger begins later") == 1


def test_one_look_at_a_time_makes_anything(tmp_path: Path) -> None:
    run = Runner()

    async def both() -> None:
        maker = reports(tmp_path, at(2026, 11, 1, 1, 0), run)
        await asyncio.gather(maker.look(), maker.look())

    asyncio.run(both())
    assert len(run.asked) == len(PARTS)


@pytest.mark.system
@pytest.mark.parametrize(
    ("program", "patience", "told"),
    [
        (f"import os, sys; sys.exit(os.getpriority(os.PRIO_PROCESS, 0) != {LOWEST} and 'not nice')", 30, ""),
        ("import sys; print('line'); sys.exit('no such ledger')", 30, "no such ledger"),
        ("import time; time.sleep(60)", 0.5, "it took longer than 0 s"),
    ],
)
def test_a_process_is_nice_bounded_and_says_what_went_wrong(program: str, patience: float, told: str) -> None:
    waiting = "import time; time.sleep(0.3); "  # until its priority is set
    assert asyncio.run(run_apart((sys.executable, "-c", waiting + program), patience)) == told
