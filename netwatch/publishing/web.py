"""The site: metrics for Prometheus, health for the service manager, JSON for scripts and a page for people.

It shows what it is handed and decides nothing. No endpoint takes an address to probe, none shows a secret.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from netwatch.publishing.answers import KEEP, Shelf, document, line
from netwatch.publishing.api_routes import Api
from netwatch.publishing.connections import SERVER, Limits, Server
from netwatch.publishing.exposition import Format, negotiate
from netwatch.publishing.page import EVERY
from netwatch.publishing.present import Gathering, Sources
from netwatch.publishing.report_pages import build_reports
from netwatch.publishing.routes import Pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.typedefs import Handler

__all__ = ["Limits", "Server", "Sources", "build_site"]

LARGEST_BODY = 1024
"""Bytes of a request's body; nothing here reads one."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Pages load what is ours and nothing else; no style or script may stand within them (CSP 3)."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Server": SERVER,
    "X-Content-Type-Options": "nosniff",
}

log = logging.getLogger(__name__)


def build_site(sources: Sources, *, keep: float = KEEP, every: int = EVERY) -> web.Application:
    """Return the application; a :class:`Server` serves it.

    `keep` are the seconds for which what was written is handed out again, `every` those after which a page
    asks for what is new.
    """
    site = _Site(sources)
    app = web.Application(middlewares=[_neutral, _bodiless])
    app.on_response_prepare.append(_harden)
    app.router.add_get("/metrics", site.metrics)
    app.router.add_get("/metrics/devices", site.device_metrics)
    app.router.add_get("/-/healthy", site.healthy)
    app.router.add_get("/-/ready", site.ready)
    app.router.add_post("/-/reload", site.reload)
    gathering = Gathering(sources)
    shelf = Shelf(time.monotonic, keep)
    Api(gathering, shelf).add_to(app)
    Pages(gathering, shelf, every).add_to(app)
    if sources.reports is not None:
        app.add_subapp("/report/", build_reports(sources.reports, sources.language))
    return app


class _Site:
    """One method an address."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def metrics(self, request: web.Request) -> web.Response:
        return await _exposition(request, self._sources.metrics)

    async def device_metrics(self, request: web.Request) -> web.Response:
        return await _exposition(request, self._sources.device_metrics)

    async def healthy(self, _request: web.Request) -> web.Response:
        return line("netwatch is healthy")

    async def ready(self, _request: web.Request) -> web.Response:
        reason = self._sources.not_ready()
        return line(reason, 503) if reason else line("netwatch is ready")

    async def reload(self, request: web.Request) -> web.Response:
        if _from_another_site(request):
            return line("a reload is not taken from another site's page", 403)
        force = request.query.get("force", "0")
        if force not in {"0", "1"}:
            return line("force is 0 or 1", 400)
        problems = await self._sources.reload(force == "1")
        return line(problems, 500) if problems else line("reloaded")


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
    return await document(request, render(chosen), chosen.value, "Accept, Accept-Encoding")


@web.middleware
async def _neutral(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log a failure of ours with its traceback, and tell the client no more than that there was one."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("%s could not be answered", request.path)
        return line("500: netwatch could not answer this; its log says why", 500)


@web.middleware
async def _bodiless(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a body that is large, or that does not say how large it is, before any of it is read."""
    length = request.content_length
    if not request.body_exists or (length is not None and length <= LARGEST_BODY):
        return await handler(request)
    refusal = line("413: no request here needs a body", 413)
    refusal.force_close()
    return refusal


async def _harden(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
