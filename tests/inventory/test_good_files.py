"""What a good configuration comes to: every default filled in, every text as it was written."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.anchors import AnchorSettings
from netwatch.model.device import Device, ObservationPath, Role, StateRules, Uplink
from netwatch.model.secret import Secret
from netwatch.model.service import Scheme, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory


SITE = """
sites:
  - unit: "12004"
    devices:
      - name: gw
        address: 198.18.4.1
        role: uplink
"""


def device(inventory: Inventory, name: str = "gw") -> Device:
    return next(device for device in inventory.devices if device.name == name)


def test_settings_have_defaults(folder: Path, loaded: Callable[..., Inventory]) -> None:
    """Without netwatch.yaml the daemon runs all the same."""
    (folder / "netwatch.yaml").unlink()
    settings = loaded().settings
    assert settings.listen == ("127.0.0.1", 9990)
    assert settings.traps == ("", 1162), "on every address"
    assert (settings.echo_interval, settings.snmp_interval, settings.timeout) == (1.0, 60.0, 1.0)
    assert settings.rules == StateRules(down_after=5, up_after=3, outage_after=30.0, settle_after=90.0)
    assert settings.paths == {"default": ObservationPath("default", (), 0)}
    assert settings.ledger is None, "a file in the state folder"
    assert str(settings.state) == "/var/lib/netwatch"
    assert (settings.timezone, settings.language) == ("Asia/Ho_Chi_Minh", "vi")


def test_traps_are_listened_for_nowhere_where_that_is_written(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write("netwatch.yaml", "traps: none\n")
    assert loaded().settings.traps is None


def test_settings_as_written(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    write(
        "netwatch.yaml",
        "listen: '[::]:80'\ntraps: 127.0.0.1:2162\nintervals: {echo: 500ms, snmp: 5m, timeout: 2s}\n"
        "states: {down_after: 3, up_after: 2, outage_after: 1m, settle_after: 2m}\n"
        "paths: {vnpt: {references: [noc-gateway], quorum: 1}, radio: {}}\nledger: postgresql+psycopg://n:s3cret@db/n\n"
        "timezone: UTC\nlanguage: en\n",
    )
    inventory = loaded({"STATE_DIRECTORY": "/run/first:/run/second"})
    settings = inventory.settings
    assert settings.listen == ("::", 80)
    assert settings.traps == ("127.0.0.1", 2162)
    assert (settings.echo_interval, settings.snmp_interval, settings.timeout) == (0.5, 300.0, 2.0)
    assert settings.rules == StateRules(3, 2, 60.0, 120.0)
    assert settings.paths["vnpt"] == ObservationPath("vnpt", ("noc-gateway",), 1)
    assert settings.paths["radio"] == ObservationPath("radio", (), 0), "it can never be blind"
    assert str(settings.state) == "/run/first"
    assert "s3cret" not in repr(inventory)


def test_a_device_has_defaults(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    write("sites/a.yaml", SITE)
    assert device(loaded()) == Device(
        name="gw",
        unit="12004",
        register="hung-yen",
        area="Hưng Yên",
        predecessor="",
        address="198.18.4.1",
        role=Role.UPLINK,
        via="default",
        parents=(),
        snmp=None,
        snmp_port=161,
        profile="auto",
        expect=(),
        uplinks=(),
        echo=True,
        echo_interval=1.0,
        snmp_interval=60.0,
        all_interfaces=False,
        hours="24x7",
        since=None,
        until=None,
    )


def test_a_device_as_written(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    write(
        "sites/a.yaml",
        SITE.replace('unit: "12004"', 'unit: "12004"\n    predecessor: "11986"\n    area: Văn Lâm')
        + """
        via: default
        parents: [core]
        snmp: lab-v2c
        snmp_port: 1161
        profile: generic
        echo: false
        intervals: {echo: 30s, snmp: 30s}
        interfaces: all
        hours: office
        since: 2026-01-01
        until: 2027-01-01
        expect: {serial: "0417", sysName: gw, sysObjectID: 1.3.6.1.4.1.14988.1}
        uplinks:
          - {interface: ether1, medium: fibre, provider: VNPT, circuit: HYN-0417, contracted: 100M}
          - {medium: 4g, address: "2001:DB8::1"}
