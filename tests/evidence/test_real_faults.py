"""A real disk that is full, a real PostgreSQL that is gone: nothing acknowledged is lost, nothing twice."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

import pytest
from lived import Clock, Life, live, weather
from postgres import Server
from real import until

from netwatch.audit.verification import verify
from netwatch.evidence.chain import intact
from netwatch.evidence.place import LedgerError
from netwatch.evidence.store import Store, pollers
from netwatch.evidence.writer import Job, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.remove()


def hand_in(writer: Writer, number: int) -> Future[None]:
    done: Future[None] = Future()
    writer.hand_in(Job("stopped", number, lambda: b'{"until":%d.0}' % number, 100, done))
    return done


def test_a_server_that_crashes_while_it_is_written_to_gets_all_of_it(server: Server) -> None:
    store = Store(server.url, "noc")
    store.open()
    said: list[str] = []
    writer = Writer(store, time.time, said.append)
    writer.start()
    kept = [hand_in(writer, number) for number in range(200)]
    for crash in range(2):
        server.stop()
        kept += [hand_in(writer, 1000 * crash + number) for number in range(1000, 1200)]
        until(lambda: writer.status.problem, "the ledger says that it cannot be written", 20)
        assert not kept[-1].done()
        server.start()
        assert not wait(kept, 60).not_done
        until(lambda: not writer.status.problem, "the ledger says that it is written again", 5)
    assert writer.close(20)
    store.close()
    found = [entry.at for entry in intact(Store(server.url, "noc").entries())]
    assert found == [*range(200), *range(1000, 1200), *range(2000, 2200)]
    (end,) = store.ends()
    assert (end.poller, end.seq, end.hash) == ("noc", len(found), store.hash_of("noc", len(found)))
    assert writer.status.errors >= 2
    assert (said.count("the ledger is written again"), said[-1]) == (2, "the ledger is written again")


def test_one_process_at_a_time_writes_a_chain_of_a_server_s(server: Server) -> None:
    first = Store(server.url, "noc")
    first.open()
    with pytest.raises(LedgerError, match="another netwatch writes to it as poller noc"):
        Store(server.url, "noc").open()
    first.close()
    second = Store(server.url, "noc")
    second.open()
    second.close()


def test_what_was_lived_verifies_out_of_a_server_too(server: Server) -> None:
    """A kill in mid-hour included."""
    clock, sky = Clock(), weather(1)
    for seconds in (4000, 4000):
        life = Life(server.url, clock)
        live(life, seconds, sky)
        life.kill()
        clock.now += 45
    assert pollers(server.url) == ["test"]
    found = verify(Store(server.url, "test").entries())
    assert (found.problem, found.hours) == ("", 2)


FULL = """
import resource, signal, sys, time
from concurrent.futures import Future, wait
from netwatch.evidence.store import Store
from netwatch.evidence.writer import Job, Writer

def hand_in(number):
    done = Future()
    writer.hand_in(Job("stopped", number, lambda: b'{"until":1.0}' + b" " * 20000, 20000, done))
    return done

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write fails instead
store = Store(sys.argv[1], "noc")
store.open()
writer = Writer(store, time.time, print, pause=lambda _: time.sleep(0.05))
writer.start()
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
kept = [hand_in(number) for number in range(100)]
while not writer.status.problem:
    time.sleep(0.01)
acknowledged = [future.done() for future in kept]
assert not all(acknowledged)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert not wait(kept, 20).not_done
assert writer.close(20)
store.close()
"""


def test_a_disk_that_takes_no_more_gets_all_of_it_once_there_is_room(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the kernel refuses writes in the middle of one."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL, url], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "the ledger is written again" in done.stdout
    assert [entry.at for entry in intact(Store(url, "noc").entries())] == list(range(100))
