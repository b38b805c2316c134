"""The JSON of every board in both languages, as it is committed. Needs grafana-foundation-sdk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from netwatch.publishing.dashboards.area import AREA
from netwatch.publishing.dashboards.claims import CLAIMS
from netwatch.publishing.dashboards.language import Language
from netwatch.publishing.dashboards.netwatch import NETWATCH
from netwatch.publishing.dashboards.optics import OPTICS
from netwatch.publishing.dashboards.port import PORT
from netwatch.publishing.dashboards.province import PROVINCE
from netwatch.publishing.dashboards.switch import SWITCH
from netwatch.publishing.dashboards.unit import UNIT

if TYPE_CHECKING:
    from grafana_foundation_sdk.models.dashboard import Dashboard

    from netwatch.publishing.dashboards.boards import Board

BOARDS: tuple[Board, ...] = (PROVINCE, AREA, UNIT, SWITCH, PORT, OPTICS, CLAIMS, NETWATCH)


def files() -> dict[str, str]:
    """Return the boards' JSON by path below the folder for Grafana; the same at every run."""
    return {
        f"dashboards/{language}/{board.name}.json": encoded(board.built(language))
        for language in Language
        for board in BOARDS
    }


def encoded(board: Dashboard) -> str:
    """Return a board as text."""
    return json.dumps(board, cls=JSONEncoder, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
