"""Netwatch itself: whether it is there, on time, and writes what it sees."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Alert, Group, Kind, Severity, Text
from netwatch.publishing.alerts.tell import number

_BY = "by (instance, poller)"
_ON = "on (instance, poller)"
_DAY = 86400

# Of one that runs for a while: what a start costs is neither late nor behind.
_STARTING = f"{_ON} time() - process_start_time_seconds < 900"
_FIRST_DAY = f"{_ON} time() - process_start_time_seconds < 25 * 3600"

_WHO = Text(
    vi="{{ with $labels.poller }}{{ . }}{{ else }}{{ $labels.instance }}{{ end }}",
    en="{{ with $labels.poller }}{{ . }}{{ else }}{{ $labels.instance }}{{ end }}",
)


def _quantile(quantile: float, metric: str) -> str:
    return f"histogram_quantile({quantile:g}, sum by (le, instance, poller) (rate({metric}_bucket[5m])))"


_LATE = (
    f"({_quantile(0.95, 'netwatch_poll_lateness_seconds')} > 5\n"
    f"  or {_quantile(0.99, 'netwatch_event_loop_lag_seconds')} > 1)\n"
    f"unless {_STARTING}"
)
# Two minutes of errors without an end, so that one attempt that failed and was made again wakes nobody.
_FAILING = (
    f"max {_BY} (increase(netwatch_ledger_write_errors_total[2m])) > 0\n"
    f"or max {_BY} (increase(netwatch_ledger_dropped_entries_total[10m])) > 0"
)
_BEHIND = (
    f"time() - max {_BY} (netwatch_ledger_last_write_timestamp_seconds) > 600\n"
    f"or max {_BY} (netwatch_ledger_queued_entries) > 10000"
)
_LAST_GOOD = "netwatch_config_on_last_good == 1"
_HEAD = 'netwatch_anchor_last_timestamp_seconds{step="head"}'
# A step of which one attempt fails is tried again, and counts where it has not worked for two days. What is
# not asked for any longer fails no more. A head is made at midnight, of a day on which netwatch ran.
_ANCHOR = (
    f"max by (instance, poller, step) (time() - {_HEAD}) > 2 * {_DAY} unless {_FIRST_DAY}\n"
    "or max by (instance, poller, step) (increase(netwatch_anchor_errors_total[1d])) > 0\n"
    "  unless on (instance, poller, step) time() - netwatch_anchor_last_timestamp_seconds < "
    f"2 * {_DAY}"
)
_JOBS = 'job=~"netwatch|netwatch-devices"'
_ABSENT = f'up{{{_JOBS}}} == 0 or absent(up{{job="netwatch"}}) or absent(up{{job="netwatch-devices"}})'
# Half of each job's scrape_timeout in config/prometheus/prometheus.yml: at the timeout it is absent.
_SLOW = 'scrape_duration_seconds{job="netwatch"} > 5 or scrape_duration_seconds{job="netwatch-devices"} > 15'


def _own(query: str, *, digits: int = 0) -> Text:
    """Return the figure of the netwatch that the alert is about; `query` has %s for its labels' matchers."""
    arguments = " ".join(["$labels.instance $labels.poller"] * query.count("{}"))
    return number(query.replace("{}", "{instance=%q,poller=%q}"), arguments, digits=digits)


_LATENESS = _own(
    "histogram_quantile(0.95, sum by (le) (rate(netwatch_poll_lateness_seconds_bucket{}[5m])))", digits=1
)
_LAG = _own(
    "histogram_quantile(0.99, sum by (le) (rate(netwatch_event_loop_lag_seconds_bucket{}[5m])))", digits=1
)
_QUEUED = _own("netwatch_ledger_queued_entries{}")
_DROPPED = _own("netwatch_ledger_dropped_entries_total{}")
_UNWRITTEN = _own("(time() - netwatch_ledger_last_write_timestamp_seconds{}) / 60")


def _itself(name: str, expr: str, patience: str, severity: Severity, *texts: Text) -> Alert:
    return Alert(
        name=name,
        expr=expr,
        patience=patience,
        severity=severity,
        kind=Kind.NETWATCH,
        labels=(("area", "netwatch"),),
        summary=texts[0],
        description=texts[1],
    )


