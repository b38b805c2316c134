"""The report as CSV and as JSON: all of it, as other programs read it."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import enum
import io
import json
import types
import typing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import reports

from netwatch.model import attestation, cause, claim, device, figures, maintenance, register, report
from netwatch.publishing import report_csv, report_json

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report.json"
NAMES = {
    name: value
    for module in (attestation, cause, claim, device, figures, maintenance, register, report)
    for name, value in vars(module).items()
    if isinstance(value, type)
} | {"dt": dt}
DERIVED = ("availability_lower", "availability_upper", "rtt_mean")


def rows(table: str, told: report.Report) -> list[dict[str, str]]:
    text = report_csv.write(told, table)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def named(key: str, hints: Mapping[str, Any]) -> str:
    """The field that a key stands for: a word of Python's own has an underscore there."""
    return key if key in hints else f"{key}_"


def read(shape: Any, value: Any) -> Any:  # noqa: PLR0911 - a return for each sort of type
    """Build what JSON says by the types that the model declares."""
    origin, inside = typing.get_origin(shape), typing.get_args(shape)
    if origin in {typing.Union, types.UnionType}:
        return None if value is None else read(next(each for each in inside if each is not type(None)), value)
    if origin is tuple:
        if inside[-1] is Ellipsis:
            return tuple(read(inside[0], each) for each in value)
        return tuple(read(each, part) for each, part in zip(inside, value, strict=True))
    if dataclasses.is_dataclass(shape):
        hints = typing.get_type_hints(shape, localns=NAMES)
        fields = {named(name, hints): each for name, each in value.items() if name not in DERIVED}
        return shape(**{name: read(hints[name], each) for name, each in fields.items()})  # type: ignore[operator]
    if isinstance(shape, type) and issubclass(shape, enum.Enum):
        return shape(value)
    if shape is dt.date:
        return dt.date.fromisoformat(value)
    return float(value) if shape is float else value


def schema(shape: Any) -> dict[str, Any]:  # noqa: PLR0911 - likewise
    """The JSON Schema of a declared type: every key is there, and no other."""
    origin, inside = typing.get_origin(shape), typing.get_args(shape)
    if origin in {typing.Union, types.UnionType}:
        return {"anyOf": [schema(each) for each in inside]}
    if origin is tuple:
        if inside[-1] is Ellipsis:
            return {"type": "array", "items": schema(inside[0])}
        return {"type": "array", "prefixItems": [schema(each) for each in inside], "items": False}
    if dataclasses.is_dataclass(shape):
        hints = typing.get_type_hints(shape, localns=NAMES)
        keys = {name.removesuffix("_"): schema(each) for name, each in hints.items()}
        if shape is figures.Figures:
            keys |= {DERIVED[0]: RATIO, DERIVED[1]: RATIO, DERIVED[2]: {"type": ["number", "null"]}}
        return {"type": "object", "properties": keys, "required": [*keys], "additionalProperties": False}
    if isinstance(shape, type) and issubclass(shape, enum.Enum):
        return {"enum": [each.value for each in shape]}
    if shape is dt.date:
        return {"type": "string", "format": "date"}
    return {"type": PLAIN[shape]}


RATIO = {"type": "number", "minimum": 0, "maximum": 1}
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def whole_schema() -> dict[str, Any]:
    found = schema(report.Report)
    found["properties"] = {"format": {"const": report_json.FORMAT}, **found["properties"]}
    found["required"] = ["format", *found["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of netwatch",
        **found,
    }


def test_json_reads_back_as_the_report() -> None:
    made = reports.report()
    told = json.loads(report_json.write(made))
    assert told.pop("format") == 1
    assert read(report.Report, told) == made


def test_json_is_what_its_schema_says_and_the_schema_what_the_model_says() -> None:
    """A key that is renamed fails here: change the format's number with it."""
    kept = json.loads(SCHEMA.read_text("utf-8"))
    assert kept == whole_schema()
    jsonschema.Draft202012Validator(kept).validate(json.loads(report_json.write(reports.report())))


def test_figures_have_their_two_bounds_in_json() -> None:
    told = json.loads(report_json.write(reports.report()))["units"][0]["gross"]
    total = told["up"] + told["down"] + told["unknown"]
    assert told["availability_lower"] == told["up"] / total
    assert told["availability_upper"] == (told["up"] + told["unknown"]) / total


def test_every_unit_has_a_row_with_both_bounds() -> None:
    made = reports.report()
    told = rows("units", made)
    assert [row["code"] for row in told] == [each.unit.code for each in made.units]
    for row, account in zip(told, made.units, strict=True):
        assert row["name"] == account.unit.name
        assert int(row["net_minutes"]) == account.net.total
        assert float(row["availability_lower"]) == pytest.approx(account.gross.up / account.gross.total)
        assert float(row["availability_lower"]) <= float(row["availability_upper"])
        assert row["from"] == "2026-10-01T00:00:00+07:00"
        assert row["monitored"] == ("yes" if account.monitored else "no")
        assert row["fibre"] in {"shown", "not_shown", "contradicted"}


def test_outages_and_claims_are_told_row_by_row() -> None:
    made = reports.report()
    outages = [each for account in made.units for each in account.outages]
    told = rows("outages", made)
    assert len(told) == len(outages)
    open_ones = [row for row in told if row["goes_on"] == "yes"]
    assert open_ones
    assert all(row["end"] == row["seconds"] == "" for row in open_ones)
    claims = rows("claims", made)
    assert len(claims) == sum(max(1, len(each.units)) for each in made.claims)


@pytest.mark.parametrize("table", report_csv.TABLES)
def test_a_table_without_a_row_has_its_header(table: str) -> None:
    text = report_csv.write(replace(reports.report(), claims=(), units=()), table)
    assert text == "\ufeff" + ",".join(report_csv.COLUMNS[table]) + "\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_is_a_formula_of_a_spreadsheet(text: str) -> None:
    made = reports.report()
    account = replace(made.units[0], area=text)
    (row,) = rows("units", replace(made, units=(account,)))
    assert row["area"] == f"'{text}"


def test_a_period_that_is_not_over_is_told_until_where() -> None:
    made = replace(reports.report(), until=reports.START + 3600)
    assert rows("units", made)[0]["until"] == "2026-10-01T01:00:00+07:00"
