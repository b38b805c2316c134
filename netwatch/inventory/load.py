"""A folder to a validated inventory, or to all of its errors at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.inventory.folder import Folder
from netwatch.inventory.loading import Loading
from netwatch.inventory.problem import InvalidInventory, Problem
from netwatch.inventory.units import main_register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from netwatch.inventory.hours import OfficeHours
    from netwatch.inventory.measurements import Row
    from netwatch.inventory.settings import Settings
    from netwatch.inventory.windows import Plan
    from netwatch.model.claim import Claim
    from netwatch.model.device import Credential, Device
    from netwatch.model.profile import Profile
    from netwatch.model.register import Register, Unit

__all__ = ["InvalidInventory", "Inventory", "Problem", "load"]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that the configuration says, checked."""

    folder: Path  # where it was read
    files: Mapping[str, str]  # every file of the folder that was read → its SHA-256
    settings: Settings
    registers: Mapping[str, Register]
    devices: tuple[Device, ...]
    credentials: Mapping[str, Credential]
    profiles: Mapping[str, Profile]  # always with "generic"
    claims: tuple[Claim, ...]
    figures: Mapping[str, tuple[Row, ...]]  # values that files have, by the claim's name
    windows: tuple[Plan, ...]  # of maintenance.yaml, whether over, open or to come
    hours: OfficeHours
    warnings: tuple[Problem, ...]
    register_files: Mapping[str, str] = field(default_factory=dict)  # by the register's name, as configured

    @property
    def register(self) -> Register | None:
        """The main register: the first of administrative units; None where there is none."""
        return main_register(self.registers.values())

    def units(self, day: dt.date) -> tuple[Unit, ...]:
        """Return the units of the main register in force on `day`; none where there is no such register."""
        register = self.register
        return register.as_of(day) if register else ()

    def in_service(self, day: dt.date) -> tuple[Device, ...]:
        """Return the devices whose `since` and `until` include `day`."""
        return tuple(
            device
            for device in self.devices
            if (device.since is None or device.since <= day) and (device.until is None or day < device.until)
        )


def load(
    folder: Path,
    environment: Mapping[str, str],
    *,
    today: dt.date | None = None,
    origin: Path | None = None,
    may_be_empty: bool = False,
) -> Inventory:
    """Read and check a configuration. Raises InvalidInventory with every error of every file.

    `environment` gives secrets named by `…_env` and systemd's $STATE_DIRECTORY. `today` decides which units
    are in force (default: now, in the time zone configured). `origin` is what relative paths of secrets mean
    where `folder` is only a copy. `may_be_empty`: for who looks for devices, none need be configured yet.
    """
    files = Folder(folder, origin or folder)
    if reason := files.unusable():
        raise InvalidInventory((Problem(str(folder), 0, 0, reason),))
    loading = Loading(files, environment, today, may_be_empty=may_be_empty)
    loading.check()
    errors = {error for remarks in files.remarks for error in remarks.errors}
    if errors:
        raise InvalidInventory(tuple(sorted(errors)))
    return Inventory(
        folder=folder,
        files=files.digests,
        settings=loading.settings,
        registers={name: units.register for name, units in loading.registers.items()},
        devices=tuple(draft.device for draft in loading.drafts if draft.device is not None),
        credentials=loading.credentials,
        profiles=loading.profiles,
        claims=tuple(entry.claim() for entry in loading.claims.claims),
        figures=loading.figures,
        windows=tuple(loading.maintenance.plans(loading.zone)),
        hours=loading.hours(),
        warnings=tuple(sorted(warning for remarks in files.remarks for warning in remarks.warnings)),
        register_files=loading.register_files,
    )
