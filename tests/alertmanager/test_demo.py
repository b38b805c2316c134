"""What `make demo` shows of alerts: the shipped routes and texts, printed instead of sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from alert_sinks import until
from alert_texts import LOCAL, alert
from real_alertmanager import CONFIG, SHIPPED, running

from tools import demo_alerts

if TYPE_CHECKING:
    from pathlib import Path


def test_it_keeps_the_routes_and_sends_to_nobody_but_itself(tmp_path: Path) -> None:
    shipped = yaml.safe_load(SHIPPED.read_text("utf-8"))
    config = yaml.safe_load(
        demo_alerts.configure(CONFIG, tmp_path / "demo", "http://127.0.0.1:1").read_text("utf-8")
    )
    for key in ("route", "inhibit_rules", "time_intervals"):
        assert config[key] == shipped[key]
    for receiver in config["receivers"]:
        assert set(receiver) == {"name", "telegram_configs"}
        assert [chat["api_url"] for chat in receiver["telegram_configs"]] == ["http://127.0.0.1:1"]
    assert "global" not in config


@pytest.mark.system
def test_what_would_be_sent_is_shown_and_kept(tmp_path: Path) -> None:
    """The watchdog's text is shown once, however often it comes."""
    shown: list[str] = []
    log = tmp_path / "notifications.log"
    file = demo_alerts.configure(CONFIG, tmp_path / "demo", demo_alerts.listen(log, shown.append))
    config = yaml.safe_load(file.read_text("utf-8"))
    config["templates"] = [str(tmp_path / "demo" / "templates" / "*.tmpl")]
    began = {"startsAt": "2026-11-20T07:03:20Z"}  # long ago: such an alert does not wait for its group
    watchdogs = [alert("Watchdog", severity="none", area=area) | began for area in ("netwatch", "toàn tỉnh")]
    with running(config, tmp_path / "alertmanager", LOCAL.key) as alertmanager:
        alertmanager.post([alert("NetwatchUpstreamDown") | began, *watchdogs])
        until(lambda: log.exists() and log.read_text("utf-8").count("── ") >= 3)
    kept = log.read_text("utf-8")
    assert (kept.count("── on-call ──"), kept.count("── outside ──")) == (1, 2)
    assert sorted(text.split()[1] for text in shown) == ["on-call", "outside"]
    page = next(text for text in shown if "on-call" in text)
    assert page.startswith(
        "\n── on-call ──\n>>> CẢNH BÁO · Khẩn cấp, xử lý ngay\nKhu vực: Khoái Châu\n\nĐang xảy ra (1):\n"
    )
    assert "  Từ 14:03 20/11/2026\n" in page
