"""JSON Schema of each kind of file, for editors: completion, explanations and red lines while one types.

Generated from the same declarations that validate. References between files, secrets and registers are beyond
it: `netwatch check` has the last word.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from netwatch.inventory.claims import ClaimsFile
from netwatch.inventory.credentials import CredentialsFile
from netwatch.inventory.holidays import HolidaysFile
from netwatch.inventory.maintenance import MaintenanceFile
from netwatch.inventory.profiles import ProfileFile
from netwatch.inventory.settings import SettingsFile
from netwatch.inventory.sites import SitesFile

if TYPE_CHECKING:
    from netwatch.inventory.kind import JSON
    from netwatch.inventory.record import Record

DRAFT = "https://json-schema.org/draft/2020-12/schema"

KINDS: dict[str, tuple[type[Record], str]] = {
    "netwatch": (SettingsFile, "netwatch.yaml: the daemon itself; every key has a default"),
    "credentials": (CredentialsFile, "credentials.yaml: how to be let in by SNMP agents"),
    "sites": (SitesFile, "sites/*.yaml: devices by unit"),
    "claims": (ClaimsFile, "claims.yaml: what was declared, and what would show it"),
    "maintenance": (MaintenanceFile, "maintenance.yaml: work that is announced before it begins"),
    "holidays": (HolidaysFile, "holidays.yaml: days on which offices are closed"),
    "profile": (ProfileFile, "profiles/*.yaml: what to ask a kind of device by SNMP"),
}


def schema(kind: str) -> JSON:
    """Return the JSON Schema (draft 2020-12) of a kind of file, one of `KINDS`."""
    shape, title = KINDS[kind]
    return {"$schema": DRAFT, "title": title, **shape.schema()}


def text(kind: str) -> str:
    """Return the schema as the text of a file."""
    return json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"
