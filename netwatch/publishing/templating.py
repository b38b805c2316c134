"""Fills in templates: every value escaped, a name that nobody defined an error; and serves what pages load.

A file is loaded under a name with a hash of its content, so that a browser may keep it for ever.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING

import jinja2
from aiohttp import web

from netwatch.publishing.answers import Written, written

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
"""What may be loaded, by the end of its name."""

FOREVER = "public, max-age=31536000, immutable"


class Static:
    """The files of `static/`, by names that change with their content."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files: dict[str, tuple[Written, str]] = {}
        self._names: dict[str, str] = {}
        for name, body in files.items():
            stem, dot, ending = name.rpartition(".")
            unique = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{ending}"
            self._names[name] = unique
            self._files[unique] = (written(body), TYPES[dot + ending])

    def url(self, name: str) -> str:
        """Return the address of a file. Raises KeyError where there is none of that name."""
        return f"/static/{self._names[name]}"

    def get(self, unique: str) -> tuple[Written, str] | None:
        """Return what is served under a name, and its type."""
        return self._files.get(unique)


def packaged() -> dict[str, bytes]:
    """Return the files that come with netwatch, by name."""
    folder = resources.files("netwatch.publishing") / "static"
    return {
        each.name: each.read_bytes()
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name[each.name.rfind(".") :] in TYPES
    }


def environment(folder: str) -> jinja2.Environment:
    """Return what fills in the templates of a folder below `templates/`."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("netwatch.publishing", f"templates/{folder}"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def kept(request: web.Request, found: tuple[Written, str], *, gzip: bool) -> web.Response:
    """Answer with a file that never changes under its name."""
    body, content_type = found
    headers = {
        "Content-Type": content_type,
        "ETag": body.etag,
        "Cache-Control": FOREVER,
        "Vary": "Accept-Encoding",
    }
    if body.etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers={"ETag": body.etag, "Cache-Control": FOREVER})
    if gzip:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body.packed if gzip else body.body, headers=headers)
