"""What a chain alone does not show: an end that was cut off, a ledger that was written anew, an anchor gone."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from authority import Authority
from lived import GOOD, Clock, Life, live, read, weather
from rebuilt import as_it_was, rebuild

from netwatch.cli.main import main
from netwatch.evidence import making
from netwatch.evidence.anchors import AnchorFolder
from netwatch.evidence.chain import Entry, New
from netwatch.evidence.key_file import write_key
from netwatch.evidence.keys import SigningKey, fingerprint, written
from netwatch.evidence.kinds import Anchored

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.system

FIRST = dt.date(2023, 11, 14)
DAYS = 4
POLLER = "test"


@dataclass
class Kept:
    """A ledger, its anchors, and what those who verify were given on paper."""

    folder: Path
    key: SigningKey
    authority: Authority

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors"

    def copy(self, folder: Path) -> Kept:
        shutil.copytree(self.folder, folder)
        return Kept(folder, self.key, self.authority)

    def file(self, day: int, suffix: str) -> Path:
        return self.anchors / f"{FIRST + dt.timedelta(days=day)}.{suffix}"

    def verifies(self, *arguments: str) -> bool:
        return main(["verify", str(self.ledger), *arguments]) == 0

    def as_anchored(self) -> bool:
        known = ("--key", written(self.key.public), "--authority", str(self.authority.certificates))
        return self.verifies("--anchors", str(self.anchors), *known)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two hours of a life with an anchor every half an hour, as if that were a day."""
    place = tmp_path_factory.mktemp("original")
    kept = Kept(place / "kept", SigningKey.generate(), Authority(place / "tsa"))
    kept.folder.mkdir()
    life, sky = Life(kept.folder, Clock()), weather(1)
    folder = AnchorFolder(kept.anchors)
    for day in range(DAYS):
        live(life, 1800, sky)
        asyncio.run(life.chronicle.keep(Anchored(FIRST, "0" * 64))) if False else None
        _anchor(life, folder, kept, day)
    live(life, 300, sky)
    life.end()
    with closing(sqlite3.connect(kept.ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return kept


def _anchor(life: Life, folder: AnchorFolder, kept: Kept, day: int) -> None:
    """As the daemon does; the last has no stamp yet."""
    date = FIRST + dt.timedelta(days=day)
    made = making.make(folder, life.store.ends(), date, round(life.clock.now * 1e6), making.newest(folder))
    making.sign(folder, folder.read(date), kept.key)
    if day < DAYS - 1:
        asked = making.request(folder, folder.read(date))
        answer = kept.authority.answer(asked)
        making.file_response(folder, folder.read(date), asked, answer, [kept.authority.root])
    asyncio.run(_keep(life, Anchored(made.date, made.sha256)))


async def _keep(life: Life, entry: Anchored) -> None:
    await life.chronicle.keep(entry)


@pytest.fixture
def kept(original: Kept, tmp_path: Path) -> Kept:
    return original.copy(tmp_path / "kept")