""",
    )
    found = device(loaded())
    assert (found.area, found.predecessor, found.parents) == ("Văn Lâm", "11986", ("core",))
    assert (found.snmp, found.snmp_port, found.profile, found.echo) == ("lab-v2c", 1161, "generic", False)
    assert (found.echo_interval, found.snmp_interval) == (30.0, 30.0)
    assert (found.all_interfaces, found.hours) == (True, "office")
    assert (found.since, found.until) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert found.expect == (("serial", "0417"), ("sysName", "gw"), ("sysObjectID", "1.3.6.1.4.1.14988.1"))
    assert found.uplinks == (
        Uplink("ether1", "fibre", "VNPT", "HYN-0417", 100_000_000, None),
        Uplink("", "4g", "", "", None, "2001:db8::1"),
    )


def test_a_device_goes_before_the_files_defaults_and_these_before_the_daemons(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write(
        "netwatch.yaml", "registers: {hung-yen: registers/hung-yen.csv}\nintervals: {echo: 2s, snmp: 30s}\n"
    )
    write(
        "sites/a.yaml",
        "defaults: {role: switch, snmp: lab-v2c, snmp_port: 1161, echo: false, area: A, "
        "intervals: {snmp: 5m}}\n"
        "sites:\n  - area: B\n    devices:\n"
        "      - {name: one, address: 198.18.4.1}\n"
        "      - {name: two, address: 198.18.4.2, role: ups, snmp: none, echo: true,"
        " intervals: {echo: 10s}}\n"
        '  - unit: "12004"\n    devices: [{name: three, address: 198.18.4.3, snmp_port: 161}]\n',
    )
    inventory = loaded()
    one, two, three = (device(inventory, name) for name in ("one", "two", "three"))
    assert (one.role, one.snmp, one.snmp_port, one.echo, one.area) == ("switch", "lab-v2c", 1161, False, "B")
    assert (one.echo_interval, one.snmp_interval) == (2.0, 300.0)
    assert (two.role, two.snmp, two.echo, two.echo_interval, two.snmp_interval) == (
        "ups",
        None,
        True,
        10.0,
        300.0,
    )
    assert (three.snmp_port, three.area, three.unit, one.unit) == (161, "A", "12004", "")


@pytest.mark.parametrize("word", ["no", "010", "12:30:45", "1e3", "2017-12-22", "0x1f", "=", "Yes"])
def test_text_stays_text(
    word: str, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """YAML's own guesses (no → false, 010 → 8, 12:30:45 → 45045) have no say."""
    write("sites/a.yaml", SITE + f"        uplinks: [{{circuit: {word}}}]\n")
    assert device(loaded()).uplinks[0].circuit == word


