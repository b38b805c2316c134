"""The control socket: for its owner alone, and no client harms another."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import stat
from typing import TYPE_CHECKING

import pytest

from netwatch.daemon.orders import LONGEST, MOST_CLIENTS, NAME, AlreadyRunning, Orders

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

LONG = 600.0


class World:
    """A socket with a handler that echoes, one that waits, one that fails and one that says very much."""

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        self.begun = asyncio.Event()
        self.orders = Orders(
            path,
            {"echo": self.echo, "wait": self.wait, "fail": self.fail, "flood": self.flood},
            patience=patience,
        )

    async def echo(self, order: dict[str, object]) -> dict[str, object]:
        return {"echo": order.get("text")}

    async def wait(self, order: dict[str, object]) -> dict[str, object]:
        self.begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def fail(self, order: dict[str, object]) -> dict[str, object]:
        raise KeyError("s3cret")

    async def flood(self, order: dict[str, object]) -> dict[str, object]:
        return {"flood": "x" * 4_000_000}

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(self.path, limit=16 * 2**20)

    async def ask(self, line: bytes) -> object:
        reader, writer = await self.connect()
        try:
            writer.write(line + b"\n")
            return json.loads(await reader.readline())
        finally:
            writer.close()


def run(path: Path, story: Callable[[World], Awaitable[None]], patience: float = LONG) -> None:
    async def main() -> None:
        world = World(path, patience)
        await world.orders.start()
        try:
            async with asyncio.timeout(30):
                await story(world)
        finally:
            await world.orders.stop()

    asyncio.run(main())


ECHO = b'{"order": "echo", "text": "V\xc4\x83n L\xc3\xa2m"}'
ONE_OBJECT = {"error": "an order is one JSON object on one line"}


def test_one_line_is_answered_by_one_line(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        reader, writer = await world.connect()
        for _ in range(3):
            writer.write(ECHO + b"\n")
            assert await reader.readline() == b'{"echo": "V\\u0103n L\\u00e2m"}\n'
        writer.close()

    run(tmp_path / NAME, story)


WRONG: dict[str, tuple[bytes, object]] = {
    "no JSON": (b"hello", ONE_OBJECT),
    "no text": (b"\xff\xfe", ONE_OBJECT),
    "nothing": (b"", ONE_OBJECT),
    "a list": (b"[1]", ONE_OBJECT),
    "nested without end": (b"[" * 60_000, ONE_OBJECT),
    "no such order": (
        b'{"order": "stop"}',
        {"error": "there is no such order: there are echo, wait, fail, flood"},
    ),
    "no order at all": (b"{}", {"error": "there is no such order: there are echo, wait, fail, flood"}),
    "too long": (b"x" * (LONGEST + 1), {"error": f"an order has at most {LONGEST} bytes"}),
}


@pytest.mark.parametrize(("line", "answer"), WRONG.values(), ids=WRONG)
def test_what_is_no_order_is_told_so(line: bytes, answer: object, tmp_path: Path) -> None:
    async def story(world: World) -> None:
        assert await world.ask(line) == answer
        assert await world.ask(ECHO) == {"echo": "Văn Lâm"}, "others are served on"

    run(tmp_path / NAME, story)


def test_a_mistake_of_ours_goes_to_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        assert await world.ask(b'{"order": "fail"}') == {
            "error": "a mistake in netwatch itself, told in its log"
        }
        assert await world.ask(ECHO) == {"echo": "Văn Lâm"}

    with caplog.at_level(logging.ERROR):
        run(tmp_path / NAME, story)
    assert [record.message for record in caplog.records] == ["an order failed"]


def test_a_client_that_hangs_harms_nobody(tmp_path: Path) -> None:
    """One says nothing, one half a line, one waits for its answer, one does not read it."""

    async def story(world: World) -> None:
        writers = []
        for start in (b"", b'{"order": "ec', b'{"order": "wait"}\n', b'{"order": "flood"}\n'):
            _, writer = await world.connect()
            writer.write(start)
            writers.append(writer)
        await world.begun.wait()
        assert await world.ask(ECHO) == {"echo": "Văn Lâm"}
        for writer in writers:
            writer.close()

    run(tmp_path / NAME, story)


@pytest.mark.parametrize("start", [b"", b'{"order": "ec', b'{"order": "flood"}\n'])
def test_patience_ends(start: bytes, tmp_path: Path) -> None:
    """The connection ends by itself, whether the client does not write or does not read."""

    async def story(world: World) -> None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(connection, str(world.path))
        await loop.sock_sendall(connection, start)
        while not world.orders._clients:  # noqa: ASYNC110 - nobody tells that it was accepted
            await asyncio.sleep(0)
        await asyncio.wait(set(world.orders._clients))
        connection.close()

    run(tmp_path / NAME, story, patience=0.01)


def test_clients_are_bounded(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        crowd = [await world.connect() for _ in range(MOST_CLIENTS)]
        for reader, writer in crowd:
            writer.write(ECHO + b"\n")
            await reader.readline()
        assert await world.ask(ECHO) == {"error": "netwatch is busy with other orders: try again"}
        reader, writer = crowd.pop()
        writer.close()
        assert await reader.read() == b""
        assert await world.ask(ECHO) == {"echo": "Văn Lâm"}
        for _, writer in crowd:
            writer.close()

    run(tmp_path / NAME, story)


def test_a_long_answer_arrives_whole(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        reader, writer = await world.connect()
        writer.write(b'{"order": "flood"}\n')
        writer.write_eof()
        assert len(await reader.read()) > 4_000_000
        writer.close()

    run(tmp_path / NAME, story)


def test_the_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / NAME

    async def story(world: World) -> None:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700, "it made the folder"

    run(path, story)
    assert not path.exists(), "it is taken away in the end"


def test_what_a_killed_daemon_left_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(tmp_path / NAME))

    async def story(world: World) -> None:
        assert await world.ask(ECHO) == {"echo": "Văn Lâm"}

    run(tmp_path / NAME, story)


def test_a_living_daemon_is_left_alone(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        with pytest.raises(AlreadyRunning) as refused:
            await Orders(world.path, {}).start()
        assert str(refused.value) == (
            f"another netwatch runs on {tmp_path}: end it, or give this one another --state"
        )
        assert await world.ask(ECHO) == {"echo": "Văn Lâm"}

    run(tmp_path / NAME, story)


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("precious")

    async def story() -> None:
        with pytest.raises(FileExistsError, match="is in the way: it is no socket; move it elsewhere"):
            await Orders(tmp_path / NAME, {}).start()

    asyncio.run(story())
    assert (tmp_path / NAME).read_text() == "precious"


def test_a_path_that_is_too_long_is_an_error_of_the_system(tmp_path: Path) -> None:
    async def story() -> None:
        with pytest.raises(OSError, match="path too long"):
            await Orders(tmp_path / ("x" * 120), {}).start()

    asyncio.run(story())


def test_the_end_ends_who_waits_and_spares_a_successor(tmp_path: Path) -> None:
    """A new daemon may have taken the path already: its socket stays."""
    path = tmp_path / NAME

    async def main() -> None:
        world = World(path, LONG)
        await world.orders.start()
        reader, writer = await world.connect()
        writer.write(b'{"order": "wait"}\n')
        await world.begun.wait()
        path.rename(tmp_path / "old")
        successor = World(path, LONG)
        await successor.orders.start()
        await world.orders.stop()
        assert await reader.read() == b""
        writer.close()
        assert await successor.ask(ECHO) == {"echo": "Văn Lâm"}
        await successor.orders.stop()

    asyncio.run(main())


def test_to_stop_what_never_started_is_nothing(tmp_path: Path) -> None:
    asyncio.run(Orders(tmp_path / NAME, {}).stop())
