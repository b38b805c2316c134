"""The site: metrics for Prometheus, health for the service manager, JSON for scripts and a page for people.

It shows what it is handed and decides nothing. No endpoint takes an address to probe, none shows a secret.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from netwatch.publishing.connections import SERVER, Limits, Server
from netwatch.publishing.exposition import Format, accepts_gzip, negotiate
from netwatch.publishing.page import STYLE_SOURCE, landing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Handler

    Json = list[dict[str, object]]

__all__ = ["Limits", "Server", "Sources", "build_site"]

LARGEST_BODY = 1024
"""Bytes of a request's body; nothing here reads one."""

INLINE_BYTES = 64 * 1024
"""Compressing more than this would hold up the loop: it is left to the executor."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src {STYLE_SOURCE}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": SERVER,
    "X-Content-Type-Options": "nosniff",
}

log = logging.getLogger(__name__)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the site shows; every callable is quick and runs on the loop."""

    metrics: Callable[[Format], bytes]
    device_metrics: Callable[[Format], bytes]
    not_ready: Callable[[], str]  # "" when ready, else the reason
    reload: Callable[[bool], Awaitable[str]]  # force → "" when done, else the problems, a line each
    units: Callable[[], Json]  # code, name, kind, area, state, since, monitored, latitude, longitude
    claims: Callable[[], Json]  # name, statement, document, date, declared, lower, upper, verdict, units, why
    language: str  # "vi" | "en": which one the page opens with
    now: Callable[[], str] = _now  # the time that the page is dated with


def build_site(sources: Sources) -> web.Application:
    """Return the application; a :class:`Server` serves it."""
    site = _Site(sources)
    app = web.Application(middlewares=[_neutral, _bodiless])
    app.on_response_prepare.append(_harden)
    app.router.add_get("/", site.page)
    app.router.add_get("/metrics", site.metrics)
    app.router.add_get("/metrics/devices", site.device_metrics)
    app.router.add_get("/-/healthy", site.healthy)
    app.router.add_get("/-/ready", site.ready)
    app.router.add_post("/-/reload", site.reload)
    app.router.add_get("/api/v1/units", site.units)
    app.router.add_get("/api/v1/claims", site.claims)
    return app


class _Site:
    """One method an address."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def page(self, request: web.Request) -> web.Response:
        sources = self._sources
        html = landing(sources.units(), sources.claims(), sources.language, sources.now())
        return await _document(request, html.encode(errors="replace"), "text/html; charset=utf-8")

    async def metrics(self, request: web.Request) -> web.Response:
        return await _exposition(request, self._sources.metrics)

    async def device_metrics(self, request: web.Request) -> web.Response:
        return await _exposition(request, self._sources.device_metrics)

    async def healthy(self, _request: web.Request) -> web.Response:
        return _line("netwatch is healthy")

    async def ready(self, _request: web.Request) -> web.Response:
        reason = self._sources.not_ready()
        return _line(reason, 503) if reason else _line("netwatch is ready")

    async def reload(self, request: web.Request) -> web.Response:
        if _from_another_site(request):
            return _line("a reload is not taken from another site's page", 403)
        force = request.query.get("force", "0")
        if force not in {"0", "1"}:
            return _line("force is 0 or 1", 400)
        problems = await self._sources.reload(force == "1")
        return _line(problems, 500) if problems else _line("reloaded")

    async def units(self, request: web.Request) -> web.Response:
        return await _json(request, {"units": self._sources.units()})

    async def claims(self, request: web.Request) -> web.Response:
        return await _json(request, {"claims": self._sources.claims()})


def _from_another_site(request: web.Request) -> bool:
    """Tell whether a browser says that another site's page made the request (Fetch Metadata, RFC 6454).

    Programs send neither header. A page of ours, or an address typed by hand, is told by the first one; older
    browsers send only an Origin, which then has to be the host that was asked.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and _authority(origin) != request.headers.get("Host", "").lower()


def _authority(origin: str) -> str | None:
    """Return host and port of an origin; None for what is none, as `null`."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


async def _exposition(request: web.Request, render: Callable[[Format], bytes]) -> web.Response:
    chosen = negotiate(", ".join(request.headers.getall("Accept", [])))
    return await _document(request, render(chosen), chosen.value, vary="Accept, Accept-Encoding")


async def _json(request: web.Request, value: object) -> web.Response:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return await _document(request, text.encode(errors="replace"), "application/json; charset=utf-8")


async def _document(
    request: web.Request, body: bytes, content_type: str, vary: str = "Accept-Encoding"
) -> web.Response:
    headers = {"Content-Type": content_type, "Vary": vary}
    if accepts_gzip(", ".join(request.headers.getall("Accept-Encoding", []))):
        headers["Content-Encoding"] = "gzip"
        body = await _compressed(body)
    return web.Response(body=body, headers=headers)


async def _compressed(body: bytes) -> bytes:
    """Compress at level 1: most of the gain at a fraction of the time."""
    if len(body) <= INLINE_BYTES:
        return _gzip(body)
    return await asyncio.get_running_loop().run_in_executor(None, _gzip, body)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=1, mtime=0)


def _line(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text + "\n", status=status)


@web.middleware
async def _neutral(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log a failure of ours with its traceback, and tell the client no more than that there was one."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("%s could not be answered", request.path)
        return _line("500: netwatch could not answer this; its log says why", 500)


@web.middleware
async def _bodiless(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a body that is large, or that does not say how large it is, before any of it is read."""
    length = request.content_length
    if not request.body_exists or (length is not None and length <= LARGEST_BODY):
        return await handler(request)
    refusal = _line("413: no request here needs a body", 413)
    refusal.force_close()
    return refusal


async def _harden(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
