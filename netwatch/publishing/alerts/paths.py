"""Alerts on netwatch's sight: what is behind a blind path is unknown, and no news of its own.

A path that no device is behind, or none but in maintenance, is nobody's loss. One without references cannot
be told blind; that nothing at all is seen is told all the same, from the units.
"""

from __future__ import annotations

from netwatch.publishing.alerts.alert import WHOLE, Alert, Group, Kind, Severity, Text
from netwatch.publishing.alerts.promql import fires

# Counted before they are renamed: there are few paths, and thousands of devices.
_USED = (
    "netwatch_path_blind and on (path) label_replace(\n"
    "  count by (via) (\n"
    '    netwatch_device_info{role!="reference"} unless on (device) netwatch_device_maintenance == 1\n'
    "  ),\n"
    '  "path", "$1", "via", "(.+)"\n'
    ")"
)

_BLIND = f"max by (path) ({_USED}) == 1"

_ALL = f"min({_USED}) == 1"

_BEHIND = 'printf `count(count by (unit) (netwatch_device_info{via=%q,unit!=""}))` $labels.path | query'

_POLLER = Alert(
    "NetwatchPollerBlind",
    f"{_ALL}\n"
    "or (\n"
    '  count(count by (unit) (netwatch_device_info{unit!=""})) >= 5\n'
    '  unless on () max_over_time(netwatch_unit_state{state=~"up|down"}[5m]) == 1\n'
    ")",
    "30s",
    Severity.CRITICAL,
    Kind.PATH,
    Text(
        "Trạm đo không quan sát được gì",
        "The poller sees nothing",
    ),
    Text(
        "{{ if query `max(netwatch_path_blind) == 1` }}Mọi đường quan sát đều không thông: sự cố ở trạm đo "
        "hoặc đường ra của nó.{{ else }}Năm phút nay netwatch không đo được đơn vị nào, dù không đường "
        "quan sát nào báo mất: sự cố ở trạm đo.{{ end }} Trạng thái mọi đơn vị là không rõ cho tới khi "
        "đo lại được.",
        "{{ if query `max(netwatch_path_blind) == 1` }}No observation path sees anything: the fault is the "
        "poller's or its way out.{{ else }}For five minutes netwatch has measured no unit, though no "
        "observation path is told blind: the fault is the poller's.{{ end }} All units are unknown until it "
        "sees again.",
    ),
    labels=(("area", WHOLE.vi),),
    keep="2m",
)

# One that was told before all went blind is still blind: that is no end of it, and Alertmanager mutes it.
_PATH = Alert(
    "NetwatchPathBlind",
    f"({_BLIND})\n"
    f"unless on () ({_ALL})\n"
    f"or on (path) (({_BLIND}) and on (path) {fires('NetwatchPathBlind')})",
    "1m",
    Severity.CRITICAL,
    Kind.PATH,
    Text(
        "Không quan sát được qua đường {{ $labels.path }}{{ with " + _BEHIND + " }}"
        ": {{ . | first | value }} đơn vị phía sau{{ end }}",
        "Nothing is seen by the path {{ $labels.path }}{{ with " + _BEHIND + " }}"
        ", units behind it: {{ . | first | value }}{{ end }}",
    ),
    Text(
        "Các điểm tham chiếu của đường quan sát {{ $labels.path }} không trả lời: sự cố ở nhà cung cấp hoặc "
        "giữa trạm đo và nhà cung cấp. Các đơn vị phía sau là không rõ, không phải mất kết nối, và không báo "
        "riêng.",
        "The references of the observation path {{ $labels.path }} do not answer: the fault is the carrier's "
        "or between the poller and the carrier. The units behind it are unknown, not down, and send no "
        "messages.",
    ),
    labels=(("area", WHOLE.vi),),
    keep="2m",
)

GROUP = Group(
    "paths", "The sight of netwatch itself: one observation path blind, or all of them.", (_POLLER, _PATH)
)
