"""Whether the device that answers is the one that belongs there: `expect` against what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.observation import Identity, SystemGroup


def judge_identity(
    expect: Iterable[tuple[str, str]], system: SystemGroup | None, identity: Identity | None
) -> tuple[Told, ...]:
    """Return a fact for each thing expected of which the device tells anything; silence contradicts nothing.

    Names and serial numbers are compared without regard to case: agents differ in it.
    """
    found = {
        "serial": identity.serial if identity is not None else "",
        "sysName": system.sys_name if system is not None else "",
        "sysObjectID": ".".join(map(str, system.sys_object_id)) if system is not None else "",
    }
    return tuple(
        Told(FactKind.IDENTITY, key, float(_same(wanted, found[key])), found[key], key)
        for key, wanted in expect
        if found.get(key)
    )


def _same(wanted: str, found: str) -> bool:
    return wanted.strip().casefold() == found.strip().casefold()
