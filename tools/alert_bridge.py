"""From Alertmanager's web hook to whatever takes a message as JSON by POST: Zalo, Viber, an SMS gateway.

`python3 alert_bridge.py bridge.json` needs nothing but Python; docs/alerting.md describes bridge.json. What
is not delivered is answered with 502: Alertmanager tries again.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LARGEST = 4_000_000  # bytes of a request, and of an answer
LISTED = 10
GROWS = "NetwatchMassOutage"  # each time that it has grown it is one more alert, with the same text
LOCAL = dt.timezone(dt.timedelta(hours=7))
WORDS = {
    "vi": ("CẢNH BÁO", "ĐÃ KẾT THÚC", "từ", "đến", "và {} cảnh báo nữa", ""),
    "en": ("ALERT", "RESOLVED", "since", "until", "and {} more alerts", "_en"),
}


def text(payload: dict[str, Any], language: str, longest: int) -> str:
    """Return the message of one notification, cut after `longest` characters."""
    firing, resolved, since, until, more, suffix = WORDS[language]
    alerts = payload["alerts"]
    if all(alert["labels"].get("alertname") == GROWS for alert in alerts):
        alerts = alerts[:1]
    lines = [f"[{firing if payload['status'] == 'firing' else resolved}]"]
    for alert in alerts[:LISTED]:
        said = alert["annotations"]
        summary = said.get(f"summary{suffix}") or said.get("summary") or alert["labels"]["alertname"]
        over = alert["status"] == "resolved"
        lines.append(f"{'✓' if over else '•'} {summary}")
        ended = f" {until} {_clock(alert['endsAt'])}" if over else ""
        lines.append(f"  {since} {_clock(alert['startsAt'])}{ended}")
        if len(alerts) == 1:
            lines += [said.get(f"description{suffix}") or said.get("description", ""), said.get("units", "")]
    left = len(alerts) - LISTED + payload.get("truncatedAlerts", 0)
    if left > 0:
        lines.append(more.format(left))
    told = "\n".join(filter(None, lines))
    return told if len(told) <= longest else told[: longest - 1] + "…"


def _clock(moment: str) -> str:
    return f"{dt.datetime.fromisoformat(moment).astimezone(LOCAL):%H:%M %d/%m/%Y}"


def filled(value: object, told: str) -> object:
    """Return a value of bridge.json with `{text}` filled in, and `@FILE` read: anew for each message."""
    if isinstance(value, dict):
        return {key: filled(inner, told) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith("@"):
        return Path(value[1:]).read_text("utf-8").strip()
    return value.replace("{text}", told) if isinstance(value, str) else value


def deliver(settings: dict[str, Any], told: str) -> None:
    """Send one message. Raises OSError where it was refused: by status, or by a field of a JSON answer."""
    body = json.dumps(filled(settings["body"], told)).encode()
    headers = {name: str(filled(value, "")) for name, value in settings.get("headers", {}).items()}
    headers["Content-Type"] = "application/json"
    request = urllib.request.Request(settings["url"], body, headers)  # noqa: S310 the operator's own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        said = answer.read(LARGEST)
    field = settings.get("error_field")
    if field and json.loads(said).get(field):
        raise OSError(f"refused: {said[:200].decode('utf-8', 'replace')}")


def handler(settings: dict[str, Any]) -> type[BaseHTTPRequestHandler]:
    """Return what answers Alertmanager."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Check who asks, and pass one notification on."""
            wanted = f"Bearer {filled(settings['token'], '')}"
            if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), wanted.encode()):
                return self.send_error(401)
            try:
                size = min(int(self.headers.get("Content-Length", 0)), LARGEST)
                told = text(json.loads(self.rfile.read(size)), settings["language"], settings["longest"])
            except (AttributeError, KeyError, TypeError, ValueError):
                return self.send_error(400)
            try:
                deliver(settings, told)
            except (OSError, ValueError) as error:
                print(f"not delivered: {error}", file=sys.stderr)
                return self.send_error(502)
            self.send_response(204)
            return self.end_headers()

    return Handler


if __name__ == "__main__":
    configured = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    ThreadingHTTPServer(("127.0.0.1", configured["port"]), handler(configured)).serve_forever()
