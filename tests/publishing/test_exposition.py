"""The three formats, and which of them a client gets."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, strategies as st
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from netwatch.publishing.exposition import (
    END,
    Format,
    accepts_gzip,
    encoded,
    fill,
    labels,
    metadata,
    negotiate,
    number,
    template,
)
from netwatch.publishing.families import FAMILIES, Family

PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", Format.TEXT_0_0_4),
        ("*/*", Format.TEXT_0_0_4),
        ("text/plain", Format.TEXT_0_0_4),
        ("text/plain;version=0.0.4", Format.TEXT_0_0_4),
        ("text/plain; version=1.0.0", Format.TEXT_1_0_0),
        ("text/plain; version=1.0.0; escaping=allow-utf-8", Format.TEXT_1_0_0),
        ("application/openmetrics-text", Format.OPENMETRICS),
        ('Application/OpenMetrics-Text; Version="1.0.0"; charset=utf-8', Format.OPENMETRICS),
        (PROMETHEUS_2, Format.OPENMETRICS),
        (PROMETHEUS_3, Format.OPENMETRICS),
        (FIREFOX, Format.TEXT_0_0_4),
        # The weight decides, not the order.
        (
            "application/openmetrics-text;version=1.0.0;q=0.1,text/plain;version=1.0.0;q=0.9",
            Format.TEXT_1_0_0,
        ),
        ("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0", Format.OPENMETRICS),
        ("application/openmetrics-text;q=0,*/*", Format.TEXT_0_0_4),
        # Versions that we do not have are passed over.
        ("application/openmetrics-text;version=2.0.0,text/plain;version=1.0.0;q=0.5", Format.TEXT_1_0_0),
        ("application/openmetrics-text;version=0.0.1", Format.TEXT_0_0_4),
        # What we do not have at all, and what is no header, gets the oldest format.
        ("application/json", Format.TEXT_0_0_4),
        ("application/openmetrics-text;q=zebra", Format.TEXT_0_0_4),
        ("application/openmetrics-text;q=nan", Format.TEXT_0_0_4),
        (";;q,=,;", Format.TEXT_0_0_4),
    ],
)
def test_a_client_gets_the_format_it_prefers(accept: str, form: Format) -> None:
    assert negotiate(accept) is form


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/plain;version=0.0.4", FIREFOX, PROMETHEUS_2, PROMETHEUS_3]
)
def test_prometheus_client_would_choose_the_same_format(accept: str) -> None:
    _, content_type = choose_encoder(accept)
    assert negotiate(accept).value.split(";")[:2] == content_type.split(";")[:2]


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", False),
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*", True),
        ("identity", False),
        ("gzip;q=maybe", False),
    ],
)
def test_gzip_is_used_only_where_it_is_welcome(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


@pytest.mark.parametrize(
    ("family", "text", "openmetrics"),
    [
        (
            Family("netwatch_x_total", "counter", "Counts."),
            "# HELP netwatch_x_total Counts.\n# TYPE netwatch_x_total counter\n",
            "# HELP netwatch_x Counts.\n# TYPE netwatch_x counter\n",
        ),
        (
            Family("netwatch_x_info", "info", "Tells."),
            "# HELP netwatch_x_info Tells.\n# TYPE netwatch_x_info gauge\n",
            "# HELP netwatch_x Tells.\n# TYPE netwatch_x info\n",
        ),
        (
            Family("netwatch_x", "gauge", 'A "quoted" \\ word.'),
            '# HELP netwatch_x A "quoted" \\\\ word.\n# TYPE netwatch_x gauge\n',
            '# HELP netwatch_x A \\"quoted\\" \\\\ word.\n# TYPE netwatch_x gauge\n',
        ),
        (
            Family("ifHCInOctets", "counter", "Octets.", foreign=True),
            "# HELP ifHCInOctets Octets.\n# TYPE ifHCInOctets counter\n",
            "# HELP ifHCInOctets Octets.\n# TYPE ifHCInOctets unknown\n",
        ),
        (
            Family("someObject", "unknown", "Nobody knows.", foreign=True),
            "# HELP someObject Nobody knows.\n# TYPE someObject untyped\n",
            "# HELP someObject Nobody knows.\n# TYPE someObject unknown\n",
        ),
    ],
)
def test_a_family_is_described_in_each_format(family: Family, text: str, openmetrics: str) -> None:
    assert metadata(family, Format.TEXT_0_0_4).decode() == text
    assert metadata(family, Format.TEXT_1_0_0).decode() == text
    assert metadata(family, Format.OPENMETRICS).decode() == openmetrics


NASTY = [
    "Xã Như Quỳnh",
    'a "b"',
    "a\\",
    "a\\n",
    "line\nbreak",
    "\r",
    "}",
    "# EOF",
    "%d %s %",
    "\u2028",
    "\udcff",
    "",
]
VALUES = st.text(st.characters(exclude_categories=[])) | st.sampled_from(NASTY)


@example({"device": "\udcff"})
@given(st.dictionaries(st.sampled_from(["device", "ifAlias", "ifDescr"]), VALUES, min_size=1))
def test_any_label_value_comes_out_as_it_went_in(pairs: dict[str, str]) -> None:
    """A lone surrogate, which no UTF-8 can hold, comes out as a question mark."""
    line = encoded(f"x{{{labels(pairs)}}} 1\n").decode()
    expected = {name: value.encode(errors="replace").decode() for name, value in pairs.items()}
    for families in (parse_text(line), parse_openmetrics(line + END.decode())):
        (sample,) = (sample for family in families for sample in family.samples)
        assert sample.labels == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0"), (1.5, "1.5"), (0.0001, "0.0001"), (1e9, "1e+09"), (1.7e9, "1.7e+09"), (math.inf, "+Inf"),
     (math.nan, "NaN"), (1e-9, "1e-09")],
)  # fmt: skip
def test_floats_are_written_as_prometheus_writes_them(value: float, text: str) -> None:
    assert number(value).decode() == text


def test_a_template_holds_one_series_for_each_value_of_a_label() -> None:
    lines = template("x", "le", ["0.1", "100%"])
    told = fill(lines, b'device="50%"', [3, 4]).decode()
    assert told == 'x{device="50%",le="0.1"} 3\nx{device="50%",le="100%"} 4\n'


def test_no_family_stands_twice_and_each_is_named_by_the_conventions() -> None:
    names = [family.name for family in FAMILIES]
    assert len(set(names)) == len(names)
    for family in FAMILIES:
        assert family.name.startswith("netwatch_")
        assert family.help.endswith(".")
        assert (family.type == "counter") == family.name.endswith("_total")
        assert (family.type == "info") == family.name.endswith("_info")
