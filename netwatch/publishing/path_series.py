"""Observation paths as sample lines, and how many units were lost together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.exposition import encoded, labels, number

if TYPE_CHECKING:
    from netwatch.judgement.path import PathState


def path_lines(path: PathState) -> dict[str, bytes]:
    """Return the lines of one path, by family; a path without references cannot be told blind."""
    told = encoded(labels({"path": path.sight.name}))
    return {
        "netwatch_path_blind": b"netwatch_path_blind{%b} %d\n" % (told, path.blind),
        "netwatch_path_blind_seconds_total": b"netwatch_path_blind_seconds_total{%b} %b\n"
        % (told, number(path.blind_seconds)),
    }


def mass_lines(units: int) -> dict[str, bytes]:
    """Return the line that counts the units lost together."""
    return {"netwatch_mass_outage_units": b"netwatch_mass_outage_units %d\n" % units}
