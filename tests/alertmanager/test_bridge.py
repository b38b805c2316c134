"""The bridge to Zalo and others: its texts, its secrets, and a real Alertmanager that tries again."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from alert_sinks import sinks, until
from alert_texts import alert
from real_alertmanager import running

from tools import alert_bridge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGAN, ENDED = "2026-11-20T14:03:20.123456789+07:00", "2026-11-20T08:10:50Z"


def payload(*alerts: dict[str, Any], over: bool = False) -> dict[str, Any]:
    """Return the body of a web hook."""
    status = "resolved" if over else "firing"
    each = [{**told, "status": status, "startsAt": BEGAN, "endsAt": ENDED} for told in alerts]
    return {"status": status, "alerts": each, "truncatedAlerts": 0}


def test_one_alert_is_told_whole() -> None:
    told = alert_bridge.text(payload(alert("One", units="Xã A\nXã B")), "vi", 2000)
    assert told == (
        "[CẢNH BÁO]\n• Bộ định tuyến core-khoai-chau mất kết nối\n  từ 14:03 20/11/2026\n"
        "25 đơn vị phía sau mất kết nối.\nNguyên nhân: mất điện.\nXã A\nXã B"
    )


def test_the_end_is_told_in_english() -> None:
    told = alert_bridge.text(payload(alert("One"), over=True), "en", 2000)
    assert told.splitlines()[:3] == [
        "[RESOLVED]",
        "✓ Router core-khoai-chau is down",
        "  since 14:03 20/11/2026 until 15:10 20/11/2026",
    ]


def test_many_alerts_are_a_list_and_a_count_and_never_too_long() -> None:
    many = payload(*(alert("Many", unit=str(unit)) for unit in range(50)))
    many["truncatedAlerts"] = 7
    told = alert_bridge.text(many, "vi", 2000)
    assert told.count("\n• ") == 10
    assert told.endswith("\nvà 47 cảnh báo nữa")
    cut = alert_bridge.text(many, "vi", 100)
    assert (len(cut), cut[-1]) == (100, "…")


def test_a_mass_outage_that_has_grown_is_told_whole_and_once() -> None:
    steps = [alert("NetwatchMassOutage", units="Xã A\nXã B", **lost) for lost in ({}, {"lost": "8"})]
    assert alert_bridge.text(payload(*steps), "vi", 2000) == alert_bridge.text(payload(steps[0]), "vi", 2000)


@contextlib.contextmanager
def bridge(folder: Path, url: str, **changed: object) -> Iterator[str]:
    """Serve on loopback, with the settings that the documentation gives for Zalo."""
    (folder / "token").write_text("bridge-key\n", "utf-8")
    (folder / "access").write_text("zalo-token\n", "utf-8")
    settings = {
        "token": f"@{folder / 'token'}",
        "url": url,
        "headers": {"access_token": f"@{folder / 'access'}"},
        "body": {"recipient": {"user_id": "123"}, "message": {"text": "{text}"}},
        "error_field": "error",
        "language": "vi",
        "longest": 2000,
        **changed,
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), alert_bridge.handler(settings)) as server:
        server.RequestHandlerClass.log_message = lambda *_: None  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def asked(url: str, token: str, body: bytes) -> int:
    """Ask as Alertmanager does, and return the status."""
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("token", "body", "status"),
    [
        ("key", json.dumps(payload(alert("One"))).encode(), 204),
        ("other", json.dumps(payload(alert("One"))).encode(), 401),
        ("key", b"{", 400),
        ("key", b"[]", 400),
        ("key", b'{"alerts": 1, "status": "firing"}', 400),
    ],
)
def test_who_may_ask_and_what(tmp_path: Path, token: str, body: bytes, status: int) -> None:
    with sinks() as got, bridge(tmp_path, f"{got.http}/cs", token="key") as url:
        assert asked(url, token, body) == status
    assert len(got.hooks) == (status == 204)


@pytest.mark.parametrize("trouble", [{"url": "http://127.0.0.1:9"}, {"error_field": "ok"}])
def test_what_is_refused_is_answered_with_an_error(tmp_path: Path, trouble: dict[str, str]) -> None:
    """Nobody listens; or the answer is 200 with an error inside, as Zalo's are."""
    with sinks() as got, bridge(tmp_path, **{"url": got.http, "token": "key", **trouble}) as url:
        assert asked(url, "key", json.dumps(payload(alert("One"))).encode()) == 502


@pytest.mark.system
def test_a_real_alertmanager_tries_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The access token is read anew for each message: it may be missing, or be renewed, at any time."""
    with sinks() as got, bridge(tmp_path, f"{got.http}/cs") as url:
        hook = {"url": url, "http_config": {"authorization": {"credentials_file": str(tmp_path / "token")}}}
        config = {
            "route": {"receiver": "zalo", "group_wait": "0s"},
            "receivers": [{"name": "zalo", "webhook_configs": [hook]}],
        }
        with running(config, tmp_path / "alertmanager") as alertmanager:
            (tmp_path / "access").unlink()
            alertmanager.post([alert("One")])
            until(lambda: "not delivered" in capsys.readouterr().err)
            assert not got.hooks
            (tmp_path / "access").write_text("renewed", "utf-8")
            until(lambda: got.hooks)
    ((_, sent),) = got.hooks
    assert sent["recipient"] == {"user_id": "123"}
    assert sent["message"]["text"].startswith("[CẢNH BÁO]\n• Bộ định tuyến")
