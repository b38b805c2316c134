"""`/api/v1/…`: the addresses of the JSON, read-only. What each key means, docs/api.md tells."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from netwatch.publishing import api, papers, queries, unit_page
from netwatch.publishing.answers import JSON, answer, as_json, document, line

if TYPE_CHECKING:
    from aiohttp import web

    from netwatch.publishing.answers import Shelf
    from netwatch.publishing.present import Gathering, Notices, Situation
    from netwatch.publishing.unit_page import Detail


class Api:
    """One method an address."""

    def __init__(self, gathering: Gathering, shelf: Shelf) -> None:
        self._gathering = gathering
        self._sources = gathering.sources
        self._shelf = shelf

    def add_to(self, app: web.Application) -> None:
        """Serve it."""
        app.router.add_get("/api/v1/units", self.units)
        app.router.add_get("/api/v1/units/{register}/{code}", self.unit)
        app.router.add_get("/api/v1/devices", self.devices)
        app.router.add_get("/api/v1/claims", self.claims)
        app.router.add_get("/api/v1/outages", self.outages)

    async def units(self, request: web.Request) -> web.Response:
        """Answer with every unit of the register in force, as it is now."""
        found = await self._shelf.get("units", self._gathering.situation, _units)
        return answer(request, found, JSON)

    async def unit(self, request: web.Request) -> web.Response:
        """Answer with one unit and all that is known of it but its outages."""
        try:
            day = queries.day(request.query)
        except queries.QueryError as error:
            return line(str(error), 400)
        register, code = request.match_info["register"], request.match_info["code"]
        detail = unit_page.gather(self._gathering, register, code, day)
        if detail is None:
            return line("no register of that name lists a unit of that code", 404)
        return await document(request, as_json(_unit(detail)), JSON)

    async def devices(self, request: web.Request) -> web.Response:
        """Answer with every device, as it is now."""
        found = await self._shelf.get(
            "devices",
            lambda: tuple(self._sources.devices()),
            lambda devices: as_json({"devices": [api.device_row(each) for each in devices]}),
        )
        return answer(request, found, JSON)

    async def claims(self, request: web.Request) -> web.Response:
        """Answer with every claim as it was judged last; `units=0` leaves out what it found of each unit."""
        try:
            units = queries.flag(request.query, "units", default=True)
        except queries.QueryError as error:
            return line(str(error), 400)
        found = await self._shelf.get(
            ("claims", units),
            self._gathering.claims,
            lambda claims: as_json({"claims": [api.claim_row(each, units=units) for each in claims]}),
        )
        return answer(request, found, JSON)

    async def outages(self, request: web.Request) -> web.Response:
        """Answer with the outages that the ledger tells of."""
        try:
            asked = queries.outages(request.query, self._sources.timezone)
        except queries.QueryError as error:
            return line(str(error), 400)
        try:
            told = await self._sources.outages(asked)
        except OSError:
            return line("the ledger cannot be read now: ask again in a few minutes", 503)
        rows = [api.outage_row(unit, outage) for unit, outage in told]
        return await document(request, await asyncio.to_thread(as_json, {"outages": rows}), JSON)


def _units(situation: Situation) -> bytes:
    rows = [api.unit_row(each, situation.verdicts.get(each.key, ())) for each in situation.units]
    return as_json({"units": rows, "notices": _notices(situation.notices)})


def _notices(notices: Notices) -> api.Json:
    return {
        "blind": [{"path": path, "since": api.moment(since)} for path, since in notices.blind],
        "last_good": notices.last_good,
        "reading": notices.reading,
    }


def _unit(detail: Detail) -> api.Json:
    """Return a unit and all that is known of it; a unit that is not in force has no present."""
    unit, live = detail.unit, detail.live
    return {
        "code": unit.code,
        "register": detail.register.name,
        "name": unit.name,
        "kind": unit.kind,
        "district": unit.district,
        "province": unit.province,
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "predecessors": list(unit.predecessors),
        "latitude": unit.latitude,
        "longitude": unit.longitude,
        "now": api.unit_row(live, detail.verdicts) if live else None,
        "devices": [api.device_row(each) for each in detail.devices],
        "timeline": [
            {"hour": api.moment(hour), "up": up, "down": down, "unknown": unknown}
            for hour, up, down, unknown in detail.hours
        ],
        "criteria": api.criteria_rows(detail.criteria),
        "verdicts": [
            {
                "claim": result.claim.name,
                "unit": each.unit.code,
                "verdict": each.verdict.value,
                "heirs": list(each.heirs),
                "disputes": list(each.disputes),
                "criteria": api.criteria_rows(each.criteria),
            }
            for result, each in detail.verdicts
        ],
        "attestations": [
            papers.attestation_row(each, api.moment, papers.hashes) for each in detail.attestations
        ],
        "disputes": [
            papers.dispute_row(dispute, reply, detail.now, api.moment, papers.hashes)
            for dispute, reply in detail.disputes
        ],
    }
