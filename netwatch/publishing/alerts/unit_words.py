"""Pieces of templates that tell about units: their names, lists of them, and what became of an outage.

Lookups name a unit by `unit` and `register`, as its series do: a code may stand in two registers. Series of
the main register have no `register`, which is what an empty matcher finds.
"""

from __future__ import annotations

from netwatch.model.cause import Cause
from netwatch.publishing.alerts.words import UTC_OFFSET

NAMES = "netwatch:unit_name:info"
"""The recording rule that names units as their other series do (units.py)."""

NAME = (
    "{{ with printf `" + NAMES + "{unit=%q,register=%q}` $labels.unit $labels.register | query }}"
    '{{ . | first | label "name" }} {{ end }}({{ $labels.unit }})'
)
"""A unit's name and code; the code alone where nothing tells its name."""

WHOLE = "toàn tỉnh"
"""The area of what has none."""

AREA = f'{{{{ or $labels.area "{WHOLE}" }}}}'
"""The area of an alert, never empty."""

LISTED = 40
"""Units that a list names: a message has room for no more."""

CAUSES = {
    "vi": {
        Cause.UPSTREAM: "thiết bị tuyến trên mất kết nối",
        Cause.MAINTENANCE: "bảo trì đã báo trước",
        Cause.POWER: "mất điện",
        Cause.RESTART: "thiết bị khởi động lại",
        Cause.LINK: "đường truyền: cổng hoặc tín hiệu quang",
        Cause.ACCESS: "mạng truy nhập của nhà cung cấp: thiết bị và cổng vẫn hoạt động",
        Cause.UNDETERMINED: "chưa xác định",
    },
    "en": {
        Cause.UPSTREAM: "an upstream device was down",
        Cause.MAINTENANCE: "announced maintenance",
        Cause.POWER: "power",
        Cause.RESTART: "the device restarted",
        Cause.LINK: "the line: its port or its light",
        Cause.ACCESS: "the carrier's access network: device and port ran on",
        Cause.UNDETERMINED: "undetermined",
    },
}

# From 2026-11-27T03:15:00Z, cut into its numbers, to Unix time. Years begin on 1 March, so that the leap day
# is the last; of those that 4 divides, 15 had none since the year 0, until February 2100.
_YEAR = "(%[1]s - 1 + floor(vector((%[2]s + 9) / 12)))"
_DAYS = (
    f"365 * {_YEAR} + floor({_YEAR} / 4) - 15"
    " + floor((153 * vector((%[2]s + 9) %% 12) + 2) / 5) + %[3]s - 719469"
)
_UNIX = f"86400 * ({_DAYS}) + 3600 * %[4]s + 60 * %[5]s + %[6]s"


def area_by(query: str, values: str) -> str:
    """Return a template for the area of what `query` (printf's, for `values`) finds; never empty."""
    return (
        '{{ $area := "" }}{{ with printf "' + query + '" ' + values + " | query }}"
        '{{ $area = . | first | label "area" }}{{ end }}{{ or $area "' + WHOLE + '" }}'
    )


def listed(query: str) -> str:
    """Return a template that names the units of a query, one a line, the first `LISTED` of them.

    `query` is a Go expression for PromQL: quoted by backticks, or printf.
    """
    return (
        "{{ $named := printf `" + NAMES + " and on (unit, register) (%s)` (" + query + ") }}"
        '{{ range $i, $unit := query $named | sortByLabel "name" }}'
        "{{ if lt $i " + str(LISTED) + " }}{{ if $i }}\n{{ end }}"
        '{{ $unit | label "name" }} ({{ $unit | label "unit" }}){{ end }}{{ end }}'
        "{{ with printf `count(%s) - " + str(LISTED) + " > 0` $named | query }}"
        "\n… và {{ . | first | value }} đơn vị khác / … and {{ . | first | value }} more{{ end }}"
    )


def unix(text: str) -> str:
    """Return a Go expression for PromQL: the Unix time of `text`, a Go expression of RFC 3339 in UTC."""
    parts = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
    cut = " ".join(f"(slice {text} {start} {end})" for start, end in parts)
    return f"(printf `{_UNIX}` {cut})"


def duration(seconds: str, language: str) -> str:
    """Return a pipeline that puts a number of seconds (a Go expression) into words."""
    words = {"vi": (("d", " ngày"), ("h", " giờ"), ("m", " phút"), ("s", " giây")), "en": ()}[language]
    return f"{seconds} | humanizeDuration" + "".join(
        f' | reReplaceAll "{letter}" "{word}"' for letter, word in words
    )


