"""Answers over HTTP: compressed for who takes it, not sent again to who has it, and written once for all.

A hundred browsers that look at one page cost as much as one: what was written last is handed out for a
moment. Writing runs aside from the loop, as a page of thousands of units takes a while.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from netwatch.publishing.exposition import accepts_gzip

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

T = TypeVar("T")

INLINE_BYTES = 64 * 1024
"""Compressing more than this would hold up the loop: it is left to the executor."""

KEEP = 1.0
"""Seconds for which an answer that was written is handed out again."""

MOST = 32
"""Answers that are kept: one for each page, language and search of the last moments."""

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Written:
    """A body, plain and compressed, and what tells it from another."""

    body: bytes
    packed: bytes
    etag: str


def written(body: bytes) -> Written:
    """Return a body in every form. Its tag is weak: both forms have the same (RFC 9110 section 8.8.1)."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return Written(body, packed(body), f'W/"{digest}"')


def packed(body: bytes) -> bytes:
    """Compress at level 1: most of the gain at a fraction of the time."""
    return gzip.compress(body, compresslevel=1, mtime=0)


def as_json(value: Mapping[str, object]) -> bytes:
    """Return an object as JSON; a lone surrogate costs a question mark, not the answer.

    Rows are written one by one: written in one go, thousands would hold up every other thread meanwhile.
    """
    parts = (f"{_text(name)}:{_rows(each)}" for name, each in value.items())
    return f"{{{','.join(parts)}}}".encode(errors="replace")


def _rows(value: object) -> str:
    return f"[{','.join(map(_text, value))}]" if isinstance(value, list) else _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Shelf:
    """The last answers. `now` is monotonic seconds, `keep` how long each is good for."""

    def __init__(self, now: Callable[[], float], keep: float = KEEP) -> None:
        self._now = now
        self._keep = keep
        self._kept: OrderedDict[Hashable, tuple[float, asyncio.Task[Written]]] = OrderedDict()

    async def get(self, key: Hashable, gather: Callable[[], T], write: Callable[[T], bytes]) -> Written:
        """Return what is kept under `key`, or gather it on the loop and write it aside.

        Who asks while it is being written waits for that. What a failure has left is not kept.
        """
        now = self._now()
        began, task = self._kept.get(key, (now, None))
        fresh = task is not None and (not task.done() or now - began <= self._keep)
        if task is None or not fresh or (task.done() and task.exception() is not None):
            gathered = gather()
            task = asyncio.ensure_future(asyncio.to_thread(lambda: written(write(gathered))))
            self._kept[key] = (now, task)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return await asyncio.shield(task)


def answer(request: web.Request, found: Written, content_type: str, *, status: int = 200) -> web.Response:
    """Answer with what is kept, or say that the client has it already."""
    headers = {
        "Content-Type": content_type,
        "ETag": found.etag,
        "Vary": "Accept-Encoding, Accept-Language",
        "Cache-Control": "private, no-cache",
    }
    if status == 200 and _has(request, found.etag):
        return web.Response(status=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
    if takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=found.packed, headers=headers, status=status)
    return web.Response(body=found.body, headers=headers, status=status)


async def document(
    request: web.Request, body: bytes, content_type: str, vary: str = "Accept-Encoding", status: int = 200
) -> web.Response:
    """Answer with a body that nobody is going to ask for again."""
    headers = {"Content-Type": content_type, "Vary": vary}
    if takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        body = packed(body) if len(body) <= INLINE_BYTES else await asyncio.to_thread(packed, body)
    return web.Response(body=body, headers=headers, status=status)


def line(text: str, status: int = 200) -> web.Response:
    """Answer in one line of plain text."""
    return web.Response(text=text + "\n", status=status)


def takes_gzip(request: web.Request) -> bool:
    """Tell whether the client takes what is compressed."""
    return accepts_gzip(", ".join(request.headers.getall("Accept-Encoding", [])))


def _has(request: web.Request, etag: str) -> bool:
    """Compare weakly, as If-None-Match asks for (RFC 9110 section 13.1.2)."""
    named = ", ".join(request.headers.getall("If-None-Match", []))
    tags = {each.strip().removeprefix("W/") for each in named.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags
