"""The words of an order to the running daemon: checked like those of a file, refused with one line."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.inventory.kind import Word

T = TypeVar("T")


class OrderRefused(ValueError):  # noqa: N818 - it says what happened
    """An order that is not carried out; the message is one line that says why."""


def word(order: Mapping[str, object], key: str, kind: Word[T]) -> T:
    """Return one value of an order, cleaned and read. Raises OrderRefused."""
    return read(clean(order.get(key, ""), key), key, kind)


def read(text: str, key: str, kind: Word[T]) -> T:
    """Return clean text as what its kind makes of it. Raises OrderRefused."""
    if not text:
        raise OrderRefused(f"'{key}' is missing: write {kind.what}")
    try:
        return kind.parse(text)
    except ValueError as error:
        raise OrderRefused(f"'{key}': {error}") from error


def clean(value: object, key: str) -> str:
    """Return text in NFC without spaces around it; what a terminal or a log would obey is refused."""
    if not isinstance(value, str):
        raise OrderRefused(f"'{key}' is no text")
    text = unicodedata.normalize("NFC", value).strip()
    for sign in text:
        if not sign.isprintable():
            raise OrderRefused(f"'{key}' has an invisible character (U+{ord(sign):04X}): delete it")
    return text
