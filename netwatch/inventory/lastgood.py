"""Keeps the last configuration that was good, so that a restart with a mistake in a file is no blackout.

    STATE/last-good → last-good.3f1c…      a link, replaced in one step once the copy is complete
    STATE/last-good.3f1c…/origin           the folder that was copied
    STATE/last-good.3f1c…/config/…         its files, exactly as they were when they were checked

Secrets that files or variables hold are not copied: the copy means the same ones, by paths relative to the
origin. What credentials.yaml holds inline is copied with it, so all of it is for the owner's eyes alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.inventory.load import load
from netwatch.inventory.registers import MAX_BYTES
from netwatch.inventory.source import TooLarge, digest, read_bytes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from netwatch.inventory.load import Inventory

NAME = "last-good"


def keep(inventory: Inventory, state: Path) -> bool:
    """Copy the files that an inventory was read from; do nothing and return False where they changed since.

    Blocking (it waits for the disk). Raises OSError where the state folder cannot be written.
    """
    contents: dict[str, bytes] = {}
    for name, checked in inventory.files.items():
        try:
            contents[name] = read_bytes(inventory.folder / name, MAX_BYTES)
        except (OSError, TooLarge):
            return False
        if digest(contents[name]) != checked:
            return False
    origin = os.fsencode(inventory.folder.absolute())
    version = f"{NAME}.{_fingerprint(origin, inventory.files.items())}"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (state / NAME / "config").exists() and (state / NAME).readlink() == Path(version):
        return True
    files = {f"config/{name}": content for name, content in contents.items()}
    _publish(state, version, {"origin": origin, **files})
    return True


def restore(state: Path) -> Path | None:
    """Return the folder of the last good configuration, None where none was kept."""
    folder = state / NAME / "config"
    return folder if folder.is_dir() else None


def load_last_good(
    state: Path, environment: Mapping[str, str], *, today: dt.date | None = None
) -> Inventory | None:
    """Load what was kept, its secrets from where they are; None for none. Raises InvalidInventory."""
    folder = restore(state)
    if folder is None:
        return None
    origin = Path(os.fsdecode((state / NAME / "origin").read_bytes()))
    return load(folder, environment, today=today, origin=origin)


def _fingerprint(origin: bytes, files: Iterable[tuple[str, str]]) -> str:
    """Return a name for exactly this content."""
    told = hashlib.sha256(origin)
    for name, checked in sorted(files):
        told.update(f"\n{checked} {name}".encode("utf-8", "surrogateescape"))
    return told.hexdigest()[:16]


def _publish(state: Path, version: str, contents: Mapping[str, bytes]) -> None:
    """Write a folder aside, let the link point to it in one step, then remove what was there before."""
    aside = Path(tempfile.mkdtemp(prefix=f"{NAME}.new-", dir=state))
    for name, content in contents.items():
        _write(aside / name, content)
    shutil.rmtree(state / version, ignore_errors=True)
    aside.rename(state / version)
    link = state / f"{NAME}.link"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
    link.replace(state / NAME)
    _sync(state)
    for old in state.glob(f"{NAME}.*"):
        if old.name != version:
            shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
