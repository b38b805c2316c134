"""Files to text. A file is hostile until known to be small, regular, UTF-8 and free of control characters."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.inventory.problem import Remarks

LARGEST = 8 * 2**20
"""Bytes of one file; the country's 3,321 units fit into one with room to spare."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)")
"""Control characters, and the signs that YAML takes for line ends where no editor shows one."""


class Spot(NamedTuple):
    """A place in a text."""

    line: int
    column: int


class TooLarge(Exception):  # noqa: N818 - says what the file is
    """The file holds more than was allowed."""


def read_bytes(path: Path, largest: int) -> bytes:
    """Return the content of a regular file of at most `largest` bytes. Raises OSError and TooLarge."""
    # Not blocking: a named pipe in the folder must not hang the daemon.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "not a regular file")
        content = file.read(largest + 1)
    if len(content) > largest:
        raise TooLarge
    return content


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def decode(content: bytes, remarks: Remarks) -> str | None:
    """Return the text of a file, or None where it has signs that no configuration needs, once remarked."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = Spot(before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
        remarks.error(place, f"byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8")
        return None
    if found := FORBIDDEN.search(text):
        sign = f"U+{ord(found.group()):04X}"
        remarks.error(_spot(text, found.start()), f"control character {sign}: delete it")
        return None
    if "\t" in text:
        count = text.count("\t")
        others = f" (the first of {count:,})" if count > 1 else ""
        remarks.error(_spot(text, text.index("\t")), f"tab character{others}: use spaces")
        return None
    return text


def _spot(text: str, position: int) -> Spot:
    """Turn an index into line and column."""
    return Spot(text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1)
