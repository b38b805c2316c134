"""What texts about devices and lines tell besides: where, by whose line, and the last figure, for people."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import NOBODY, Text
from netwatch.publishing.alerts.promql import last
from netwatch.publishing.alerts.words import HELD, UNIT, UTC_OFFSET, local

_HAS_UNIT = f"{{{{ if ne $labels.unit `{NOBODY}` }}}}{UNIT}"

PLACE = Text(
    vi=f"{_HAS_UNIT}{{{{ else }}}}khu vực {{{{ $labels.area }}}}{{{{ end }}}}",
    en=f"{_HAS_UNIT}{{{{ else }}}}area {{{{ $labels.area }}}}{{{{ end }}}}",
)
"""The unit by name and code; of a device that belongs to none, its area."""


def _line(provider: str, circuit: str) -> str:
    return (
        f'{{{{ with printf "{last("netwatch_uplink_info{device=%q,ifName=%q}", HELD)}" '
        "$labels.device $labels.ifName | query }}"
        f'{{{{ with . | first | label "provider" }}}}{provider}{{{{ end }}}}'
        f'{{{{ with . | first | label "circuit" }}}}{circuit}{{{{ end }}}}{{{{ end }}}}'
    )


LINE = Text(vi=_line(", nhà mạng {{ . }}", ", mã kênh {{ . }}"), en=_line(", {{ . }}", ", circuit {{ . }}"))
"""Whose line it is and its number, which the carrier asks for on the phone; nothing where none is known."""

PORT = Text(
    vi=f"Cổng {{{{ $labels.ifName }}}} của {{{{ $labels.device }}}}, {PLACE.vi}{LINE.vi}",
    en=f"Port {{{{ $labels.ifName }}}} of {{{{ $labels.device }}}}, {PLACE.en}{LINE.en}",
)
DEVICE = Text(vi=f"{{{{ $labels.device }}}}, {PLACE.vi}", en=f"{{{{ $labels.device }}}}, {PLACE.en}")


def number(query: str, arguments: str = "", *, digits: int = 1, nothing: str = "?") -> Text:
    """Return a template that gives the first value of a query; Vietnamese writes a comma for the point.

    `query` has %q where the Go expressions `arguments` go; `nothing` stands where there is no value.
    """
    asked = f'printf "{_escaped(query)}" {arguments} | query' if arguments else f'query "{_escaped(query)}"'
    shown = f'. | first | value | printf "%.{digits}f"'
    return Text(
        vi=f'{{{{ with {asked} }}}}{{{{ {shown} | reReplaceAll "[.]" "," }}}}'
        f"{{{{ else }}}}{nothing.replace('.', ',')}{{{{ end }}}}",
        en=f"{{{{ with {asked} }}}}{{{{ {shown} }}}}{{{{ else }}}}{nothing}{{{{ end }}}}",
    )


def at(query: str, arguments: str) -> Text:
    """Return a template that gives the Unix time that a query (see `number`) returns, in local time."""
    told = local(f'printf "{_escaped(f"{query} + {UTC_OFFSET}")}" {arguments}').removesuffix("{{ end }}")
    return Text(
        vi=f"{told}{{{{ else }}}}(không rõ){{{{ end }}}}", en=f"{told}{{{{ else }}}}(unknown){{{{ end }}}}"
    )


def _escaped(query: str) -> str:
    return query.replace('"', '\\"')
