"""Which inventory the daemon runs on: the folder's, or the last good one where that has a mistake in it."""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.diff import diff, refusal
from netwatch.inventory.lastgood import keep, load_last_good
from netwatch.inventory.load import InvalidInventory, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netwatch.inventory.load import Inventory
    from netwatch.inventory.problem import Problem

LOG = logging.getLogger(__name__)


class ReloadRefused(Exception):  # noqa: N818 - it says what happened
    """A reload that changes nothing; the message says why, a line a problem."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An inventory to start with, and what is wrong with the folder where it is not the folder's."""

    inventory: Inventory
    problems: tuple[Problem, ...] = ()


class Configuration:
    """A configuration folder, and the copy of its last good state. Every method may block for seconds."""

    def __init__(self, folder: Path, state: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._state = state
        self._environment = environment

    @property
    def folder(self) -> Path:
        """The folder itself."""
        return self._folder

    def first(self) -> Loaded:
        """Load for a start. Raises InvalidInventory where there is no good inventory at all."""
        try:
            return Loaded(self._load())
        except InvalidInventory as error:
            kept = self._last_good()
            if kept is None:
                raise
            return Loaded(kept, error.problems)

    def again(self, running: Inventory, *, force: bool) -> Inventory:
        """Load for a reload. Raises ReloadRefused."""
        try:
            inventory = self._load()
        except InvalidInventory as error:
            raise ReloadRefused("\n".join(map(str, error.problems))) from error
        reason = "" if force else refusal(running, diff(running, inventory))
        if reason:
            raise ReloadRefused(reason)
        return inventory

    def keep(self, inventory: Inventory) -> None:
        """Remember an inventory as the last good one; where that cannot be, only say so."""
        try:
            keep(inventory, self._state)
        except OSError as error:
            LOG.warning(
                "the last good configuration is not kept in %s: %s (--state DIR chooses another folder)",
                self._state,
                error.strerror or error,
            )

    def _load(self) -> Inventory:
        # What a load makes is large and stays: looking through it for garbage halfway only costs time.
        gc.disable()
        try:
            return load(self._folder, self._environment)
        finally:
            gc.enable()

    def _last_good(self) -> Inventory | None:
        try:
            return load_last_good(self._state, self._environment)
        except (InvalidInventory, OSError) as error:
            LOG.error("the last good configuration in %s cannot be used: %s", self._state, error)  # noqa: TRY400
            return None


def fixed_settings(inventory: Inventory) -> dict[str, object]:
    """Return the settings that a running daemon does not change, by key."""
    settings = inventory.settings
    return {
        "listen": settings.listen,
        "traps": settings.traps,
        "states": settings.rules,
        "timeout": settings.timeout,
        "language": settings.language,
    }


def freeze() -> None:
    """Drop what a reload left behind; what there is now stays, and need not be looked through again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
