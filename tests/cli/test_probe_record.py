"""A recording is a new file for its owner's eyes, whole or not there, and tells what it left out."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real import pick_port, program
from snmpsim.record.snmprec import SnmprecRecord

from netwatch.cli import probe_record
from netwatch.cli.main import main
from netwatch.model.device import Credential
from netwatch.model.profile import IdentitySource, Metric, Profile
from netwatch.model.secret import Secret
from netwatch.polling.recorder import Recording
from netwatch.polling.scrub import Scrubbed
from netwatch.protocols import ber
from netwatch.protocols.snmp_dump import Row

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_file_appears_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "sw.snmprec"
    file = probe_record.NewFile(path)
    assert not path.exists()
    file.write(["a", "b"])
    file.close()
    assert path.read_text() == "a\nb\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_was_not_written_leaves_nothing_behind(tmp_path: Path) -> None:
    probe_record.NewFile(tmp_path / "sw.snmprec").close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    """Neither one that was there before, nor one that came meanwhile, nor a link that leads nowhere."""
    path = tmp_path / "sw.snmprec"
    file = probe_record.NewFile(path)
    path.write_text("precious")
    with pytest.raises(FileExistsError):
        file.write(["a"])
    file.close()
    assert path.read_text() == "precious"
    with pytest.raises(FileExistsError):
        probe_record.NewFile(path)
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        probe_record.NewFile(path)


def test_a_folder_that_is_not_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written: No such file or directory"):
        probe_record.NewFile(tmp_path / "gone" / "sw.snmprec")


def test_every_secret_of_every_credential_is_kept_out() -> None:
    """Not only of the one in use: a device may know others of them."""
    credentials = [
        Credential("a", "2c", Secret("one")),
        Credential("b", "3", user="two", auth_passphrase=Secret("three"), priv_passphrase=Secret("four")),
        Credential("c", "2c", problem="the variable X is not set"),
    ]
    assert probe_record.secrets_of(credentials) == ["one", "three", "four", "two"]


def test_profiles_tell_where_serial_numbers_stand() -> None:
    serial = Metric("boxSerial", (1, 3, 6, 1, 4, 1, 9999, 1), "text", "")
    model = Metric("boxModel", (1, 3, 6, 1, 4, 1, 9999, 2), "text", "")
    box = (IdentitySource("model", model), IdentitySource("serial", serial), IdentitySource("serial", None))
    profile = Profile("acme", "", (), (), (), (), all_interfaces=False, box=box)
    assert probe_record.serial_objects([profile]) == [serial.oid]


def test_what_was_left_out_is_told_by_count() -> None:
    row = Row((1, 3, 6), ber.NULL, b"")
    recording = Recording(
        [row] * 3, ["1.3.6.1.4.1: cut off after 1.3.6.1.4.1.9: no answer"], Counter(oid=1), 2
    )
    clean = Scrubbed([row], Counter({"tables of processes and commands": 2}), Counter(names=4))
    assert probe_record.tell(recording, clean, Path("sw.snmprec")) == [
        "recorded  1 objects in sw.snmprec, 2 answers",
        "missing   1.3.6.1.4.1: cut off after 1.3.6.1.4.1.9: no answer",
        "refused   1 values: oid",
        "left out  2 objects: tables of processes and commands",
        "replaced  4 times: names",
        probe_record.SHOW_BEFORE_SENDING,
    ]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["gw", "--record", "{new}"], "--record asks by SNMP: say which credential with --snmp NAME"),
        (
            ["sw", "--snmp", "bad", "--record", "{new}"],
            "credential bad cannot be used: the variable 'NETWATCH_NOT_SET' is not set in the environment",
        ),
        (["sw", "--record", "{old}"], "stands there already: choose another name, or delete it"),
        (["sw", "--anonymous"], "--anonymous and --oid belong to --record FILE"),
        (["sw", "--oid", "1.3.6"], "--anonymous and --oid belong to --record FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_recording_that_cannot_be_is_told_before_anything_is_asked(
    folder: Path, tmp_path: Path, argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old").touch()
    with (folder / "credentials.yaml").open("a") as file:
        file.write("  bad: {version: 2c, community_env: NETWATCH_NOT_SET}\n")
    filled = [each.format(new=tmp_path / "new", old=tmp_path / "old") for each in argv]
    assert main(["probe", *filled, "--config", str(folder)]) == 1
    told = capsys.readouterr()
    assert told.err.endswith(f"{said}\n")
    assert told.out == ""


@pytest.mark.parametrize(
    "text", ["", "1", "1..3", "3.1", "1.40", "1.3.4294967296", "1.3.a", "1.3.-1", "1.3.²"]
)
def test_a_subtree_that_is_none_is_refused(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["probe", "sw", "--record", "x", f"--oid={text}", "--config", str(folder)])
    assert end.value.code == 2
    assert "is not a subtree" in capsys.readouterr().err


COMMUNITY = "Ky0tuXanh"
USER = "kiemtra"


@pytest.fixture
def agent(folder: Path, tmp_path: Path) -> Iterator[int]:
    """Start snmpd with a community that it also gives away where it should not; yield its port."""
    port = pick_port(socket.SOCK_DGRAM)
    conf = tmp_path / "snmpd.conf"
    conf.write_text(
        f"rocommunity {COMMUNITY} 127.0.0.1\nsysName real-agent\nsysLocation here, {COMMUNITY}\n"
        f"createUser {USER} SHA {COMMUNITY} AES {COMMUNITY}\nrouser {USER} authPriv\n"
        f"sysContact {USER}@example.org\n",
        encoding="ascii",
    )
    command = [program("snmpd", "snmpd"), "-f", "-Lo", "-C", "-c", str(conf), "-p", str(tmp_path / "pid")]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(tmp_path / "persistent"), "MIBS": ""}
    (folder / "credentials.yaml").write_text(
        f"credentials:\n  lab: {{version: 2c, community: {COMMUNITY}}}\n"
        f"  user: {{version: 3, user: {USER}, auth: {{protocol: SHA-1, passphrase: {COMMUNITY}}}, "
        f"priv: {{protocol: AES-128, passphrase: {COMMUNITY}}}}}\n"
    )
    with subprocess.Popen(
        [*command, f"udp:127.0.0.1:{port}"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            for _ in range(100):
                if snmpwalk(port, "1.3.6.1.2.1.1.3"):
                    break
                time.sleep(0.05)
            else:
                pytest.fail("snmpd does not answer")
            yield port
        finally:
            process.terminate()


def snmpwalk(port: int, root: str) -> dict[str, str]:
    """What snmpwalk -On prints below `root`: names, and values in hexadecimal or as numbers."""
    asked = ["-v2c", "-c", COMMUNITY, "-On", "-Oqtex", "-r0", "-t5", f"127.0.0.1:{port}", root]
    done = subprocess.run([program("snmpwalk", "snmp"), *asked], capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.replace(" \n", "\n").splitlines() if line]
    found: dict[str, str] = {}
    for line in lines:
        if line.startswith(f".{root}."):
            name, _, value = line[1:].partition(" ")
            found[name] = value
        elif found:
            found[list(found)[-1]] += " " + line
    return {name: value.strip().strip('"').strip() for name, value in found.items()}


def read_back(path: Path) -> dict[str, str]:
    """The recording as snmpsim reads it, values as snmpwalk prints them."""
    record = SnmprecRecord()
    found = {}
    for line in path.read_bytes().splitlines(keepends=True):
        name, tag, text = record.grammar.parse(line)
        _, _, value = record.evaluate_value(name, tag, text)
        if tag.rstrip("x") == "4":
            found[name] = bytes(value).hex(" ").upper()
        elif tag.rstrip("x") == "6":
            found[name] = "." + ".".join(map(str, value))
        else:
            found[name] = value.prettyPrint()
    return found


SUBTREES = ("1.3.6.1.2.1.1.9", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.25.3", "1.3.6.1.4.1.8072.1.2")


@pytest.mark.system
def test_a_recording_of_a_real_agent_is_what_snmpwalk_prints(
    agent: int, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "real.snmprec"
    ask = ["probe", "127.0.0.1", "--snmp", "lab", "--port", str(agent), "--config", str(folder)]
    subtrees = [part for root in (*SUBTREES, "1.3.6.1.2.1.1") for part in ("--oid", root)]
    status = main([*ask, "--record", str(path), *subtrees])
    told = capsys.readouterr()
    assert status == 0, told
    assert COMMUNITY not in told.out + told.err
    assert COMMUNITY.encode() not in path.read_bytes()
    assert COMMUNITY.encode().hex() not in path.read_text()
    assert "left out  2 objects: values that hold a secret in use" in told.out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    recorded = read_back(path)
    assert "1.3.6.1.2.1.1.6.0" not in recorded
    assert bytes.fromhex(recorded["1.3.6.1.2.1.1.5.0"]) == b"real-agent"
    for root in SUBTREES:
        expected = snmpwalk(agent, root)
        assert expected, root
        found = {name: value for name, value in recorded.items() if name.startswith(f"{root}.")}
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            assert same(found[name], value), (name, found[name], value)
    assert main([*ask, "--record", str(path)]) == 1


def same(recorded: str, printed: str) -> bool:
    """Whether a value is what snmpwalk printed, octets of which are hexadecimal."""
    return recorded == printed or recorded.replace(" ", "") == printed.replace(" ", "").upper()


@pytest.mark.system
def test_a_recording_under_version_3_holds_the_same_and_not_the_user(
    agent: int, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "three.snmprec"
    ask = ["probe", "127.0.0.1", "--snmp", "user", "--port", str(agent), "--config", str(folder)]
    assert main([*ask, "--record", str(path), "--oid", "1.3.6.1.2.1.1"]) == 0, capsys.readouterr()
    assert "left out  2 objects: values that hold a secret in use" in capsys.readouterr().out
    recorded = read_back(path)
    assert bytes.fromhex(recorded["1.3.6.1.2.1.1.5.0"]) == b"real-agent"
    expected = snmpwalk(agent, SUBTREES[0])
    assert {name: same(recorded[name], value) for name, value in expected.items()} == dict.fromkeys(
        expected, True
    )
    assert USER not in path.read_text()
    assert USER.encode().hex() not in path.read_text()


@pytest.mark.system
def test_ctrl_c_keeps_what_was_had(agent: int, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "part.snmprec"
    command = [sys.executable, "-m", "netwatch", "probe", "127.0.0.1", "--snmp", "lab", "--port", str(agent)]
    with subprocess.Popen(
        [*command, "--config", str(folder), "--record", str(path), "--anonymous"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in range(600):
            if list(tmp_path.glob(".part.snmprec.*")):
                break
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert "missing   broken off with Ctrl-C" in out
    assert read_back(path)
    assert not list(tmp_path.glob(".part.snmprec.*"))
    assert "real-agent" not in path.read_text()


@pytest.mark.system
def test_json_of_a_real_agent_is_one_object(
    agent: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["probe", "127.0.0.1", "--snmp", "lab", "--port", str(agent), "--config", str(folder), "--json"]
    assert main(ask) == 0
    out = capsys.readouterr().out
    system = json.loads(out)["snmp"]["system"]
    assert (system["sys_name"], system["sys_location"]) == ("real-agent", "here, ******")
    assert COMMUNITY not in out
