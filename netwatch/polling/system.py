"""Who a device says it is (RFC 3418), and which objects tell whether its interfaces changed (RFC 2863)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import SystemGroup
from netwatch.polling.text import clean
from netwatch.protocols.ber import MalformedError, oid
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.polling.conversation import Conversation

SYS_UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")
IF_NUMBER = Column("ifNumber", (1, 3, 6, 1, 2, 1, 2, 1), "integer")
IF_TABLE_LAST_CHANGE = Column("ifTableLastChange", (1, 3, 6, 1, 2, 1, 31, 1, 5), "timeticks")

_ASKED = (
    Column("sysDescr", (1, 3, 6, 1, 2, 1, 1, 1), "text"),
    Column("sysObjectID", (1, 3, 6, 1, 2, 1, 1, 2), "oid"),
    SYS_UPTIME,
    Column("sysContact", (1, 3, 6, 1, 2, 1, 1, 4), "text"),
    Column("sysName", (1, 3, 6, 1, 2, 1, 1, 5), "text"),
    Column("sysLocation", (1, 3, 6, 1, 2, 1, 1, 6), "text"),
    IF_NUMBER,
)


async def read_system(conversation: Conversation) -> tuple[SystemGroup, int]:
    """Read the system group; return it and ifNumber (0 where the device does not say)."""
    values = await conversation.get(_ASKED)
    group = SystemGroup(
        sys_descr=_text(values, "sysDescr"),
        sys_object_id=_oid(values, "sysObjectID"),
        sys_uptime=_number(values, "sysUpTime"),
        sys_contact=_text(values, "sysContact"),
        sys_name=_text(values, "sysName"),
        sys_location=_text(values, "sysLocation"),
    )
    return group, max(0, _number(values, "ifNumber"))


def _text(values: Mapping[str, int | bytes], name: str) -> str:
    value = values.get(name, b"")
    return clean(value) if isinstance(value, bytes) else ""


def _oid(values: Mapping[str, int | bytes], name: str) -> tuple[int, ...]:
    value = values.get(name, b"")
    try:
        return oid(value) if isinstance(value, bytes) else ()
    except MalformedError:
        return ()


def _number(values: Mapping[str, int | bytes], name: str) -> int:
    value = values.get(name, 0)
    return value if isinstance(value, int) else 0
