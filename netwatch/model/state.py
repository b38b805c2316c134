"""The three answers netwatch gives. Unknown is a result, not the lack of one."""

from __future__ import annotations

import enum


class State(enum.StrEnum):
    """Of a line, a device or a unit; live, or the verdict of a settled minute."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"
