"""One pass over a folder: each file by itself first, then what the files say of one another.

A file that cannot be read may have held anything. References to what it may define are then not judged, so
that one missing bracket is told as one error and not as a hundred dangling parents.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import PurePath
from typing import TYPE_CHECKING

from netwatch.inventory.assembly import AUTO, Assembler, Draft, SiteFile
from netwatch.inventory.claims import ClaimsFile, check_claims, warn_of_missing_predecessors
from netwatch.inventory.credentials import CredentialsFile, Secrets
from netwatch.inventory.doubts import warn_of_paths, warn_of_units
from netwatch.inventory.folder import CLAIMS, CREDENTIALS, HOLIDAYS, MAINTENANCE, SETTINGS
from netwatch.inventory.holidays import HolidaysFile, check_holidays
from netwatch.inventory.maintenance import MaintenanceFile, check_maintenance
from netwatch.inventory.measurements import read_measurements
from netwatch.inventory.names import Names
from netwatch.inventory.profiles import ProfileFile, assembled, check_prefixes, packaged_files
from netwatch.inventory.references import (
    References,
    check_addresses,
    check_names,
    check_parents,
    check_paths,
)
from netwatch.inventory.registers import MAX_BYTES, RegisterError, read_register
from netwatch.inventory.scope import HOME, Scope
from netwatch.inventory.services import check_services
from netwatch.inventory.settings import DEFAULT_PATH, SettingsFile, make_settings, no_such_file
from netwatch.inventory.sites import SitesFile
from netwatch.inventory.source import Spot, TooLarge, read_bytes
from netwatch.inventory.units import Units, administrative
from netwatch.inventory.words import name_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.inventory.folder import Folder
    from netwatch.inventory.hours import OfficeHours
    from netwatch.inventory.measurements import Row
    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.record import Record


class Loading:
    """Reads all files; `check` remarks what is wrong between them. Values count if nothing was remarked."""

    def __init__(
        self, folder: Folder, environment: Mapping[str, str], today: dt.date | None, *, may_be_empty: bool
    ) -> None:
        self._folder = folder
        self._may_be_empty = may_be_empty
        self._settings_file, self._remarks = folder.record(SETTINGS, SettingsFile)
        self._file = self._settings_file or SettingsFile(0, 0)
        self.settings = make_settings(self._file, self._remarks, environment, folder.origin)
        self.zone = zoneinfo.ZoneInfo(self.settings.timezone)
        self._today = today or dt.datetime.now(self.zone).date()
        self.registers = self._read_registers()
        self.register_files = {key.text: written.text for key, written in self._file.registers}
        self._read_credentials(environment)
        self._read_profiles()
        self._read_sites()
        claims, self._claim_remarks = folder.record(CLAIMS, ClaimsFile)
        self.claims = claims or ClaimsFile(0, 0)
        maintenance, self._maintenance_remarks = folder.record(MAINTENANCE, MaintenanceFile)
        self.maintenance = maintenance or MaintenanceFile(0, 0)
        holidays, self._holiday_remarks = folder.record(HOLIDAYS, HolidaysFile)
        self.holidays = holidays or HolidaysFile(0, 0)
        folder.warn_of_strays()

    def check(self) -> None:
        """Resolve what the files say of one another."""
        registers = _names("register", self._settings_file, "registers", SETTINGS)
        paths = _names("path", self._settings_file, "paths", SETTINGS, always=DEFAULT_PATH)
        self.drafts = self._assemble(registers, paths)
        devices = Names(
            "device",
            {draft.name.text for draft in self.drafts if draft.name},
            HOME,
            complete=self._all_sites_read,
        )
        check_names(self.drafts)
        check_addresses(self.drafts)
        check_parents(self.drafts, devices)
        check_paths(self._file, self._remarks, devices, self.drafts)
        check_services(self._file.services, self._remarks, paths)
        scope = self._scope(devices)
        check_maintenance(self.maintenance, self._maintenance_remarks, self.zone, scope, self._today)
        check_holidays(self.holidays, self._holiday_remarks, self._today)
        check_claims(self.claims, self._claim_remarks, self.registers, registers)
        self.figures = self._read_figures()
        warn_of_paths(self._file, self._remarks, self.settings, self.drafts)
        warn_of_units(self.drafts)
        warn_of_missing_predecessors(self.claims, self._claim_remarks, self.registers, self.drafts)

    def hours(self) -> OfficeHours:
        """Return the office hours."""
        return self.holidays.hours(self.zone, *self._file.hours.office)

    def _read_registers(self) -> dict[str, Units]:
        registers = {}
        for key, written in self._file.registers:
            path = self._folder.find(written.text)
            if not path.is_file():
                self._remarks.error(written, no_such_file(written.text))
                continue
            try:
                registers[key.text] = Units(read_register(path, key.text), self._today)
                self._note(written.text)
            except RegisterError as error:
                self._folder.about(written.text).error(Spot(error.line, error.column), error.message)
        return registers

    def _read_figures(self) -> dict[str, tuple[Row, ...]]:
        """Return the values of figures that files have, by claim."""
        found = {}
        for entry in self.claims.claims:
            measured = entry.measured if entry.complete else None
            if measured is None or (measured.csv and measured.query):
                continue
            if measured.query and self.settings.prometheus is None:
                self._claim_remarks.error(
                    measured.place("query"), "nobody is there to ask: set 'prometheus' in netwatch.yaml"
                )
            if measured.csv is None:
                continue
            path = self._folder.find(measured.csv.text)
            if not path.is_file():
                self._claim_remarks.error(measured.csv, no_such_file(measured.csv.text))
                continue
            share = entry.declared is None or entry.declared.count is None
            about = self._folder.about(measured.csv.text)
            found[entry.name.text] = read_measurements(path, about, share=share)
            self._note(measured.csv.text)
        return found

    def _note(self, written: str) -> None:
        """Count a CSV file among those of the folder, where it is one."""
        if PurePath(written).is_absolute() or ".." in PurePath(written).parts:
            return
        try:
            self._folder.note(PurePath(written), read_bytes(self._folder.path / written, MAX_BYTES))
        except (OSError, TooLarge):
            return  # Gone since it was read: then it is not kept as the last good.

    def _read_credentials(self, environment: Mapping[str, str]) -> None:
        file, remarks = self._folder.record(CREDENTIALS, CredentialsFile)
        self._credential_names = _names("credential", file, "credentials", CREDENTIALS)
        secrets = Secrets(self._folder, environment)
        good = () if file is None or remarks.errors else file.credentials
        self.credentials = {key.text: secrets.credential(key, entry, remarks) for key, entry in good}

    def _read_profiles(self) -> None:
        shipped = packaged_files()
        names = set(shipped)
        files: dict[str, tuple[ProfileFile, Remarks]] = {}
        complete = True
        for path in self._folder.listing("profiles"):
            file, remarks = self._folder.record(path, ProfileFile)
            stem = PurePath(path).stem
            self._check_profile_name(stem, remarks)
            names.add(stem)
            complete = complete and file is not None
            if file is not None:
                files[stem] = file, remarks
        # Those of the configuration come first: a circle through one is told at its own line.
        everything = {**files, **{name: entry for name, entry in shipped.items() if name not in files}}
        self.profiles = assembled(everything, complete=complete)
        check_prefixes(files, self.profiles)
        self._profile_names = Names("profile", names, "profiles/", complete=complete)

    def _check_profile_name(self, stem: str, remarks: Remarks) -> None:
        if stem == AUTO:
            remarks.error(None, "a profile cannot be called 'auto', which means to find one: rename the file")
        try:
            name_kind("a profile's name").parse(stem)
        except ValueError as error:
            remarks.error(None, f"{error} (the file's name is the profile's)")

    def _read_sites(self) -> None:
        self._site_files: list[SiteFile] = []
        self._all_sites_read = True
        paths = self._folder.listing("sites")
        for path in paths:
            file, remarks = self._folder.record(path, SitesFile)
            if file is not None:
                self._site_files.append(SiteFile(file, remarks))
            if file is None or not file.whole or not all(site.whole for site in file.sites):
                self._all_sites_read = False
        if not paths and not self._may_be_empty:
            self._folder.about().error(None, "no device is configured: write them into files sites/*.yaml")

    def _assemble(self, registers: Names, paths: Names) -> list[Draft]:
        references = References(paths, self._credential_names, self._profile_names)
        main, reason = self._main_register()
        assembler = Assembler(self.settings, self.registers, registers, main, reason)
        drafts: list[Draft] = []
        for file in self._site_files:
            references.check(file.content.defaults, file.remarks)
            drafts += assembler.drafts(file)
        for draft in drafts:
            references.check(draft.entry, draft.remarks)
        return drafts

    def _scope(self, devices: Names) -> Scope:
        """Return what an announced window can be about."""
        known = (draft.device.area for draft in self.drafts if draft.device and draft.device.area)
        named = self._file.names("registers") if self._settings_file else None
        return Scope(
            devices,
            Names("area", set(known), HOME, complete=self._all_sites_read),
            (units.register for units in self.registers.values()),
            self._today,
            complete=named is not None and len(named) == len(self.registers),
        )

    def _main_register(self) -> tuple[str, str]:
        """Return the register of files that name none; or "", and why (again "" where that is told)."""
        named = self._file.names("registers") or []
        if not named:
            told = "a unit needs a register: name its file under 'registers' in netwatch.yaml"
            return "", told if self._settings_file else ""
        if len(self.registers) < len(named):
            return "", ""
        main = [name for name, units in self.registers.items() if administrative(units.register)]
        if len(main) == 1:
            return main[0], ""
        names = ", ".join(named)
        return "", f"the unit may be of several registers: add a line 'register: …' to this file ({names})"


def _names(noun: str, file: Record | None, key: str, home: str, *, always: str = "") -> Names:
    """Return the names that a file defines in a table; `file` is None where it could not be read."""
    names = file.names(key) if file else None
    return Names(noun, [*(names or ()), *filter(None, [always])], home, complete=names is not None)
