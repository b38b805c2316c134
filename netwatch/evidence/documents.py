"""The archive of documents: files kept by their SHA-256 in a folder, of which the ledger has the hash.

A file comes in whole or not at all: it is written under a temporary name, put to the disk, and only then
named by its hash. One that is there already becomes the same bytes again, which mends a damaged one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = "documents"
"""Of the folder in the state folder."""

LARGEST = 64 * 2**20
"""Bytes of a document; a page that was scanned has about one million."""

PIECE = 2**20
DIGEST = re.compile(r"[0-9a-f]{64}")


class DocumentRefused(Exception):  # noqa: N818 - it says what happened
    """A file that is not archived; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A document in the archive."""

    sha256: str
    size: int  # bytes
    name: str  # of the file that it came from
    new: bool  # whether it was not there before


def hashed(path: Path) -> Archived:
    """Return what archiving a file would find, and archive nothing. Raises DocumentRefused."""
    with _opened(path) as (file, size):
        return Archived(_copy(file, size, path, lambda _piece: None), size, path.name, new=False)


def archive(path: Path, folder: Path) -> Archived:
    """Copy a file into the archive, where it is not there yet. Raises DocumentRefused."""
    with _opened(path) as (file, size):
        try:
            return _keep(file, size, path, folder)
        except OSError as error:
            full = ": make room" if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
            raise DocumentRefused(
                f"{path}: cannot be copied to {folder}: {error.strerror or error}{full}"
            ) from None


def check(folder: Path, sha256: str) -> int:
    """Return the size of a document of the archive. Raises DocumentRefused where it is not, or not intact."""
    if DIGEST.fullmatch(sha256) is None:
        raise DocumentRefused(f"{sha256[:70]!a} is no SHA-256: write 64 hexadecimal digits")
    path = folder / sha256
    with _opened(path) as (file, size):
        if _copy(file, size, path, lambda _piece: None) != sha256:
            raise DocumentRefused(f"{path}: was changed: archive the document again")
        return size


def discard(folder: Path, sha256: str) -> None:
    """Take a document away again that nothing refers to."""
    with contextlib.suppress(OSError):
        (folder / sha256).unlink()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular file of a good size; what else a path may lead to is refused, and nothing waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise DocumentRefused(f"{path}: there is no such file") from None
    except OSError as error:
        link = error.errno == errno.ELOOP and path.is_symlink()
        told = "it is a symbolic link: name the file itself" if link else error.strerror
        raise DocumentRefused(f"{path}: {told}") from None
    try:
        size = _size(os.fstat(descriptor), path)
        with open(descriptor, "rb", closefd=False) as file:
            yield file, size
    except OSError as error:
        raise DocumentRefused(f"{path}: {error.strerror or error}") from None
    finally:
        os.close(descriptor)


def _size(found: os.stat_result, path: Path) -> int:
    """Return the size of a file that can be archived. Raises DocumentRefused."""
    if not stat.S_ISREG(found.st_mode):
        raise DocumentRefused(f"{path}: is no file that can be archived: name a scan or a PDF")
    if found.st_size == 0:
        raise DocumentRefused(f"{path}: is empty")
    if found.st_size > LARGEST:
        raise DocumentRefused(f"{path}: has {found.st_size:,} bytes, at most {LARGEST:,} are archived")
    return found.st_size


def _keep(file: BinaryIO, size: int, path: Path, folder: Path) -> Archived:
    folder.mkdir(mode=0o750, exist_ok=True)
    owner = folder.parent.stat()
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as copy:
            sha256 = _copy(file, size, path, copy.write)
            copy.flush()
            os.fchmod(descriptor, 0o640)
            _give(descriptor, owner)
            os.fsync(descriptor)
        new = not (folder / sha256).exists()
        temporary.replace(folder / sha256)
        _seal(folder, owner)
    finally:
        temporary.unlink(missing_ok=True)
    return Archived(sha256, size, path.name, new)


def _copy(file: BinaryIO, size: int, path: Path, take: Callable[[bytes], object]) -> str:
    """Hand on a file piece by piece; return its SHA-256."""
    digest = hashlib.sha256()
    left = size
    while piece := file.read(min(PIECE, left + 1)):
        left -= len(piece)
        if left < 0:
            break
        digest.update(piece)
        take(piece)
    if left:
        raise DocumentRefused(f"{path}: changed while it was read: try again when nothing writes to it")
    return digest.hexdigest()


def _give(descriptor: int, owner: os.stat_result) -> None:
    """Let the daemon, whose folder it is, read what root hands in."""
    if os.geteuid() == 0:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _seal(folder: Path, owner: os.stat_result) -> None:
    """Let a new name survive the loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _give(descriptor, owner)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
