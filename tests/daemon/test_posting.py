"""A few bytes to a stranger and a few back: whatever the stranger does ends soon, and is one line."""

from __future__ import annotations

import asyncio
import socket
import zlib
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from loopback_web import serving

from netwatch.daemon.aside import Aside
from netwatch.daemon.posting import PostError, post_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopback_web import Answer

MOST = 1000


async def posted(url: str, patience: float = 20.0) -> bytes:
    post = post_by(Aside(asyncio.get_running_loop(), threads=1), patience)
    return await post(url, b"asked", "application/timestamp-query", MOST)


async def exchanged(answer: Answer, patience: float = 20.0) -> bytes:
    async with serving(answer) as url:
        return await posted(url, patience)


def test_what_is_posted_comes_as_it_was_and_what_is_answered_too() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.method == "POST"
        assert request.headers["Content-Type"] == "application/timestamp-query"
        assert request.path_qs == "/geheim?token=geheim"
        return web.Response(body=b"<" + await request.read() + b">")

    assert asyncio.run(exchanged(answer)) == b"<asked>"


def test_a_name_is_looked_up() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"here")

    async def run() -> bytes:
        async with serving(answer) as url:
            return await posted(url.replace("127.0.0.1", "localhost"))

    assert asyncio.run(run()) == b"here"


def test_what_was_not_asked_to_be_compressed_is_not_unpacked() -> None:
    """A small answer stays small."""
    bomb = zlib.compress(bytes(500_000))
    assert len(bomb) < MOST

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        return web.Response(body=bomb, headers={"Content-Encoding": "deflate"})

    assert asyncio.run(exchanged(answer)) == bomb


async def huge(request: web.Request) -> web.StreamResponse:
    """Without an end, and without a length that says so."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(4096))


async def silent(_request: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


async def drops(request: web.Request) -> web.StreamResponse:
    """A byte now and then, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.02)


async def elsewhere(_request: web.Request) -> web.Response:
    raise web.HTTPTemporaryRedirect("http://127.0.0.1:1/inside")


async def broken(_request: web.Request) -> web.Response:
    return web.Response(status=500, text="<html>")


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "900"})
    await response.prepare(request)
    await response.write(b"x")
    assert request.transport is not None
    request.transport.abort()
    return response


@pytest.mark.parametrize(
    ("answer", "patience", "problem"),
    [
        (huge, 20, "its answer has more than 1000 bytes"),
        (silent, 0.2, "no answer within 0.2 s"),
        (drops, 0.3, "no answer within 0.3 s"),
        (elsewhere, 20, "it answers with status 307"),
        (broken, 20, "it answers with status 500"),
        (breaks_off, 20, "it cannot be reached"),
    ],
)
def test_a_stranger_that_does_something_else(answer: Answer, patience: float, problem: str) -> None:
    with pytest.raises(PostError, match=problem) as raised:
        asyncio.run(exchanged(answer, patience))
    told = str(raised.value)
    assert told.startswith("http://127.0.0.1:")
    assert "geheim" not in told
    assert "\n" not in told


def a_closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        return f"http://127.0.0.1:{closing.getsockname()[1]}/geheim"


@pytest.mark.parametrize("find", [a_closed_port, lambda: "http://127.0.0.1:1/geheim"], ids=["closed", "low"])
def test_nobody_there(find: Callable[[], str]) -> None:
    url = find()
    with pytest.raises(PostError, match="it cannot be reached") as raised:
        asyncio.run(posted(url))
    assert "geheim" not in str(raised.value)
