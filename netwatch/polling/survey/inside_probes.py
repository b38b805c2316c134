"""What devices have measured themselves: probes that a sysadmin configured on them, read and never set.

DISMAN-PING-MIB (RFC 4560: Juniper, H3C, many others), JUNIPER-RPM-MIB, CISCO-RTTMON-MIB (IP SLA) and Huawei's
NQA-MIB. A result is news while it is young by its own stamp; one without a stamp is news where it has moved
since the survey before. What stands there from last month shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Told
from netwatch.polling.survey.probes.disman import read_ping
from netwatch.polling.survey.probes.ip_sla import read_ip_sla
from netwatch.polling.survey.probes.nqa import read_nqa
from netwatch.polling.survey.probes.rpm import read_rpm
from netwatch.polling.survey.stamps import DeviceTime
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.polling.survey.asking import Asker
    from netwatch.polling.survey.probes.result import Result

SYSTEM_DATE = Column("hrSystemDate", (1, 3, 6, 1, 2, 1, 25, 1, 2), "text")
SYS_UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")

MOST_PROBES = 64
"""Of one device that are told."""


async def read_results(asker: Asker, wall: float) -> tuple[Result, ...]:
    """Read the last result of each probe; `wall`: Unix seconds now. Raises NoAnswerError."""
    told = await asker.get(SYSTEM_DATE, SYS_UPTIME)
    date, ticks = told.get(SYSTEM_DATE.name), told.get(SYS_UPTIME.name)
    now = DeviceTime(
        wall, date if isinstance(date, bytes) else b"", ticks if isinstance(ticks, int) else None
    )
    found: dict[str, Result] = {}
    for read in (read_rpm, read_ping, read_ip_sla, read_nqa):
        for result in await read(asker, now):
            found.setdefault(result.name, result)  # Juniper tells one probe in both of its tables
    return tuple(found.values())[:MOST_PROBES]


def tell_results(
    results: Iterable[Result], before: Mapping[str, tuple[object, ...]], fresh: float
) -> tuple[Told, ...]:
    """Return the facts that are news; `before` are the marks of the survey before, `fresh` is in seconds."""
    told: list[Told] = []
    for result in results:
        if not _is_news(result, before, fresh):
            continue
        how = [
            "answered" if result.answered else "not answered",
            *([f"{result.age:.0f} s ago"] if result.age is not None else []),
            *([f"asks {result.target}"] if result.target else []),
        ]
        told.append(
            Told(FactKind.INSIDE_PROBE, result.name, float(result.answered), ", ".join(how), result.source)
        )
        if result.answered and result.rtt is not None:
            told.append(Told(FactKind.INSIDE_RTT, result.name, result.rtt, "", result.source))
    return tuple(told)


def _is_news(result: Result, before: Mapping[str, tuple[object, ...]], fresh: float) -> bool:
    if result.age is not None:
        return result.age <= fresh
    return result.name in before and before[result.name] != result.mark
