"""The configuration that describes the simulated province, written as a sysadmin would have written it.

With it, `netwatch run` and `netwatch check` work on the province as on any other. Registers, claims and
profiles are those of the configuration that the lab was given; sites, credentials and settings are made, and
profiles for gateways, OLTs and switches are added, which tell where light, ONUs, processor and memory stand.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from netwatch.lab.agents.equipment import COMMUNITY
from netwatch.lab.plan.layout import BACKUP_INTERFACE, REFERENCE_NAME
from netwatch.lab.plan.names import slugs
from netwatch.lab.services.services import CA_FILE
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from netwatch.lab.plan.layout import Office, Plan, SimulatedDevice
    from netwatch.lab.plan.sites import Site

MARK = "# Written by `netwatch lab`, which writes it anew at each start."
CREDENTIAL = "lab"
LAB_PROFILES = ("lab-gateway.yaml", "lab-olt.yaml", "lab-switch.yaml")
UPS_PROFILE = "ups-mib"  # said of each UPS, as its sysObjectID says only that it is the lab's
COPIED = ("claims.yaml", "registers", "profiles")


class NotOursError(Exception):
    """The folder holds a configuration that the lab did not write; the message says so."""


@dataclass(frozen=True, slots=True)
class Description:
    """What there is to write of a province."""

    register: str  # the name of the register that the units are of
    sites: Sequence[Site]
    plan: Plan
    snmp_port: int
    listen: str  # ADDRESS:PORT of the daemon's web server, "" for its default
    traps: str = "none"  # where it listens for notifications
    services: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # the section `services:`
    authority: bytes = b""  # in PEM, what their certificates are verified by
    anchor_key: Path | None = None  # signs daily heads


def write(folder: Path, source: Path, description: Description) -> None:
    """Write the configuration into `folder`, with what is not the lab's copied from the one in `source`.

    What the lab wrote there before is replaced. Raises `NotOursError` where somebody else wrote it.
    """
    _clear(folder)
    (folder / "sites").mkdir(parents=True)
    for name in COPIED:
        _copy(source / name, folder / name)
    (folder / "profiles").mkdir(exist_ok=True)
    for profile in LAB_PROFILES:
        text = (resources.files("netwatch.lab") / "profiles" / profile).read_text("utf-8")
        (folder / "profiles" / profile).write_text(text, "utf-8")
    registers = sorted(path.stem for path in (folder / "registers").glob("*.csv"))
    _dump(folder / "netwatch.yaml", settings_file(folder, registers, description))
    credential = {"version": "2c", "community": COMMUNITY.decode()}
    if description.services:
        (folder / CA_FILE).write_bytes(description.authority)
    _dump(folder / "credentials.yaml", {"credentials": {CREDENTIAL: credential}})
    for name, content in site_files(description).items():
        _dump(folder / "sites" / f"{name}.yaml", content)


def settings_file(folder: Path, registers: Iterable[str], description: Description) -> dict[str, Any]:
    """Return the content of netwatch.yaml; the register of the units comes first, as the main one."""
    listen = {"listen": description.listen} if description.listen else {}
    key = description.anchor_key
    names = dict.fromkeys((description.register, *registers))
    return {
        **listen,
        "traps": description.traps,
        "paths": {
            "default": {"references": [REFERENCE_NAME], "quorum": 1},
            **{
                path: {"references": list(names), "quorum": 1}
                for path, names in description.plan.hand_offs.items()
            },
        },
        **({"services": dict(description.services)} if description.services else {}),
        **({"anchors": {"key_file": str(key.absolute())}} if key else {}),
        "ledger": f"sqlite:///{folder.parent.absolute() / 'state' / 'ledger.db'}",
        "registers": {name: f"registers/{name}.csv" for name in names},
    }


def site_files(description: Description) -> dict[str, dict[str, Any]]:
    """Return the content of the site files by name: one an area, and `backbone` for what is no unit's."""
    by_unit: dict[str, list[dict[str, Any]]] = {}
    by_area: dict[str, list[dict[str, Any]]] = {}
    backbone: dict[str, list[dict[str, Any]]] = {}
    offices = {office.gateway: office for office in description.plan.offices}
    for device in description.plan.devices:
        group = by_unit.setdefault(device.unit, []) if device.unit else backbone.setdefault(device.area, [])
        group.append(_device(device, offices.get(device.name)))
    for site in description.sites:
        predecessor = {"predecessor": site.predecessor} if site.predecessor else {}
        written = {"unit": site.unit.code, "area": site.area, **predecessor}
        by_area.setdefault(site.area, []).append({**written, "devices": by_unit[site.unit.code]})
    files = {
        "backbone": [{"area": area, "devices": devices} for area, devices in backbone.items()],
        **dict(zip(slugs(by_area), by_area.values(), strict=True)),
    }
    defaults = {"snmp": CREDENTIAL, "snmp_port": description.snmp_port}
    return {
        name: {"register": description.register, "defaults": dict(defaults), "sites": sites}
        for name, sites in files.items()
    }


def _device(device: SimulatedDevice, office: Office | None) -> dict[str, Any]:
    """Return what a site file says of a device; `office` is that of a gateway."""
    written: dict[str, Any] = {"name": device.name, "address": device.address, "role": str(device.role)}
    if device.via != "default":
        written["via"] = device.via
    if device.parents:
        written["parents"] = list(device.parents)
    if device.ports:
        written["expect"] = {"sysName": device.name}
    else:
        written["snmp"] = "none"
    if device.role is Role.UPS:
        written["profile"] = UPS_PROFILE
    if office:
        written["uplinks"] = _uplinks(office)
    return written


def _uplinks(office: Office) -> list[dict[str, Any]]:
    fibre = {
        "interface": office.port,
        "medium": "fibre",
        "provider": office.carrier.provider,
        "circuit": f"LAB-{office.unit}",
        "contracted": "100M",
    }
    backup = {
        "interface": BACKUP_INTERFACE,
        "medium": "4g",
        "provider": office.carrier.provider,
        "address": office.backup,
    }
    return [fibre, backup] if office.backup else [fibre]


def _dump(path: Path, content: dict[str, Any]) -> None:
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(f"{MARK}\n{text}", encoding="utf-8")


def _clear(folder: Path) -> None:
    """Remove what the lab wrote into `folder` before."""
    if not folder.exists():
        return
    settings = folder / "netwatch.yaml"
    if not settings.is_file() or not settings.read_text(encoding="utf-8").startswith(MARK):
        raise NotOursError(f"{folder} is there and was not written by the lab: choose another --state")
    shutil.rmtree(folder)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.is_file():
        shutil.copy(source, target)
