"""Both programs that verify a ledger, and ways to change one behind their backs."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

INDEPENDENT = Path(__file__).parents[2] / "docs" / "verify_ledger.py"


@contextlib.contextmanager
def changing(file: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        yield database


def theirs(file: Path, *options: str) -> tuple[int, str]:
    """What the independent program says."""
    command = [sys.executable, "-I", "-S", str(INDEPENDENT), str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def ours(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(["verify", str(file)])
    told = capsys.readouterr()
    return status, told.out + told.err


def places(file: Path) -> dict[str, int]:
    """The number of the last entry of each kind."""
    with changing(file) as database:
        return dict(database.execute("SELECT kind, max(seq) FROM entries GROUP BY kind"))


def rewrite(file: Path, change: Callable[[int, str, bytes], bytes | None]) -> None:
    """Write the whole chain anew, with hashes that fit; None leaves an entry out."""
    with changing(file) as database:
        entries = database.execute("SELECT poller, seq, at, kind, body FROM entries ORDER BY seq").fetchall()
        database.execute("DELETE FROM entries")
        before, last = bytes(32), 0
        for poller, seq, at, kind, old in entries:
            body = change(seq, kind, old)
            if body is None:
                continue
            last += 1
            database.execute("UPDATE withheld SET seq = ? WHERE seq = ?", (last, seq))
            digest = hashlib.sha256(before)
            for part in (poller.encode(), last.to_bytes(8), at.to_bytes(8), kind.encode(), body):
                digest.update(len(part).to_bytes(8) + part)
            before = digest.digest()
            database.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", (poller, last, at, kind, body, before)
            )
