"""What an OLT tells of the subscribers' ends of its fibres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import Onu
from netwatch.model.units import LIGHT
from netwatch.polling.tables import Labels, Table, TableReader, dotted, flagged, measured, unique

if TYPE_CHECKING:
    from netwatch.model.profile import OnuTable
    from netwatch.polling.conversation import Conversation


class OnuPlan:
    """What a profile asks of one table, compiled once for all its devices."""

    def __init__(self, onus: OnuTable) -> None:
        self.onus = onus
        self.values = Table((onus.received.metric, onus.online.metric if onus.online else None))
        self.labels = Table((onus.label,))


class OnuReader:
    """What is remembered of one table of ONUs of one device."""

    def __init__(self, plan: OnuPlan) -> None:
        self.plan = plan
        self.table = TableReader(plan.values, "onus")
        self.labels = Labels(plan.labels, "onus")

    async def read(self, conversation: Conversation) -> list[Onu] | None:
        """Return what is told of each; None where it was not answered."""
        if self.table.absent:
            return []
        rows = await self.table.read(conversation)
        if rows is None:
            return None
        labels = await self.labels.learn(conversation, rows)
        onus = self.plan.onus
        names = unique([(labels.text(index, onus.label), dotted(index)) for index in rows])
        return [
            Onu(
                name,
                measured(onus.received, rows.cell(index, onus.received.metric), conversation.refused, LIGHT),
                None if onus.online is None else flagged(onus.online, rows.cell(index, onus.online.metric)),
            )
            for name, index in zip(names, rows, strict=True)
        ]
