"""The folder of a configuration: which files are read, how much of them, and which are left lying."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from netwatch.inventory.document import compose
from netwatch.inventory.kind import Unreadable
from netwatch.inventory.problem import Remarks
from netwatch.inventory.source import LARGEST, TooLarge, decode, digest, read_bytes
from netwatch.inventory.wording import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path, PurePath

    from netwatch.inventory.record import Record

R = TypeVar("R", bound="Record")

SETTINGS = "netwatch.yaml"
CREDENTIALS = "credentials.yaml"
CLAIMS = "claims.yaml"
MAINTENANCE = "maintenance.yaml"
HOLIDAYS = "holidays.yaml"
ROOT = (SETTINGS, CREDENTIALS, CLAIMS, MAINTENANCE, HOLIDAYS)

LARGEST_TOTAL = 64 * 2**20
"""Bytes of all files of a configuration together."""


class Folder:
    """Reads files into records, and keeps what was remarked and what was read."""

    def __init__(self, path: Path, origin: Path) -> None:
        self.path = path
        self.origin = origin  # what paths in the files are relative to, where `path` is only a copy
        self.digests: dict[str, str] = {}
        self.remarks: list[Remarks] = []
        self._left = LARGEST_TOTAL

    def about(self, name: str = "") -> Remarks:
        """Return a new sheet of remarks on a file of the folder, or on the folder itself."""
        remarks = Remarks(str(self.path / name))
        self.remarks.append(remarks)
        return remarks

    def find(self, written: str) -> Path:
        """Return the file that a path in the configuration means."""
        inside = self.path / written
        return inside if inside.exists() else self.origin / written

    def record(self, name: str, shape: type[R]) -> tuple[R | None, Remarks]:
        """Return what a YAML file says; None, once remarked, if it cannot. One of the root may be missing."""
        remarks = self.about(name)
        try:
            content = read_bytes(self.path / name, min(LARGEST, self._left))
        except OSError as error:
            if name in ROOT and isinstance(error, FileNotFoundError):
                return shape(1, 1), remarks
            remarks.error(None, f"cannot be read: {error.strerror}")
            return None, remarks
        except TooLarge:
            whole = self._left < LARGEST
            limit = (
                f"all files together exceed {LARGEST_TOTAL >> 20} MiB"
                if whole
                else f"exceeds {LARGEST >> 20} MiB"
            )
            remarks.error(None, f"{limit}: split it, or remove what does not belong here")
            return None, remarks
        self._left -= len(content)
        self.note(name, content)
        return parse(content, shape, remarks), remarks

    def note(self, name: str | PurePath, content: bytes) -> None:
        """Remember what was read, so that exactly this can be kept as the last good configuration."""
        self.digests[str(name)] = digest(content)

    def listing(self, below: str) -> list[str]:
        """Return the YAML files of a sub-folder by name, and warn of those that only look like one."""
        folder = self.path / below
        names = sorted(_visible(folder))
        for name in names:
            if name.endswith(".yml"):
                self.about(f"{below}/{name}").warn(None, "is not read: rename it to end in .yaml")
        return [f"{below}/{name}" for name in names if name.endswith(".yaml")]

    def warn_of_strays(self) -> None:
        """Warn of YAML files that stand beside the known ones and are not read, such as `credential.yaml`."""
        for name in sorted(_visible(self.path)):
            if name.endswith((".yaml", ".yml")) and name not in ROOT:
                hint = did_you_mean(name, ROOT)
                self.about(name).warn(
                    None, "is not read" + (hint or f": netwatch reads {', '.join(ROOT)} and sites/*.yaml")
                )

    def unusable(self) -> str:
        """Say why the folder as a whole is no configuration; "" where it may be one."""
        if not self.path.exists():
            return f"there is no such folder: give the one that holds {SETTINGS} and sites/"
        if not self.path.is_dir():
            return f"is not a folder: give the one that holds {SETTINGS} and sites/"
        try:
            empty = not any(self.path.iterdir())
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        return f"the folder is empty: put {SETTINGS} and sites/*.yaml into it" if empty else ""


def parse(content: bytes, shape: type[R], remarks: Remarks) -> R | None:
    """Return what the bytes of a YAML file say; None where they cannot be read, once remarked."""
    text = decode(content, remarks)
    node = None if text is None else compose(text, remarks)
    if node is None:
        return None
    try:
        return shape.read(node, remarks)
    except Unreadable:
        return None


def _visible(folder: Path) -> list[str]:
    """Return the names in a folder, without hidden files, which editors leave behind."""
    try:
        return [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []
