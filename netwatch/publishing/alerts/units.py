"""Alerts on units of the register: one message for one thing that went wrong, whatever hangs on it.

A unit is told on its own only where nothing above it explains it. What comes back in pieces (an area router,
then the communes behind it, one after the other) is given time, or the end of one message would begin forty.
An alert ends when the unit is seen up and its cause is settled. That netwatch does not see it, or does not
answer, is no end.
"""

from __future__ import annotations

from netwatch.publishing.alerts.alert import NOBODY, WHOLE, Alert, Group, Kind, Severity, Text
from netwatch.publishing.alerts.promql import fires, firing
from netwatch.publishing.alerts.unit_recordings import MAINTENANCE, ON, RECORDINGS
from netwatch.publishing.alerts.unit_words import AREA, NAME, area_by, listed, outage

# Claims are judged some time after a start: until then, what was known before stands.
_HIGH = f'{ON} max_over_time(netwatch_unit_claims{{class="high"}}[1h]) > 0'


def _down(name: str, begins: str) -> str:
    """Return what begins an alert of a unit that is down on its own, or keeps it until all is known."""
    return (
        f"{begins}\n"
        f"or {ON} (\n"
        f"  {firing(name, 'unit', 'area', 'register')} and {ON} netwatch:unit_down:unended\n"
        ")"
    )


_DOWN = Alert(
    "NetwatchUnitDown",
    f"({_down('NetwatchUnitDown', 'netwatch:unit_down:own')})\n"
    f"unless {_HIGH}\n"
    f"unless {ON} {fires('NetwatchPriorityUnitDown')}",
    "1m",
    Severity.WARNING,
    Kind.UNIT,
    Text(f"Mất kết nối: {NAME}, khu vực {AREA.vi}", f"Connection lost: {NAME}, area {AREA.en}"),
    Text(outage("vi"), outage("en")),
    labels=(("area", AREA.vi),),
)

_PRIORITY = Alert(
    "NetwatchPriorityUnitDown",
    _down("NetwatchPriorityUnitDown", f"netwatch:unit_down:own and {_HIGH}"),
    "1m",
    Severity.CRITICAL,
    Kind.UNIT,
    Text(
        f"Đơn vị ưu tiên mất kết nối: {NAME}, khu vực {AREA.vi}",
        f"Priority unit, connection lost: {NAME}, area {AREA.en}",
    ),
    Text(outage("vi"), outage("en")),
    labels=(("area", AREA.vi),),
)

_BELOW = Alert(
    "NetwatchUnitDownUpstream",
    "netwatch:unit_down:below",
    "2m",
    Severity.WARNING,
    Kind.UNIT,
    Text(
        f"Mất kết nối do tuyến trên: {NAME}, khu vực {AREA.vi}",
        f"Connection lost upstream: {NAME}, area {AREA.en}",
    ),
    Text(
        "Thiết bị tuyến trên {{ $labels.root }} không trả lời, và đơn vị mất kết nối theo.",
        "The upstream device {{ $labels.root }} does not answer, and the unit is down with it.",
    ),
    labels=(("area", AREA.vi),),
)

# A device that netwatch cannot see any more is not back.
_BEHIND = "printf `netwatch:unit_down:upstream{root=%q}` $labels.root"

_UPSTREAM = Alert(
    "NetwatchUpstreamDown",
    "count by (root) (netwatch:unit_down:below)\n"
    "or on (root) (\n"
    f"  {firing('NetwatchUpstreamDown', 'root')} and on (root)\n"
    '  label_replace(netwatch_device_state{state="unknown"} == 1, "root", "$1", "device", "(.+)")\n'
    ")",
    "1m",
    Severity.CRITICAL,
    Kind.UNIT,
    Text(
        "Thiết bị tuyến trên mất kết nối: {{ $labels.root }}{{ with printf `count(%s)` (" + _BEHIND + ")"
        " | query }}, {{ . | first | value }} đơn vị phía sau{{ end }}",
        "Upstream device down: {{ $labels.root }}{{ with printf `count(%s)` (" + _BEHIND + ")"
        " | query }}, units behind it: {{ . | first | value }}{{ end }}",
    ),
    Text(
        "{{ $labels.root }} không trả lời, và các đơn vị phía sau nó mất kết nối theo; "
        "các đơn vị đó không báo riêng.",
        "{{ $labels.root }} does not answer, and the units behind it are down with it; "
        "they send no messages of their own.",
    ),
    labels=(("area", area_by("netwatch_device_info{device=%q}", "$labels.root")),),
    keep="2m",
    units=listed(
        "printf `netwatch:unit_down:upstream{root=%[1]q} or on (unit, register) (netwatch:unit_down:live"
        ' and on (unit) netwatch_device_info{device=%[1]q,unit!=""})` $labels.root'
    ),
)

