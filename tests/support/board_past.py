"""A week ago, for what looks back so far: series that a datasource has now, dated back.

They were told by the daemon; only their time, and what is added to the values, is made. Prometheus gets
them as a block, which it finds within a minute; VictoriaMetrics by its import.
"""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

from real import until

from tools.contact_sheet.past import series

if TYPE_CHECKING:
    from board_asking import Answer, Datasource


def dated(found: Answer, at: int, more: float) -> list[tuple[str, str]]:
    """The series by how they are written, with a value that is `more` than now, and Unix seconds."""
    return [(series(dict(labels)), f"{value + more:.3f} {at}") for labels, value in found.items()]


def into_victoria(rows: list[tuple[str, str]], source: Datasource) -> None:
    """Hand them to VictoriaMetrics, which takes milliseconds."""
    body = "".join(f"{each} {value}000\n" for each, value in rows).encode()
    request = urllib.request.Request(f"{source.url}/api/v1/import/prometheus", body)  # noqa: S310 loopback
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        assert response.status == 204


def has_it(source: Datasource, expr: str, at: int) -> None:
    """Wait until a datasource finds at a time what was dated back."""
    until(lambda: source.instant(expr, at), "what is a week old is found", 150)
