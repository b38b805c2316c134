"""How far long work has come: a bar where a person watches, plain lines where a log or a pipe does.

It goes to stderr, so that what a command prints can be redirected without it.
"""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Protocol

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

EVERY = 5.0
"""Seconds between the plain lines: enough to see that something happens, too few to fill a log."""


class Progress(Protocol):
    """What work in progress is told to, and what it tells meanwhile."""

    def advance(self, count: int = 1) -> None:
        """Count what has been done since."""
        ...

    def say(self, line: str) -> None:
        """Write a line of its own without tearing the bar."""
        ...


@contextlib.contextmanager
def progress(
    what: str,
    total: int | None,
    unit: str,
    *,
    stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Progress]:
    """Show how far work has come until the block ends.

    `what` is being done to `total` things (None: nobody knows how many), called `unit` in the plural. On a
    terminal the bar is gone afterwards; elsewhere there is a line every few seconds, and a last one that
    also stands where the work was broken off.
    """
    target = sys.stderr if stream is None else stream
    shown = _Bar(what, total, unit, target) if target.isatty() else _Lines(what, total, unit, target, clock)
    try:
        yield shown
    finally:
        shown.close()


class _Quiet(tqdm):  # type: ignore[misc]  # tqdm comes without types
    """A bar without the thread that watches over all bars of a process: ours are told often enough."""

    monitor_interval = 0


class _Bar:
    """A bar on a terminal."""

    def __init__(self, what: str, total: int | None, unit: str, stream: TextIO) -> None:
        self._stream = stream
        self._bar = _Quiet(
            total=total, desc=what, unit=f" {unit}", file=stream, leave=False, dynamic_ncols=True
        )

    def advance(self, count: int = 1) -> None:
        self._bar.update(count)

    def say(self, line: str) -> None:
        self._bar.write(line, file=self._stream)

    def close(self) -> None:
        self._bar.close()


class _Lines:
    """Lines for whoever reads them later."""

    def __init__(
        self, what: str, total: int | None, unit: str, stream: TextIO, clock: Callable[[], float]
    ) -> None:
        self._what = what
        self._total = total
        self._unit = unit
        self._stream = stream
        self._clock = clock
        self._done = 0
        self._told = clock()

    def advance(self, count: int = 1) -> None:
        self._done += count
        if self._clock() - self._told >= EVERY:
            self._tell()

    def say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)

    def close(self) -> None:
        self._tell()

    def _tell(self) -> None:
        self._told = self._clock()
        share = f" of {self._total}" if self._total is not None else ""
        self.say(f"{self._what}: {self._done}{share} {self._unit}")
