"""Configured parents that are not plugged into their children, as sample lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.exposition import encoded, labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.judgement.neighbourhood import Mismatch


def mismatch_lines(mismatches: Iterable[Mismatch]) -> dict[str, bytes]:
    """Return the lines of all mismatches, by family; where there is none the family is empty."""
    return {"netwatch_parent_mismatch": b"".join(map(_line, mismatches))}


def _line(mismatch: Mismatch) -> bytes:
    told = encoded(
        labels(
            {
                "device": mismatch.device,
                "unit": mismatch.unit,
                "parent": mismatch.parent,
                "neighbour": mismatch.neighbour,
            }
        )
    )
    return b"netwatch_parent_mismatch{%b} 1\n" % told
