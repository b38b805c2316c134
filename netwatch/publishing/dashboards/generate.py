"""The JSON of every board, as it is committed. Needs grafana-foundation-sdk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from netwatch.publishing.dashboards.claims import claims

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grafana_foundation_sdk.models.dashboard import Dashboard

BOARDS: Mapping[str, Callable[[], Dashboard]] = {
    "claims": claims,
}


def files() -> dict[str, str]:
    """Return the boards' JSON by path below the folder for Grafana; the same at every run."""
    return {f"dashboards/{name}.json": encoded(numbered(board())) for name, board in BOARDS.items()}


def numbered(board: Dashboard) -> Dashboard:
    """Give each panel an id of its own, which links to a panel need."""
    for number, panel in enumerate(board.panels or [], 1):
        panel.id_val = number
    return board


def encoded(board: Dashboard) -> str:
    """Return a board as text."""
    return json.dumps(board, cls=JSONEncoder, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
