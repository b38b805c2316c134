"""A small province in memory, and ways to read an exposition with prometheus-client's own parsers."""

from __future__ import annotations

import datetime as dt
from array import array
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from netwatch.model.device import Device, Role
from netwatch.model.observation import InterfaceName, InterfaceTable, Observation
from netwatch.model.outcome import Outcome
from netwatch.model.register import Unit
from netwatch.publishing.exposition import END, Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T0 = 1_700_000_040.0

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def make_device(name: str = "gw", **changes: Any) -> Device:
    values: dict[str, Any] = {
        "name": name,
        "unit": "12004",
        "register": "hung-yen",
        "area": "Văn Lâm",
        "predecessor": "",
        "address": "198.18.4.1",
        "role": Role.UPLINK,
        "via": "default",
        "parents": (),
        "snmp": "noc",
        "snmp_port": 161,
        "profile": "auto",
        "expect": (),
        "uplinks": (),
        "echo": True,
        "echo_interval": 1.0,
        "snmp_interval": 60.0,
        "all_interfaces": True,
        "hours": "24x7",
        "since": None,
        "until": None,
    }
    return Device(**(values | changes))


def make_row(index: int, name: str = "", **changes: Any) -> InterfaceName:
    values = {"key": name or f"ifIndex:{index}", "index": index, "name": name, "alias": "", "descr": ""}
    return InterfaceName(**(values | changes))


def make_table(rows: Sequence[InterfaceName], **columns: Sequence[int]) -> InterfaceTable:
    return InterfaceTable(
        1, tuple(rows), tuple(columns), tuple(array("Q", each) for each in columns.values())
    )


def make_observation(device: str = "gw", **changes: Any) -> Observation:
    values: dict[str, Any] = {"device": device, "at": T0, "outcome": Outcome.ANSWERED, "duration": 0.25}
    return Observation(**(values | changes))


def make_unit(code: str = "12004", **changes: Any) -> Unit:
    values: dict[str, Any] = {
        "code": code,
        "name": "Xã Như Quỳnh",
        "kind": "xã",
        "district": "",
        "province": "Hưng Yên",
        "valid_from": dt.date(2025, 7, 1),
        "valid_to": None,
        "predecessors": (),
        "latitude": 20.98,
        "longitude": None,
        "source": "",
    }
    return Unit(**(values | changes))


def parsed(pieces: Iterable[bytes], form: Format) -> Samples:
    """Parse an exposition; fails where it does not parse, or tells one series twice."""
    text = b"".join(pieces).decode()
    if form is Format.OPENMETRICS:
        families = list(parse_openmetrics(text + END.decode()))
    else:
        families = list(parse_text(text))
    samples = [sample for family in families for sample in family.samples]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples), "a series stands twice"
    return found


def _unmunged(samples: Samples) -> Samples:
    """Take off the ending that the text parser gives to a MIB's counters, and OpenMetrics' does not."""
    return {(name.removesuffix("_total"), about): value for (name, about), value in samples.items()}


class World:
    """The makers above, where a fixture hands them on."""

    T0 = T0
    parsed = staticmethod(parsed)
    device = staticmethod(make_device)
    row = staticmethod(make_row)
    table = staticmethod(make_table)
    observation = staticmethod(make_observation)
    unit = staticmethod(make_unit)

    @staticmethod
    def samples(pieces: Callable[[Format], Iterable[bytes]]) -> Samples:
        """Read all three formats; they must tell the same."""
        text, newer, openmetrics = (parsed(pieces(form), form) for form in Format)
        assert newer == text
        assert _unmunged(openmetrics) == _unmunged(text)
        return text


@pytest.fixture(scope="session")
def world() -> type[World]:
    return World


def series(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


@pytest.fixture(scope="session")
def key() -> Callable[..., tuple[str, frozenset[tuple[str, str]]]]:
    return series
