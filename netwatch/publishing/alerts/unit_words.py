"""Pieces of templates that tell about units: their names, lists of them, and what became of an outage.

Lookups name a unit by `unit` and `register`, as its series do: a code may stand in two registers. Series of
the main register have no `register`, which is what an empty matcher finds.
"""

from __future__ import annotations

from netwatch.model.cause import Cause
from netwatch.publishing.alerts.alert import WHOLE, Text
from netwatch.publishing.alerts.promql import last
from netwatch.publishing.alerts.words import HELD, UTC_OFFSET, local

NAMES = "netwatch:unit_name:info"
"""The recording rule that names units as their other series do (units.py)."""

NAME = (
    "{{ with printf `" + NAMES + "{unit=%q,register=%q}` $labels.unit $labels.register | query }}"
    '{{ . | first | label "name" }} {{ end }}({{ $labels.unit }})'
)
"""A unit's name and code; the code alone where nothing tells its name."""

AREA = Text(*(f'{{{{ or $labels.area "{each}" }}}}' for each in (WHOLE.vi, WHOLE.en)))
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


def _newest(name: str, matchers: str = "%[1]s") -> str:
    """Return the newest of what was last told of a unit: its matchers, $of in templates, stand for %[1]s."""
    return f"max({last(f'{name}{{{matchers}}}', HELD)})"


# That a cause is not settled is told by a series that ends: it has no value to hold. While netwatch knows
# nothing yet after a start, the unit is as it was seen before.
_DOWN = _newest("netwatch_unit_state", '%[1]s,state="down"') + " == 1"
_SEEN_UP = (
    'netwatch_unit_state{%[1]s,state="up"} '
    'unless ignoring (state) netwatch_unit_state{%[1]s,state="unknown"} == 1'
)
_UP = f"max(last_over_time(({_SEEN_UP})[{HELD}:5s])) == 1"
_SINCE = _newest("netwatch_unit_down_since_timestamp_seconds")
_UNSETTLED = "netwatch_unit_outage_unsettled{%[1]s} == 1"
_INFO = last("netwatch_unit_last_outage_info{%[1]s}", HELD)
_START = _newest("netwatch_unit_last_outage_start_timestamp_seconds")
_END = _newest("netwatch_unit_last_outage_end_timestamp_seconds")


def area_by(query: str, values: str) -> str:
    """Return a template for the area of what `query` (printf's, for `values`) finds; never empty."""
    return (
        '{{ $area := "" }}{{ with printf "' + query + '" ' + values + " | query }}"
        '{{ $area = . | first | label "area" }}{{ end }}{{ or $area "' + WHOLE.vi + '" }}'
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


def outage(language: str) -> str:
    """Return a template that tells how an outage of $labels.unit stands, or what became of it."""
    say = _SAID[language]
    down = say["down"].format(since=_time(_SINCE), lasted=_duration(f"time() - {_SINCE}", language))
    hints = _hint("OnBattery", say["battery"]) + _hint("LightLow", say["light"])
    return (
        "{{ $of := printf `unit=%q,register=%q` $labels.unit $labels.register }}"
        f"{_if(f'{_SINCE} and {_DOWN}')}{down}{hints}"
        f"{{{{ else }}}}{_if(_UP)}"
        f"{_if(_UNSETTLED)}{say['unsettled']}{{{{ else }}}}{say['back']}{_settled(language)}{{{{ end }}}}"
        f"{{{{ else }}}}{say['unseen']}{{{{ end }}}}{{{{ end }}}}"
    )


def _hint(alert: str, words: str) -> str:
    """Tell what an alert that the unit's own inhibits had to say: it may be why."""
    firing = f'ALERTS{{alertname="Netwatch{alert}",alertstate="firing",unit=%q}}'
    return "{{ if printf `" + firing + "` $labels.unit | query }} " + words + "{{ end }}"


def _settled(language: str) -> str:
    """Tell cause, times and duration of the last outage, if it ended within the hour: else it is another."""
    words = list(CAUSES[language].items())
    told = _SAID[language]["settled"].format(
        start=_time(_START),
        end=_time(_END),
        lasted=_duration(f"{_END} - {_START}", language),
        cause="{{ if eq $cause "
        + "{{ else if eq $cause ".join(f'"{key}" }}}}{word}' for key, word in words)
        + "{{ else }}{{ $cause }}{{ end }}",
    )
    return (
        f"{_if(f'{_END} > time() - 3600')}{{{{ $cause := `` }}}}"
        f"{{{{ range printf `{_INFO}` $of | query | sortByLabel `end` }}}}"
        "{{ $cause = .Labels.cause }}{{ end }}" + told + "{{ end }}"
    )


def _if(query: str) -> str:
    """Open a branch that is taken where a query about the unit finds something."""
    return f"{{{{ if printf `{query}` $of | query }}}}"


def _time(query: str) -> str:
    """Give the Unix time that a query about the unit returns as local date and time."""
    return local(f"printf `{query} + {UTC_OFFSET}` $of")


def _duration(query: str, language: str) -> str:
    """Put the number of seconds that a query about the unit returns into words."""
    units = {"vi": (("d", "ngày"), ("h", "giờ"), ("m", "phút"), ("s", "giây")), "en": ()}[language]
    spelt = "".join(f' | reReplaceAll "{letter}" " {word}"' for letter, word in units)
    return (
        f"{{{{ with printf `{query}` $of | query }}}}"
        f"{{{{ . | first | value | humanizeDuration{spelt} }}}}{{{{ end }}}}"
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
