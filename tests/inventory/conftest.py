"""A small good configuration, and how tests change and load it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.load import Inventory, load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BASE = Path(__file__).parent / "base"
TODAY = dt.date(2026, 10, 15)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good configuration, to be changed at will."""
    return Path(shutil.copytree(BASE, tmp_path / "config"))


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], None]:
    """Writes a file of the configuration, for its owner alone."""

    def write(name: str, text: str) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o600)

    return write


@pytest.fixture
def loaded(folder: Path) -> Callable[..., Inventory]:
    """Loads the configuration as of a fixed day."""

    def loaded(environment: Mapping[str, str] | None = None) -> Inventory:
        return load(folder, environment or {}, today=TODAY)

    return loaded
