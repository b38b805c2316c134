"""Signals, the service manager and mistakes of our own, around one daemon."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from netwatch.daemon.configuration import Configuration
from netwatch.daemon.logs import BURST, FloodGate
from netwatch.daemon.serve import Place, _tell, serve

if TYPE_CHECKING:
    from pathlib import Path


def test_a_callback_that_always_fails_is_no_flood(caplog: pytest.LogCaptureFixture) -> None:
    """The words of asyncio name the handle, so that no line is like the one before."""
    gate = FloodGate(lambda: 0.0)
    loop = asyncio.new_event_loop()
    for when in range(100):
        _tell(
            loop, {"message": f"Exception in callback <TimerHandle when={when}>", "exception": ValueError()}
        )
    loop.close()
    assert sum(gate.filter(record) for record in caplog.records) == BURST
    assert "ValueError" in caplog.text


@pytest.mark.system
def test_the_manager_is_told_of_readiness_and_of_the_end(
    folder: Path, tmp_path: Path, listener: socket.socket
) -> None:
    """Each signal is real: a hang-up reloads, a term ends."""
    configuration = Configuration(folder, tmp_path / "state", {})

    async def main() -> list[str]:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(tmp_path / "notify"))
            manager.setblocking(False)
            place = Place(tmp_path / "state", "test")
            environment = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
            serving = asyncio.create_task(
                serve(configuration, configuration.first(), listener, place, environment)
            )
            told: list[str] = []
            for number in (signal.SIGHUP, signal.SIGTERM):
                wanted = "READY=1" if number == signal.SIGHUP else "STATUS=asking 2 devices"
                told.append("")
                while told[-1] != wanted:
                    told.append((await loop.sock_recv(manager, 4096)).decode())
                os.kill(os.getpid(), number)
            await serving
            told.append((await loop.sock_recv(manager, 4096)).decode())
            return told

    async def bounded() -> list[str]:
        async with asyncio.timeout(30):
            return await main()

    told = asyncio.run(bounded())
    assert [line for line in told if line] == [
        "STATUS=asking 2 devices",
        "READY=1",
        "STATUS=asking 2 devices",
        "STOPPING=1",
    ]
    assert listener.fileno() == -1
