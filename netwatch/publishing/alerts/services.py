"""Services that units share, checked from the poller: whether they answer, and their certificates."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import WHOLE, Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.promql import firing, kept, last
from netwatch.publishing.alerts.tell import at

LEFT = "netwatch:tls_not_after:left_seconds"

_UP = "netwatch_service_up"
_NOT_AFTER = "netwatch_tls_not_after_timestamp_seconds"
_DAY = 86400

# Asked by the poller's own way out: while that is blind, no service is found to be down, nor to be up again.
_BLIND = 'min(netwatch_path_blind) == 1 or max(netwatch_path_blind{path="default"}) == 1'
# Of several pollers, one that gets an answer suffices.
_SILENT = f"max by (service) ({_UP}) == 0"
_FIRING = firing("NetwatchServiceDown", "service")
_DOWN = f"{_SILENT} unless on () ({_BLIND})\n  or {_FIRING} and ({_SILENT} or {_FIRING} and on () ({_BLIND}))"
# The worst of an hour: of several servers behind one name, one may have been forgotten. A service that does
# not answer tells no certificate; the one it had runs out all the same.
_LEFT = (
    f"(min by (service) (min_over_time({_NOT_AFTER}[1h]))\n"
    f"  or min by (service) ({last(_NOT_AFTER, '1w')})) - time()\n"
    f"  and on (service) {last(_UP)}"
)
# The same that the days are reckoned to: what was read last may be the other server's.
_EXPIRY = at(f"max({LEFT}{{service=%q}}) + time()", "$labels.service")


def _expiry(still: str, expired: str) -> str:
    """Return a template that writes one or the other, with `$days` left."""
    return (
        f'{{{{ with printf "max({LEFT}{{service=%q}}) / {_DAY}" $labels.service | query }}}}'
        "{{ $days := . | first | value }}"
        f"{{{{ if gt $days 0.0 }}}}{still}{{{{ else }}}}{expired}{{{{ end }}}}{{{{ end }}}}"
    )


_EXPIRES = Text(
    vi=_expiry(
        f'hết hạn lúc {_EXPIRY.vi}, còn {{{{ printf "%.1f" $days | reReplaceAll "[.]" "," }}}} ngày',
        f"đã hết hạn từ {_EXPIRY.vi}",
    ),
    en=_expiry(f'expires at {_EXPIRY.en}, in {{{{ printf "%.1f" $days }}}} days', f"expired at {_EXPIRY.en}"),
)
_ANSWERED = at(f"max(max_over_time(timestamp({_UP}{{service=%q}} == 1)[1d:1m]))", "$labels.service")


def _expires(name: str, days: int, severity: Severity, summary: Text) -> Alert:
    return Alert(
        name=name,
        expr=kept(name, f"{LEFT} < {days} * {_DAY}", "service"),
        patience="1h",
        severity=severity,
        kind=Kind.SERVICE,
        labels=(("area", WHOLE.vi),),
        summary=summary,
        description=Text(
            vi=(
                f"Chứng thư số TLS của {{{{ $labels.service }}}} {_EXPIRES.vi}. Hết hạn thì trình duyệt và "
                "phần mềm của các đơn vị từ chối kết nối."
            ),
            en=(
                f"The TLS certificate of {{{{ $labels.service }}}} {_EXPIRES.en}. Once it has expired, "
                "browsers and programs of the units refuse to connect."
            ),
        ),
    )


GROUP = Group(
    "services",
    "Shared services that do not answer, and certificates that run out.",
    (
        Recording(LEFT, _LEFT),
        Alert(
            name="NetwatchServiceDown",
            expr=kept("NetwatchServiceDown", _DOWN, "service"),
            patience="3m",
            severity=Severity.WARNING,
            kind=Kind.SERVICE,
            labels=(("area", WHOLE.vi),),
            summary=Text(
                vi="Dịch vụ không trả lời: {{ $labels.service }}",
                en="A service does not answer: {{ $labels.service }}",
            ),
            description=Text(
                vi=(
                    "{{ $labels.service }} không trả lời trạm đo như phải trả lời. Lần cuối còn trả "
                    f"lời: {_ANSWERED.vi}. Đường quan sát của trạm đo vẫn thông: lỗi ở dịch vụ hoặc trên "
                    "đường đến đó."
                ),
                en=(
                    "{{ $labels.service }} does not answer the poller as it should. It answered last at "
                    f"{_ANSWERED.en}. The poller's own way out works: the fault is the service's, or on the "
                    "way to it."
                ),
            ),
        ),
        _expires(
            "NetwatchCertificateExpires",
            21,
            Severity.TICKET,
            Text(
                vi="Chứng thư số sắp hết hạn: {{ $labels.service }}",
                en="A certificate is about to expire: {{ $labels.service }}",
            ),
        ),
        _expires(
            "NetwatchCertificateExpiresSoon",
            3,
            Severity.WARNING,
            Text(
                vi="Chứng thư số hết hạn trong vài ngày: {{ $labels.service }}",
                en="A certificate expires within days: {{ $labels.service }}",
            ),
        ),
    ),
)
