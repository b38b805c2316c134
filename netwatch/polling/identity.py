"""Which box a device says that it is: model, serial number and firmware, the first source with text each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import Identity
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.tables import NO_SCALARS, Rows, Table
from netwatch.polling.text import clean
from netwatch.polling.tuning import Tuning
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from netwatch.model.profile import IdentitySource, Metric, Profile
    from netwatch.polling.conversation import Conversation

FIRST_ROWS = 32
"""Rows of a table that are looked through for a text: the chassis is one of the first parts."""

FIELDS = ("model", "serial", "firmware")


class BoxPlan:
    """What a profile asks of the box, compiled once for all its devices."""

    def __init__(self, profile: Profile) -> None:
        self.vendor = profile.vendor
        self.sources = profile.box
        asked = [source for source in profile.box if source.metric is not None]
        self.singles = tuple(
            dict.fromkeys(_column(s.metric) for s in asked if s.scalar and s.metric is not None)
        )
        entries: dict[tuple[int, ...], list[Metric]] = {}
        for source in asked:
            if not source.scalar and source.metric is not None:
                entries.setdefault(source.metric.oid[:-1], []).append(source.metric)
        self.tables = tuple(Table(metrics) for metrics in entries.values())


async def read_box(
    conversation: Conversation, plan: BoxPlan, sys_descr: str, present: frozenset[tuple[int, ...]]
) -> Identity:
    """Ask for what the device has of the plan's objects; what is not answered is counted and left out."""
    texts: dict[tuple[int, ...], str] = {}
    try:
        singles = [column for column in plan.singles if column.oid in present]
        if singles:
            found = await conversation.get(singles)
            for column in singles:
                value = found.get(column.name, b"")
                texts[column.oid] = clean(value) if isinstance(value, bytes) else ""
        for table in plan.tables:
            if any(column.oid in present for column in table.columns.columns):
                tuning = Tuning(table.columns.fitting())
                walk = await conversation.walk(table.columns, NO_SCALARS, tuning, expected=0, most=FIRST_ROWS)
                texts |= _first_texts(Rows(table, walk.cells()))
    except NoAnswerError:
        conversation.refused["box"] += 1
    model, serial, firmware = (_first(field, plan.sources, texts, sys_descr) for field in FIELDS)
    return Identity(plan.vendor, model, serial, firmware)


def _column(metric: Metric) -> Column:
    return Column(".".join(map(str, metric.oid)), metric.oid, metric.syntax)


def _first_texts(rows: Rows) -> dict[tuple[int, ...], str]:
    """Return the first text of each column."""
    found: dict[tuple[int, ...], str] = {}
    for place, column in enumerate(rows.table.columns.columns):
        texts = (clean(row[place]) for row in rows.cells.values() if isinstance(row[place], bytes))  # type: ignore[arg-type]  # just asked
        found[column.oid] = next(filter(None, texts), "")
    return found


def _first(
    field: str, sources: tuple[IdentitySource, ...], texts: dict[tuple[int, ...], str], sys_descr: str
) -> str:
    for source in sources:
        if source.field == field:
            text = sys_descr if source.metric is None else texts.get(source.metric.oid, "")
            if found := cut(text, source.after, source.until):
                return found
    return ""


def cut(text: str, after: str, until: str) -> str:
    """Return what stands between two texts, without spaces around it; "" where the first does not stand."""
    if after:
        _, found, text = text.partition(after)
        if not found:
            return ""
    if until:
        text = text.strip().partition(until)[0]
    return text.strip()
