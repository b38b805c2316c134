"""One value out of what a Prometheus answers, and one line where there is none."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from netwatch.polling.promql import NoValue, ask, value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def answer(kind: str, result: object) -> bytes:
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": result}}).encode()


def sample(number: str) -> dict[str, object]:
    return {"metric": {}, "value": [1_795_000_000, number]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (answer("vector", [sample("0.75")]), 0.75),
        (answer("scalar", [1_795_000_000, "29"]), 29.0),
    ],
)
def test_a_scalar_and_a_vector_of_one_sample_have_a_value(body: bytes, expected: float) -> None:
    assert value(body) == expected


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "its answer is no JSON"),
        (b"[" * 100_000, "its answer is no JSON"),
        (b"[]", "it refuses: 'None'"),
        (b'{"status": "error", "error": "parse error"}', "it refuses: 'parse error'"),
        (b'{"status": "success"}', "its answer has no data"),
        (answer("vector", []), "0 samples where one is wanted: aggregate with sum() or avg()"),
        (answer("vector", [sample("1"), sample("2")]), "2 samples where one is wanted"),
        (answer("vector", [7]), "its sample is no pair of time and value"),
        (answer("matrix", []), "a result of type 'matrix', where a scalar or a vector is wanted"),
        (answer("scalar", [1]), "its sample is no pair of time and value"),
        (answer("scalar", [1, "NaN"]), "its value is nan"),
        (answer("scalar", [1, "+Inf"]), "its value is inf"),
        (answer("scalar", [1, "x"]), "its value is no number"),
    ],
)
def test_anything_else_is_told_in_one_line(body: bytes, why: str) -> None:
    with pytest.raises(NoValue) as told:
        value(body)
    assert str(told.value).startswith(why)


@contextlib.asynccontextmanager
async def prometheus(body: bytes, status: int = 200) -> AsyncIterator[tuple[str, list[str]]]:
    """One that always answers the same; yields its address, and the queries that came."""
    queries: list[str] = []

    async def query(request: web.Request) -> web.Response:
        queries.append(request.query["query"])
        return web.Response(body=body, status=status, headers={"Location": "http://127.0.0.1:1/"})

    app = web.Application()
    app.router.add_get("/api/v1/query", query)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", queries
    finally:
        await runner.cleanup()


def test_a_query_goes_out_as_it_is_written() -> None:
    async def play() -> None:
        async with prometheus(answer("vector", [sample("0.5")])) as (address, queries):
            assert await ask(address, 'sum(x{a="&é"}) / 2') == 0.5
            assert queries == ['sum(x{a="&é"}) / 2']

    asyncio.run(play())


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [(b" " * 70_000, 200, "its answer has more than 64 KiB"), (b"", 302, "its answer is no JSON")],
)
def test_a_flood_and_a_redirection_give_no_value(body: bytes, status: int, why: str) -> None:
    async def play() -> None:
        async with prometheus(body, status) as (address, _):
            with pytest.raises(NoValue) as told:
                await ask(address, "up")
            assert str(told.value) == why

    asyncio.run(play())


def test_nobody_there() -> None:
    with pytest.raises(NoValue, match="it does not answer: ClientConnectorError"):
        asyncio.run(ask("http://127.0.0.1:1", "up"))
