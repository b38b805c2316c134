"""The lab describes its province as a sysadmin would, and netwatch takes that description without a word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from netwatch.evidence.key_file import write_key
from netwatch.evidence.keys import SigningKey
from netwatch.inventory.load import load
from netwatch.inventory.profiles import packaged
from netwatch.inventory.registers import read_register
from netwatch.lab import loopback, wire
from netwatch.lab.agents.equipment import GATEWAY_OBJECT_ID, OLT_OBJECT_ID
from netwatch.lab.agents.mib import JNX_DOM_CURRENT_ENTRY, RX_LASER_POWER
from netwatch.lab.agents.olt import DESCRIPTION, NO_LIGHT, ONLINE, ONU_ENTRY, RECEIVED, STATUS
from netwatch.lab.configuration import Description, NotOursError, site_files, write
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import Plan, plan as lay_out
from netwatch.lab.plan.sites import Site, sites as sites_of, spread
from netwatch.lab.services.services import CA_FILE
from netwatch.model.observation import Measure

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 1, 1)
REGISTER = """# province: Hưng Yên
code,name,kind,district,valid_from,valid_to,predecessors,latitude,longitude,source
11986,Thị trấn Như Quỳnh,thị trấn,Huyện Văn Lâm,2017-10-01,2025-07-01,,,,
12001,Xã Tân Quang,xã,Huyện Văn Lâm,2017-10-01,2025-07-01,,,,
11992,Xã Lạc Đạo,xã,,2025-07-01,,12001,,,
12004,Xã Như Quỳnh,xã,,2025-07-01,,11986,,,
13225,Phường Thái Bình,phường,,2025-07-01,,12433,,,
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A configuration's folder with a register in it."""
    folder = tmp_path / "source"
    (folder / "registers").mkdir(parents=True)
    (folder / "registers" / "hung-yen.csv").write_text(REGISTER, encoding="utf-8")
    return folder


@pytest.fixture
def description(source: Path) -> Description:
    """Two of the register's three units, on the agents' usual port."""
    register = read_register(source / "registers" / "hung-yen.csv", "hung-yen")
    chosen = spread(sites_of(register, DAY), 2)
    return Description("hung-yen", chosen, lay_out(chosen, "Hưng Yên", BENCHMARK), 161, "127.0.0.1:9990")


def test_netwatch_finds_nothing_wrong_with_it(tmp_path: Path, source: Path, description: Description) -> None:
    write(tmp_path / "config", source, description)
    inventory = load(tmp_path / "config", {})
    assert inventory.warnings == ()
    assert inventory.settings.listen == ("127.0.0.1", 9990)
    paths = {name: (path.references, path.quorum) for name, path in inventory.settings.paths.items()}
    assert paths == {
        "default": (("noc-gateway",), 1),
        "vnpt": (("vnpt-handoff-a", "vnpt-handoff-b"), 1),
        "viettel": (("viettel-handoff-a", "viettel-handoff-b"), 1),
        "fpt": (("fpt-handoff-a", "fpt-handoff-b"), 1),
    }
    assert len(inventory.units(DAY)) == 3
    planned = {
        d.name: (d.address, d.role, d.unit, d.parents, d.area, d.via) for d in description.plan.devices
    }
    assert {
        d.name: (d.address, d.role, d.unit, d.parents, d.area, d.via) for d in inventory.devices
    } == planned


def test_devices_are_described_as_they_answer(tmp_path: Path, source: Path, description: Description) -> None:
    write(tmp_path / "config", source, description)
    inventory = load(tmp_path / "config", {})
    devices = {device.name: device for device in inventory.devices}
    gateway, reference = devices["gw-nhu-quynh"], devices["noc-gateway"]
    assert (gateway.snmp, gateway.expect, gateway.predecessor) == (
        "lab",
        (("sysName", "gw-nhu-quynh"),),
        "11986",
    )
    assert [(line.interface, line.medium, line.contracted) for line in gateway.uplinks] == [
        ("sfp1", "fibre", 100_000_000)
    ]
    assert reference.snmp is None
    community = inventory.credentials["lab"].community
    assert community is not None
    assert community.reveal() == "public"


