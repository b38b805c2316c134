"""A document comes into the archive whole and under its hash, or not at all and with one line."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real import ROOT, program

from netwatch.evidence import documents
from netwatch.evidence.documents import LARGEST, Archived, DocumentRefused, archive, check, hashed

if TYPE_CHECKING:
    from collections.abc import Callable

SCAN = b"%PDF-1.7 bi\xc3\xaan b\xe1\xba\xa3n"
SHA256 = hashlib.sha256(SCAN).hexdigest()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "biên bản.pdf"
    path.write_bytes(SCAN)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "documents"


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_kept_by_its_hash(scan: Path, folder: Path) -> None:
    assert hashed(scan) == Archived(SHA256, len(SCAN), "biên bản.pdf", new=False)
    assert there(folder) == []
    assert archive(scan, folder) == Archived(SHA256, len(SCAN), "biên bản.pdf", new=True)
    assert there(folder) == [SHA256]
    assert (folder / SHA256).read_bytes() == SCAN
    assert stat.S_IMODE((folder / SHA256).stat().st_mode) == 0o640
    assert check(folder, SHA256) == len(SCAN)


def test_the_same_file_twice_is_there_once(scan: Path, folder: Path, tmp_path: Path) -> None:
    archive(scan, folder)
    again = tmp_path / "copy"
    again.write_bytes(SCAN)
    assert archive(again, folder) == Archived(SHA256, len(SCAN), "copy", new=False)
    assert there(folder) == [SHA256]


def test_a_copy_that_was_changed_is_noticed_and_mended(scan: Path, folder: Path) -> None:
    archive(scan, folder)
    (folder / SHA256).write_bytes(SCAN.upper())
    with pytest.raises(DocumentRefused, match=r"was changed: archive the document again$"):
        check(folder, SHA256)
    archive(scan, folder)
    assert check(folder, SHA256) == len(SCAN)


@pytest.mark.parametrize("digest", ["", "../netwatch.yaml", "A" * 64, SHA256 + "\n", "\x1b[1m"])
def test_what_is_no_digest_names_no_document(digest: str, folder: Path) -> None:
    with pytest.raises(DocumentRefused, match=r"is no SHA-256: write 64 hexadecimal digits$"):
        check(folder, digest)


def test_a_document_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(DocumentRefused, match=r"there is no such file$"):
        check(folder, SHA256)


def linked(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(SCAN)
    path.symlink_to(target)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, LARGEST + 1)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "not there": (lambda path: None, "there is no such file"),
    "a folder": (Path.mkdir, "is no file that can be archived: name a scan or a PDF"),
    "a pipe that nobody writes to": (os.mkfifo, "is no file that can be archived: name a scan or a PDF"),
    "a link": (linked, "it is a symbolic link: name the file itself"),
    "a link to nothing": (lambda path: path.symlink_to("x"), "it is a symbolic link: name the file itself"),
    "empty": (Path.touch, "is empty"),
    "too large": (sparse, "has 67,108,865 bytes, at most 67,108,864 are archived"),
    "below a file": (lambda path: path.parent.write_text(""), "Not a directory"),
}


@pytest.mark.parametrize(("make", "message"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_archived_is_told(
    make: Callable[[Path], object], message: str, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "sub" / "scan.pdf"
    if message != "Not a directory":
        path.parent.mkdir()
    make(path)
    for act in (hashed, lambda path: archive(path, folder)):
        with pytest.raises(DocumentRefused) as refused:
            act(path)
        assert str(refused.value) == f"{path}: {message}"
    assert there(folder) == []


CHANGES: dict[str, int] = {"cut off": 0, "longer": 3 * 2**20}


@pytest.mark.parametrize("size", CHANGES.values(), ids=CHANGES)
def test_a_file_that_changes_while_it_is_copied_is_not_archived(size: int, tmp_path: Path) -> None:
    """The change happens once its first piece was taken."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(bytes(2 * 2**20))
    taken: list[bytes] = []

    def take(piece: bytes) -> None:
        taken.append(piece)
        os.truncate(path, size)

    with path.open("rb", buffering=0) as file, pytest.raises(DocumentRefused) as refused:
        documents._copy(file, 2 * 2**20, path, take)  # type: ignore[arg-type]  # unbuffered: nothing is read ahead
    assert str(refused.value) == f"{path}: changed while it was read: try again when nothing writes to it"
    assert 0 < sum(map(len, taken)) <= 2 * 2**20


def test_a_folder_that_cannot_be_made_is_told(scan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere" / "documents"
    with pytest.raises(DocumentRefused) as refused:
        archive(scan, folder)
    assert str(refused.value) == f"{scan}: cannot be copied to {folder}: No such file or directory"


FULL = """
import sys
from pathlib import Path
from netwatch.evidence.documents import DocumentRefused, archive
try:
    archive(Path(sys.argv[1]), Path(sys.argv[2]))
except DocumentRefused as refused:
    print(refused)
print(sorted(path.name for path in Path(sys.argv[2]).iterdir()))
"""


@pytest.mark.system
def test_a_full_disk_is_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A disk of one megabyte, in a mount namespace of its own."""
    scan, state = tmp_path / "scan.pdf", tmp_path / "state"
    scan.write_bytes(bytes(3 * 2**20))
    state.mkdir()
    script = f"mount -t tmpfs -o size=1m none {state} && exec {sys.executable} -c '{FULL}' {scan} {state}/d"
    done = subprocess.run(
        [program("unshare", "util-linux"), "--user", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"{scan}: cannot be copied to {state}/d: No space left on device: make room",
        "[]",
    ]
