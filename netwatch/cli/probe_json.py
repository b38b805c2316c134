"""A probe's answer for scripts: the fields of the model's own types, so that names stay what they are."""

from __future__ import annotations

import dataclasses
import enum
import json
import math
from array import array
from typing import TYPE_CHECKING, Any

from netwatch.cli.probe_tell import masked, mismatches
from netwatch.model.observation import MISSING, InterfaceTable, SystemGroup
from netwatch.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.model.device import Device
    from netwatch.model.neighbour import Neighbour
    from netwatch.model.observation import Observation
    from netwatch.polling.single import Echoes

FORMAT = 1
"""Moves when a field changes its meaning or goes; new fields may come without."""


def as_json(
    device: Device,
    address: str,
    echoes: Echoes,
    seen: Observation | None,
    neighbours: Sequence[Neighbour] = (),
    *,
    secrets: Sequence[str] = (),
) -> str:
    """Return everything that a probe found as one JSON object, `secrets` masked.

    `snmp` is null where it was not asked.
    """
    told = {
        "format": FORMAT,
        "device": device.name,
        "address": address,
        "echo": plain(echoes),
        "snmp": plain(seen),
        "mismatches": mismatches(device, seen) if seen is not None else [],
        "neighbours": plain(tuple(neighbours)),
    }
    return json.dumps(_without(told, secrets), ensure_ascii=False, indent=2, allow_nan=False)


def _without(told: Any, secrets: Sequence[str]) -> Any:  # noqa: ANN401 - what JSON knows
    """Mask secrets in every text but the names of fields."""
    if isinstance(told, dict):
        return {name: _without(value, secrets) for name, value in told.items()}
    if isinstance(told, list):
        return [_without(value, secrets) for value in told]
    return masked(told, secrets) if isinstance(told, str) else told


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON knows
    """Return a value of the model as JSON knows it; a secret is refused, whatever it stands in."""
    if isinstance(value, Secret):
        raise TypeError("a secret is told to nobody")
    if isinstance(value, InterfaceTable):
        return _interfaces(value)
    if isinstance(value, SystemGroup):
        return _fields(value) | {"sys_object_id": ".".join(map(str, value.sys_object_id))}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = _fields(value)
        return named | {pairs: dict(named[pairs]) for pairs in ("scalars", "refused") if pairs in named}
    if isinstance(value, (list, tuple, array)):
        return [plain(each) for each in value]
    return _single(value)


def _single(value: object) -> float | str | None:
    if isinstance(value, enum.StrEnum):
        return str(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (int, str)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be told")


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _interfaces(found: InterfaceTable) -> list[dict[str, Any]]:
    """Return one object a port, with the values by their MIB names and null where there is none."""
    return [
        _fields(row)
        | {
            name: None if values[number] == MISSING else values[number]
            for name, values in zip(found.columns, found.values, strict=True)
        }
        for number, row in enumerate(found.rows)
    ]
