"""A PostgreSQL server of a test's own: on a socket in its folder, stopped and started as the test likes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

USER = "postgres"


class Server:
    """A cluster in a folder of its own; nothing listens on TCP."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not found:
            pytest.fail("postgres is missing: 'make test' installs it, or 'apt-get install postgresql'")
        self._bin = found[-1]
        # A socket's path must be short, and the folder be reachable for another user.
        self.folder = Path(tempfile.mkdtemp(prefix="netwatch-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        self._run(
            "initdb", "--auth=trust", f"--username={USER}", "--no-sync", "-D", str(self.folder / "data")
        )
        self.start()
        self._run("createdb", "-h", str(self.folder), "-U", USER, "evidence")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@/evidence?host={self.folder}"

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-D", str(self.folder / "data"), "-o", options, "-l", log)

    def stop(self) -> None:
        """End it as a crash would: nobody is told, and the log is replayed at the next start."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder / "data"))

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(self._bin / name), *arguments]
        done = subprocess.run(
            [*as_postgres(), *command], cwd=self.folder, capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr.decode()


def as_postgres() -> Sequence[str]:
    """What to put before a command of the server's, which refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups")
