"""The alerts that fire, each in a row: how urgent it is, what it is called, and where."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import NOBODY
from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.panels import Query
from netwatch.publishing.dashboards.tables import NOTHING, Column, Rows

_RANKED = " or ".join(
    f'ALERTS{{alertstate="firing",severity{matched}}} * {rank}'
    for rank, matched in enumerate(
        ('="critical"', '="warning"', '="ticket"', '!~"critical|warning|ticket|none"'), 1
    )
)
"""By how soon somebody has to see to them, as `words.SEVERITIES` has it; without the watchdog."""

_KEYS = "alertname, area, unit"
_SUBJECTS = ("path", "root", "device", "service", "claim")
_JOINED = ", ".join(f'"{each}"' for each in _SUBJECTS)

_OF_UNITS = f"min by ({_KEYS}) ({_RANKED}) {promql.NAMED}"
_OF_OTHERS = f'label_join(min by ({_KEYS}, {", ".join(_SUBJECTS)}) ({_RANKED}), "name", "", {_JOINED})'
"""Alerts of no unit of the register: about a path, a device, a service or a claim, or nothing of a name."""

ALERTS = Rows(
    Words(
        "Cảnh báo đang phát",
        "Firing alerts",
        "Những gì Prometheus đang cảnh báo; Alertmanager quyết định ai được báo.",
        "What Prometheus alerts of; Alertmanager decides who is told.",
    ),
    (Query(f"{_OF_UNITS} or on ({_KEYS}) {_OF_OTHERS}"),),
    width=12,
    height=12,
    columns=(
        Column("Value", Text("Mức độ", "Severity"), said=words.SEVERITIES, width=110),
        Column("alertname", Text("Cảnh báo", "Alert"), said=words.ALERTS, width=290),
        Column("name", Text("Nơi xảy ra", "Where"), links=(links.ROW_UNIT,), least=110),
        Column("area", words.AREA, said=words.NO_AREA, links=(links.ROW_AREA,), least=100),
        Column("unit", words.CODE, said={NOBODY: (Text(NOTHING, NOTHING), "")}, width=80),
    ),
    sorted_by=("Value", "alertname", "name"),
    empty=Text("không có cảnh báo nào", "no alert is firing"),
)
