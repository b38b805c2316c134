"""What blocks does so beside the loop, and holds up neither it nor the end of the process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from netwatch.daemon.aside import Aside, look_up


def test_a_result_and_an_error_come_back() -> None:
    async def main() -> None:
        aside = Aside(asyncio.get_running_loop(), threads=1)
        assert await aside.run(lambda: 7) == 7
        with pytest.raises(OSError, match="gone"):
            await aside.run(fail)
        assert await aside.run(lambda: 8) == 8

    def fail() -> None:
        raise OSError("gone")

    asyncio.run(main())


def test_work_that_nobody_waits_for_keeps_its_thread_until_it_ends() -> None:
    """Else every look-up that hangs would cost one more thread."""

    async def main() -> None:
        aside = Aside(asyncio.get_running_loop(), threads=1)
        go_on = threading.Event()
        stuck = asyncio.create_task(aside.run(lambda: go_on.wait(30)))
        await asyncio.sleep(0)
        stuck.cancel()
        following = asyncio.create_task(aside.run(threading.active_count))
        await asyncio.sleep(0.05)
        assert not following.done()
        go_on.set()
        await following

    asyncio.run(main())


HANG = """
import asyncio, time
from netwatch.daemon.aside import Aside

async def main():
    hang = asyncio.create_task(Aside(asyncio.get_running_loop(), 1).run(lambda: time.sleep(600)))
    await asyncio.sleep(0.1)

asyncio.run(main())
"""


def test_the_process_ends_while_a_thread_hangs() -> None:
    """`subprocess` raises where it takes as long as the thread."""
    answer = subprocess.run(
        [sys.executable, "-c", HANG], timeout=60, capture_output=True, text=True, check=True
    )
    assert answer.stderr == ""


def test_names_are_looked_up_by_the_system() -> None:
    async def main() -> str:
        return await look_up(Aside(asyncio.get_running_loop(), 1))("127.0.0.3")

    assert asyncio.run(main()) == "127.0.0.3"
