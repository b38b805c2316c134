"""The board `claims`: who is up, down or unknown now, and what that makes of a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as boards

from netwatch.publishing.dashboards import words
from netwatch.publishing.dashboards.panels import (
    BLUE,
    COUNT,
    DATE,
    GREEN,
    GREY,
    ORANGE,
    RATIO,
    RED,
    SECONDS,
    Query,
    bars,
    chosen,
    lines,
    number,
    rows,
)

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table
    from grafana_foundation_sdk.models import dashboard

UNITS = 'netwatch_unit_info{register="$register",area=~"$area"}'
OF_UNITS = f"and on (unit) {UNITS}"
MONITORED = f"and on (unit) netwatch_device_info {OF_UNITS}"
NAMED = f"* on (unit) group_left (name) max by (unit, name) ({UNITS})"

STATES = {
    "up": ("đang chạy / up", GREEN),
    "down": ("mất kết nối / down", RED),
    "unknown": ("không rõ / unknown", ORANGE),
    "unmonitored": ("chưa được giám sát / unmonitored", GREY),
}
UNIT_VERDICTS = {
    "verified": ("đã xác minh / verified", GREEN),
    "refuted": ("bị bác bỏ / refuted", RED),
    "undetermined": ("chưa đủ dữ liệu / undetermined", ORANGE),
    "unmonitored": ("chưa được giám sát / unmonitored", GREY),
}
CLAIM_VERDICTS = {
    "1": ("đạt / holds", GREEN),
    "-1": ("không đạt / does not hold", RED),
    "0": ("chưa đủ dữ liệu / undetermined", ORANGE),
}
NONE_IS_GOOD = {0.0: GREEN, 1.0: RED}


def claims() -> dashboard.Dashboard:
    """Return the board."""
    areas = 'label_values(netwatch_unit_info{register="$register"}, area)'
    board = (
        boards.Dashboard(f"netwatch · {words.BOARD.title}")
        .uid("netwatch-claims")
        .description(words.BOARD.description)
        .tags(["netwatch"])
        .timezone("Asia/Ho_Chi_Minh")
        .time("now-6h", "now")
        .refresh("30s")
        .readonly()
        .with_variable(boards.DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
        .with_variable(
            chosen("register", "Danh mục / Register", "label_values(netwatch_unit_info, register)")
        )
        .with_variable(chosen("area", "Khu vực / Area", areas, many=True))
        .with_variable(chosen("claim", "Cam kết / Claim", "label_values(netwatch_claim_info, claim)"))
    )
    _units(board)
    _claim(board)
    _outages(board)
    _echoes(board)
    return board.build()


def _units(board: boards.Dashboard) -> None:
    board.with_row(boards.Row("Đơn vị / Units"))
    for state, said, colors in (
        ("up", words.UP, {0.0: GREEN}),
        ("down", words.DOWN, NONE_IS_GOOD),
        ("unknown", words.UNKNOWN, {0.0: GREEN, 1.0: ORANGE}),
    ):
        expr = f'sum(netwatch_unit_state{{state="{state}"}} {MONITORED}) or vector(0)'
        board.with_panel(number(said, Query(expr), COUNT, width=5, colors=colors))
    for said, expr, width, colors in (
        (words.UNMONITORED, f"count({UNITS} unless on (unit) netwatch_device_info)", 5, {0.0: GREY}),
        (words.REGISTER, f"count({UNITS})", 4, {0.0: BLUE}),
    ):
        board.with_panel(number(said, Query(f"{expr} or vector(0)"), COUNT, width=width, colors=colors))
    board.with_panel(
        lines(
            words.OVER_TIME,
            [Query(f"sum by (state) (netwatch_unit_state {MONITORED})", "{{state}}")],
            COUNT,
            width=24,
            names={state: STATES[state] for state in ("up", "down", "unknown")},
            stacked=True,
        )
    )
    board.with_panel(_table_of_units())


def _table_of_units() -> table.Panel:
    told = f"max by (unit, name, kind) ({UNITS})"
    seen = f"((netwatch_unit_state == 1) {MONITORED}) * on (unit) group_left (name, kind) {told}"
    unseen = f'label_replace({UNITS} unless on (unit) netwatch_device_info, "state", "unmonitored", "", "")'
    return rows(
        words.EACH_UNIT,
        [
            Query(f"max by (unit, name, kind, area, state) ({seen} or {unseen})"),
            Query(f"max by (unit) (netwatch_unit_down_since_timestamp_seconds {OF_UNITS}) * 1000"),
        ],
        columns={
            "unit": "Mã / Code",
            "name": "Tên / Name",
            "kind": "Loại / Kind",
            "area": "Khu vực / Area",
            "state": "Trạng thái / State",
            "Value #B": "Mất từ / Down since",
        },
        formats={"Mất từ / Down since": DATE},
        texts={"Trạng thái / State": STATES},
    )


def _claim(board: boards.Dashboard) -> None:
    board.with_row(boards.Row("Cam kết / Claim: $claim"))
    verdict = 'max(netwatch_claim_verdict{claim="$claim",verdict="%s"})'
    ratio = 'max(netwatch_claim_ratio{claim="$claim",bound="%s"})'
    declared = 'max(netwatch_claim_declared_ratio{claim="$claim"})'
    judged = Query(f"{verdict % 'holds'} - {verdict % 'does_not_hold'}")
    board.with_panel(number(words.VERDICT, judged, COUNT, width=6, texts=CLAIM_VERDICTS))
    for said, expr in (
        (words.DECLARED, declared),
        (words.LOWER, ratio % "lower"),
        (words.UPPER, ratio % "upper"),
    ):
        board.with_panel(number(said, Query(expr), RATIO, width=6))
    by_verdict = Query('max by (verdict) (netwatch_claim_units{claim="$claim"})', "{{verdict}}")
    board.with_panel(bars(words.BY_VERDICT, [by_verdict], COUNT, width=12, height=8, names=UNIT_VERDICTS))
    board.with_panel(
        lines(
            words.BOUNDS,
            [Query(declared, "declared"), Query(ratio % "lower", "lower"), Query(ratio % "upper", "upper")],
            RATIO,
            width=12,
            names={
                "declared": ("công bố / declared", GREY),
                "lower": ("cận dưới / lower", GREEN),
                "upper": ("cận trên / upper", BLUE),
            },
        )
    )


def _outages(board: boards.Dashboard) -> None:
    board.with_row(boards.Row("Mất kết nối / Outages"))
    for said, verdicts in ((words.AVAILABLE, "up"), (words.PERHAPS_AVAILABLE, "up|unknown")):
        expr = f"{_minutes(verdicts)} / {_minutes('up|down|unknown')}"
        board.with_panel(number(said, Query(expr), RATIO, width=6))
    for said, metric in (
        (words.OUTAGES, "netwatch_unit_outages_total"),
        (words.BLIPS, "netwatch_unit_blips_total"),
    ):
        expr = f"sum(increase({metric}[$__range]) {OF_UNITS}) or vector(0)"
        board.with_panel(number(said, Query(expr), COUNT, width=6, colors=NONE_IS_GOOD))


def _minutes(verdicts: str) -> str:
    return f'sum(increase(netwatch_unit_minutes_total{{verdict=~"{verdicts}"}}[$__range]) {OF_UNITS})'


def _echoes(board: boards.Dashboard) -> None:
    board.with_row(boards.Row("Độ trễ và mất gói / Latency and loss"))
    for said, metric, unit in (
        (words.LOSS, "netwatch_echo_loss_ratio", RATIO),
        (words.RTT, "netwatch_echo_rtt_mean_seconds", SECONDS),
    ):
        query = Query(f"topk(10, {metric} {NAMED})", "{{name}} · {{device}}")
        board.with_panel(lines(said, [query], unit, width=12))
    board.with_panel(
        lines(
            words.RTT_OF_ALL,
            [Query(_quantile("0.5"), "p50"), Query(_quantile("0.95"), "p95")],
            SECONDS,
            width=24,
            names={"p50": ("trung vị / median", GREEN), "p95": ("phân vị 95 / 95th percentile", ORANGE)},
        )
    )


def _quantile(quantile: str) -> str:
    rate = f"rate(netwatch_echo_rtt_seconds_bucket[$__rate_interval]) {OF_UNITS}"
    return f"histogram_quantile({quantile}, sum by (le) ({rate}))"
