"""Rendered samples, kept by family and by what they are about, so that a scrape only gathers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from netwatch.publishing.exposition import metadata

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from netwatch.publishing.exposition import Format
    from netwatch.publishing.families import Family

Key = TypeVar("Key", bound="Hashable")


class Fragments(Generic[Key]):
    """Sample lines by (family, key). Whoever puts them sees to it that no series stands under two keys."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families: dict[str, Family] = {}
        self._lines: dict[str, dict[Key, bytes]] = {}
        for family in families:
            self.declare(family)

    def declare(self, family: Family) -> None:
        """Add a family, or describe it anew."""
        self._families[family.name] = family
        self._lines.setdefault(family.name, {})

    def __contains__(self, family: str) -> bool:
        return family in self._families

    def put(self, key: Key, lines: Mapping[str, bytes]) -> None:
        """Replace the lines of some families; none where there is nothing to tell. KeyError: undeclared."""
        for family, text in lines.items():
            if text:
                self._lines[family][key] = text
            else:
                self._lines[family].pop(key, None)

    def drop(self, key: Key, families: Iterable[str] | None = None) -> None:
        """Take a key out of some families, or out of all."""
        for family in self._lines if families is None else families:
            self._lines[family].pop(key, None)

    def pieces(self, form: Format) -> list[bytes]:
        """Return the exposition in pieces, without its end; they never change afterwards."""
        pieces: list[bytes] = []
        for name, lines in self._lines.items():
            if lines:
                pieces.append(metadata(self._families[name], form))
                pieces.extend(lines.values())
        return pieces
