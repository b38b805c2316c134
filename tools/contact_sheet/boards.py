"""Which pictures are taken of which board: pure, from its JSON and from `boards.yaml` beside this file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WALL, PHONE = 1920, 390
"""Widths of pictures, in CSS pixels."""

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True)
class Picture:
    """One picture: of which board's file, with which theme and width, and what may be empty in it."""

    path: str  # below the folder of boards
    name: str  # of the picture, without its ending
    width: int
    theme: str
    own_range: int  # seconds, that the board shows by itself
    choices: Mapping[str, Choice] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """How a variable is chosen: the value of a label of the first series that a query finds."""

    query: str
    label: str


def pictures(folder: Path, settings: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield every picture of every board below `folder`, in the order of their paths."""
    for path in sorted(folder.rglob("*.json")):
        board = json.loads(path.read_text("utf-8"))
        yield from _of_board(path.relative_to(folder).as_posix(), board, settings.get(board["uid"]) or {})


def _of_board(path: str, board: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Picture]:
    name = path.removesuffix(".json").replace("/", "-")
    choices = {key: Choice(**value) for key, value in (own.get("variables") or {}).items()}
    empty, seconds = frozenset(own.get("empty") or {}), range_of(board["time"]["from"])
    theme = str(own.get("theme", "dark"))
    yield Picture(path, name, WALL, theme, seconds, choices, empty)
    if own.get("phone"):
        yield Picture(path, f"{name}-phone", PHONE, theme, seconds, choices, empty)


def range_of(start: str) -> int:
    """Return the seconds of a range like `now-6h`. Raises ValueError for another."""
    found = re.fullmatch(r"now-(\d+)([smhdw])", start)
    if not found:
        raise ValueError(f"a board's time starts at {start!r}: only now-<number><s|m|h|d|w> is known here")
    return int(found[1]) * UNITS[found[2]]


def settings_of(path: Path) -> dict[str, Any]:
    """Read `boards.yaml`."""
    return yaml.safe_load(path.read_text("utf-8")) or {}
