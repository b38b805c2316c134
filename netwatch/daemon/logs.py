"""The log: one line an event on stderr, and never a flood of the same one."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BURST = 20
"""Lines of one kind (one call site's text before its values) within :data:`WINDOW`."""

WINDOW = 60.0
"""Seconds."""

MAX_KINDS = 1000


class FloodGate(logging.Filter):
    """Lets through :data:`BURST` lines of a kind in each window, and tells how many it held back."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether `record` may pass; the first of a new window carries what the last one held back."""
        kind = (record.name, str(record.msg))
        now = self._monotonic()
        start, count = self._windows.get(kind, (now, 0))
        if now - start >= WINDOW:
            self._tell_held_back(record, count - BURST)
            start, count = now, 0
        if len(self._windows) >= MAX_KINDS and kind not in self._windows:
            self._windows.clear()
        self._windows[kind] = (start, count + 1)
        return count < BURST

    @staticmethod
    def _tell_held_back(record: logging.LogRecord, held_back: int) -> None:
        if held_back > 0:
            record.msg = f"{record.getMessage()} (and {held_back} more like it before)"
            record.args = None


def set_up(level: str, monotonic: Callable[[], float]) -> None:
    """Send the log to stderr. Times are left to the journal where it listens."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    handler.addFilter(FloodGate(monotonic))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every job that it runs