# Nothing tells which devices are below a dead ancestor: those of an area in which it took units along are not
# told, nor is any in the first hour, in which its units are still counted.
_ROOTED = "max_over_time(netwatch_unit_outage_root[5m])"
_CORE = Alert(
    "NetwatchCoreDown",
    "(\n"
    '  max by (device, unit, area) (netwatch_device_state{role="core",state="down"}) == 1\n'
    '  unless on (device) (netwatch_device_state{role="core",state="up"} == 1)\n'
    "  or on (device) (\n"
    f"    {firing('NetwatchCoreDown', 'device', 'unit', 'area')} and on (device)\n"
    '    last_over_time(netwatch_device_state{role="core",state="up"}[1h]) == 0\n'
    "  )\n"
    ")\n"
    f"unless on () ({_ROOTED} and {ON} netwatch:unit_down:recent)\n"
    f"unless on (area) {_ROOTED}\n"
    f'unless on (device) label_replace({_ROOTED}, "device", "$1", "root", "(.+)")\n'
    "unless on (device) netwatch_device_maintenance == 1",
    "5m",
    Severity.WARNING,
    Kind.DEVICE,
    Text(
        f"Thiết bị lõi mất kết nối: {{{{ $labels.device }}}}, khu vực {AREA.vi}",
        f"Core device down: {{{{ $labels.device }}}}, area {AREA.en}",
    ),
    Text(
        "{{ $labels.device }} không trả lời hơn 5 phút. Không đơn vị nào mất kết nối vì thế, "
        "nhưng không còn dự phòng.",
        "{{ $labels.device }} has not answered for over 5 minutes. No unit is down because of it, "
        "but redundancy is gone.",
    ),
    labels=(("area", AREA.vi), ("unit", f'{{{{ or $labels.unit "{NOBODY}" }}}}')),
)

_THRESHOLD = "netwatch:mass_outage:threshold"
_LARGEST = "netwatch:mass_outage:largest_root"
_RECENT_OWN = f"netwatch:unit_down:own and {ON} netwatch:unit_down:recent"
_RECENT_ROOTS = f"count by (root) (netwatch:unit_down:upstream and {ON} netwatch:unit_down:recent)"
_BATTERIES = f"count({fires('NetwatchOnBattery')})"
_DOWN_NOW = "{{ with query `count(netwatch:unit_down:recent)` }}{{ . | first | value }}{{ end }}"
_LOST = "{{ with query `count(netwatch:mass_outage:lost)` }}{{ . | first | value }}{{ end }}"
_AREAS = Text(
    *(
        "{{ range $i, $area := query `count by (area) (netwatch:unit_down:recent)` | sortByLabel `area` }}"
        "{{ if $i }}, {{ end }}{{ or $area.Labels.area `" + each + "` }} {{ $area | value }}{{ end }}"
        for each in (WHOLE.vi, WHOLE.en)
    )
)


def _roots(words: str) -> str:
    """Return a template that names the dead ancestors after some words; nothing where there are none."""
    return (
        f"{{{{ with query `{_RECENT_ROOTS}` | sortByLabel `root` }}}}{words}"
        "{{ range $i, $root := . }}{{ if $i }}, {{ end }}{{ $root.Labels.root }}{{ end }}.{{ end }}"
    )


# Things that went wrong, a dead ancestor with all behind it being one of them: many of those. Or many units
# lost in the same seconds that the greatest of the dead ancestors does not explain. Each time that it has
# grown it is one more alert, by the label `lost`: nothing else has Alertmanager tell a group again so soon.
_MASS = Alert(
    "NetwatchMassOutage",
    "(vector(1) or netwatch:mass_outage:told) and on () (\n"
    "  (\n"
    f"    (count({_RECENT_OWN}) or vector(0))\n"
    f"    + (count({_RECENT_ROOTS}) or vector(0))\n"
    f"    >= {_THRESHOLD}\n"
    "  )\n"
    "  or\n"
    "  (\n"
    f"    count(netwatch:unit_down:recent) - {_LARGEST} >= {_THRESHOLD}\n"
    f"    and max(netwatch_mass_outage_units) - {_LARGEST} >= {_THRESHOLD}\n"
    "  )\n"
    ")",
    "30s",
    Severity.CRITICAL,
    Kind.UNIT,
    Text(f"Mất kết nối diện rộng: {_DOWN_NOW} đơn vị", f"Mass outage: {_DOWN_NOW} units"),
    Text(
        "Nhiều đơn vị cùng mất kết nối, không phải do một thiết bị tuyến trên. "
        f"Hiện {_DOWN_NOW} đơn vị còn mất; từ đầu đợt đến nay {_LOST} đơn vị đã mất. "
        f"Theo khu vực: {_AREAS.vi}."
        f"{_roots(' Thiết bị tuyến trên mất kết nối: ')}"
        f"{{{{ with query `{_BATTERIES}` }}}} Đang chạy ắc quy: {{{{ . | first | value }}}} UPS.{{{{ end }}}}"
        " Trong lúc này các đơn vị không báo riêng.",
        "Many units were lost together, and no single upstream device explains it. "
        f"Down now: {_DOWN_NOW}; lost since it began: {_LOST}. "
        f"By area: {_AREAS.en}."
        f"{_roots(' Upstream devices that are down: ')}"
        f"{{{{ with query `{_BATTERIES}` }}}} UPSes on battery: {{{{ . | first | value }}}}.{{{{ end }}}}"
        " Meanwhile units send no messages of their own.",
    ),
    labels=(("area", WHOLE.vi),),
    keep="10m",
    units=listed("`netwatch:unit_down:recent`"),
)

