"""Makes the report of the month that has ended, in a process of its own: it must hold up nothing here.

What is missing in the folder is made at the next look, so that a month whose first day was missed has its
report all the same.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from netwatch.audit.report.asked import SEALED_AFTER, month_before, period
from netwatch.polling.clock import Clock, steady
from netwatch.publishing.report_pages import NAME, PARTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

LOG = logging.getLogger(__name__)

LOOK_EVERY = 1800.0
"""Seconds between two looks at what is missing."""

PATIENCE = 900.0
"""Seconds that one file may take: a province takes ten of them."""

LOWEST = 19
"""The nice value of the process (setpriority(2)): asking devices comes first."""

LONGEST = 300
"""Characters of what it says went wrong."""

OPTIONS = {
    "vi.html": ("--format", "html", "--lang", "vi"),
    "en.html": ("--format", "html", "--lang", "en"),
    "json": ("--format", "json"),
    "units.csv": ("--format", "csv", "--table", "units"),
    "claims.csv": ("--format", "csv", "--table", "claims"),
    "outages.csv": ("--format", "csv", "--table", "outages"),
}
"""How each of `PARTS` is asked for."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are, and whose chain is reported of."""

    config: Path
    state: Path
    poller: str
    timezone: str


class Reports:
    """Call `look` again and again; one look at a time makes anything."""

    def __init__(
        self,
        places: Places,
        clock: Clock,
        run: Callable[[Sequence[str]], Awaitable[str]] | None = None,
    ) -> None:
        self._places = places
        self._clock = clock
        self._run = run or run_apart
        self._busy = False
        self._told = ""  # the last problem: it is not told at each look

    async def look(self) -> None:
        """Make what is missing of the last month, as soon as its last hour stands in the ledger."""
        label = self._due()
        if self._busy or not label:
            return
        self._busy = True
        try:
            await self._make(label)
        finally:
            self._busy = False

    def _due(self) -> str:
        """Return the last month; "" while the ledger does not have all of it."""
        zone, now = ZoneInfo(self._places.timezone), steady(self._clock)
        label = month_before(dt.datetime.fromtimestamp(now, zone).date())
        return label if now >= period(label, zone).end + SEALED_AFTER else ""

    async def _make(self, label: str) -> None:
        folder = self._places.state / NAME
        try:
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError as error:
            self._tell(f"{folder}: {error.strerror}")
            return
        for part in PARTS:
            path = folder / f"{label}.{part}"
            if path.exists():
                continue
            problem = await self._run(self._command(label, part, path))
            if problem:
                self._tell(f"the report of {label} could not be made: {problem}")
                return
            LOG.info("report of %s: %s", label, path.name)

    def _command(self, label: str, part: str, path: Path) -> Sequence[str]:
        places = self._places
        where = ("--config", str(places.config), "--state", str(places.state), "--poller", places.poller)
        asked = ("--period", label, *OPTIONS[part], "--output", str(path), "--jobs", "1")
        return (sys.executable, "-m", "netwatch", "report", *where, *asked)

    def _tell(self, problem: str) -> None:
        if problem != self._told:
            LOG.warning("%s", problem)
        self._told = problem


async def run_apart(command: Sequence[str], patience: float = PATIENCE) -> str:
    """Run a command at the lowest priority; return "" or what went wrong, in one line. It ends with us."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        return f"no process can be started: {error.strerror}"
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)
        _, told = await asyncio.wait_for(process.communicate(), patience)
    except TimeoutError:
        return f"it took longer than {patience:.0f} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return ""
    lines = told.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:LONGEST] if lines else f"it ended with status {process.returncode}"
