"""A small configuration of loopback addresses, and a clock that is turned by hand."""

from __future__ import annotations

import asyncio
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

REGISTER = Path(__file__).parents[2] / "config" / "registers" / "hung-yen.csv"

SITE = """\
sites:
  - unit: "12004"
    area: Văn Lâm
    devices:
      - {name: gw, address: 127.0.0.1, role: uplink}
      - {name: sw, address: 127.0.0.2, role: switch, snmp: lab}
"""


@dataclass
class Hand:
    """A clock whose steady time is `epoch` plus what it was turned to."""

    now: float = 1000.0
    epoch: float = 1_790_000_000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.epoch + self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good configuration of two devices in one unit, to be changed at will."""
    folder = tmp_path / "config"
    for below in ("registers", "sites"):
        (folder / below).mkdir(parents=True)
    shutil.copy(REGISTER, folder / "registers")
    (folder / "netwatch.yaml").write_text(
        "intervals: {echo: 200ms, snmp: 1s, timeout: 100ms}\nregisters: {hung-yen: registers/hung-yen.csv}\n"
    )
    (folder / "credentials.yaml").write_text("credentials:\n  lab: {version: 2c, community: geheim}\n")
    (folder / "credentials.yaml").chmod(0o600)
    (folder / "sites" / "site.yaml").write_text(SITE)
    return folder


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str], None]:
    """Replaces some text of the site file by another."""

    def edit(text: str, by: str) -> None:
        path = folder / "sites" / "site.yaml"
        before = path.read_text()
        assert text in before
        path.write_text(before.replace(text, by))

    return edit


class Site:
    """What the daemon shows over HTTP."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    async def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + path) as answer,
        ):
            return answer.status, await answer.text()

    async def samples(self, path: str = "/metrics") -> dict[str, list[tuple[dict[str, str], float]]]:
        """Every sample by name: its labels and value."""
        found: dict[str, list[tuple[dict[str, str], float]]] = {}
        for family in text_string_to_metric_families((await self.ask(path))[1]):
            for sample in family.samples:
                found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
        return found

    async def value(self, metric: str, **labels: str) -> float | None:
        """The first sample that has these labels; None where there is none."""
        for have, value in (await self.samples()).get(metric, []):
            if labels.items() <= have.items():
                return value
        return None

    async def until(self, metric: str, wanted: Callable[[float | None], bool], **labels: str) -> None:
        """Wait until a metric is as wanted."""

        async def so() -> bool:
            return wanted(await self.value(metric, **labels))

        await self.eventually(so)

    async def eventually(self, so: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something is so; fail after a minute."""
        async with asyncio.timeout(60):
            while not await so():  # noqa: ASYNC110 - nobody tells: a scrape has to look
                await asyncio.sleep(0.05)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def site(listener: socket.socket) -> Site:
    return Site(listener.getsockname()[1])
