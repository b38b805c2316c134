"""A webhook on loopback that keeps what Alertmanager tells, in place of a person's telephone."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

LARGEST = 4 * 1024 * 1024  # bytes of one notification


@dataclass(frozen=True)
class Told:
    """One alert of a notification."""

    name: str
    status: str  # firing | resolved
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


@dataclass(frozen=True)
class Notification:
    """One message, as one receiver got it."""

    receiver: str
    status: str  # resolved where none of its alerts fires any more
    alerts: tuple[Told, ...]
    at: float  # Unix seconds at which it came

    def __str__(self) -> str:
        alerts = "; ".join(f"{each.name} {each.status} {dict(each.labels)}" for each in self.alerts)
        at = time.strftime("%H:%M:%S", time.localtime(self.at))
        return f"{at} {self.receiver}, {self.status}: {alerts}"


class Webhook:
    """Takes notifications at `url` + a receiver's name, and keeps them in the order in which they came."""

    def __init__(self) -> None:
        self._heard: list[Notification] = []
        self._more = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, with a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def heard(self) -> list[Notification]:
        """Return all that came so far."""
        with self._more:
            return list(self._heard)

    def wait(self, seconds: float) -> None:
        """Wait until something comes, but no longer than that."""
        with self._more:
            self._more.wait(seconds)

    def _keep(self, notification: Notification) -> None:
        with self._more:
            self._heard.append(notification)
            self._more.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        keep = self._keep

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                if not 0 < length <= LARGEST:
                    self.send_error(413)
                    return
                keep(notification(self.path.removeprefix("/"), json.loads(self.rfile.read(length))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
                """Say nothing."""

        return Handler


def notification(receiver: str, payload: Mapping[str, Any]) -> Notification:
    """Read what Alertmanager sends (webhook payload, version 4)."""
    assert payload["version"] == "4"
    assert not payload.get("truncatedAlerts")
    return Notification(
        receiver,
        payload["status"],
        tuple(
            Told(each["labels"]["alertname"], each["status"], each["labels"], each["annotations"])
            for each in payload["alerts"]
        ),
        time.time(),
    )
