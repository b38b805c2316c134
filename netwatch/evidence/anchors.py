"""The folder of anchors: a daily head, its signature, its time stamp, as files that are never changed.

2026-11-27.json   the head: canonical JSON, whose bytes are what is signed and stamped
2026-11-27.sig    the signature (netwatch.evidence.keys)
2026-11-27.tsq    the request for a time stamp, and
2026-11-27.tsr    the response (RFC 3161, DER)
2026-11-27.sent   whom it was sent to: nothing is proved by it
"""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.evidence import heads, keys, timestamps

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD, SIGNATURE, REQUEST, RESPONSE, SENT = "json", "sig", "tsq", "tsr", "sent"
LARGEST = {
    HEAD: heads.LARGEST,
    SIGNATURE: keys.LARGEST,
    REQUEST: timestamps.LARGEST_REQUEST,
    RESPONSE: timestamps.LARGEST,
    SENT: 64 * 1024,
}
"""Bytes of each."""

MODE = 0o644
"""They are meant to be copied, and hold nothing that is secret."""

NAME = "anchors"
"""Of the folder in the state folder."""

_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.(json|sig|tsq|tsr)")


class AnchorError(OSError):
    """The folder, or a file of it, cannot be used; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The files of one date; None: there is no such file."""

    date: dt.date
    head: bytes | None
    signature: bytes | None = None
    request: bytes | None = None
    response: bytes | None = None

    def name(self, suffix: str) -> str:
        """Return what a file of it is called."""
        return f"{self.date}.{suffix}"


class AnchorFolder:
    """Reads and writes the files. Every method may block, and raises AnchorError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def dates(self, suffix: str = "") -> list[dt.date]:
        """Return the dates that it has a file for, in order, of a suffix or any; none where it is missing."""
        try:
            names = [path.name for path in self.path.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise AnchorError(f"{self.path}: {error.strerror}") from None
        matches = (match for name in names if (match := _NAME.fullmatch(name)))
        found = (_date(match[1]) for match in matches if suffix in {"", match[2]})
        return sorted({date for date in found if date is not None})

    def lacking(self, suffix: str, most: int) -> list[dt.date]:
        """Return the dates of those of the last `most` heads that have no file of a suffix, in order."""
        have = set(self.dates(suffix))
        return [date for date in self.dates(HEAD)[-most:] if date not in have]

    def read(self, date: dt.date) -> Anchor:
        """Return the files of a date."""
        return Anchor(date, *(self.file(date, suffix) for suffix in (HEAD, SIGNATURE, REQUEST, RESPONSE)))

    def all(self) -> list[Anchor]:
        """Return everything, in the order of the dates."""
        return [self.read(date) for date in self.dates()]

    def file(self, date: dt.date, suffix: str) -> bytes | None:
        """Return one file; None where there is none."""
        path = self._path(date, suffix)
        try:
            return read_bounded(path, LARGEST[suffix])
        except FileNotFoundError:
            return None

    def add(self, date: dt.date, suffix: str, data: bytes) -> None:
        """Write a file, whole or not at all, and durably; one that is there is never changed."""
        path = self._path(date, suffix)
        try:
            self._put(path, data, os.link)
        except FileExistsError:
            raise AnchorError(f"{path}: it is there already, and is never changed") from None
        except OSError as error:
            raise AnchorError(f"{path}: cannot be written: {error.strerror}") from None

    def replace(self, date: dt.date, suffix: str, data: bytes) -> None:
        """Write a file in place of the one before."""
        path = self._path(date, suffix)
        try:
            self._put(path, data, os.replace)
        except OSError as error:
            raise AnchorError(f"{path}: cannot be written: {error.strerror}") from None

    def _path(self, date: dt.date, suffix: str) -> Path:
        return self.path / f"{date}.{suffix}"

    def _put(self, path: Path, data: bytes, publish: Callable[[str, Path], None]) -> None:
        """Write aside, make it durable, give it its name by `publish`, make that durable. Raises OSError."""
        self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=self.path)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), MODE)  # whatever the umask is
                os.fsync(file.fileno())
            publish(aside, path)
        finally:
            Path(aside).unlink(missing_ok=True)
        _sync(self.path)


def read_bounded(path: Path, largest: int) -> bytes:
    """Return a regular file of at most `largest` bytes. Raises FileNotFoundError, and AnchorError else."""
    try:
        # Not blocking: a named pipe must not hang whoever reads.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            data = file.read(largest + 1) if regular else b""
    except FileNotFoundError:
        raise
    except OSError as error:
        raise AnchorError(f"{path}: cannot be read: {error.strerror}") from None
    if not regular:
        raise AnchorError(f"{path}: not a regular file")
    if len(data) > largest:
        raise AnchorError(f"{path}: more than {largest} bytes")
    return data


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