GROUP = Group(
    "itself",
    "netwatch itself: absent, late, losing what it hears, or not able to write it down.",
    (
        _itself(
            "NetwatchAbsent",
            _ABSENT,
            "2m",
            Severity.CRITICAL,
            Text(
                vi="netwatch không trả lời Prometheus{{ with $labels.poller }}: {{ . }}{{ end }}",
                en="netwatch does not answer Prometheus{{ with $labels.poller }}: {{ . }}{{ end }}",
            ),
            Text(
                vi=(
                    "{{ with $labels.instance }}Prometheus không đọc được {{ . }} (job {{ "
                    "$labels.job }}){{ else }}Prometheus không có đích nào trong job {{ $labels.job "
                    '}}{{ end }} từ 2 phút nay. {{ if eq $labels.job "netwatch" }}Không ai theo '
                    "dõi các đơn vị.{{ else }}Không có số liệu SNMP: quang, nguồn điện, lưu lượng.{{ "
                    "end }}"
                ),
                en=(
                    "{{ with $labels.instance }}Prometheus cannot scrape {{ . }} (job {{ "
                    "$labels.job }}){{ else }}Prometheus has no target in job {{ $labels.job "
                    '}}{{ end }} for 2 minutes. {{ if eq $labels.job "netwatch" }}Nobody watches '
                    "the units.{{ else }}There are no figures by SNMP: light, power, traffic.{{ end "
                    "}}"
                ),
            ),
        ),
        _itself(
            "NetwatchScrapeSlow",
            _SLOW,
            "15m",
            Severity.TICKET,
            Text(
                vi="Prometheus đọc netwatch chậm: {{ $labels.job }}",
                en="Scrapes of netwatch are slow: {{ $labels.job }}",
            ),
            Text(
                vi=(
                    "Mỗi lần đọc {{ $labels.instance }} (job {{ $labels.job }}) mất {{ $value | "
                    'printf "%.1f" | reReplaceAll "[.]" "," }} giây, quá nửa thời gian chờ. Chậm nữa thì '
                    "mất số liệu và có cảnh báo NetwatchAbsent."
                ),
                en=(
                    "Each scrape of {{ $labels.instance }} (job {{ $labels.job }}) takes {{ "
                    '$value | printf "%.1f" }} seconds, more than half of its timeout. Slower than that '
                    "figures are lost, and NetwatchAbsent fires."
                ),
            ),
        ),
        _itself(
            "NetwatchLate",
            _LATE,
            "10m",
            Severity.WARNING,
            Text(vi=f"netwatch hỏi trễ: {_WHO.vi}", en=f"netwatch is late: {_WHO.en}"),
            Text(
                vi=(
                    f"Trạm đo {_WHO.vi} không kịp việc: 95 % lượt truy vấn SNMP trễ không quá {_LATENESS.vi} "
                    f"giây, vòng lặp sự kiện trễ đến {_LAG.vi} giây (99 %). Máy chủ quá tải hoặc quá nhiều "
                    "thiết bị."
                ),
                en=(
                    f"The poller {_WHO.en} does not keep up: 95 % of SNMP polls are at most {_LATENESS.en} s "
                    f"late, the event loop up to {_LAG.en} s (99 %). The machine is overloaded, or has too "
                    "many devices."
                ),
            ),
        ),
        _itself(
            "NetwatchSocketDrops",
            "max by (instance, poller, protocol) (increase(netwatch_socket_drops_total[5m])) > 0",
            "5m",
            Severity.WARNING,
            Text(
                vi=f"Máy chủ làm rơi gói của netwatch ({{{{ $labels.protocol }}}}): {_WHO.vi}",
                en=f"Datagrams for netwatch are dropped ({{{{ $labels.protocol }}}}): {_WHO.en}",
            ),
            Text(
                vi=(
                    f"Hệ điều hành của {_WHO.vi} liên tục bỏ gói {{{{ $labels.protocol }}}} vì bộ đệm đầy "
                    '({{ $value | printf "%.0f" }} gói trong 5 phút): câu trả lời bị mất có thể bị tính '
                    "là mất gói."
                ),
                en=(
                    f"The kernel of {_WHO.en} keeps dropping {{{{ $labels.protocol }}}} datagrams, its "
                    'buffer being full ({{ $value | printf "%.0f" }} in 5 minutes): answers lost here '
                    "may count as lost."
                ),
            ),
        ),
        _itself(
            "NetwatchLedgerFailing",
            _FAILING,
            "2m",
            Severity.CRITICAL,
            Text(vi=f"Không ghi được sổ cái: {_WHO.vi}", en=f"The ledger cannot be written: {_WHO.en}"),
            Text(
                vi=(
                    f"{_WHO.vi} không ghi được sổ cái: {_QUEUED.vi} mục đang chờ, {_DROPPED.vi} mục đã mất "
                    "từ khi khởi động. Hàng đợi đầy thì bằng chứng mất hẳn. Kiểm tra ổ đĩa hoặc cơ sở dữ "
                    "liệu."
                ),
                en=(
                    f"{_WHO.en} cannot write its ledger: {_QUEUED.en} entries wait, {_DROPPED.en} were lost "
                    "since its start. When the queue is full, evidence is lost for good. Check the disk or "
                    "the database."
                ),
            ),
        ),
        _itself(
            "NetwatchLedgerBehind",
            _BEHIND,
            "10m",
            Severity.WARNING,
            Text(vi=f"Sổ cái ghi chậm: {_WHO.vi}", en=f"The ledger is behind: {_WHO.en}"),
            Text(
                vi=(
                    f"{_WHO.vi} ghi sổ cái lần cuối cách đây {_UNWRITTEN.vi} phút, {_QUEUED.vi} mục đang "
                    "chờ. Bình thường mỗi phút ghi ít nhất một lần."
                ),
                en=(
                    f"{_WHO.en} wrote its ledger {_UNWRITTEN.en} minutes ago, {_QUEUED.en} entries wait. It "
                    "is written once a minute at least."
                ),
            ),
        ),
        _itself(
            "NetwatchReloadFailed",
            f"max {_BY} (netwatch_config_last_reload_successful) == 0 unless {_ON} {_LAST_GOOD}",
            "5m",
            Severity.WARNING,
            Text(
                vi=f"Không nạp được cấu hình mới: {_WHO.vi}",
                en=f"The new configuration is not good: {_WHO.en}",
            ),
            Text(
                vi=(
                    f"{_WHO.vi} không nạp được cấu hình mới và vẫn chạy theo cấu hình đang dùng: thay đổi "
                    "vừa rồi chưa có hiệu lực. Chạy 'netwatch check' để xem lỗi."
                ),
                en=(
                    f"{_WHO.en} could not load the new configuration and goes on with the one it has: the "
                    "last change is not in force. 'netwatch check' tells what is wrong."
                ),
            ),
        ),
        _itself(
            "NetwatchOnLastGood",
            f"max {_BY} ({_LAST_GOOD})",
            "5m",
            Severity.WARNING,
            Text(
                vi=f"Đang chạy bằng cấu hình tốt gần nhất: {_WHO.vi}",
                en=f"Running on the last good configuration: {_WHO.en}",
            ),
            Text(
                vi=(
                    f"Khi khởi động, các tệp cấu hình của {_WHO.vi} có lỗi, nên nó chạy theo bản danh mục "
                    "tốt gần nhất đã lưu. Chạy 'netwatch check' và sửa, rồi nạp lại."
                ),
                en=(
                    f"When {_WHO.en} started, its configuration was not good, so it runs on the inventory "
                    "that was good last. Run 'netwatch check', mend what it names, then reload."
                ),
            ),
        ),
        _itself(
            "NetwatchAnchorFailing",
            _ANCHOR,
            "1h",
            Severity.TICKET,
            Text(
                vi=f"Sổ cái không được neo ({{{{ $labels.step }}}}): {_WHO.vi}",
                en=f"The ledger is not anchored ({{{{ $labels.step }}}}): {_WHO.en}",
            ),
            Text(
                vi=(
                    "Hơn hai ngày nay, bước {{ $labels.step }} (head: lập, signed: ký, stamped: dấu "
                    f"thời gian, sent: gửi đi) của mốc neo hằng ngày tại {_WHO.vi} không thành công: sổ cái "
                    "từ đó chưa được bên ngoài làm chứng."
                ),
                en=(
                    "For more than two days the step {{ $labels.step }} of the daily heads (head, "
                    f"signed, stamped, sent) has not succeeded at {_WHO.en}: nobody outside vouches for the "
                    "ledger since then."
                ),
            ),
        ),
        _itself(
            "NetwatchWatchdog",
            "vector(1)",
            "0s",
            Severity.NONE,
            Text(vi="Hệ thống cảnh báo đang hoạt động", en="Alerting works"),
            Text(
                vi=(
                    "Cảnh báo này luôn có, để một bên nhận ở ngoài biết đường cảnh báo còn thông: khi nó "
                    "ngừng, Prometheus hoặc Alertmanager đã ngừng."
                ),
                en=(
                    "This one always fires, so that a receiver outside knows that alerts get through: when "
                    "it stops, Prometheus or Alertmanager has."
                ),
            ),
        ),
    ),
)
