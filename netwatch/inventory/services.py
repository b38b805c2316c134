"""The section `services:` of netwatch.yaml: portals, mail servers and others that are asked from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from netwatch.inventory.kind import TableOf, Word
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.wording import did_you_mean, listed, quote
from netwatch.inventory.words import PLAIN, Address, Duration, Reference, Text, duration, name_kind
from netwatch.model.service import Scheme, Service

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from netwatch.inventory.document import Node, Scalar
    from netwatch.inventory.kind import JSON
    from netwatch.inventory.names import Names
    from netwatch.inventory.problem import Remarks

MOST = 200
"""Services of one netwatch: each is asked once a minute, over a connection of its own."""

LONGEST = 1000
PORTS = {Scheme.HTTPS: 443, Scheme.HTTP: 80}

EVERY = Duration(10, 3600)
TIMEOUT = Duration(0.1, 60)
EVERY_DEFAULT, TIMEOUT_DEFAULT = 60.0, 10.0
WELL = (200, 399)


class Where(NamedTuple):
    """An address, taken apart."""

    scheme: Scheme
    host: str
    port: int
    target: str


class ServiceAddress(Word[Where]):
    """Where a service is. No login: it would stand in messages, and nothing is asked as somebody."""

    what = "an address such as https://example.org/ or tls://mail.example.org:993"

    def parse(self, text: str) -> Where:
        """Return its parts."""
        if "@" in re.split("[/?#]", text.split("://", 1)[-1], maxsplit=1)[0]:  # before any message repeats it
            raise ValueError("a login has no place in a service's address: it is asked as anybody would")
        if not text.isascii():
            raise ValueError(
                f"{quote(text)} has letters that are not ASCII: write its name as xn--…, and %XX in a path"
            )
        bad = ValueError(f"{quote(text)} is not {self.what}")
        if len(text) > LONGEST or not text.isprintable() or " " in text:
            raise bad
        try:
            parts = urlsplit(text)
            host, given = parts.hostname, parts.port
        except ValueError:
            raise bad from None
        scheme = self._scheme(text, parts.scheme)
        if not host or parts.fragment or given == 0:
            raise bad
        port = given or PORTS.get(scheme)
        if port is None:
            raise ValueError(f"{quote(text)} has no port: write {scheme}://{host}:PORT")
        if not scheme.web and (parts.path not in {"", "/"} or parts.query):
            raise ValueError(f"{quote(text)} has a path: a {scheme} address ends with its port")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Where(scheme, Address().parse(host), port, target if scheme.web else "/")

    def _scheme(self, text: str, scheme: str) -> Scheme:
        try:
            return Scheme(scheme)
        except ValueError:
            begins = listed(f"{each}://" for each in Scheme)
            hint = did_you_mean(scheme, Scheme) if "://" in text else ""
            raise ValueError(f"{quote(text)} is not {self.what}: it begins with {begins}{hint}") from None

    def schema(self) -> JSON:
        """Return a string with its beginning."""
        return {**PLAIN, "pattern": "^(https?|tls|tcp)://[^@/?# ]+([/?][^# ]*)?$", "maxLength": LONGEST}


class Statuses(Word[tuple[int, int]]):
    """The statuses of HTTP that are well (RFC 9110, section 15)."""

    what = "a status or a range of them, such as 200 or 200..399"
    FORM = r"([1-5][0-9]{2})(?:[.]{2}([1-5][0-9]{2}))?"

    def parse(self, text: str) -> tuple[int, int]:
        """Return the first and the last."""
        found = re.fullmatch(self.FORM, text)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 200 <= first <= last:  # those below 200 precede an answer
            raise ValueError(f"{quote(text)} is not {self.what}")
        return first, last

    def schema(self) -> JSON:
        """Return a string with a pattern; one status is a number."""
        return {"type": ["string", "integer"], "pattern": f"^{self.FORM}$", "minimum": 200, "maximum": 599}

    def written(self, value: object) -> object:
        """Return a default in one piece."""
        return f"{value[0]}..{value[1]}" if isinstance(value, tuple) else None


class ServiceEntry(Record):
    """A service."""

    noun = "a service"
    url = required(
        ServiceAddress(),
        "https:// and http:// are asked for a page, tls:// (with a port) for its certificate alone, tcp:// "
        "(with a port) for a connection alone",
    )
    every = optional(EVERY, "between two checks (default 60s; 10s to 1h)", EVERY_DEFAULT)
    timeout = optional(TIMEOUT, "how long a whole check may take (default 10s; 100ms to 1m)", TIMEOUT_DEFAULT)
    expect = optional(Statuses(), "statuses of HTTP that are well; redirections are not followed", WELL)
    ca_file = optional(
        Reference(Text("a file's path", LONGEST)),
        "PEM file of the certificates that are trusted instead of the system's; relative to this folder",
        None,
    )
    via = optional(Reference(name_kind("a path's name")), "the observation path that it is seen over", None)

    def check(self, remarks: Remarks) -> None:
        """Remark what does not go together."""
        if self.timeout > self.every:
            where = "timeout" if self.has("timeout") else "every"
            remarks.error(
                self.place(where),
                f"a check that may take {duration(self.timeout)} cannot begin every {duration(self.every)}: "
                "make 'timeout' at most 'every'",
            )
        if not self.was_read("url"):
            return
        if self.has("expect") and not self.url.scheme.web:
            remarks.error(self.place("expect"), f"'{self.url.scheme}' has no statuses: leave 'expect' out")
        if self.has("ca_file") and not self.url.scheme.encrypted:
            remarks.error(
                self.place("ca_file"), f"'{self.url.scheme}' has no certificates: leave 'ca_file' out"
            )


class ServiceTable(TableOf[ServiceEntry]):
    """Services by name, not too many of them."""

    def __init__(self) -> None:
        super().__init__(name_kind("a service's name"), Of(ServiceEntry), "'services'")

    def read(self, node: Node, remarks: Remarks) -> tuple[tuple[Scalar, ServiceEntry], ...]:
        """Read every entry."""
        entries = super().read(node, remarks)
        if len(entries) > MOST:
            remarks.error(entries[MOST][0], f"more than {MOST} services: leave some out")
        return entries

    def schema(self) -> JSON:
        """Return an object of so many at most."""
        return {**super().schema(), "maxProperties": MOST}


def make_services(
    entries: Iterable[tuple[Scalar, ServiceEntry]], remarks: Remarks, origin: Path, default_path: str
) -> tuple[Service, ...]:
    """Return what the section means; files are relative to the folder `origin`.

    A file that is not there is only warned of: it must not keep a netwatch from starting.
    """
    return tuple(
        Service(
            name=name.text,
            scheme=entry.url.scheme,
            host=entry.url.host,
            port=entry.url.port,
            target=entry.url.target,
            interval=entry.every,
            timeout=entry.timeout,
            expect=entry.expect,
            ca_file=_ca_file(entry, remarks, origin),
            via=entry.via.text if entry.via else default_path,
        )
        for name, entry in entries
        if entry.was_read("url")
    )


def check_services(entries: Iterable[tuple[Scalar, ServiceEntry]], remarks: Remarks, paths: Names) -> None:
    """Remark paths that there are not."""
    for _, entry in entries:
        if entry.via is not None:
            paths.knows(entry.via, remarks)


def _ca_file(entry: ServiceEntry, remarks: Remarks, origin: Path) -> Path | None:
    if entry.ca_file is None:
        return None
    path = origin / entry.ca_file.text
    try:
        path.stat()
    except OSError as error:
        told = f"the file {quote(entry.ca_file.text)} cannot be used: {error.strerror}"
        remarks.warn(entry.ca_file, told)
    return path
