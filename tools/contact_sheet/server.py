"""The page, the boards and Prometheus under one origin on loopback, so that the page may ask for all."""

from __future__ import annotations

import contextlib
import json
import mimetypes
import threading
import urllib.error
import urllib.request
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Contact sheet</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body {margin: 0}</style>
<link rel="stylesheet" href="/main.css"><div id="root"></div><script type="module" src="/main.js"></script>"""

SECONDS = 60.0
"""For Prometheus to answer in."""


class Handler(BaseHTTPRequestHandler):
    """Answers GET: `/` is the page, a prefix of `folders` a file below that folder, `/api/v1/` Prometheus."""

    def __init__(self, *arguments: Any, folders: Mapping[str, Path], prometheus: str) -> None:  # noqa: ANN401 - the base class's own
        self.folders = folders
        self.prometheus = prometheus
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer one request."""
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self._answer(200, "text/html; charset=utf-8", PAGE.encode())
        elif path.startswith("/api/v1/"):
            self._answer(*asked(self.prometheus + self.path))
        else:
            self._file(path)

    def _file(self, path: str) -> None:
        for prefix, folder in self.folders.items():
            file = (folder / path.removeprefix(prefix)).resolve()
            if path.startswith(prefix) and file.is_relative_to(folder.resolve()) and file.is_file():
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                self._answer(200, kind, file.read_bytes())
                return
        self._answer(404, "text/plain", b"not found")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: what goes wrong is told by the page's console."""


def asked(url: str) -> tuple[int, str, bytes]:
    """Return what a URL answers: status, type and body; an error's body too, which tells what is wrong."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - our own http URL
            return int(answer.status), "application/json", answer.read()
    except urllib.error.HTTPError as error:
        return error.code, "application/json", error.read()
    except OSError as error:
        told = {"status": "error", "errorType": "unavailable", "error": f"{url} does not answer: {error}"}
        return 502, "application/json", json.dumps(told).encode()


def found(prometheus: str, query: str) -> list[dict[str, Any]]:
    """Return the series that Prometheus has now, as it tells them. Raises ValueError where it refuses."""
    _, _, body = asked(f"{prometheus}/api/v1/query?{urlencode({'query': query})}")
    told = json.loads(body)
    if told.get("status") != "success":
        raise ValueError(f"{query}: {told.get('error')}")
    return list(told["data"]["result"])


@contextlib.contextmanager
def serving(folders: Mapping[str, Path], prometheus: str) -> Iterator[str]:
    """Serve on a free port of loopback, and yield the URL. The first prefix that fits is the one."""
    handler = partial(Handler, folders=folders, prometheus=prometheus)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
