"""Alerts posted to a real Alertmanager with the shipped templates; what readers get, in both languages."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alert_sinks import Mail, Sinks, sinks, until
from real_alertmanager import quick, running, shipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOCAL = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
LASTED = dt.timedelta(hours=1, minutes=7, seconds=30)
RUNBOOK = "https://noc.example/runbooks/NetwatchUpstreamDown.md"


def alert(name: str, **changed: Any) -> dict[str, Any]:
    """Return an alert with every annotation, in the form of the API; `changed` are labels or annotations."""
    labels = {"alertname": name, "severity": "critical", "kind": "unit", "area": "Khoái Châu"}
    annotations = {
        "summary": "Bộ định tuyến core-khoai-chau mất kết nối",
        "summary_en": "Router core-khoai-chau is down",
        "description": "25 đơn vị phía sau mất kết nối.\nNguyên nhân: mất điện.",
        "description_en": "25 units behind it are down.\nCause: power.",
        "runbook_url": RUNBOOK,
    }
    for key, value in changed.items():
        (annotations if key in {*annotations, "units"} else labels)[key] = value
    return {"labels": labels, "annotations": annotations}


@dataclass(frozen=True)
class Told:
    """The last message of each group (by alertname) and language, while it fired or once it had ended."""

    mails: dict[tuple[str, str], Mail]
    chats: dict[tuple[str, str], str]
    hooks: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Story:
    """What was told of the same alerts, first firing and then over, and when they began and ended."""

    began: dt.datetime
    ended: dt.datetime
    firing: Told
    resolved: Told


def play(alerts: Sequence[dict[str, Any]], folder: Path, zone: str = LOCAL.key) -> Story:
    """Have everything told by mail, chat and web hook; all alerts end at the same moment."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    began = now - LASTED
    begun = [{**posted, "startsAt": began.isoformat()} for posted in alerts]
    with sinks() as got, running(_in_both_languages(quick(shipped(), got)), folder, zone) as alertmanager:
        alertmanager.post(begun)
        firing = _gathered(got, alerts, over=False)
        ended = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=2)
        alertmanager.post([{**posted, "endsAt": ended.isoformat()} for posted in begun])
        resolved = _gathered(got, alerts, over=True)
    return Story(began.astimezone(LOCAL), ended.astimezone(LOCAL), firing, resolved)


def _in_both_languages(config: dict[str, Any]) -> dict[str, Any]:
    """Leave one receiver with all three channels in both languages; each message says whose it is."""
    receiver = next(found for found in config["receivers"] if found["name"] == "operators")
    config["receivers"] = [receiver]
    config["route"] = {key: value for key, value in config["route"].items() if key != "routes"}
    (mail,), (chat,) = receiver["email_configs"], receiver["telegram_configs"]
    mail["headers"]["X-Group"] = "{{ .GroupLabels.alertname }} vi"
    chat["message"] = "{{ .GroupLabels.alertname }} vi\n" + chat["message"]
    for key, entry in (("email_configs", mail), ("telegram_configs", chat)):
        receiver[key].append(
            json.loads(
                json.dumps(entry).replace('.vi\\"', '.en\\"').replace("alertname }} vi", "alertname }} en")
            )
        )
    receiver["webhook_configs"][0].pop("max_alerts")
    return config


def _gathered(got: Sinks, alerts: Sequence[dict[str, Any]], *, over: bool) -> Told:
    """Wait until every alert has been told as such in a message of each channel and language."""
    wanted: dict[str, int] = {}
    for posted in alerts:
        name = posted["labels"]["alertname"]
        wanted[name] = wanted.get(name, 0) + 1
    status = "resolved" if over else "firing"

    def whole() -> bool:
        hooks = {hook["groupLabels"]["alertname"]: hook for _, hook in got.hooks if hook["status"] == status}
        counts = {name: len(hook["alerts"]) for name, hook in hooks.items()}
        return counts == wanted

    until(whole)
    # The channels of one message are sent side by side: nothing more comes once all have come alike.
    sent = len(got.hooks)
    until(lambda: len(got.mails) >= 2 * sent and len(got.chats) >= 2 * sent)
    told = Told(
        {(mail.group[0], mail.group[1]): mail for mail in got.mails},
        dict(_chat(body["text"]) for _, body in got.chats),
        {hook["groupLabels"]["alertname"]: hook for _, hook in got.hooks},
    )
    for kept in (got.mails, got.chats, got.hooks):
        kept.clear()
    return told


def _chat(text: str) -> tuple[tuple[str, str], str]:
    mark, _, rest = text.partition("\n")
    name, language = mark.split(" ")
    return (name, language), rest
