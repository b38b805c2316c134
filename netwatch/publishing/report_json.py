"""The report as JSON: everything that it holds, under the names that `netwatch.model` gives.

Times are Unix seconds, dates ISO 8601, enumerations their value; `docs/schema/report.json` is its schema.
With each set of figures stand its two bounds of availability and its
mean round trip, which are none of its fields.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
from typing import TYPE_CHECKING

from netwatch.audit.bounds import availability
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    from netwatch.model.report import Report

FORMAT = 1
"""Moves when a key goes away or means something else; others may be added."""


def write(report: Report) -> str:
    """Return it, indented for people who compare two."""
    told = {"format": FORMAT, **_fields(report)}
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _fields(value: object) -> dict[str, object]:
    names = (field.name for field in dataclasses.fields(value))  # type: ignore[arg-type]  # a dataclass
    return {name.removesuffix("_"): _plain(getattr(value, name)) for name in names}  # class_ is the key class


def _plain(value: object) -> object:
    if isinstance(value, Figures):
        bounds = availability(value)
        derived = {"availability_lower": bounds.lower, "availability_upper": bounds.upper}
        return {**_fields(value), **derived, "rtt_mean": value.rtt_mean}
    if dataclasses.is_dataclass(value):
        return _fields(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
