"""profiles/*.yaml: those that come with netwatch and those of a configuration, and which a device gets.

The file's name is the profile's. One of the configuration replaces the packaged one of its name, also where
others extend it.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from netwatch.inventory.folder import parse
from netwatch.inventory.problem import InvalidInventory, Remarks
from netwatch.inventory.profile_file import ProfileFile
from netwatch.inventory.wording import did_you_mean, quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.model.profile import Profile

    Files = Mapping[str, tuple[ProfileFile, Remarks]]

GENERIC = "generic"
"""The profile of every device that no other matches; it is always there."""

DEEPEST = 8
"""Levels of profiles that extend one another."""

__all__ = ["GENERIC", "ProfileFile", "assembled", "check_prefixes", "packaged", "packaged_files", "select"]


def packaged_files() -> dict[str, tuple[ProfileFile, Remarks]]:
    """Return the files that come with netwatch. Raises InvalidInventory for a broken installation."""
    files = {}
    folder = resources.files("netwatch.inventory").joinpath("profiles")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            remarks = Remarks(f"netwatch/inventory/profiles/{file.name}")
            content = parse(file.read_bytes(), ProfileFile, remarks)
            if content is None or remarks.errors:
                raise InvalidInventory(tuple(remarks.errors))
            files[file.name.removesuffix(".yaml")] = content, remarks
    return files


def packaged() -> dict[str, Profile]:
    """Return the profiles that come with netwatch. Raises InvalidInventory for a broken installation."""
    files = packaged_files()
    profiles = assembled(files)
    errors = tuple(error for _, remarks in files.values() for error in remarks.errors)
    if errors:
        raise InvalidInventory(errors)
    return profiles


def assembled(files: Files, *, complete: bool = True) -> dict[str, Profile]:
    """Return the profiles of files with what they extend; what they extend in vain is remarked.

    `complete`: no file was unreadable, which may have been the one that another extends.
    """
    profiles: dict[str, Profile] = {}
    for name in files:
        _assemble(name, files, profiles, (), complete=complete)
    return profiles


def _assemble(
    name: str, files: Files, profiles: dict[str, Profile], below: tuple[str, ...], *, complete: bool
) -> Profile:
    """Return a profile, its parent first; `below` are those that extend it."""
    if name in profiles:
        return profiles[name]
    file, remarks = files[name]
    wanted = file.extends
    below = (*below, name)
    profile = file.profile(name)
    if wanted is None:
        pass
    elif wanted.text in below:
        _tell_circle(below[below.index(wanted.text) :], files)
    elif wanted.text not in files:
        if complete:
            hint = did_you_mean(wanted.text, files)
            remarks.error(wanted, f"there is no profile {quote(wanted.text)} to extend{hint}")
    elif len(below) > DEEPEST:
        remarks.error(wanted, f"profiles extend one another over more than {DEEPEST} levels: extend fewer")
    else:
        parent = _assemble(wanted.text, files, profiles, below, complete=complete)
        profile = file.extending(name, parent)
    profiles[name] = profile
    return profile


def _tell_circle(circle: tuple[str, ...], files: Files) -> None:
    """Remark a circle at each of its profiles: those that come with netwatch make none by themselves."""
    for place, name in enumerate(circle):
        file, remarks = files[name]
        way = " → ".join((*circle[place:], *circle[:place], name))
        remarks.error(file.place("extends"), f"profiles extend one another in a circle: {way}")


def check_prefixes(files: Files, profiles: Mapping[str, Profile]) -> None:
    """Remark files of the configuration whose prefixes another profile has."""
    for name, (content, remarks) in files.items():
        for other in profiles.values():
            for prefix in content.prefixes:
                if other.name != name and prefix in other.prefixes:
                    oid = ".".join(map(str, prefix))
                    remarks.error(
                        content.place("prefixes"),
                        f"prefix {oid} is that of profile {quote(other.name)} already: choose one",
                    )


def select(profiles: Mapping[str, Profile], wanted: str, sys_object_id: tuple[int, ...]) -> Profile:
    """Return a device's profile: the one it names, else the longest prefix of its sysObjectID, else generic.

    `wanted` is "auto" or a name in `profiles`; `sys_object_id` is () where the device tells none.
    """
    if wanted in profiles:
        return profiles[wanted]
    matching = (
        (len(prefix), profile)
        for profile in profiles.values()
        for prefix in profile.prefixes
        if sys_object_id[: len(prefix)] == prefix
    )
    return max(matching, key=lambda match: match[0], default=(0, profiles[GENERIC]))[1]
