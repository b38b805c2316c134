"""Serves the reports that were made: the files of one folder by names that are known, and an index of them.

It is an application of its own, to be mounted at `/report/`: a report brings its style with it, which the
site's Content-Security-Policy would not allow, and no other page may.
"""

from __future__ import annotations

import asyncio
import re
from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

NAME = "reports"
"""Of the folder in the state folder."""

TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}

PARTS = ("vi.html", "en.html", "json", "units.csv", "claims.csv", "outages.csv")
"""What there is of each month: 2026-10.vi.html and so on."""

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""There are no scripts; styles stand within the page."""

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem;margin:2rem 0 .5rem}ul{list-style:none;padding:0}"
    "li{padding:.6rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}"
    "a{padding:.4rem .2rem}"
)
"""Of the index; reports bring their own."""

MOST = 240
"""Months that the index lists: twenty years."""

_FILE = re.compile(r"(20[0-9]{2}-[0-9]{2})\.(" + "|".join(map(re.escape, PARTS)) + ")")

WORDS = {
    "vi": ("Báo cáo tháng", "Chưa có báo cáo nào: báo cáo của tháng được lập vào ngày đầu tháng sau."),
    "en": ("Monthly reports", "There is no report yet: that of a month is made on the first of the next."),
}
LABELS = {
    "vi": ("tiếng Việt", "tiếng Anh", "JSON", "CSV: đơn vị", "CSV: tuyên bố", "CSV: mất kết nối"),
    "en": ("Vietnamese", "English", "JSON", "CSV: units", "CSV: claims", "CSV: outages"),
}
"""What each of `PARTS` is called."""


def build_reports(folder: Path, language: str) -> web.Application:
    """Return the application that serves the reports in `folder`; its index opens in `language`."""
    reports = _Reports(folder, language)
    app = web.Application()
    app.on_response_prepare.append(_allow_style)
    app.router.add_get("/", reports.index)
    app.router.add_get("/{name}", reports.file)
    return app


class _Reports:
    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder
        self._language = language

    async def index(self, _request: web.Request) -> web.Response:
        names = await asyncio.get_running_loop().run_in_executor(None, self._names)
        return web.Response(text=index(names, self._language), content_type="text/html", charset="utf-8")

    async def file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if not _FILE.fullmatch(name):
            raise web.HTTPNotFound(text="404: there is no such report\n")
        path = self._folder / name
        if not await asyncio.get_running_loop().run_in_executor(None, _is_plain, path):
            raise web.HTTPNotFound(text="404: there is no such report\n")
        return web.FileResponse(path, headers={"Content-Type": TYPES[name.rpartition(".")[2]]})

    def _names(self) -> list[str]:
        try:
            return [path.name for path in self._folder.iterdir()]
        except OSError:
            return []


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


async def _allow_style(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = POLICY


def index(names: Iterable[str], language: str) -> str:
    """Return the page that lists the reports among some names of files, newest first, in both languages."""
    there: dict[str, set[str]] = {}
    for name in names:
        if found := _FILE.fullmatch(name):
            there.setdefault(found[1], set()).add(found[2])
    months = sorted(there.items(), reverse=True)[:MOST]
    first, *others = sorted(WORDS, key=lambda each: each != language)
    sections = "".join(_section(months, each) for each in (first, *others))
    return (
        f'<!doctype html>\n<html lang="{first}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>netwatch: {escape(WORDS[first][0])}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<main>\n<p><a href="/">netwatch</a></p>\n{sections}'
        "</main>\n</body>\n</html>\n"
    )


def _section(months: Sequence[tuple[str, set[str]]], language: str) -> str:
    heading, empty = WORDS[language]
    rows = "".join(f"<li>{_links(label, parts, language)}</li>\n" for label, parts in months)
    told = f"<ul>\n{rows}</ul>\n" if rows else f"<p>{escape(empty)}</p>\n"
    return f'<section lang="{language}">\n<h1>{escape(heading)}</h1>\n{told}</section>\n'


def _links(label: str, parts: set[str], language: str) -> str:
    year, month = label.split("-")
    links = (
        f'<a href="{label}.{part}">{escape(called)}</a>'
        for part, called in zip(PARTS, LABELS[language], strict=True)
        if part in parts
    )
    return f"{month}/{year}: " + " · ".join(links)
