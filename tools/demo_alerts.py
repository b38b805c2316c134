"""The demo's Alertmanager: the shipped routes and texts, told on the terminal instead of to anybody.

Each receiver becomes a chat whose server is the demo itself, on loopback: what would be sent is printed, and
kept in `notifications.log`. Nothing leaves this machine.
"""

from __future__ import annotations

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST = 100_000
"""Bytes of a message that are read: Alertmanager sends 4,096 characters at most."""

ZONE = "Asia/Ho_Chi_Minh"
WATCHDOG = "outside"
SENT = b'{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":1,"type":"group"}}}'


def configure(shipped: Path, folder: Path, url: str) -> Path:
    """Write the shipped configuration into `folder` with every receiver a chat at `url`; return its file.

    Routes, grouping, inhibition, office hours and waits stay as they are shipped.
    """
    shutil.copytree(shipped / "templates", folder / "templates")
    config: dict[str, Any] = yaml.safe_load((shipped / "alertmanager.yml").read_text("utf-8"))
    config.pop("global", None)
    for receiver in config["receivers"]:
        name = receiver["name"]
        chat = {
            "api_url": url,
            "bot_token": name,
            "chat_id": 1,
            "parse_mode": "",
            "message": '{{ template "netwatch.text.vi" . }}',
            "send_resolved": name != WATCHDOG,
        }
        receiver.clear()
        receiver.update(name=name, telegram_configs=[chat])
    file = folder / "alertmanager.yml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), "utf-8")
    return file


def say(text: str) -> None:
    """Print at once, wherever the demo's output goes."""
    print(text, flush=True)


def listen(log: Path, show: Callable[[str], None] = say) -> str:
    """Take messages from now on, as long as this program runs; return where to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(log, show))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def _handler(log: Path, show: Callable[[str], None]) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()
    watched = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Keep one message, and show it; of the watchdog's, which comes each minute, the first."""
            length = min(int(self.headers.get("Content-Length", 0)), LONGEST)
            body = json.loads(self.rfile.read(length))
            receiver = self.path.split("/")[1].removeprefix("bot")
            told = f"── {receiver} ──\n{body['text'].strip()}\n"
            with lock:
                with log.open("a", encoding="utf-8") as kept:
                    kept.write(told + "\n")
                if receiver != WATCHDOG or not watched.is_set():
                    show("\n" + told)
                if receiver == WATCHDOG:
                    watched.set()
            self.send_response(200)
            self.send_header("Content-Length", str(len(SENT)))
            self.end_headers()
            self.wfile.write(SENT)

        def log_message(self, *_: object) -> None:
            """The terminal is for notifications."""

    return Handler
