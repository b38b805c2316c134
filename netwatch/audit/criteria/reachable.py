"""`reachable`: whether the site was up for a settled minute. Silence contradicts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.claim import NOT_FOUND, Finding, Found

if TYPE_CHECKING:
    from netwatch.model.figures import Figures

SOURCE = "settled minutes"


def found(figures: Figures, at: float) -> Found:
    """Return what the minutes of a site show; `at`: the end of what is known, Unix seconds."""
    if figures.up == 0:
        return NOT_FOUND
    return Found(Finding.SHOWN, at, "", SOURCE, f"{figures.up}/{figures.total}")
