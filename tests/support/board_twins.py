"""Whether the board of one language is that of the other, but for its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from board_reading import Finding, Json

if TYPE_CHECKING:
    from collections.abc import Iterator


def languages_alike(one: Json, other: Json) -> list[Finding]:
    """Two boards that are to differ in their words only."""
    pairs = zip(skeleton(one, "board"), skeleton(other, "board"), strict=False)
    differing = [here for here, there in pairs if here != there]
    if not differing and len(list(skeleton(one, ""))) != len(list(skeleton(other, ""))):
        differing = ["the end"]
    return [Finding("languages-alike", one["uid"], f"differs at {each}") for each in differing[:1]]


WORDLESS = {
    "expr",
    "type",
    "refId",
    "legendFormat",
    "interval",
    "query",
    "regex",
    "unit",
    "id",
    "mode",
    "color",
    "value",
}


ASKED = re.compile(r'language="(?:vi|en)"')
"""The language in which a query asks for words."""


def skeleton(part: Any, key: str) -> Iterator[str]:
    """A board without its words: keys, numbers, and the strings that are alike in all languages."""
    match part:
        case dict():
            for name in sorted(part):
                yield f"{key}.{name}"
                worded = name == "value" and part.get("id") == "displayName"
                yield from skeleton(part[name], f"{key}.words" if worded else f"{key}.{name}")
        case list():
            for index, each in enumerate(part):
                yield from skeleton(each, f"{key}[{index}]")
        case str():
            above, _, name = key.rpartition(".")
            said = name not in WORDLESS or above.endswith("renameByName")
            yield key if said else f"{key}={ASKED.sub('', part)}"
        case _:
            yield f"{key}={part}"