def test_text_is_nfc(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    """A name typed on a Mac equals the same name typed elsewhere."""
    decomposed = unicodedata.normalize("NFD", "Văn Lâm")
    write("sites/a.yaml", SITE.replace("    devices:", f"    area: {decomposed}\n    devices:"))
    assert device(loaded()).area == "Văn Lâm"


@pytest.mark.parametrize("form", ["\ufeff{}", "---\n{}", "{}\n...\n"])
def test_what_editors_add_is_harmless(
    form: str, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """A byte order mark, and the marks of a document's beginning and end."""
    write("sites/a.yaml", form.format(SITE.lstrip("\n")))
    assert device(loaded())


def test_lines_may_end_as_on_windows(folder: Path, loaded: Callable[..., Inventory]) -> None:
    (folder / "sites" / "a.yaml").write_bytes(SITE.replace("\n", "\r\n").encode())
    assert device(loaded())


def test_two_devices_may_share_an_address_with_a_port_each_or_a_path_each(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write("netwatch.yaml", "paths: {vnpt: {}}\n")
    write(
        "sites/a.yaml",
        "sites:\n  - area: x\n    devices:\n"
        "      - {name: a, address: 198.18.4.1, role: server}\n"
        "      - {name: b, address: 198.18.4.1, role: server, snmp_port: 1161}\n"
        "      - {name: c, address: 198.18.4.1, role: server, via: vnpt}\n",
    )
    assert len(loaded().devices) == 5


def test_a_unit_of_another_register(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """Organisations need no say in netwatch.yaml which register is the main one."""
    header = "code,name,kind,district,valid_from,valid_to,predecessors,latitude,longitude,source\n"
    write(
        "registers/organisations.csv",
        f"# province: Hưng Yên\n# example: true\n{header}so-tai-chinh,Sở Tài chính,sở,,2017-10-01,,,,,x\n",
    )
    write(
        "netwatch.yaml",
        "registers: {organisations: registers/organisations.csv, hung-yen: registers/hung-yen.csv}\n",
    )
    write("sites/a.yaml", SITE)
    write(
        "sites/b.yaml",
        "register: organisations\nsites:\n  - unit: so-tai-chinh\n"
        "    devices: [{name: gw-so, address: 198.18.6.1, role: uplink}]\n",
    )
    inventory = loaded()
    assert (device(inventory).register, device(inventory, "gw-so").register) == ("hung-yen", "organisations")
    assert [unit.code for unit in inventory.units(dt.date(2026, 10, 15))] == ["12004", "11995", "12103"]


@pytest.mark.parametrize("code", ["11986", "12001", "12433"])
def test_a_predecessor_of_the_unit(
    code: str, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """Also one that was another province's, which the register only names."""
    write("sites/a.yaml", SITE.replace("    devices:", f'    predecessor: "{code}"\n    devices:'))
    assert device(loaded()).predecessor == code


def test_devices_in_service(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    """`since` is the first day, `until` the first day no more."""
    write("sites/a.yaml", SITE + "        since: 2026-02-01\n        until: 2026-03-01\n")
    inventory = loaded()
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1)]
    assert [len(inventory.in_service(day)) for day in days] == [2, 3, 3, 2]


SECRETS = {
    "inline": ("community: s3cret", {}),
    "file": ("community_file: secret.txt", {}),
    "variable": ("community_env: COMMUNITY", {"COMMUNITY": "s3cret"}),
}


@pytest.mark.parametrize(("key", "environment"), SECRETS.values(), ids=SECRETS)
def test_a_secret_comes_from_where_it_is_and_hides(
    key: str,
    environment: dict[str, str],
    write: Callable[[str, str], None],
    loaded: Callable[..., Inventory],
) -> None:
    write("secret.txt", "s3cret\n")
    write("credentials.yaml", f"credentials: {{lab-v2c: {{version: 2c, {key}}}}}\n")
    inventory = loaded(environment)
    assert inventory.credentials["lab-v2c"].community == Secret("s3cret")
    assert "s3cret" not in repr(inventory)
    assert inventory.warnings == ()


UNUSABLE = {
    "no file": (
        "community_file: secret.txt",
        None,
        "the file 'secret.txt' cannot be read: No such file or directory",
    ),
    "empty file": (
        "community_file: secret.txt",
        "\n",
        "the file 'secret.txt' has 0 characters: 1 to 255 are needed",
    ),
    "two lines": (
        "community_file: secret.txt",
        "s3cret\nmore",
        "the file 'secret.txt' has characters that are not printable ASCII",
    ),
    "too long": (
        "community_file: secret.txt",
        "s3cret" * 1000,
        "the file 'secret.txt' exceeds 4096 bytes: it should hold the secret alone",
    ),
    "no variable": ("community_env: GONE", None, "the variable 'GONE' is not set in the environment"),
}


@pytest.mark.parametrize(("key", "content", "problem"), UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_secret_disables_only_its_own(
    key: str,
    content: str | None,
    problem: str,
    write: Callable[[str, str], None],
    loaded: Callable[..., Inventory],
) -> None:
    """The rest is watched all the same; a warning stands at the credential."""
    if content is not None:
        write("secret.txt", content)
    write(
        "credentials.yaml",
        f"credentials:\n  lab-v2c: {{version: 2c, {key}}}\n  b: {{version: 2c, community: x}}\n",
    )
    inventory = loaded()
    broken = inventory.credentials["lab-v2c"]
    assert (broken.problem, broken.community) == (problem, None)
    assert inventory.credentials["b"].problem == ""
    assert [str(each) for each in inventory.warnings] == [
        f"{inventory.folder}/credentials.yaml:2:3: credential 'lab-v2c' cannot be used: {problem}"
    ]


def test_a_user_of_version_3(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    write("noc.priv", "another s3cret")
    write(
        "credentials.yaml",
        "credentials:\n  lab-v2c: {version: 3, user: noc,"
        " auth: {protocol: SHA-256, passphrase: s3cret-s3cret},"
        " priv: {protocol: AES-128, passphrase_file: noc.priv}}\n",
    )
    credential = loaded().credentials["lab-v2c"]
    assert (credential.version, credential.user, credential.level) == ("3", "noc", "authPriv")
    assert (credential.auth_protocol, credential.auth_passphrase) == ("SHA-256", Secret("s3cret-s3cret"))
    assert (credential.priv_protocol, credential.priv_passphrase) == ("AES-128", Secret("another s3cret"))
    assert "s3cret" not in repr(credential)


NO_REFERENCES = (
    "path 'default' has no references: if it fails, 2 devices will be told as down instead of unknown; "
    "name devices with role reference"
)
NO_PREDECESSOR = (
    "1 unit with devices (12004) merged several of 2017-12-22: without 'predecessor' at a site, "
    "none of those is monitored for this claim"
)
WARNINGS = {
    "path without references": (
        {"netwatch.yaml": "paths: {default: {}}\n"},
        f"netwatch.yaml:1:9: {NO_REFERENCES}",
    ),
    "default path not configured": (
        {"netwatch.yaml": "language: vi\n"},
        f"netwatch.yaml: {NO_REFERENCES}",
    ),
    "unit without uplink": (
        {"sites/a.yaml": SITE.replace("uplink", "switch")},
        "sites/a.yaml:5:9: unit 12004 has devices, but none with role uplink: its state stays unknown",
    ),
    "uplink without unit": (
        {"sites/a.yaml": SITE.replace('unit: "12004"', "area: x")},
        "sites/a.yaml:5:9: device 'gw' is an uplink, but its site names no 'unit': it counts for none",
    ),
    "secret for all to read": (
        {
            "secret.txt": "s3cret",
            "credentials.yaml": "credentials: {lab-v2c: {version: 2c, community_file: secret.txt}}\n",
        },
        "credentials.yaml:1:54: everyone on this machine can read the secret in 'secret.txt': chmod o-r",
    ),
    "site file with another ending": (
        {"sites/b.yml": SITE},
        "sites/b.yml: is not read: rename it to end in .yaml",
    ),
    "misspelt file": (
        {"credential.yaml": "x"},
        "credential.yaml: is not read; did you mean 'credentials.yaml'?",
    ),
    "settings with another ending": (
        {"netwatch.yml": "x"},
        "netwatch.yml: is not read; did you mean 'netwatch.yaml'?",
    ),
    "claim of units that were merged": (
        {
            "sites/a.yaml": SITE,
            "claims.yaml": "claims:\n  - name: fibre\n    kind: uplink\n    statement: {en: Fibre for all}\n"
            "    source: {document: a letter, date: 2017-12-22}\n    declared: {ratio: 100%}\n"
            "    population: {register: hung-yen, as_of: 2017-12-22}\n    criteria: [fibre]\n",
        },
        f"claims.yaml:2:11: {NO_PREDECESSOR}",
    ),
}


@pytest.mark.parametrize(("files", "warning"), WARNINGS.values(), ids=WARNINGS)
def test_what_was_hardly_meant_is_warned_of(
    files: dict[str, str],
    warning: str,
    folder: Path,
    write: Callable[[str, str], None],
    loaded: Callable[..., Inventory],
) -> None:
    for name, text in files.items():
        write(name, text)
        (folder / name).chmod(0o644)
    assert [str(each).replace(f"{folder}/", "") for each in loaded().warnings] == [warning]


def test_a_claim_as_written(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    write(
        "claims.yaml",
        f"""
claims:
  - name: quality
    kind: uplink
    statement: {{vi: Chất lượng, en: Quality}}
    source: {{document: a letter, date: 2025-07-01, sha256: {"ab" * 32}}}
    declared: {{ratio: 99.5%}}
    population: {{register: hung-yen, as_of: 2025-07-01, kinds: [xã]}}
    criteria: [reachable, quality]
    class: high
    period: month
    minimum: 0.5
    limits: {{availability: 99.5%, loss: 0.02, rtt: 50ms}}
""",
    )
    (claim,) = loaded().claims
    assert (claim.name, claim.kind, claim.declared, claim.period) == ("quality", "uplink", 0.995, "month")
    assert claim.statement == (("vi", "Chất lượng"), ("en", "Quality"))
    assert (claim.source.date, claim.source.sha256) == (dt.date(2025, 7, 1), "ab" * 32)
    assert (claim.population.register, claim.population.kinds) == ("hung-yen", ("xã",))
    assert (claim.minimum, claim.limits.availability, claim.limits.loss, claim.limits.rtt) == (
        0.5,
        0.995,
        0.02,
        0.05,
    )
    assert claim.class_ == "high"


def test_a_claim_is_of_the_standard_class_unless_it_says_otherwise(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write(
        "claims.yaml",
        "claims:\n  - {name: mail, kind: figure, statement: {en: Mail for all},"
        " source: {document: a letter, date: 2017-12-22}, declared: {ratio: 75%}}\n",
    )
    assert [claim.class_ for claim in loaded().claims] == ["standard"]


def test_every_file_that_was_read_is_known_by_its_digest(loaded: Callable[..., Inventory]) -> None:
    """What was checked can be kept, exactly."""
    files = loaded().files
    assert sorted(files) == ["credentials.yaml", "netwatch.yaml", "registers/hung-yen.csv", "sites/noc.yaml"]
    assert all(len(checked) == 64 for checked in files.values())


@pytest.mark.parametrize("protocol", ["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"])
def test_a_user_of_version_3_with_a_context(
    protocol: str, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write(
        "credentials.yaml",
        "credentials:\n  lab-v2c:\n    {version: 3, user: noc, context: vlan-7,\n"
        "     auth: {protocol: SHA-256, passphrase: maplesyrup},\n"
        f"     priv: {{protocol: {protocol}, passphrase: sugarmaple}}}}\n",
    )
    inventory = loaded()
    found = inventory.credentials["lab-v2c"]
    assert (found.user, found.level, found.context) == ("noc", "authPriv", "vlan-7")
    assert (found.auth_protocol, found.priv_protocol) == ("SHA-256", protocol)
    assert "sugarmaple" not in repr(inventory)


def test_anchors_have_defaults(loaded: Callable[..., Inventory]) -> None:
    assert loaded().settings.anchors == AnchorSettings()
    handed = loaded({"CREDENTIALS_DIRECTORY": "/run/credentials/x"}).settings.anchors
    assert handed == AnchorSettings(credential=Path("/run/credentials/x/anchor-key"))


def test_anchors_as_written(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """Paths are relative to the configuration; a file that is not there keeps nobody from starting."""
    write(
        "netwatch.yaml",
        "anchors:\n  folder: /srv/anchors\n  key_file: anchor.pem\n"
        "  authority: http://tsa.example.org/tsr\n  authority_certificates: ca.pem\n"
        "  send: [https://a.example.org/heads?from=noc, 'http://[2001:db8::1]:8080']\n",
    )
    write("ca.pem", "certificates are read when they are needed")
    inventory = loaded()
    assert inventory.settings.anchors == AnchorSettings(
        folder=Path("/srv/anchors"),
        key_file=folder / "anchor.pem",
        authority="http://tsa.example.org/tsr",
        authority_certificates=folder / "ca.pem",
        send=("https://a.example.org/heads?from=noc", "http://[2001:db8::1]:8080"),
    )
    assert [
        str(warning).rpartition("/")[2] for warning in inventory.warnings if "anchor.pem" in str(warning)
    ] == ["netwatch.yaml:3:13: the file 'anchor.pem' cannot be used: No such file or directory"]


def test_services_as_written(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """A file that is not there keeps nobody from starting."""
    write(
        "netwatch.yaml",
        "registers: {hung-yen: registers/hung-yen.csv}\n"
        "paths: {default: {references: [noc-gateway]}, vnpt: {references: [noc-gateway]}}\n"
        "services:\n"
        "  cổng-thông-tin: {url: 'HTTPS://Portal.Example.?trang=1', every: 5m, timeout: 30s, expect: 401, "
        "ca_file: ca.pem, via: vnpt}\n"
        "  by-address: {url: 'http://[2001:DB8:0::1]:8080/tin-t%E1%BB%A9c'}\n"
        "  thu-dien-tu: {url: 'tls://mail.example:993'}\n"
        "  ssh: {url: 'tcp://198.18.0.1:22/'}\n",
    )
    inventory = loaded()
    assert inventory.settings.services == (
        Service(
            "cổng-thông-tin",
            Scheme.HTTPS,
            "portal.example",
            443,
            "/?trang=1",
            interval=300.0,
            timeout=30.0,
            expect=(401, 401),
            ca_file=folder / "ca.pem",
            via="vnpt",
        ),
        Service("by-address", Scheme.HTTP, "2001:db8::1", 8080, "/tin-t%E1%BB%A9c"),
        Service("thu-dien-tu", Scheme.TLS, "mail.example", 993),
        Service("ssh", Scheme.TCP, "198.18.0.1", 22),
    )
    assert [str(warning).rpartition("/")[2] for warning in inventory.warnings] == [
        "netwatch.yaml:4:107: the file 'ca.pem' cannot be used: No such file or directory"
    ]
