"""The text formats of an exposition: which one a client wants, and how names, labels and values are written.

Sample lines are the same in all of them; only the lines that describe a family differ, and the end. So a
sample is rendered once, whoever asks for it. Formats: Prometheus text 0.0.4 and 1.0.0, OpenMetrics 1.0.0.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.utils import floatToGoString

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.publishing.families import Family

EXACT = 2**53
"""Floats tell integers apart below this. Larger counters are exported modulo it, so that rates stay right."""

END = b"# EOF\n"

OWN_NAMES = "; escaping=underscores"
"""Nothing is escaped, as all names are within the old character set; a reader may take it as it is."""


class Format(enum.Enum):
    """A format; the value is its Content-Type."""

    TEXT_0_0_4 = CONTENT_TYPE_PLAIN_0_0_4
    TEXT_1_0_0 = CONTENT_TYPE_PLAIN_1_0_0 + OWN_NAMES
    OPENMETRICS = CONTENT_TYPE_LATEST + OWN_NAMES


_OFFERS = {
    ("text/plain", "0.0.4"): Format.TEXT_0_0_4,
    ("text/plain", ""): Format.TEXT_0_0_4,
    ("text/plain", "1.0.0"): Format.TEXT_1_0_0,
    ("application/openmetrics-text", "1.0.0"): Format.OPENMETRICS,
    ("application/openmetrics-text", ""): Format.OPENMETRICS,
    ("text/*", ""): Format.TEXT_0_0_4,
    ("*/*", ""): Format.TEXT_0_0_4,
}


class _Choice(NamedTuple):
    """One element of an Accept or Accept-Encoding header (RFC 9110, section 12.5)."""

    value: str
    parameters: Mapping[str, str]
    weight: float


def negotiate(accept: str) -> Format:
    """Return the format that an Accept header prefers; text 0.0.4 where it asks for none that we have."""
    choices = sorted(_choices(accept), key=lambda choice: -choice.weight)
    for choice in choices:
        found = _OFFERS.get((choice.value, choice.parameters.get("version", "")))
        if found and choice.weight > 0:
            return found
    return Format.TEXT_0_0_4


def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether an Accept-Encoding header lets us compress."""
    weights = {choice.value: choice.weight for choice in _choices(accept_encoding)}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _choices(header: str) -> Iterator[_Choice]:
    for element in header.split(","):
        value, *rest = (part.strip() for part in element.split(";"))
        pairs = (part.partition("=") for part in rest)
        parameters = {name.strip().lower(): text.strip().strip('"') for name, _, text in pairs}
        yield _Choice(value.lower(), parameters, _weight(parameters.get("q", "1")))


def _weight(text: str) -> float:
    """Read a q-value; what is none counts as *not acceptable*."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def metadata(family: Family, form: Format) -> bytes:
    """Return the HELP and TYPE lines of a family."""
    name, kind, told = family.name, family.type, _escaped_help(family.help)
    if form is Format.OPENMETRICS:
        kind = "unknown" if family.foreign else kind
        name = name.removesuffix({"counter": "_total", "info": "_info"}.get(kind, ""))
        told = told.replace('"', '\\"')
    else:
        kind = {"info": "gauge", "unknown": "untyped"}.get(kind, kind)
    return encoded(f"# HELP {name} {told}\n# TYPE {name} {kind}\n")


def _escaped_help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def labels(pairs: Mapping[str, str]) -> str:
    """Return the inside of a label set, without its braces; it may hold any text."""
    return ",".join(f'{name}="{escaped(value)}"' for name, value in pairs.items())


def escaped(value: str) -> str:
    """Escape a label value, which is done alike in all formats."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def encoded(text: str) -> bytes:
    """Return UTF-8; a lone surrogate costs a question mark, not the scrape."""
    return text.encode(errors="replace")


def number(value: float) -> bytes:
    """Write a float as Prometheus writes it."""
    return go_float(value).encode()


def go_float(value: float) -> str:
    """Return a float as Go writes it."""
    return str(floatToGoString(value))  # type: ignore[no-untyped-call]  # prometheus-client gives it no types


def template(name: str, label: str, values: Iterable[str]) -> bytes:
    """Return a template of one series for each value of a label, to be filled by :func:`fill`."""
    lines = (f'{name}{{%b,{label}="{escaped(value).replace("%", "%%")}"}} %d\n' for value in values)
    return "".join(lines).encode()


def fill(lines: bytes, label_set: bytes, numbers: Iterable[int]) -> bytes:
    """Fill a :func:`template`: the other labels in each line, and a number for each."""
    return lines % tuple(part for value in numbers for part in (label_set, value))
