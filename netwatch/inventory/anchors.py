"""The section `anchors:` of netwatch.yaml: who signs and stamps daily heads, and who gets them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netwatch.inventory.kind import ListOf, Word
from netwatch.inventory.record import Record, optional
from netwatch.inventory.wording import quote
from netwatch.inventory.words import PLAIN, Reference, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.kind import JSON
    from netwatch.inventory.problem import Remarks

CREDENTIAL = "anchor-key"
"""What the key is called where systemd hands it over (LoadCredential=, systemd.exec(5))."""

LONGEST = 1000
FILE = Reference(Text("a file's path", LONGEST))


class WebAddress(Word[str]):
    """An address that something is posted to. It is kept in the evidence, so it holds no login."""

    what = "a web address, such as https://example.org/heads"

    def parse(self, text: str) -> str:
        """Return the address."""
        bad = ValueError(f"{quote(text)} is not {self.what}")
        if len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
            raise bad
        try:
            parts = urlsplit(text)
            fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            raise bad from None
        if not fits or parts.fragment:
            raise bad
        if "@" in parts.netloc:
            raise ValueError("an address with a login cannot stand here: it is kept in the evidence")
        return text

    def schema(self) -> JSON:
        """Return a string with its beginning."""
        return {**PLAIN, "pattern": "^https?://[^@/]+(/.*)?$", "maxLength": LONGEST}


class AnchorsEntry(Record):
    """Who vouches for daily heads."""

    noun = "'anchors'"
    folder = optional(FILE, "where heads are written (default: anchors in the state folder)", None)
    key_file = optional(
        FILE,
        "the Ed25519 key that signs them, unless systemd hands one over as the credential anchor-key",
        None,
    )
    authority = optional(WebAddress(), "the time-stamping authority to ask (RFC 3161)", "")
    authority_certificates = optional(FILE, "PEM file of the certificates that its stamps lead to", None)
    send = optional(ListOf(WebAddress(), "'send'"), "outsiders' addresses that each new head is sent to", ())

    def check(self, remarks: Remarks) -> None:
        """A stamp that nobody can check is none."""
        if self.authority and not self.has("authority_certificates"):
            remarks.error(
                self.place("authority"),
                "without 'authority_certificates' its stamps cannot be told from forged ones: "
                "name a PEM file of the certificates that they lead to",
            )


@dataclass(frozen=True, slots=True)
class AnchorSettings:
    """The section with every default filled in; nothing of it was read yet."""

    folder: Path | None = None  # None: a folder of the state folder
    key_file: Path | None = None
    credential: Path | None = None  # where systemd puts the key, if it was told to
    authority: str = ""  # "": none is asked
    authority_certificates: Path | None = None
    send: tuple[str, ...] = ()


def anchor_settings(
    entry: AnchorsEntry, remarks: Remarks, environment: Mapping[str, str], origin: Path
) -> AnchorSettings:
    """Return what the section means; paths are relative to the folder `origin`.

    A file that is not there is only warned of: it must not keep a netwatch from starting.
    """
    handed = environment.get("CREDENTIALS_DIRECTORY", "")
    return AnchorSettings(
        folder=origin / entry.folder.text if entry.folder else None,
        key_file=_file(entry.key_file, remarks, origin),
        credential=Path(handed) / CREDENTIAL if handed else None,
        authority=entry.authority,
        authority_certificates=_file(entry.authority_certificates, remarks, origin),
        send=entry.send,
    )


def _file(written: Scalar | None, remarks: Remarks, origin: Path) -> Path | None:
    if written is None:
        return None
    path = origin / written.text
    try:
        path.stat()
    except OSError as error:
        remarks.warn(written, f"the file {quote(written.text)} cannot be used: {error.strerror}")
    return path
