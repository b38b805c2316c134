"""netwatch.yaml: the daemon itself. Every key has a default, and so has the file."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netwatch.inventory.anchors import AnchorsEntry, AnchorSettings, anchor_settings
from netwatch.inventory.attestors import PublicKey, public_keys
from netwatch.inventory.hours import CLOSES, OPENS
from netwatch.inventory.kind import Choice, ListOf, TableOf, Word
from netwatch.inventory.moments import Span
from netwatch.inventory.record import Of, Record, optional
from netwatch.inventory.services import ServiceTable, make_services
from netwatch.inventory.wording import did_you_mean, quote
from netwatch.inventory.words import PLAIN, Duration, Integer, Listen, Reference, Text, name_kind
from netwatch.model.device import ObservationPath, StateRules
from netwatch.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.inventory.kind import JSON
    from netwatch.inventory.problem import Remarks
    from netwatch.model.service import Service

LEDGER = "ledger.db"
"""The ledger's file in the state folder, where no other address is configured."""

TRAPS_PORT = 1162
"""Of notifications, where no service manager holds port 162, which needs a privilege."""

STATE = Path("/var/lib/netwatch")
DEFAULT_PATH = "default"
"""The observation path of every device that names none; it is there whether or not it is configured."""

ECHO_INTERVAL = Duration(0.2, 60)
"""An echo a minute at least: a settled minute without a slot would always be unknown."""

SNMP_INTERVAL = Duration(1, 3600)
SURVEY_INTERVAL = Duration(300, 86400)


class TimeZone(Word[str]):
    """A name of the IANA time zone database."""

    what = "a time zone"

    def parse(self, text: str) -> str:
        """Return the name."""
        known = zoneinfo.available_timezones()
        if text not in known:
            hint = did_you_mean(text, known) or ": write one such as Asia/Ho_Chi_Minh"
            raise ValueError(f"{quote(text)} is not a time zone{hint}")
        return text

    def schema(self) -> JSON:
        """Return a string."""
        return {"type": "string"}


class LedgerAddress(Word[Secret]):
    """Where the ledger is kept. Hidden, as it may hold a password."""

    what = "a ledger's address"

    def parse(self, text: str) -> Secret:
        """Return the address; messages never repeat it."""
        if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("a ledger's address begins with sqlite:/// or postgresql+psycopg://")
        return Secret(text)

    def schema(self) -> JSON:
        """Return a string with its two beginnings."""
        return {**PLAIN, "pattern": "^(sqlite:///|postgresql[+]psycopg://)"}

    def written(self, value: object) -> object:
        """Return the default, which holds no password."""
        return value.reveal() if isinstance(value, Secret) else None


class TrapListen(Word[tuple[str, int] | None]):
    """Where notifications are listened for."""

    what = "an address and a port, such as :1162 or 127.0.0.1:1162, or none"

    def parse(self, text: str) -> tuple[str, int] | None:
        """Return host and port; no host: every address of the machine. None: nowhere."""
        if text == "none":
            return None
        try:
            return Listen().parse(text)
        except ValueError:
            raise ValueError(f"{quote(text)} is not {self.what}") from None

    def schema(self) -> JSON:
        """Return a string that ends in a port, or the word."""
        return {"type": "string", "pattern": "^none$|:[0-9]{1,5}$"}

    def written(self, value: object) -> object:
        """Return a default in one piece."""
        return f"{value[0]}:{value[1]}" if isinstance(value, tuple) else "none"


class PrometheusAddress(Word[str]):
    """Where a Prometheus answers queries."""

    what = "an address such as http://127.0.0.1:9090"

    def parse(self, text: str) -> str:
        """Return the address without a slash at its end. A login is refused: it would stand in messages."""
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
        except ValueError:
            good = False
        if not good or parts.query or parts.fragment or not text.isprintable() or " " in text:
            raise ValueError(f"{quote(text)} is not {self.what}")
        if parts.username is not None or parts.password is not None:
            raise ValueError("a login has no place in this address: let a proxy on this machine add it")
        return text.rstrip("/")

    def schema(self) -> JSON:
        """Return a string with its two beginnings."""
        return {**PLAIN, "pattern": "^https?://[^@?#]+$"}


class Intervals(Record):
    """How often devices are asked."""

    noun = "'intervals'"
    echo = optional(ECHO_INTERVAL, "between two echoes to a line (default 1s; 200ms to 1m)", 1.0)
    snmp = optional(SNMP_INTERVAL, "between two polls of a device by SNMP (default 60s; 1s to 1h)", 60.0)
    survey = optional(
        SURVEY_INTERVAL,
        "between two surveys of a device: routes, media, end stations, its own probes (default 1h; 5m to 1d)",
        3600.0,
    )
    timeout = optional(Duration(0.1, 10), "how long a reply is waited for (default 1s; 100ms to 10s)", 1.0)


class States(Record):
    """When a line is down, and when that is an outage."""

    noun = "'states'"
    down_after = optional(Integer(1, 100), "lost echoes in a row that make a line down", 5)
    up_after = optional(Integer(1, 100), "good echoes in a row that make it up again", 3)
    outage_after = optional(
        Duration(1, 3600), "a run of down at least this long is an outage, else a blip", 30.0
    )
    settle_after = optional(Duration(60, 600), "a minute is judged so long after its end", 90.0)


class PathEntry(Record):
    """An observation path."""

    noun = "a path"
    references = optional(
        ListOf(Reference(name_kind("a device's name")), "'references'"),
        "devices with role reference at its near end; while too few of them answer, all behind it is unknown",
        (),
    )
    quorum = optional(Integer(1, 100), "references that have to answer", 1)


