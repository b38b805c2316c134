"""`make bench`: every hot path against its yardstick in the same run. README.md keeps the figures."""

from __future__ import annotations

import sys

import echo
import judgement
import ledger
import memory
import scrape
import snmp
import snmp_v3
from report import Row, print_table

BENCHES = {
    "Echo": echo.measure,
    "SNMP: one poll of a 52-port switch, 625 values": snmp.measure,
    "SNMPv3: the same, signed and encrypted": snmp_v3.measure,
    "Judgement": judgement.measure,
    "The ledger with 5,000 lines": ledger.measure,
    "Scrape": scrape.measure,
    "The whole daemon with 5,000 devices": memory.measure,
}


def main() -> int:
    """Measure all, and end with 1 where a goal was missed."""
    rows: list[Row] = []
    for title, measure in BENCHES.items():
        found = measure()
        print_table(title, found)
        rows += found
    missed = [row.work for row in rows if row.met is False]
    print(f"\n{len(missed)} goals missed" + "".join(f"\n  {work}" for work in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
