"""Uplinks that work badly: errors, discards, load, and units that live on their backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.alerts.alert import Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.promql import held, last
from netwatch.publishing.alerts.tell import DEVICE, PORT, number
from netwatch.publishing.alerts.words import HELD

if TYPE_CHECKING:
    from collections.abc import Callable

ERRORS = "netwatch:uplink_errors:ratio_rate15m"
DISCARDS = "netwatch:uplink_discards:ratio_rate15m"
LOAD = "netwatch:uplink_load:ratio_rate15m"

_KEYS = ("ifName",)
_BY = "by (device, unit, ifName)"
_UPLINK = "and on (device, ifName) netwatch_uplink_info"
_FEW = 10
"""Packets a second under which a share says nothing: three broken packets of a quiet night are no fault."""

_ERRONEOUS, _DISCARDED, _FULL = 0.001, 0.01, 0.9
"""Shares above which an alert starts; it ends under half of the first two."""
_ROOM = 0.7
"""Share of what is contracted under which a line is full no more. The last figure before a silence is too
low, by an eighth: a counter stands still for two polls before its series ends."""


def _rate(counter: str) -> str:
    return f"max {_BY} (rate({counter}[15m]))"


def _share(kind: str, direction: str) -> str:
    """Return the share of packets with `kind` in a direction; multicast is not read, and not counted."""
    bad, all_ = (
        f"if{direction}{kind}",
        f"({_rate(f'ifHC{direction}UcastPkts')} + {_rate(f'if{direction}{kind}')})",
    )
    return f"{_rate(bad)} / ({all_} > {_FEW}) {_UPLINK}"


def _load(direction: str) -> str:
    contracted = f"max {_BY} (netwatch_uplink_contracted_bits_per_second > 0)"
    octets = f"ifHC{direction}Octets"
    return f"8 * {_rate(octets)} / {contracted} and on (device, ifName) {octets}"


def _both(name: str, expr: Callable[[str], str]) -> tuple[Recording, Recording]:
    return (
        Recording(name, expr("In"), (("direction", "in"),)),
        Recording(name, expr("Out"), (("direction", "out"),)),
    )


def _worst(name: str, limit: float) -> str:
    return f"max {_BY} ({name}) > {limit:g}"


def _still(name: str, limit: float, window: str) -> str:
    return f"max by (device, ifName) ({last(name, window)}) > {limit:g}"


_FIBRE = 'on (device, ifName) netwatch_uplink_info{medium="fibre"}'
_OTHER = 'on (device, ifName) netwatch_uplink_info{medium!~"fibre|"}'
_ROUTES = "netwatch_default_route_info"
_BY_FIBRE, _BY_RADIO = (f'{_ROUTES}{{medium="{each}"}}' for each in ("fibre", "radio"))


def _backup(read: Callable[[str], str]) -> str:
    """Return devices that have a fibre uplink, and whose way out is another.

    Either a default route says so, as `read` finds it, and none says otherwise now; or they answer while
    every port of theirs to a fibre is down. A route over copper says nothing: an ONT may stand behind it.
    """
    port = f"max by (device, unit, ifName) ({read('ifOperStatus')})"
    return (
        f"(max by (device, unit) ({read(_ROUTES)} and {_OTHER} or {read(_BY_RADIO)})\n"
        f"    unless on (device) ({_ROUTES} and {_FIBRE} or {_BY_FIBRE})\n"
        f"  or max by (device, unit) (({port} == 2 or {port} == 7) and {_FIBRE})\n"
        f"    unless on (device) ({port} == 1 and {_FIBRE})\n"
        '    and on (device) netwatch_uplink_info{medium!~"fibre|"})\n'
        '  and on (device) netwatch_uplink_info{medium="fibre"}'
    )


_ARGUMENTS = "$labels.device $labels.ifName"


def _percent(name: str, direction: str, digits: int) -> Text:
    selector = f'{name}{{device=%q,ifName=%q,direction="{direction}"}}'
    return number(f"100 * last_over_time({selector}[1d])", _ARGUMENTS, digits=digits)


def _inwards_and_outwards(name: str, digits: int) -> Text:
    inwards, outwards = _percent(name, "in", digits), _percent(name, "out", digits)
    return Text(
        vi=f"chiều vào {inwards.vi} %, chiều ra {outwards.vi} %",
        en=f"inbound {inwards.en} %, outbound {outwards.en} %",
    )


_ERRORS_TOLD = _inwards_and_outwards(ERRORS, 2)
_DISCARDS_TOLD = _inwards_and_outwards(DISCARDS, 1)
_LOAD_TOLD = _inwards_and_outwards(LOAD, 0)
_CONTRACTED = number(
    f"max({last('netwatch_uplink_contracted_bits_per_second{device=%q,ifName=%q}', HELD)}) / 1e6",
    _ARGUMENTS,
    digits=0,
)


def _all_lines(each: str) -> str:
    return (
        '{{ with printf "netwatch_uplink_info{device=%q,medium=\\"fibre\\"}" $labels.device | query }}'
        f"{{{{ range . }}}}{each}{{{{ end }}}}{{{{ end }}}}"
    )


_FIBRES = Text(
    vi=_all_lines(
        " Đường cáp quang: cổng {{ .Labels.ifName }}{{ with .Labels.provider }}, nhà mạng {{ . }}{{ end }}"
        "{{ with .Labels.circuit }}, mã kênh {{ . }}{{ end }}."
    ),
    en=_all_lines(
        " Fibre: port {{ .Labels.ifName }}{{ with .Labels.provider }}, {{ . }}{{ end }}"
        "{{ with .Labels.circuit }}, circuit {{ . }}{{ end }}."
    ),
)

GROUP = Group(
    "lines",
    "Uplinks with errors or discards, uplinks that are full, and units on their backup.",
    (
        *_both(ERRORS, lambda direction: _share("Errors", direction)),
        *_both(DISCARDS, lambda direction: _share("Discards", direction)),
        *_both(LOAD, _load),
        Alert(
            name="NetwatchUplinkErrors",
            # Nights have too few packets to tell: what the evening told holds for them.
            expr=held(
                "NetwatchUplinkErrors",
                _worst(ERRORS, _ERRONEOUS),
                _still(ERRORS, _ERRONEOUS / 2, "12h"),
                told=last(ERRORS, "12h"),
                keys=_KEYS,
                heard="30m",
            ),
            patience="15m",
            severity=Severity.TICKET,
            kind=Kind.LINE,
            summary=Text(vi=f"Đường truyền có gói lỗi: {PORT.vi}", en=f"Errors on an uplink: {PORT.en}"),
            description=Text(
                vi=(
                    f"{PORT.vi}: tỷ lệ gói lỗi {_ERRORS_TOLD.vi}. Thường do đầu nối bẩn, suy hao quang, dây "
                    "nhảy hỏng hoặc hai đầu đặt lệch chế độ song công."
                ),
                en=(
                    f"{PORT.en}: share of packets with errors {_ERRORS_TOLD.en}. Mostly dirty connectors, "
                    "weak light, a bad patch cord, or a duplex mismatch."
                ),
            ),
        ),
        Alert(
            name="NetwatchUplinkDiscards",
            expr=held(
                "NetwatchUplinkDiscards",
                _worst(DISCARDS, _DISCARDED),
                _still(DISCARDS, _DISCARDED / 2, "12h"),
                told=last(DISCARDS, "12h"),
                keys=_KEYS,
                heard="30m",
            ),
            patience="15m",
            severity=Severity.TICKET,
            kind=Kind.LINE,
            summary=Text(
                vi=f"Đường truyền bị bỏ gói: {PORT.vi}", en=f"Packets are discarded on an uplink: {PORT.en}"
            ),
            description=Text(
                vi=(
                    f"{PORT.vi}: tỷ lệ gói bị thiết bị bỏ {_DISCARDS_TOLD.vi}. Gói không lỗi nhưng hàng đợi "
                    "đầy: đường truyền hoặc thiết bị quá tải, hoặc bị giới hạn tốc độ."
                ),
                en=(
                    f"{PORT.en}: share of packets that the device discards {_DISCARDS_TOLD.en}. They are "
                    "sound but find no room: the line or the device is overloaded, or its rate is limited."
                ),
            ),
        ),
        Alert(
            name="NetwatchUplinkSaturated",
            expr=held(
                "NetwatchUplinkSaturated",
                _worst(LOAD, _FULL),
                _still(LOAD, _ROOM, "1h"),
                told=last(LOAD, "1h"),
                keys=_KEYS,
                heard="30m",
            ),
            patience="30m",
            severity=Severity.TICKET,
            kind=Kind.LINE,
            summary=Text(vi=f"Đường truyền đầy tải: {PORT.vi}", en=f"An uplink is full: {PORT.en}"),
            description=Text(
                vi=(
                    f"{PORT.vi}: dùng {_LOAD_TOLD.vi} của {_CONTRACTED.vi} Mbit/s theo hợp đồng, hơn 30 phút "
                    "nay. Người dùng thấy mạng chậm dù đường truyền không hỏng."
                ),
                en=(
                    f"{PORT.en}: {_LOAD_TOLD.en} of the {_CONTRACTED.en} Mbit/s contracted, for more than 30 "
                    "minutes. People find it slow though nothing is broken."
                ),
            ),
        ),
        Alert(
            name="NetwatchBackupInUse",
            # Routes are surveyed each hour, and anew after a restart of netwatch.
            expr=held(
                "NetwatchBackupInUse",
                _backup(str),
                _backup(lambda selector: last(selector, "2h")),
                told=last(_ROUTES, "2h"),
                heard="90m",
            ),
            patience="5m",
            severity=Severity.WARNING,
            kind=Kind.LINE,
            summary=Text(
                vi=f"Đang dùng đường dự phòng: {DEVICE.vi}", en=f"The backup is in use: {DEVICE.en}"
            ),
            description=Text(
                vi=(
                    f"{DEVICE.vi} không ra internet bằng cáp quang mà bằng đường dự phòng: đơn vị vẫn có "
                    f"mạng, nhưng không còn đường nào thay thế.{_FIBRES.vi}"
                ),
                en=(
                    f"{DEVICE.en} reaches the internet by its backup instead of its fibre: the unit is up, "
                    f"with nothing left to fall back on.{_FIBRES.en}"
                ),
            ),
        ),
    ),
    interval="1m",
)
