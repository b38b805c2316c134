"""Devices that answer, and should not be believed or cannot be read; and which devices there are."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import WHOLE, Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.promql import KNOWN, WATCHED, held, last
from netwatch.publishing.alerts.tell import DEVICE

_INFO = (
    f'label_replace(group by (device, unit, area) (netwatch_device_info), "area", "{WHOLE.vi}", "area", "")'
)
# Two pollers may be configured differently for a while: a join on two series would fail for all devices.
_TWICE = f"group by (device) (count by (device) ({_INFO}) > 1)"
_KNOWN = (
    f"({_INFO} unless on (device) {_TWICE})\n"
    f'or label_replace({_TWICE}, "area", "{WHOLE.vi}", "", "")\n'
    f"or ({KNOWN} unless on (device) netwatch_device_info unless on () ({WATCHED}))"
)


def _polls(outcome: str) -> str:
    return f'max by (device, unit) (increase(netwatch_snmp_polls_total{{outcome="{outcome}"}}[15m])) > 0'


# Whoever is refused now and then, as an agent is that restarts, is answered in between.
_REFUSED = f"{_polls('refused')} unless on (device) {_polls('answered')}"
# Silence does not end it, an answer does.
_NOT_ANSWERED = f"{KNOWN} unless on (device) {_polls('answered')}"

# Read by surveys, each hour: three of them tell within the three hours that a device has to be heard for.
_MATCH = last("netwatch_device_identity_match", "6h")
_OTHER = "min by (device, unit, field) (netwatch_device_identity_match) == 0"
_STILL_OTHER = f"min by (device, field) ({_MATCH}) == 0"

_TOLD = (
    '{{ with printf "netwatch_device_identity_info{device=%q}" $labels.device | query }}{{ with . | first }}'
)


def _box(vendor: str, model: str, serial: str) -> str:
    parts = (("vendor", vendor), ("model", model), ("serial", serial))
    shown = "".join(
        f'{{{{ with . | label "{each}" }}}} {said} {{{{ . }}}}.{{{{ end }}}}' for each, said in parts
    )
    return f"{_TOLD}{shown}{{{{ end }}}}{{{{ end }}}}"


GROUP = Group(
    "devices",
    "Devices whose credentials or identity are not what they should be.",
    (
        Recording(KNOWN, _KNOWN),
        Alert(
            name="NetwatchCredentialsRefused",
            expr=held("NetwatchCredentialsRefused", _REFUSED, _NOT_ANSWERED, told=_polls("answered")),
            patience="15m",
            severity=Severity.TICKET,
            kind=Kind.DEVICE,
            summary=Text(
                vi=f"Thiết bị từ chối truy vấn SNMP: {DEVICE.vi}",
                en=f"SNMP is refused: {DEVICE.en}",
            ),
            description=Text(
                vi=(
                    f"{DEVICE.vi} từ chối mọi truy vấn SNMP hơn 15 phút nay: sai thông tin xác thực, địa chỉ "
                    "trạm đo chưa được phép, hoặc dịch vụ SNMP trên thiết bị đã tắt. Trạng thái kết nối vẫn "
                    "được theo dõi bằng ICMP; quang, nguồn điện, lưu lượng thì không."
                ),
                en=(
                    f"{DEVICE.en} has refused every SNMP poll for more than 15 minutes: wrong credentials, "
                    "the poller's address not allowed, or the agent switched off. Whether it is up is still "
                    "watched by ICMP; light, power and traffic are not."
                ),
            ),
        ),
        Alert(
            name="NetwatchIdentityChanged",
            expr=held(
                "NetwatchIdentityChanged", _OTHER, _STILL_OTHER, told=_MATCH, keys=("field",), heard="3h"
            ),
            patience="5m",
            severity=Severity.WARNING,
            kind=Kind.DEVICE,
            summary=Text(
                vi=f"Thiết bị không đúng như khai báo ({{{{ $labels.field }}}}): {DEVICE.vi}",
                en=f"Another device answers ({{{{ $labels.field }}}}): {DEVICE.en}",
            ),
            description=Text(
                vi=(
                    f"Tại {DEVICE.vi}, giá trị {{{{ $labels.field }}}} mà thiết bị trả lời khác với mục "
                    f"expect trong cấu hình.{_box('Hãng:', 'Kiểu:', 'Số sê-ri:')} Thiết bị đã được thay, "
                    "hoặc địa chỉ này nay thuộc thiết bị khác: bằng chứng đo được có thể là của nơi khác."
                ),
                en=(
                    f"At {DEVICE.en}, the device tells another {{{{ $labels.field }}}} than expect says in "
                    f"the configuration.{_box('Vendor:', 'Model:', 'Serial number:')} It was replaced, or "
                    "the address belongs to another device now: what is measured may be of another place."
                ),
            ),
        ),
    ),
    # As often as devices are polled.
    interval="1m",
)
