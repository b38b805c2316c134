"""The month's budget of down minutes: a ticket, never a page. Settled minutes and nothing else are counted.

`increase()` extrapolates: over five minutes of a counter that steps once a minute it errs by a fifth.
Differences between one evaluation and the next are exact. Their sum is what the counter moved by, whatever
scrapes failed in between (for up to an hour); one across a restart is what was counted since. Minutes in
which netwatch did not run are in no figure here: the ledger knows them, and the report tells them.

The sums are made as often as the differences, slowly as they move: a series that is written less often than
every five minutes is not there for a query in between. For 100 units they read 3 million samples.
"""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.unit_words import NAME, area_by

BUDGET = 216
"""Minutes that a unit may be down in 30 days: 0.5 %, as QCVN 34:2019 asks 99.5 % of a fixed line."""

_COUNTED = "last_over_time(netwatch_unit_minutes_total[1h])"
_BEFORE = "last_over_time(netwatch_unit_minutes_total[1h] offset 5m)"
_SUM = "netwatch:unit_minutes:sum30d"
_ON = "on (unit, register)"

_DOWN = f'max by (unit, register) ({_SUM}{{verdict="down"}})'

# A unit that left the register has no budget. While netwatch is silent, the alert stands for a day.
_COUNTING = f'and {_ON} last_over_time(netwatch_unit_minutes_total{{verdict="down"}}[1d])'

_AREA = (
    "area",
    area_by(
        "last_over_time(netwatch_unit_state{unit=%q,register=%q,state=`up`}[1d])",
        "$labels.unit $labels.register",
    ),
)

_SPENT = "{{ $value | printf `%.0f` }}"

GROUP = Group(
    "budgets",
    "The month's budget of down minutes of every unit: rolling 30 days of settled minutes.",
    (
        Recording(
            "netwatch:unit_minutes:delta5m",
            f"({_COUNTED} - {_BEFORE}) >= 0\nor\n({_COUNTED} and {_BEFORE})",
        ),
        # Of several pollers the one that found the least.
        Recording(
            _SUM,
            "min by (unit, register, verdict) (\n"
            "  sum by (unit, register, verdict, poller) (sum_over_time(netwatch:unit_minutes:delta5m[30d]))\n"
            ")",
        ),
        Recording(
            "netwatch:unit_availability:ratio30d",
            f'sum by (unit, register) ({_SUM}{{verdict="up"}})\n/ (sum by (unit, register) ({_SUM}) > 0)',
            (("bound", "lower"),),
        ),
        Recording(
            "netwatch:unit_availability:ratio30d",
            f'sum by (unit, register) ({_SUM}{{verdict=~"up|unknown"}})\n'
            f"/ (sum by (unit, register) ({_SUM}) > 0)",
            (("bound", "upper"),),
        ),
        Alert(
            "NetwatchBudgetSpent",
            f"{_DOWN} > {BUDGET}\n{_COUNTING}",
            "0s",
            Severity.TICKET,
            Kind.CLAIM,
            Text(f"Vượt thời gian gián đoạn cho phép: {NAME}", f"Budget of the month spent: {NAME}"),
            Text(
                f"Trong 30 ngày qua đơn vị mất kết nối {_SPENT} phút, quá mức cho phép {BUDGET} phút "
                "(độ khả dụng 99,5 %, QCVN 34:2019), kể cả bảo trì.",
                f"Within 30 days the unit was down for {_SPENT} minutes, of {BUDGET} that availability of "
                "99.5 % (QCVN 34:2019) leaves, maintenance included.",
            ),
            labels=(_AREA,),
        ),
        Alert(
            "NetwatchBudgetNearlySpent",
            f"({_DOWN} >= {BUDGET * 0.8:g}) <= {BUDGET}\n{_COUNTING}",
            "0s",
            Severity.TICKET,
            Kind.CLAIM,
            Text(
                f"Sắp hết thời gian gián đoạn cho phép: {NAME}", f"Budget of the month nearly spent: {NAME}"
            ),
            Text(
                f"Trong 30 ngày qua đơn vị mất kết nối {_SPENT} phút; mức cho phép là {BUDGET} phút "
                "(độ khả dụng 99,5 %, QCVN 34:2019), kể cả bảo trì.",
                f"Within 30 days the unit was down for {_SPENT} minutes; availability of 99.5 % "
                f"(QCVN 34:2019) leaves {BUDGET}, maintenance included.",
            ),
            labels=(_AREA,),
        ),
    ),
    interval="5m",
)