def outage(language: str) -> str:
    """Return a template that tells how an outage of $labels.unit stands, or what became of it."""
    say = _SAID[language]
    since = "max(netwatch_unit_down_since_timestamp_seconds{%s})"
    return (
        "{{ $of := printf `unit=%q,register=%q` $labels.unit $labels.register }}"
        "{{ with printf `"
        + since
        + "` $of | query }}{{ $since := . | first | value }}"
        + say["down"].format(
            since=_time("printf `vector(%f)` $since"),
            lasted="{{ with printf `time() - %f` $since | query }}{{ "
            + duration(". | first | value", language)
            + " }}{{ end }}",
        )
        + _hint("OnBattery", say["battery"])
        + _hint("LightLow", say["light"])
        + '{{ else }}{{ if printf `netwatch_unit_state{%s,state="up"} == 1` $of | query }}'
        "{{ if printf `netwatch_unit_outage_unsettled{%s} == 1` $of | query }}"
        + say["unsettled"]
        + "{{ else }}"
        + _settled(language)
        + "{{ end }}{{ else }}"
        + say["unseen"]
        + "{{ end }}{{ end }}"
    )


def _hint(alert: str, words: str) -> str:
    """Tell what an alert that the unit's own inhibits had to say: it may be why."""
    firing = f'ALERTS{{alertname="Netwatch{alert}",alertstate="firing",unit=%q}}'
    return "{{ if printf `" + firing + "` $labels.unit | query }} " + words + "{{ end }}"


def _settled(language: str) -> str:
    """Tell cause, times and duration of the last outage, if it ended within the hour: else it is another."""
    say = _SAID[language]
    words = list(CAUSES[language].items())
    cause = "{{ if eq $cause " + "{{ else if eq $cause ".join(f'"{key}" }}}}{word}' for key, word in words)
    return (
        say["back"] + "{{ with printf `netwatch_unit_last_outage_info{%s}` $of | query }}"
        '{{ $cause := . | first | label "cause" }}'
        '{{ $start := . | first | label "start" }}{{ $end := . | first | label "end" }}'
        "{{ with printf `%s > time() - 3600` "
        + unix("$end")
        + " | query }}"
        + say["settled"].format(
            start=_time(f"printf `%s` {unix('$start')}"),
            end=_time(f"printf `%s` {unix('$end')}"),
            lasted=f"{{{{ with printf `%s - (%s)` {unix('$end')} {unix('$start')} | query }}}}{{{{ "
            + duration(". | first | value", language)
            + " }}{{ end }}",
            cause=cause + "{{ else }}{{ $cause }}{{ end }}",
        )
        + "{{ end }}{{ end }}"
    )


def _time(query: str) -> str:
    """Give the Unix time that a query returns as local date and time."""
    return (
        f"{{{{ with printf `%s + {UTC_OFFSET}` ({query}) | query }}}}"
        '{{ (. | first | value | toTime).UTC.Format "15:04 02/01/2006" }}{{ end }}'
    )


_SAID = {
    "vi": {
        "down": "Không đường truyền nào của đơn vị trả lời từ {since}, đã {lasted}. "
        "Nguyên nhân được xác định sau khi có lại.",
        "battery": "UPS của đơn vị đã báo mất điện lưới.",
        "light": "Công suất quang thu của đơn vị đã xuống dưới ngưỡng.",
        "unsettled": "Đơn vị đã có lại kết nối; đang xác định nguyên nhân.",
        "back": "Đơn vị đã có lại kết nối.",
        "settled": " Mất từ {start} đến {end}, kéo dài {lasted}. Nguyên nhân: {cause}.",
        "unseen": "Đơn vị đã mất kết nối, và từ đó netwatch không đo được nữa: chưa rõ đã có lại hay chưa.",
    },
    "en": {
        "down": "No uplink of the unit answers since {since}, for {lasted}. "
        "The cause is determined when it is back.",
        "battery": "Its UPS had lost the mains.",
        "light": "Its received light had fallen below the alarm.",
        "unsettled": "The unit is connected again; the cause is being determined.",
        "back": "The unit is connected again.",
        "settled": " It was down from {start} to {end}, for {lasted}. Cause: {cause}.",
        "unseen": "The unit went down, and netwatch has not been able to measure it since: "
        "nobody knows whether it is back.",
    },
}
