"""`netwatch probe --record`: a device's own words in a file that may be shown to others."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.model.device import Credential, Device
    from netwatch.model.observation import Observation
    from netwatch.model.profile import Profile
    from netwatch.polling.recorder import Recording
    from netwatch.polling.scrub import Scrubbed
    from netwatch.polling.single import Single, Tap
    from netwatch.protocols.snmp_dump import Row

SHOW_BEFORE_SENDING = "Look the file over before you send it to anybody: no program knows every secret."


class NewFile:
    """A file that appears whole or not at all, for the eyes of its owner alone, and never replaces another.

    Raises OSError where it cannot be written or stands there already.
    """

    def __init__(self, path: Path) -> None:
        if path.exists() or path.is_symlink():
            raise FileExistsError(f"{path} stands there already: choose another name, or delete it")
        self._path = path
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        except OSError as error:
            raise OSError(f"{path} cannot be written: {error.strerror}") from error
        self._descriptor = descriptor
        self._draft = Path(name)

    def write(self, lines: Iterable[str]) -> None:
        """Write all of it and let it appear."""
        with os.fdopen(self._descriptor, "w", encoding="ascii", newline="\n") as file:
            self._descriptor = -1
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # fails where one came
        self._draft.replace(self._path)

    def close(self) -> None:
        """Take away what is left where it was not written."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        with contextlib.suppress(FileNotFoundError):
            self._draft.unlink()


async def record(
    single: Single,
    device: Device,
    credential: Credential,
    address: str,
    *,
    subtrees: Sequence[tuple[int, ...]],
    tap: Tap | None,
) -> tuple[Recording, bool]:
    """Record a device, showing how far that came; return what was had, and whether it was broken off."""
    from netwatch.cli.progress import progress
    from netwatch.polling.recorder import Recording

    recording = Recording()
    with progress(f"recording {device.name}", None, "objects") as shown:
        try:
            await single.record(
                device, credential, address, subtrees, recording=recording, advance=shown.advance, tap=tap
            )
        except asyncio.CancelledError:  # Ctrl-C: what was had is worth keeping
            recording.problems.append("broken off with Ctrl-C")
            return recording, True
    return recording, False


def secrets_of(credentials: Iterable[Credential]) -> list[str]:
    """Return everything in credentials that no recording may hold: communities, passphrases, users."""
    known = list(credentials)
    return [*hidden_of(known), *(credential.user for credential in known if credential.user)]


def hidden_of(credentials: Iterable[Credential]) -> list[str]:
    """Return the communities and passphrases of credentials."""
    return [
        secret.reveal()
        for credential in credentials
        for secret in (credential.community, credential.auth_passphrase, credential.priv_passphrase)
        if secret is not None
    ]


def own_names(device: Device, seen: Observation | None) -> dict[str, str]:
    """Return what names a device besides what it records of itself, by what it is."""
    from netwatch.polling.scrub_tables import NAME, SERIAL

    found = {NAME: device.name}
    if seen is not None and seen.identity is not None and seen.identity.serial:
        found[SERIAL] = seen.identity.serial
    return found


def serial_objects(profiles: Iterable[Profile]) -> list[tuple[int, ...]]:
    """Return the objects by which profiles find the serial number of a box."""
    return [
        source.metric.oid
        for profile in profiles
        for source in profile.box
        if source.field == "serial" and source.metric is not None
    ]


def lines_of(rows: Iterable[Row]) -> Iterable[str]:
    """Return the lines of a recording."""
    from netwatch.protocols.snmprec import line

    return map(line, rows)


def tell(recording: Recording, clean: Scrubbed, path: Path) -> list[str]:
    """Tell what stands in the file, what does not and why, and what is left to do."""
    lines = [f"recorded  {len(clean.rows)} objects in {path}, {recording.answers} answers"]
    lines += [f"missing   {problem}" for problem in recording.problems]
    lines += [f"refused   {count} values: {reason}" for reason, count in sorted(recording.refused.items())]
    lines += [f"left out  {count} objects: {what}" for what, count in sorted(clean.removed.items())]
    lines += [f"replaced  {count} times: {what}" for what, count in sorted(clean.replaced.items())]
    return [*lines, SHOW_BEFORE_SENDING]


def complain(problem: object) -> None:
    """Say in one line why there is no recording."""
    print(f"not recorded: {problem}", file=sys.stderr)
