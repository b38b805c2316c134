"""The pages for people: the overview, units, and what they load."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING

from netwatch.publishing import queries, unit_page
from netwatch.publishing.answers import HTML, answer, document, line, takes_gzip
from netwatch.publishing.page import Overview
from netwatch.publishing.present import OutagesAsked
from netwatch.publishing.templating import Static, kept, packaged
from netwatch.publishing.unit_page import MOST_OUTAGES, Detail, UnitPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web

    from netwatch.model.report import OutageAccount
    from netwatch.publishing.answers import Shelf
    from netwatch.publishing.present import Gathering


class Pages:
    """One method an address."""

    def __init__(self, gathering: Gathering, shelf: Shelf, every: int) -> None:
        self._gathering = gathering
        self._sources = gathering.sources
        self._shelf = shelf
        self._static = Static(packaged())
        self._overview = Overview(self._static, every)
        self._unit_page = UnitPage(self._static)

    def add_to(self, app: web.Application) -> None:
        """Serve them."""
        app.router.add_get("/", self.overview)
        app.router.add_get("/units/{register}/{code}", self.unit)
        app.router.add_get("/static/{name}", self.static)

    async def overview(self, request: web.Request) -> web.Response:
        """Answer with all units."""
        language, choice = self._language(request), queries.choice(request.query)
        wall = request.query.get("wall") == "1"
        found = await self._shelf.get(
            ("overview", language, choice, wall),
            self._gathering.situation,
            lambda situation: self._overview.render(situation, language, choice, wall=wall),
        )
        return answer(request, found, HTML)

    async def unit(self, request: web.Request) -> web.Response:
        """Answer with one unit, or say that there is none."""
        language = self._language(request)
        register, code = request.match_info["register"], request.match_info["code"]
        try:
            day = queries.day(request.query)
        except queries.QueryError as error:
            return line(str(error), 400)
        detail = unit_page.gather(self._gathering, register, code, day)
        if detail is None:
            return await self.missing(request, unit=True)
        outages = await self._outages(detail)
        body = await asyncio.to_thread(self._unit_page.render, detail, outages, language)
        return await document(request, body, HTML, "Accept-Encoding, Accept-Language")

    async def static(self, request: web.Request) -> web.Response:
        """Answer with a file that pages load."""
        found = self._static.get(request.match_info["name"])
        return (
            line("404: Not Found", 404) if found is None else kept(request, found, gzip=takes_gzip(request))
        )

    async def missing(self, request: web.Request, *, unit: bool) -> web.Response:
        """Say that there is no such page, in both languages."""
        sources = self._sources
        body = self._overview.missing(self._language(request), sources.timezone, sources.now(), unit=unit)
        return await document(request, body, HTML, "Accept-Encoding, Accept-Language", 404)

    async def _outages(self, detail: Detail) -> Sequence[OutageAccount] | None:
        """Return what the ledger tells of a unit that is in force, since it has been; None if it cannot."""
        if detail.live is None or not detail.live.monitored:
            return ()
        since = dt.datetime.combine(detail.unit.valid_from, dt.time(), dt.UTC).timestamp()
        asked = OutagesAsked(detail.unit.code, since, limit=MOST_OUTAGES)
        try:
            return [outage for _, outage in await self._sources.outages(asked)]
        except OSError:
            return None

    def _language(self, request: web.Request) -> str:
        accept = ", ".join(request.headers.getall("Accept-Language", []))
        return queries.language(request.query, accept, self._sources.language)
