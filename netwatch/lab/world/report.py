"""The truth as JSON lines, for whoever compares it with verdicts.

The first line is of kind `script`: its name, `start` and `end`. Then of each unit its spans, kind `unit`, one
line each, `start` included and `end` not, without a gap between them: the state of a second is that of the
span it lies in. Then the outages, kind `outage`. Times are steady seconds, which in the lab are Unix seconds
at its start plus monotonic time since. The definitions stand in `netwatch.lab.world.truth`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.lab.world.truth import Truth


def lines(truth: Truth, script: str) -> Iterator[str]:
    """Yield the lines, each with its end."""
    yield _line(kind="script", name=script, start=truth.start, end=truth.end)
    for unit, spans in truth.units.items():
        for span in spans:
            yield _line(
                kind="unit",
                unit=unit,
                start=span.start,
                end=span.end,
                state="up" if span.up else "down",
                observable=span.observable,
            )
    for outage in truth.outages:
        yield _line(
            kind="outage",
            unit=outage.unit,
            start=outage.start,
            end=outage.end,
            cause=str(outage.cause),
            root=outage.root,
            roots=outage.roots,
            sign=outage.sign,
            seen=outage.seen,
            lasting=outage.lasting,
        )


def _line(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"
