"""Asks a Prometheus for one value: the figures that nobody counts by hand.

Its HTTP API: /api/v1/query answers with a scalar, or a vector of samples (Prometheus, "HTTP API").
"""

from __future__ import annotations

import json
import math

import aiohttp

TIMEOUT = 20.0  # seconds
LARGEST = 64 * 1024
"""Bytes of an answer: one value has a few hundred."""


class NoValue(Exception):  # noqa: N818 - it says what came of it
    """The query gave no single value; the message says why in one line."""


async def ask(address: str, query: str) -> float:
    """Return the one value that a query has now. Raises NoValue."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session,
            session.get(
                f"{address}/api/v1/query", params={"query": query}, allow_redirects=False
            ) as response,
        ):
            body = await response.content.read(LARGEST + 1)
            while len(body) <= LARGEST and (more := await response.content.read(LARGEST)):
                body += more
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NoValue(f"it does not answer: {type(error).__name__}") from error
    if len(body) > LARGEST:
        raise NoValue(f"its answer has more than {LARGEST >> 10} KiB")
    return value(body)


def value(body: bytes) -> float:
    """Return the value that an answer holds: a scalar, or a vector of one sample. Raises NoValue."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise NoValue("its answer is no JSON") from None
    if not isinstance(answer, dict) or answer.get("status") != "success":
        told = answer.get("error") if isinstance(answer, dict) else None
        raise NoValue(f"it refuses: {str(told)[:200]!r}")
    sample = _sample(answer.get("data"))
    try:
        found = float(sample)
    except (TypeError, ValueError):
        raise NoValue("its value is no number") from None
    if not math.isfinite(found):
        raise NoValue(f"its value is {found}")
    return found


def _sample(data: object) -> str:
    """Return the value of the one sample, as text."""
    if not isinstance(data, dict):
        raise NoValue("its answer has no data")
    kind, result = data.get("resultType"), data.get("result")
    if kind == "vector" and isinstance(result, list):
        if len(result) != 1:
            raise NoValue(f"{len(result)} samples where one is wanted: aggregate with sum() or avg()")
        result = _of(result[0])
    elif kind != "scalar":
        raise NoValue(f"a result of type {str(kind)[:20]!r}, where a scalar or a vector is wanted")
    if not isinstance(result, list) or len(result) != 2:
        raise NoValue("its sample is no pair of time and value")
    return str(result[1])


def _of(sample: object) -> object:
    return sample.get("value") if isinstance(sample, dict) else None