class Hours(Record):
    """Hours that have a name."""

    noun = "'hours'"
    office = optional(
        Span(), "Monday to Friday, by 'timezone', less the days in holidays.yaml", (OPENS, CLOSES)
    )


class SettingsFile(Record):
    """The daemon's own settings."""

    noun = "netwatch.yaml"
    listen = optional(Listen(), "where the HTTP server listens", ("127.0.0.1", 9990))
    traps = optional(
        TrapListen(),
        "where traps and informs are listened for, unless systemd hands a socket over; none: nowhere",
        ("", TRAPS_PORT),
    )
    web_config = optional(
        Reference(Text("a file's path", 1000)),
        "TLS and passwords of the HTTP server, as for Prometheus' exporters; relative to this folder",
        None,
    )
    intervals = optional(Of(Intervals), "how often devices are asked", Intervals(0, 0))
    states = optional(Of(States), "when a line is down, and when that is an outage", States(0, 0))
    paths = optional(
        TableOf(name_kind("a path's name"), Of(PathEntry), "'paths'"),
        "observation paths by name: the ways from this poller to the devices; 'default' is there always",
        (),
    )
    ledger = optional(
        LedgerAddress(), "where the evidence is kept (default: ledger.db in the state folder)", None
    )
    anchors = optional(
        Of(AnchorsEntry),
        "who signs and stamps the ledger's daily heads, and who gets them",
        AnchorsEntry(0, 0),
    )
    registers = optional(
        TableOf(name_kind("a register's name"), Reference(Text("a file's path", 1000)), "'registers'"),
        "CSV files of units by the register's name, relative to this folder; of several lists of "
        "administrative units, the first is the main one",
        (),
    )
    prometheus = optional(
        PrometheusAddress(), "asked once a day for figures that claims.yaml measures by a query", None
    )
    services = optional(
        ServiceTable(),
        "portals, mail servers and others that are asked from outside, by name; at most 200",
        (),
    )
    attestors = optional(
        TableOf(name_kind("an attestor's name"), PublicKey(), "'attestors'"),
        "public keys of those who sign attestations, by their name; the line of a file .pub",
        (),
    )
    timezone = optional(TimeZone(), "what dates and hours are told in", "Asia/Ho_Chi_Minh")
    hours = optional(Of(Hours), "when offices are open: reported beside 24 x 7", Hours(0, 0))
    language = optional(Choice("a language", "vi", "en"), "of pages and reports", "vi")


@dataclass(frozen=True, slots=True)
class Settings:
    """netwatch.yaml with every default filled in. Intervals are seconds."""

    listen: tuple[str, int]  # host ("" for every address) and port
    traps: tuple[str, int] | None  # likewise, of notifications; None: they are not listened for
    echo_interval: float
    snmp_interval: float
    survey_interval: float
    timeout: float
    rules: StateRules
    paths: Mapping[str, ObservationPath]  # always with "default"; a path without references has quorum 0
    ledger: Secret | None  # SQLAlchemy's address; None: `LEDGER` in the state folder
    anchors: AnchorSettings
    state: Path  # folder for what outlives the process: the last good configuration
    prometheus: str | None  # address of a Prometheus, without a slash at its end
    timezone: str
    language: str
    services: tuple[Service, ...]
    attestors: Mapping[str, bytes]  # name → public key, as SSH writes it


def make_settings(
    file: SettingsFile, remarks: Remarks, environment: Mapping[str, str], origin: Path
) -> Settings:
    """Return what a file of the folder `origin` means; the references of paths are checked elsewhere."""
    if file.web_config is not None:
        # Not built yet; and whoever asks for passwords must not get a server without them.
        remarks.error(
            file.web_config,
            "TLS and passwords are not supported yet: "
            "listen on 127.0.0.1 behind a reverse proxy that has them",
        )
    return Settings(
        listen=file.listen,
        traps=file.traps,
        echo_interval=file.intervals.echo,
        snmp_interval=file.intervals.snmp,
        survey_interval=file.intervals.survey,
        timeout=file.intervals.timeout,
        rules=StateRules(
            down_after=file.states.down_after,
            up_after=file.states.up_after,
            outage_after=file.states.outage_after,
            settle_after=file.states.settle_after,
        ),
        paths=observation_paths(file),
        ledger=file.ledger,
        anchors=anchor_settings(file.anchors, remarks, environment, origin),
        state=state_folder(environment),
        prometheus=file.prometheus,
        timezone=file.timezone,
        language=file.language,
        services=make_services(file.services, remarks, origin, DEFAULT_PATH),
        attestors=public_keys(file.attestors, remarks),
    )


def observation_paths(file: SettingsFile) -> dict[str, ObservationPath]:
    """Return the paths by name. One without references cannot be judged blind: its quorum is 0."""
    paths = {DEFAULT_PATH: ObservationPath(DEFAULT_PATH, (), 0)}
    for key, entry in file.paths:
        references = tuple(reference.text for reference in entry.references)
        paths[key.text] = ObservationPath(key.text, references, entry.quorum if references else 0)
    return paths


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return where state is kept: what systemd made for us (systemd.exec(5)), else the usual place."""
    given = environment.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else STATE


def no_such_file(written: str) -> str:
    """Return the message for a path that leads nowhere."""
    return f"there is no file {quote(written)}: paths are relative to the configuration's folder"
