"""A paper, a key and an objection on a real daemon: what was handed in survives its being killed."""

from __future__ import annotations

import json
import shutil
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from real import NETWATCH, ROOT, Programs, end, fetch, program, run_to_end, until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.system

SITE = """
sites:
  - unit: "12004"
    area: Văn Lâm
    devices: [{name: gw, address: 127.0.0.1, role: uplink}]
"""

CLAIMS = """
claims:
  - name: fibre
    kind: uplink
    statement: {vi: "Cáp quang đến mọi xã"}
    source: {document: a letter, date: 2025-07-01}
    declared: {ratio: 1.0}
    population: {register: hung-yen, as_of: 2025-07-01}
    criteria: [fibre]
"""


@dataclass
class Office:
    """A daemon, and the commands that people type beside it."""

    programs: Programs
    port: int

    def __post_init__(self) -> None:
        self.folder = self.programs.folder
        self.state = self.folder / "state"
        self.starts = 0

    def configure(self, public_key: str) -> None:
        config = self.folder / "config"
        (config / "sites").mkdir(parents=True)
        shutil.copytree(ROOT / "config" / "registers", config / "registers")
        (config / "sites" / "a.yaml").write_text(SITE, "utf-8")
        (config / "claims.yaml").write_text(CLAIMS, "utf-8")
        (config / "netwatch.yaml").write_text(
            f"registers: {{hung-yen: registers/hung-yen.csv}}\nattestors:\n  an: {public_key}\n", "utf-8"
        )

    def start(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        where = ("--config", str(self.folder / "config"), "--state", str(self.state), "--poller", "noc")
        listen = ("--listen", f"127.0.0.1:{self.port}")
        daemon = self.programs.start(f"netwatch-{self.starts}", [*NETWATCH, "run", *where, *listen])
        until(lambda: fetch(f"http://127.0.0.1:{self.port}/-/ready"), "netwatch is ready")
        return daemon

    def type(self, *words: str) -> str:
        """What a command prints that is not refused."""
        done = run_to_end([*NETWATCH, *words, "--state", str(self.state)])
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def listed(self, command: str) -> list[dict[str, Any]]:
        return list(json.loads(self.type(command, "list", "--json")))


def keygen(*words: str) -> None:
    done = run_to_end([program("ssh-keygen", "openssh-client"), *words])
    assert done.returncode == 0, done.stderr


def test_what_was_handed_in_survives(
    programs: Programs, free_port: Callable[[], int], tmp_path: Path
) -> None:
    office = Office(programs, free_port())
    key, statement = str(tmp_path / "key"), tmp_path / "statement.txt"
    keygen("-q", "-N", "", "-t", "ed25519", "-f", key)
    office.configure((tmp_path / "key.pub").read_text("utf-8").strip())
    scan, receipt = tmp_path / "biên bản.pdf", tmp_path / "biên nhận.txt"
    scan.write_bytes(b"%PDF-1.7\n" + bytes(100_000))
    daemon = office.start()

    paper = office.type("archive", str(scan), "--title", "Biên bản nghiệm thu", "--by", "VNPT")
    (digest,) = [line.split()[-1] for line in paper.splitlines() if line.startswith("SHA-256")]
    assert (office.state / "documents" / digest).read_bytes() == scan.read_bytes()
    asked = ("--criterion", "fibre", "--kind", "inspection", "--date", "2025-07-02", "--by", "Nguyễn Văn An")
    statement.write_text(
        office.type("attest", "statement", "xa nhu quynh", *asked, "--document", digest), "utf-8"
    )
    keygen("-Y", "sign", "-n", "netwatch-attestation", "-f", key, str(statement))
    signature = ("--signature", f"{statement}.sig")
    office.type("attest", "12004", *asked, "--document", digest, *signature)
    objection = ("fibre", "11953", "--by", "UBND phường", "--text", "đã có từ 2016")
    office.type("dispute", "open", *objection, "--receipt", str(receipt))
    before = office.listed("attest"), office.listed("dispute")
    (attested,), (disputed,) = before
    assert (attested["signer"], disputed["state"], disputed["unit"]) == ("an", "open", "11953")
    assert office.type("attest", "show", attested["name"]) == statement.read_text("utf-8")
    assert "kết luận / verdict     unmonitored\n" in receipt.read_text("utf-8")

    daemon.send_signal(signal.SIGKILL)
    daemon.wait()
    daemon = office.start()
    assert (office.listed("attest"), office.listed("dispute")) == before
    office.type("dispute", "open", *objection)
    office.type(
        "dispute", "answer", disputed["name"], "--by", "Sở KH&CN", "--text", "chưa thấy", "--rejected"
    )
    later, first = office.listed("dispute")
    assert (later["state"], later["name"][-4:]) == ("open", "0002")
    assert (first["state"], first["name"]) == ("rejected", disputed["name"])

    ledger = str(office.state / "ledger.db")
    checked = run_to_end([*NETWATCH, "dispute", "check", str(receipt), ledger])
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"is as the receipt says: dispute {disputed['name']}" in checked.stdout
    assert end(daemon) == 0
    verified = run_to_end([*NETWATCH, "verify", ledger])
    assert (verified.returncode, "noc: intact" in verified.stdout) == (0, True), verified.stdout
    assert "Traceback" not in programs.log("netwatch-1") + programs.log("netwatch-2")
