"""The kinds of single values that a configuration is written in: names, durations, rates, addresses."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from typing import TYPE_CHECKING

from netwatch.inventory.document import Scalar
from netwatch.inventory.kind import JSON, Kind, Unreadable, Word, scalar
from netwatch.inventory.wording import quote
from netwatch.model.secret import Secret

if TYPE_CHECKING:
    from netwatch.inventory.document import Node
    from netwatch.inventory.problem import Remarks

PLAIN: JSON = {"type": ["string", "number", "boolean"]}
"""Text: an editor takes `no` and `010` for something else, netwatch does not."""


class Text(Word[str]):
    """A line of text for people."""

    def __init__(self, what: str = "a line of text", longest: int = 200) -> None:
        self.what = what
        self.longest = longest

    def parse(self, text: str) -> str:
        """Return the line without spaces around it."""
        line = text.strip()
        if "\n" in line:
            raise ValueError(f"more than one line: write {self.what} (fold long text with '>-')")
        if len(line) > self.longest:
            raise ValueError(f"{len(line):,} characters are too many: at most {self.longest}")
        return line

    def schema(self) -> JSON:
        """Return a string."""
        return {**PLAIN, "maxLength": self.longest}


class Pattern(Word[str]):
    """Text of a form that a regular expression tells."""

    def __init__(self, pattern: str, what: str, form: str) -> None:
        self._pattern = re.compile(pattern)
        self.what = what
        self.form = form  # for people: what the form is

    def parse(self, text: str) -> str:
        """Return the text."""
        if self._pattern.fullmatch(text) is None:
            raise ValueError(f"{quote(text)} is not {self.what}: {self.form}")
        return text

    def schema(self) -> JSON:
        """Return a string with a pattern; editors read digits as a number."""
        return {"type": ["string", "integer"], "pattern": f"^(?:{self._pattern.pattern})$"}


def name_kind(what: str) -> Pattern:
    """Return the kind of a name: a word that stands in labels, file names and messages."""
    return Pattern(
        r"\w[\w.\-]{0,62}",
        what,
        "write letters, digits, '-', '_' and '.', beginning with a letter or digit, at most 63",
    )


class Reference(Kind[Scalar]):
    """A name of something defined elsewhere; it keeps its place, where a dangling one is told."""

    def __init__(self, target: Word[str]) -> None:
        self.target = target

    def read(self, node: Node, remarks: Remarks) -> Scalar:
        """Return the scalar, in the form that its kind gives it."""
        text = self.target.read(node, remarks)
        return scalar(node, self.target.what, remarks)._replace(text=text)

    def schema(self) -> JSON:
        """Return what the name's own kind says."""
        return self.target.schema()


class Flag(Word[bool]):
    """Yes or no."""

    what = "true or false"

    def parse(self, text: str) -> bool:
        """Return the truth."""
        if text not in {"true", "false"}:
            raise ValueError(f"{quote(text)} is neither true nor false: write one of them")
        return text == "true"

    def schema(self) -> JSON:
        """Return a boolean."""
        return {"type": "boolean"}


class Integer(Word[int]):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most
        self.what = f"a whole number from {least} to {most}"

    def parse(self, text: str) -> int:
        """Return the number: decimal, without leading zeros, which elsewhere mean octal."""
        if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text) is None or not self.least <= int(text) <= self.most:
            hint = ": write it without leading zeros" if text[:1] == "0" and text.isdigit() else ""
            raise ValueError(f"{quote(text)} is not {self.what}{hint}")
        return int(text)

    def schema(self) -> JSON:
        """Return an integer."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def duration(seconds: float) -> str:
    """Return seconds as a configuration writes them: `50ms`, `1s`, `5m`."""
    fitting = (unit for unit in ("d", "h", "m", "s") if seconds >= UNITS[unit] and seconds % UNITS[unit] == 0)
    unit = next(fitting, "ms")
    return f"{seconds / UNITS[unit]:.6f}".rstrip("0").rstrip(".") + unit


class Duration(Word[float]):
    """A time span, in seconds."""

    FORM = r"[0-9]{1,9}(?:\.[0-9]{1,6})?(?:ms|s|m|h|d)"

    def __init__(self, least: float, most: float) -> None:
        self.least = least
        self.most = most
        self.what = f"a duration from {duration(least)} to {duration(most)}"

    def parse(self, text: str) -> float:
        """Return seconds."""
        if re.fullmatch(self.FORM, text) is None:
            raise ValueError(
                f"{quote(text)} is not a duration: write a number and ms, s, m, h or d, such as 30s"
            )
        number = text.rstrip("mshd")
        seconds = float(number) * UNITS[text[len(number) :]]
        if not self.least <= seconds <= self.most:
            raise ValueError(f"{quote(text)} is out of range: write {self.what}")
        return seconds

    def schema(self) -> JSON:
        """Return a string with a pattern; the bounds stand in the description."""
        return {"type": "string", "pattern": f"^{self.FORM}$", "$comment": self.what}

    def written(self, value: object) -> object:
        """Return a default with its unit."""
        return duration(value) if isinstance(value, float) else None


class Rate(Word[int]):
    """A line rate, in bits per second."""

    what = "a rate, such as 100M or 1G"
    FORM = r"[0-9]{1,6}(?:\.[0-9]{1,3})?[kMGT]"
    FACTORS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}  # noqa: RUF012 - a constant

    def parse(self, text: str) -> int:
        """Return bits per second, at least one."""
        if re.fullmatch(self.FORM, text) is None or float(text[:-1]) == 0:
            raise ValueError(
                f"{quote(text)} is not a rate: write bits per second with k, M, G or T, such as 100M"
            )
        return round(float(text[:-1]) * self.FACTORS[text[-1]])

    def schema(self) -> JSON:
        """Return a string with a pattern."""
        return {"type": "string", "pattern": f"^{self.FORM}$"}


class Ratio(Word[float]):
    """A share from 0 to 1."""

    what = "a ratio, such as 0.995 or 99.5%"

    def parse(self, text: str) -> float:
        """Return the share; a percent sign divides by 100."""
        if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,9})?%?", text) is None:
            raise ValueError(
                f"{quote(text)} is not a ratio: write 0 to 1, or a percentage, such as 0.995 or 99.5%"
            )
        share = round(float(text[:-1]) / 100, 12) if text.endswith("%") else float(text)
        if share > 1:
            hint = "" if text.endswith("%") else f"; did you mean {quote(text + '%')}?"
            raise ValueError(f"{quote(text)} is more than the whole: write 0 to 1, or up to 100%{hint}")
        return share

    def schema(self) -> JSON:
        """Return a number, or a percentage in a string."""
        return {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": "^[0-9]{1,3}([.][0-9]{1,9})?%$"},
            ]
        }

    def written(self, value: object) -> object:
        """Return a default as a number."""
        return value if isinstance(value, float) else None


class Date(Word[dt.date]):
    """A day of the calendar."""

    what = "a date, such as 2017-12-22"

    def parse(self, text: str) -> dt.date:
        """Return the day."""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
            raise ValueError(f"{quote(text)} is not a date: write year-month-day, such as 2017-12-22")
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{quote(text)} is no day of the calendar") from None

    def schema(self) -> JSON:
        """Return a string in the form of a date."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


