"""Text that a device sent, made fit to be shown, logged and used as a label: decoded once, here."""

from __future__ import annotations

import re

LONGEST = 255
"""Characters: what SNMPv2-TC grants a DisplayString."""

_SPACE = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
# Control characters (Cc), and those that turn the direction of what is written after them or cannot be seen.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def clean(octets: bytes, longest: int = LONGEST) -> str:
    """Decode as UTF-8, else as Latin-1, and cut at `longest` characters.

    Breaks of lines become spaces, other control characters U+FFFD.
    """
    octets = octets[: 4 * longest].rstrip(b"\x00")
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    return _UNSHOWABLE.sub("\ufffd", _SPACE.sub(" ", text)).strip()[:longest]
