"""The schemas that editors use say the same as the check does, and what is shipped is what is generated."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from netwatch.audit.population import members
from netwatch.inventory.load import load
from netwatch.inventory.schema import KINDS, schema, text

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
BAD = Path(__file__).parent / "bad"

SHIPPED = [
    ("netwatch", CONFIG / "netwatch.yaml"),
    ("credentials", CONFIG / "credentials.yaml"),
    ("claims", CONFIG / "claims.yaml"),
    ("maintenance", CONFIG / "maintenance.yaml"),
    ("holidays", CONFIG / "holidays.yaml"),
    *(("sites", path) for path in sorted((CONFIG / "sites").glob("*.yaml"))),
    *(("profile", path) for path in sorted((ROOT / "netwatch" / "inventory" / "profiles").glob("*.yaml"))),
]


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: no dates, no `yes`."""


Core.yaml_implicit_resolvers = {
    first: [
        (tag, regexp)
        for tag, regexp in resolvers
        if not tag.endswith("timestamp") and (not tag.endswith("bool") or first in "tTfF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_an_editor_reads(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Core)  # noqa: S506 - a safe loader


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_the_generated_one(kind: str) -> None:
    """`make docs` writes them."""
    assert (ROOT / "docs" / "schema" / f"{kind}.json").read_text("utf-8") == text(kind)


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda each: getattr(each, "name", each))
def test_a_shipped_file_is_valid_and_names_its_schema(kind: str, path: Path) -> None:
    assert list(Draft202012Validator(schema(kind)).iter_errors(as_an_editor_reads(path))) == []
    modeline = path.read_text("utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert modeline.startswith(prefix)
    assert (
        path.parent / modeline.removeprefix(prefix)
    ).resolve() == ROOT / "docs" / "schema" / f"{kind}.json"


def test_the_shipped_configuration_is_good() -> None:
    inventory = load(CONFIG, {}, today=dt.date(2026, 10, 15))
    assert inventory.warnings == ()
    assert len(inventory.units(dt.date(2026, 10, 15))) == 104
    kinds = Counter(claim.kind for claim in inventory.claims)
    assert kinds == {"uplink": 6, "lan": 1, "figure": 4, "service": 5}


def test_the_shipped_claims_keep_reach_apart_from_quality_and_2017_apart_from_today() -> None:
    inventory = load(CONFIG, {}, today=dt.date(2026, 10, 15))
    asked = {claim.name: set(claim.criteria) for claim in inventory.claims if claim.kind == "uplink"}
    assert not [name for name, criteria in asked.items() if {"fibre", "quality"} <= criteria]
    register = inventory.registers["hung-yen"]
    sizes = {
        claim.name: len(members(claim.population, register))
        for claim in inventory.claims
        if claim.population and claim.kind == "uplink"
    }
    assert sizes["fibre-reaches-communes"] == 161
    assert sizes["fibre-reaches-successors"] == 39
    assert sizes["fibre-reaches-today"] == 104


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        ("sites", "key-unknown-in-device"),
        ("sites", "role-misspelt"),
        ("sites", "rate-as-people-say-it"),
        ("sites", "number-out-of-range"),
        ("sites", "list-is-a-word"),
        ("sites", "device-name-malformed"),
        ("sites", "site-without-devices"),
        ("sites", "duration-without-unit"),
        ("netwatch", "key-unknown-in-settings"),
        ("netwatch", "path-name-malformed"),
        ("netwatch", "language-unknown"),
        ("netwatch", "services-malformed"),
        ("netwatch", "services-too-many"),
        ("credentials", "credential-protocol-unknown"),
        ("credentials", "credential-passphrase-twice"),
        ("credentials", "credential-passphrase-short"),
        ("claims", "claim-ratio-above-one"),
        ("claims", "claim-without-source"),
        ("claims", "claim-criterion-unknown"),
        ("maintenance", "window-key-misspelt"),
        ("maintenance", "window-incomplete"),
        ("maintenance", "window-rhythm-unknown"),
        ("maintenance", "window-start-in-vietnamese-order"),
        ("maintenance", "window-day-out-of-range"),
        ("maintenance", "window-at-twenty-five"),
        ("holidays", "holiday-without-day"),
        ("holidays", "holiday-lunar"),
        ("profile", "profile-object-malformed"),
    ],
)
def test_an_editor_sees_what_the_check_refuses(kind: str, case: str) -> None:
    """Both come from one declaration."""
    (path,) = (path for path in (BAD / case).rglob("*.yaml") if path.stem in {kind, "van-lam", "acme"})
    assert list(Draft202012Validator(schema(kind)).iter_errors(as_an_editor_reads(path))) != []


def test_an_editor_shows_meaning_and_default() -> None:
    properties: Any = schema("netwatch")["properties"]
    assert properties["listen"]["default"] == "127.0.0.1:9990"
    assert properties["traps"]["default"] == ":1162"
    echo = properties["intervals"]["properties"]["echo"]
    assert (echo["default"], "between two echoes" in echo["description"]) == ("1s", True)