@pytest.mark.parametrize(
    ("written", "listens"),
    [
        pytest.param("none", None, id="unless it is said"),
        pytest.param(wire.TRAPS, ("", wire.TRAP_PORT), id="in the namespace"),
        pytest.param("{}:{}".format(*loopback.TRAPS), ("127.18.0.1", 1162), id="on loopback"),
    ],
)
def test_netwatch_listens_where_devices_send_notifications(
    tmp_path: Path,
    source: Path,
    description: Description,
    written: str,
    listens: tuple[str, int] | None,
) -> None:
    write(tmp_path / "config", source, replace(description, traps=written))
    assert load(tmp_path / "config", {}).settings.traps == listens


def test_a_ups_is_asked_for_its_battery(large: Plan) -> None:
    """Nothing else tells a power cut from a reboot."""
    sites = tuple(site for branch in large.branches for site in branch.sites)
    files = site_files(Description("hung-yen", sites, large, 161, ""))
    devices = [d for file in files.values() for site in file["sites"] for d in site["devices"]]
    profiles = {
        d["role"]: d.get("profile", "auto") for d in devices if d["role"] in {"uplink", "switch", "ups"}
    }
    assert profiles == {"uplink": "auto", "switch": "auto", "ups": "ups-mib"}
    assert "upsOutputSource" in {metric.name for metric in packaged()["ups-mib"].scalars}


def test_there_is_a_file_for_each_area_and_one_for_the_backbone(sites: tuple[Site, ...], plan: Plan) -> None:
    files = site_files(Description("hung-yen", sites, plan, 16161, ""))
    units = {name: [site.get("unit") for site in file["sites"]] for name, file in files.items()}
    assert units == {"backbone": [None] * 3, "van-lam": ["12004", "11992"], "yen-my": ["12064"]}
    assert all(file["defaults"] == {"snmp": "lab", "snmp_port": 16161} for file in files.values())


def test_a_backup_is_an_uplink_with_an_address_of_its_own(large: Plan) -> None:
    sites = tuple(site for branch in large.branches for site in branch.sites)
    files = site_files(Description("hung-yen", sites, large, 161, ""))
    devices = {d["name"]: d for file in files.values() for site in file["sites"] for d in site["devices"]}
    assert devices["gw-tan-4"]["uplinks"][1] == {
        "interface": "lte1",
        "medium": "4g",
        "provider": "Viettel",
        "address": "198.18.16.36",
    }
    assert [len(devices[f"gw-tan-{i}"]["uplinks"]) for i in range(8)] == [1, 1, 1, 1, 2, 1, 2, 2]


def test_gateways_are_asked_what_any_router_is_and_their_light(
    tmp_path: Path, source: Path, description: Description
) -> None:
    write(tmp_path / "config", source, description)
    inventory = load(tmp_path / "config", {})
    generic, gateway = inventory.profiles["generic"], inventory.profiles["lab-gateway"]
    assert (gateway.identity, gateway.columns) == (generic.identity, generic.columns)
    assert gateway.prefixes == (GATEWAY_OBJECT_ID,)
    (light,) = gateway.light
    told = (light.received.metric.oid, light.received.unit)
    assert told == ((*JNX_DOM_CURRENT_ENTRY, RX_LASER_POWER), "0.01 dBm")


