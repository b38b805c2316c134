"""On a real daemon: a signed paper verifies a unit, a dispute makes it undetermined, an answer ends that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from real import NETWATCH, ROOT, Programs, fetch, run_to_end, until

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.system

SITE = 'sites:\n  - unit: "12004"\n    devices: [{name: gw, address: 127.0.0.1, role: uplink}]\n'
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


def test_a_dispute_holds_a_verdict_open(programs: Programs, free_port: Callable[[], int]) -> None:
    config, state = programs.folder / "config", programs.folder / "state"
    (config / "sites").mkdir(parents=True)
    (config / "registers").mkdir()
    register = ROOT / "config" / "registers" / "hung-yen.csv"
    (config / "registers" / register.name).write_bytes(register.read_bytes())
    (config / "netwatch.yaml").write_text("registers: {hung-yen: registers/hung-yen.csv}\n", "utf-8")
    (config / "sites" / "a.yaml").write_text(SITE, "utf-8")
    (config / "claims.yaml").write_text(CLAIMS, "utf-8")
    scan = programs.folder / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7")
    url = f"http://127.0.0.1:{free_port()}"
    where = ("--config", str(config), "--state", str(state), "--listen", url.removeprefix("http://"))
    programs.start("netwatch", [*NETWATCH, "run", *where])
    until(lambda: fetch(f"{url}/-/ready"), "netwatch is ready")

    def typed(*words: str) -> None:
        done = run_to_end([*NETWATCH, *words, "--by", "An", "--text", "…", "--state", str(state)])
        assert done.returncode == 0, done.stderr

    def verdict() -> str:
        answer = json.loads(fetch(f"{url}/api/v1/claims"))
        (claim,) = answer["claims"] if isinstance(answer, dict) else answer
        return str(claim["unit_verdicts"]["12004"])

    until(lambda: verdict() == "undetermined", "nothing shows fibre yet")
    paper = ("--criterion", "fibre", "--kind", "acceptance", "--date", "2025-07-02", "--document", str(scan))
    typed("attest", "12004", *paper)
    until(lambda: verdict() == "verified", "the paper counts")
    typed("dispute", "open", "fibre", "12004")
    until(lambda: verdict() == "undetermined", "the dispute holds it open")
    listed = run_to_end([*NETWATCH, "dispute", "list", "--json", "--state", str(state)])
    typed("dispute", "answer", json.loads(listed.stdout)[0]["name"], "--rejected")
    until(lambda: verdict() == "verified", "the answer ends it")
