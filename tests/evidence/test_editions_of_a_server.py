"""Editions of a ledger in PostgreSQL: in use, made by an older netwatch, changed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from lived import Clock, Life, live, weather
from postgres import Server
from private import PRIVATE, SECRETS, inventory, tell

from netwatch.audit.verification import verify
from netwatch.cli.main import main
from netwatch.evidence.store import Store, strays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.remove()


@pytest.fixture
def life(server: Server, tmp_path: Path) -> Iterator[Life]:
    """A process that goes on writing."""
    execute(server, "DROP TABLE IF EXISTS meta, entries, tail, withheld")
    life = Life(server.url, Clock(), devices=PRIVATE, inventory=inventory(tmp_path))
    sky = weather(1)
    live(life, 600, sky)
    tell(life)
    live(life, 3300, sky)
    life.writer.close(20)
    yield life
    life.store.close()


def execute(server: Server, statement: str) -> None:
    engine = sa.create_engine(server.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def export(server: Server, file: Path, edition: str) -> int:
    return main(["export", server.url, edition, "--output", str(file)])


@pytest.mark.parametrize("edition", ["--public", "--audit"])
def test_a_ledger_in_use_is_exported(life: Life, server: Server, tmp_path: Path, edition: str) -> None:
    assert export(server, tmp_path / "edition.db", edition) == 0
    whole = verify(Store(server.url, "test").entries())
    found = verify(Store(f"sqlite:///{tmp_path / 'edition.db'}", "test").entries())
    assert (found.problem, found.hours, found.minutes) == ("", 1, whole.minutes)
    assert whole.details == 7
    assert (found.details, found.withheld) == ((0, 7) if edition == "--public" else (7, 0))
    data = (tmp_path / "edition.db").read_bytes()
    assert any(secret.encode() in data for secret in SECRETS) == (edition == "--audit")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE withheld SET salt = decode('00', 'hex')", "not what was written"),
        ("UPDATE withheld SET body = body || decode('20', 'hex')", "not what was written"),
        ("UPDATE withheld SET seq = seq + 100000", "NOT intact: details stand there for entry 10000"),
        ("UPDATE withheld SET poller = 'zzz'", "zzz: NOT intact: details stand there for entry"),
    ],
)
def test_details_that_were_changed_are_found(
    life: Life, server: Server, statement: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(server, statement)
    assert main(["verify", server.url]) == 1
    assert told in capsys.readouterr().out


def test_tables_of_an_older_netwatch_get_a_place_for_details_whoever_comes_first(
    life: Life, server: Server
) -> None:
    """Four pollers start at once."""
    execute(server, "DROP TABLE withheld")
    execute(server, "UPDATE meta SET value = '1'")
    assert strays(server.url) == []
    before = [entry.seq for entry in Store(server.url, "test").entries()]
    stores = [Store(server.url, f"poller-{number}") for number in range(4)]
    together = threading.Barrier(len(stores))
    failed: list[BaseException] = []

    def start(store: Store) -> None:
        together.wait(10)
        try:
            store.open()
        except BaseException as error:  # noqa: BLE001 - the test tells it
            failed.append(error)

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failed == []
    assert [entry.seq for entry in Store(server.url, "test").entries()] == before
    assert strays(server.url) == []
    for store in stores:
        store.close()