_RUNS = "max by (unit, register) (netwatch:unit_runs:total - min_over_time(netwatch:unit_runs:total[1h]))"

# A line that went from unsteady to dead is told as dead.
_FLAPPING = Alert(
    "NetwatchUnitFlapping",
    "(\n"
    f"  {_RUNS} >= 6\n"
    f"  or {_RUNS} >= 3 and {ON} {fires('NetwatchUnitFlapping')}\n"
    ")\n"
    f"unless {ON} (time() - netwatch_unit_down_since_timestamp_seconds > 600)\n"
    f"unless {ON} (\n"
    "  max_over_time(netwatch_unit_outage_root[1h])\n"
    f"  and on (root) max_over_time({fires('NetwatchUpstreamDown')}[1h])\n"
    ")\n"
    f"{MAINTENANCE}",
    "0s",
    Severity.WARNING,
    Kind.UNIT,
    Text(f"Kết nối chập chờn: {NAME}", f"Connection unsteady: {NAME}"),
    Text(
        "Đơn vị mất kết nối rồi có lại {{ $value }} lần trong một giờ qua.",
        "The unit went down and came back {{ $value }} times within the last hour.",
    ),
    labels=(
        (
            "area",
            area_by("netwatch_unit_state{unit=%q,register=%q,state=`up`}", "$labels.unit $labels.register"),
        ),
    ),
    keep="2m",
)

_VIA = (
    'printf `netwatch_device_info{unit=%[1]q,role="uplink"} or on (unit) netwatch_device_info{unit=%[1]q}`'
    " $labels.unit"
)

# Of a code that stands in two registers, netwatch measures the one that has minutes.
_UNKNOWN = Alert(
    "NetwatchUnitUnknown",
    "(\n"
    '  max by (unit, area, register) (netwatch_unit_state{state="unknown"}) == 1\n'
    f'  unless {ON} (netwatch_unit_state{{state=~"up|down"}} == 1)\n'
    f"  and {ON} netwatch_unit_minutes_total\n"
    "  and on (unit) netwatch_device_info\n"
    ")\n"
    "unless on (unit) (\n"
    "  netwatch_device_info and on (via)\n"
    '  label_replace(max_over_time(netwatch_path_blind[5m]) == 1, "via", "$1", "path", "(.+)")\n'
    ")\n"
    f'unless {ON} ALERTS{{alertname=~"NetwatchUnitDown|NetwatchPriorityUnitDown", alertstate="firing"}}\n'
    f"{MAINTENANCE}",
    "15m",
    Severity.WARNING,
    Kind.UNIT,
    Text(f"Không đo được: {NAME}, khu vực {AREA.vi}", f"Not measured: {NAME}, area {AREA.en}"),
    Text(
        "Hơn 15 phút netwatch không đo được đơn vị, dù đường quan sát vẫn thông: lỗi ở phía trạm đo hoặc "
        "cấu hình, chưa phải ở đơn vị.",
        "For over 15 minutes netwatch could not measure the unit, though its observation path is not blind: "
        "the fault is the poller's or the configuration's until shown otherwise.",
    ),
    labels=(
        ("area", AREA.vi),
        (
            "path",
            "{{ with " + _VIA + ' | query | sortByLabel "via" }}{{ . | first | label "via" }}'
            "{{ else }}" + NOBODY + "{{ end }}",
        ),
    ),
    keep="5m",
)

GROUP = Group(
    "units",
    "Units of the register: down, below a dead device, many at once, unsteady, not measured.",
    (*RECORDINGS, _DOWN, _PRIORITY, _BELOW, _UPSTREAM, _CORE, _MASS, _FLAPPING, _UNKNOWN),
)