def test_olts_are_asked_for_their_onus(tmp_path: Path, source: Path, description: Description) -> None:
    write(tmp_path / "config", source, description)
    inventory = load(tmp_path / "config", {})
    olts = [device for device in inventory.devices if device.name.startswith("olt-")]
    assert [(olt.name, olt.profile, olt.unit) for olt in olts] == [("olt-viettel", "auto", "")]
    olt = inventory.profiles["lab-olt"]
    assert olt.prefixes == (OLT_OBJECT_ID,)
    (onus,) = olt.onus
    assert onus.online is not None
    assert onus.label is not None
    assert (onus.received.metric.oid, onus.received.unit, onus.received.absent) == (
        (*ONU_ENTRY, RECEIVED),
        "0.01 dBm",
        (NO_LIGHT,),
    )
    assert (onus.online.metric.oid, onus.online.yes) == ((*ONU_ENTRY, STATUS), (ONLINE,))
    assert onus.label.oid == (*ONU_ENTRY, DESCRIPTION)


def test_all_ports_of_switches_are_exported_and_their_processors_read(
    tmp_path: Path, source: Path, description: Description
) -> None:
    write(tmp_path / "config", source, description)
    switch = load(tmp_path / "config", {}).profiles["lab-switch"]
    assert switch.all_interfaces
    assert {each.measure for each in switch.sensors} >= {Measure.CPU, Measure.MEMORY}


def test_a_new_start_replaces_what_the_lab_wrote(
    tmp_path: Path, source: Path, description: Description
) -> None:
    write(tmp_path / "config", source, description)
    (tmp_path / "config" / "sites" / "stale.yaml").write_text("sites: []", encoding="utf-8")
    write(tmp_path / "config", source, description)
    assert not (tmp_path / "config" / "sites" / "stale.yaml").exists()


@pytest.mark.parametrize("files", [{}, {"netwatch.yaml": "listen: 127.0.0.1:9990\n"}])
def test_what_somebody_else_wrote_is_never_touched(
    tmp_path: Path, source: Path, description: Description, files: dict[str, str]
) -> None:
    mine = tmp_path / "config"
    mine.mkdir()
    for name, text in files.items():
        (mine / name).write_text(text, encoding="utf-8")
    with pytest.raises(NotOursError, match="choose another --state"):
        write(mine, source, description)
    assert {path.name: path.read_text(encoding="utf-8") for path in mine.iterdir()} == files


def test_services_are_described_with_the_authority_of_their_certificates(
    tmp_path: Path, source: Path, description: Description
) -> None:
    section = {"mot-cua": {"url": "https://127.0.0.1:4443/", "expect": "200..299", "ca_file": CA_FILE}}
    write(tmp_path / "config", source, replace(description, services=section, authority=b"PEM"))
    inventory = load(tmp_path / "config", {})
    assert inventory.warnings == ()
    (service,) = inventory.settings.services
    assert (service.name, service.host, service.port, service.expect) == (
        "mot-cua",
        "127.0.0.1",
        4443,
        (200, 299),
    )
    assert service.ca_file is not None
    assert service.ca_file.read_bytes() == b"PEM"


def test_heads_are_signed_by_a_key(tmp_path: Path, source: Path, description: Description) -> None:
    key = tmp_path / "key.pem"
    write_key(key, SigningKey.generate())
    write(tmp_path / "config", source, replace(description, anchor_key=key))
    inventory = load(tmp_path / "config", {})
    assert inventory.warnings == ()
    assert inventory.settings.anchors.key_file == key


def test_claims_and_registers_are_those_that_the_lab_was_given(
    tmp_path: Path, source: Path, description: Description
) -> None:
    (source / "claims.yaml").write_text("claims: []\n", encoding="utf-8")
    (source / "registers" / "organisations.csv").write_text(REGISTER, encoding="utf-8")
    write(tmp_path / "config", source, description)
    assert (tmp_path / "config" / "claims.yaml").read_text(encoding="utf-8") == "claims: []\n"
    settings = yaml.safe_load((tmp_path / "config" / "netwatch.yaml").read_text(encoding="utf-8"))
    assert list(settings["registers"]) == ["hung-yen", "organisations"], "that of the units is the main one"