HOST = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?"
)
"""A DNS name whose last label is no number, lest a mistyped IPv4 address be looked up (RFC 1123, 2.1)."""


class Address(Word[str]):
    """An IPv4 or IPv6 address of one machine, or a DNS name; normal form."""

    what = "an IPv4 or IPv6 address, or a DNS name"

    def parse(self, text: str) -> str:
        """Return the address in its shortest form, or the name in small letters."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return self._host(text)
        if address.is_multicast or address.is_unspecified or text == "255.255.255.255" or "%" in text:
            raise ValueError(f"{quote(text)} is not the address of one machine")
        return str(address)

    def _host(self, text: str) -> str:
        if HOST.fullmatch(text):
            return text.lower().removesuffix(".")
        hint = ""
        if "/" in text:
            hint = ": it is a network; write the address of one machine"
        elif text.startswith("[") or text.count(":") == 1:
            hint = ": write it without port and brackets (the SNMP port goes to 'snmp_port')"
        raise ValueError(f"{quote(text)} is not {self.what}{hint}")

    def schema(self) -> JSON:
        """Return a string."""
        return {"type": "string", "maxLength": 253}


class Listen(Word[tuple[str, int]]):
    """Where the HTTP server listens."""

    what = "an address and a port, such as 127.0.0.1:9990 or [::1]:9990"

    def parse(self, text: str) -> tuple[str, int]:
        """Return host and port; no host: every address of the machine."""
        host, colon, port = text.rpartition(":")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        numeric = re.fullmatch(r"[0-9]{1,5}", port) and int(port) <= 65535
        if not colon or not numeric or (":" in bare and bare == host):
            raise ValueError(f"{quote(text)} is not {self.what}")
        if bare and HOST.fullmatch(bare) is None:
            try:
                ipaddress.ip_address(bare)
            except ValueError:
                raise ValueError(f"{quote(text)} is not {self.what}") from None
        return bare, int(port)

    def schema(self) -> JSON:
        """Return a string that ends in a port."""
        return {"type": "string", "pattern": ":[0-9]{1,5}$"}

    def written(self, value: object) -> object:
        """Return a default in one piece."""
        return f"{value[0]}:{value[1]}" if isinstance(value, tuple) else None


class ObjectIdentifier(Word[tuple[int, ...]]):
    """An OID in numbers (RFC 2578, 3.5: at most 128 arcs of 32 bits)."""

    what = "an OID, such as 1.3.6.1.2.1.2.2.1.8"

    def parse(self, text: str) -> tuple[int, ...]:
        """Return the arcs."""
        if re.fullmatch(r"[0-2](?:\.(?:0|[1-9][0-9]{0,9})){1,127}", text):
            arcs = tuple(map(int, text.split(".")))
            if max(arcs) < 2**32 and (arcs[0] == 2 or arcs[1] < 40):
                return arcs
        raise ValueError(f"{quote(text)} is not {self.what}")

    def schema(self) -> JSON:
        """Return a string of numbers and dots."""
        return {"type": "string", "pattern": r"^[0-2](\.[0-9]{1,10})+$"}


class SecretText(Kind[Secret]):
    """A secret written inline. No message repeats it."""

    def __init__(self, what: str, least: int) -> None:
        self.what = what
        self.least = least  # characters

    def read(self, node: Node, remarks: Remarks) -> Secret:
        """Return the secret, from here on hidden."""
        secret = scalar(node, self.what, remarks).text
        if flaw := secret_flaw(secret, self.least):
            remarks.error(node, f"{self.what} {flaw}")
            raise Unreadable
        return Secret(secret)

    def schema(self) -> JSON:
        """Return a string."""
        return {"type": ["string", "number", "boolean"], "minLength": self.least}


def secret_flaw(secret: str, least: int) -> str:
    """Say why a secret cannot be sent, without showing it; "" where it can.

    Communities and passphrases are octets (RFC 3416, RFC 3414); other than ASCII, devices disagree which.
    """
    if not secret.isascii() or not secret.isprintable():
        return "has characters that are not printable ASCII"
    if not least <= len(secret) <= 255:
        return f"has {len(secret)} characters: {least} to 255 are needed"
    return ""
