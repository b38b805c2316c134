"""Where a real Alertmanager's notifications end in tests: web hooks, the Bot API, SMTP; all on loopback."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SENT = b'{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":1,"type":"group"}}}'
"""What the Bot API answers to sendMessage."""


@dataclass(frozen=True)
class Mail:
    """One e-mail as a reader sees it."""

    to: str
    group: tuple[str, ...]  # the words of a header that tests add
    subject: str
    text: str
    html: str


@dataclass
class Sinks:
    """What came, and where to send it."""

    hooks: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # the path's last part, the payload
    chats: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # the bot's token, the parameters
    mails: list[Mail] = field(default_factory=list)
    http: str = ""
    smtp: str = ""

    def __len__(self) -> int:
        return len(self.hooks) + len(self.chats) + len(self.mails)


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something holds; what is wrong then shows in the test's own assertions."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)


@contextlib.contextmanager
def sinks() -> Iterator[Sinks]:
    """Listen for all three."""
    got = Sinks()
    with _served(ThreadingHTTPServer(("127.0.0.1", 0), _http(got))) as port:
        got.http = f"http://127.0.0.1:{port}"
        with _served(_Smtp(("127.0.0.1", 0), _smtp(got))) as smtp_port:
            got.smtp = f"127.0.0.1:{smtp_port}"
            yield got


class _Smtp(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextlib.contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def _http(got: Sinks) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            *_, before, last = self.path.split("/")
            if last == "sendMessage":
                got.chats.append((before.removeprefix("bot"), body))
            else:
                got.hooks.append((last, body))
            self.send_response(200)
            self.send_header("Content-Length", str(len(SENT)))
            self.end_headers()
            self.wfile.write(SENT)

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    return Handler


def _smtp(got: Sinks) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            """RFC 5321, as much of it as one client in order needs."""
            self._say(220)
            for line in self.rfile:
                verb = line[:4].upper().strip()
                self._say({b"DATA": 354, b"QUIT": 221}.get(verb, 250))
                if verb == b"DATA":
                    got.mails.append(_mail(b"".join(iter(self.rfile.readline, b".\r\n"))))
                    self._say(250)
                elif verb == b"QUIT":
                    return

        def _say(self, code: int) -> None:
            self.wfile.write(b"%d ok\r\n" % code)

    return Handler


def _mail(raw: bytes) -> Mail:
    message = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return Mail(
        str(message["to"]),
        tuple(str(message.get("x-group", "")).split()),
        str(message["subject"]),
        text.get_content().replace("\r\n", "\n"),
        html.get_content().replace("\r\n", "\n"),
    )
