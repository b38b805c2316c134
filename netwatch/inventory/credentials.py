"""credentials.yaml: how to be let in by agents. Secrets are hidden from the moment they are read."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, TableOf
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.source import TooLarge, read_bytes
from netwatch.inventory.wording import quote
from netwatch.inventory.words import Pattern, Reference, SecretText, Text, name_kind, secret_flaw
from netwatch.model.device import Credential
from netwatch.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.folder import Folder
    from netwatch.inventory.problem import Remarks

LEAST_PASSPHRASE = 8
"""Characters (RFC 3414, 11.2)."""

LARGEST_SECRET = 4096
"""Bytes of a secret's file."""

FILE = Reference(Text("a file's path", 1000))
VARIABLE = Reference(
    Pattern(
        r"[A-Za-z_][A-Za-z0-9_]{0,99}",
        "a variable's name",
        "write letters, digits and '_', such as NOC_COMMUNITY",
    )
)
LEVELS = ("noAuthNoPriv", "authNoPriv", "authPriv")
PASSPHRASE = ("passphrase", "passphrase_file", "passphrase_env")
COMMUNITY = ("community", "community_file", "community_env")


class Authentication(Record):
    """The key that messages are signed with."""

    noun = "'auth'"
    exactly_one = PASSPHRASE
    protocol = required(
        Choice("an authentication protocol", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"),
        "RFC 3414 (MD5, SHA-1) or RFC 7860 (SHA-2)",
    )
    passphrase = optional(SecretText("the passphrase", LEAST_PASSPHRASE), "written here", None)
    passphrase_file = optional(FILE, "or the file that holds it, relative to this folder", None)
    passphrase_env = optional(VARIABLE, "or the environment variable that holds it", None)


class Privacy(Record):
    """The key that messages are encrypted with."""

    noun = "'priv'"
    exactly_one = PASSPHRASE
    protocol = required(
        Choice("a privacy protocol", "DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"),
        "RFC 3414 (DES), RFC 3826 (AES-128); longer keys as net-snmp makes them, -C: as Cisco does",
    )
    passphrase = optional(SecretText("the passphrase", LEAST_PASSPHRASE), "written here", None)
    passphrase_file = optional(FILE, "or the file that holds it, relative to this folder", None)
    passphrase_env = optional(VARIABLE, "or the environment variable that holds it", None)


class CredentialEntry(Record):
    """One credential: a community, or a user of SNMPv3."""

    noun = "a credential"
    version = required(Choice("an SNMP version", "2c", "3"), "of SNMP")
    community = optional(SecretText("the community", 1), "version 2c: written here", None)
    community_file = optional(FILE, "version 2c: or the file that holds it, relative to this folder", None)
    community_env = optional(VARIABLE, "version 2c: or the environment variable that holds it", None)
    user = optional(
        Text("a user's name", 32), "version 3: the user's name (RFC 3414: at most 32 characters)", ""
    )
    level = optional(Choice("a security level", *LEVELS), "version 3: follows from auth and priv", None)
    auth = optional(Of(Authentication), "version 3: how messages are signed", None)
    priv = optional(Of(Privacy), "version 3: how messages are encrypted", None)
    context = optional(
        Text("a context's name", 255), "version 3: the context, where an agent has several", ""
    )

    def check(self, remarks: Remarks) -> None:
        """Each version has keys of its own."""
        if not self.whole:
            return
        theirs = ("user", "level", "auth", "priv", "context") if self.version == "2c" else COMMUNITY
        for key in theirs:
            if self.has(key):
                remarks.error(
                    self.place(key), f"{quote(key)} does not belong to version {self.version}: delete it"
                )
        given = [key for key in COMMUNITY if self.has(key)]
        if self.version == "2c" and len(given) != 1:
            what = "is missing" if not given else "is given more than once"
            remarks.error(
                self, f"the community {what}: write one of community, community_file or community_env"
            )
        if self.version == "3":
            self._check_user(remarks)

    def _check_user(self, remarks: Remarks) -> None:
        if not self.has("user"):
            remarks.error(self, "version 3 needs the key 'user'")
        if self.has("priv") and not self.has("auth"):
            remarks.error(self.place("priv"), "there is no encryption without authentication: add 'auth'")
        elif self.level is not None and self.level != self.implied_level:
            remarks.error(
                self.place("level"),
                f"{quote(self.level)} does not fit: with these keys the level is {self.implied_level}",
            )

    @property
    def implied_level(self) -> str:
        """The level that the keys given make."""
        return LEVELS[self.has("auth") + self.has("priv")]


class CredentialsFile(Record):
    """Credentials by name."""

    noun = "credentials.yaml"
    credentials = optional(
        TableOf(name_kind("a credential's name"), Of(CredentialEntry), "'credentials'"),
        "how to be let in, by name",
        (),
    )

    def check(self, remarks: Remarks) -> None:
        """`snmp: none` means no credential."""
        for key, _ in self.credentials:
            if key.text == NONE:
                remarks.error(key, "a credential cannot be called 'none': 'snmp: none' means echo only")


NONE = "none"


class _Unavailable(Exception):  # noqa: N818 - never leaves this module
    """A secret cannot be had; says why, without it."""


class Secrets:
    """Fetches secrets from where the configuration says they are."""

    def __init__(self, folder: Folder, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def credential(self, key: Scalar, entry: CredentialEntry, remarks: Remarks) -> Credential:
        """Return a usable credential, or one that tells its problem and disables only its own devices."""
        try:
            return self._usable(key.text, entry, remarks)
        except _Unavailable as reason:
            remarks.warn(key, f"credential {quote(key.text)} cannot be used: {reason}")
            return Credential(key.text, entry.version, problem=str(reason))

    def _usable(self, name: str, entry: CredentialEntry, remarks: Remarks) -> Credential:
        if entry.version == "2c":
            secret = self._secret(entry.community, entry.community_file, entry.community_env, 1, remarks)
            return Credential(name, "2c", community=secret)
        auth, priv = entry.auth, entry.priv
        return Credential(
            name,
            "3",
            user=entry.user,
            level=entry.implied_level,
            auth_protocol=auth.protocol if auth else "",
            auth_passphrase=self._passphrase(auth, remarks),
            priv_protocol=priv.protocol if priv else "",
            priv_passphrase=self._passphrase(priv, remarks),
            context=entry.context,
        )

    def _passphrase(self, keys: Authentication | Privacy | None, remarks: Remarks) -> Secret | None:
        if keys is None:
            return None
        return self._secret(
            keys.passphrase, keys.passphrase_file, keys.passphrase_env, LEAST_PASSPHRASE, remarks
        )

    def _secret(
        self,
        inline: Secret | None,
        file: Scalar | None,
        variable: Scalar | None,
        least: int,
        remarks: Remarks,
    ) -> Secret:
        if inline is not None:
            return inline
        if file is not None:
            source, text = f"the file {quote(file.text)}", self._from_file(file, remarks)
        elif variable is not None:
            source, text = f"the variable {quote(variable.text)}", self._environment.get(variable.text, "")
            if not text:
                raise _Unavailable(f"{source} is not set in the environment")
        else:
            raise _Unavailable("its secret could not be read")
        if flaw := secret_flaw(text, least):
            raise _Unavailable(f"{source} {flaw}")
        return Secret(text)

    def _from_file(self, written: Scalar, remarks: Remarks) -> str:
        path = self._folder.origin / written.text
        name = quote(written.text)
        try:
            content = read_bytes(path, LARGEST_SECRET)
            readable_by_all = path.stat().st_mode & stat.S_IROTH
        except OSError as error:
            raise _Unavailable(f"the file {name} cannot be read: {error.strerror}") from None
        except TooLarge:
            raise _Unavailable(
                f"the file {name} exceeds {LARGEST_SECRET} bytes: it should hold the secret alone"
            ) from None
        if readable_by_all:
            remarks.warn(written, f"everyone on this machine can read the secret in {name}: chmod o-r")
        return content.decode("latin-1").rstrip("\r\n")
