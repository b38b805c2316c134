"""net-snmp's own senders: every kind, in every version, to a receiver on loopback."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.trap_engine import OwnEngine, start_again
from netwatch.polling.trap_intake import TrapIntake, Watched
from netwatch.polling.trap_socket import open_trap_socket
from netwatch.polling.trap_v3 import SignedIntake
from netwatch.polling.traps import TrapReceiver

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.model.notification import Notice

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("snmptrap") is None, reason="net-snmp's tools are not installed"),
]

TRAPS = "1.3.6.1.6.3.1.1.5"
ENGINE = "0x8000000001020304"
AUTH, PRIV = "authentication", "for privacy"

PLAIN = Credential("lab", "2c", Secret("public"))


def signed(level: str, auth: str = "", priv: str = "") -> Credential:
    return Credential(
        "v3",
        "3",
        user="noc",
        level=level,
        auth_protocol=auth,
        auth_passphrase=Secret(AUTH) if auth else None,
        priv_protocol=priv,
        priv_passphrase=Secret(PRIV) if priv else None,
    )


class Station:
    """A receiver that watches one device on loopback; `send` runs a program and returns its exit code."""

    def __init__(self, folder: Path, credential: Credential) -> None:
        self.notices: list[Notice] = []
        clock, randomness = SystemClock(), random.SystemRandom()
        self.engine = OwnEngine(start_again(folder / "state", randomness), clock, randomness)
        self.intake = TrapIntake(clock, self.notices.append, SignedIntake(self.engine))
        self.intake.use({"127.0.0.1": (Watched("gw", credential),)})
        self.socket = open_trap_socket("127.0.0.1", 0)
        self.receiver = TrapReceiver(asyncio.get_running_loop(), clock, (self.socket,), self.intake)
        self.receiver.start()
        self._environment = {
            "PATH": os.environ["PATH"],
            "SNMPCONFPATH": str(folder),
            "SNMP_PERSISTENT_DIR": str(folder / "net-snmp"),
            "MIBS": "",
        }

    async def send(self, program: str, *arguments: str, body: tuple[str, ...]) -> int:
        """Send `body` to the receiver; return once it is there, or the program gave up."""
        at = f"127.0.0.1:{self.socket.address[1]}"
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            at,
            *body,
            env=self._environment,
            stderr=asyncio.subprocess.DEVNULL,
        )
        code = await process.wait()
        for _ in range(200):
            if self.notices or self.intake.rejected:
                break
            await asyncio.sleep(0.01)
        return code

    @property
    def told(self) -> list[tuple[str, str, bool]]:
        return [(notice.kind.value, notice.detail, notice.authentic) for notice in self.notices]


def play(folder: Path, credential: Credential, *arguments: Any, body: tuple[str, ...]) -> tuple[Station, int]:
    async def run() -> tuple[Station, int]:
        station = Station(folder, credential)
        try:
            return station, await station.send(*arguments, body=body)
        finally:
            station.receiver.close()

    return asyncio.run(run())


OLD = {
    "cold start": (("1.3.6.1.4.1.9999", "", "0", "0", ""), "cold_start", "coldStart"),
    "warm start": (("1.3.6.1.4.1.9999", "", "1", "0", ""), "warm_start", "warmStart"),
    "link down": (
        ("1.3.6.1.4.1.9999", "", "2", "0", "", "1.3.6.1.2.1.2.2.1.2.3", "s", "ether3"),
        "link_down",
        "linkDown ether3",
    ),
    "link up": (
        ("1.3.6.1.4.1.9999", "", "3", "0", "", "1.3.6.1.2.1.2.2.1.1.3", "i", "3"),
        "link_up",
        "linkUp ifIndex 3",
    ),
    "authentication": (
        ("1.3.6.1.4.1.9999", "", "4", "0", ""),
        "authentication_failure",
        "authenticationFailure",
    ),
    "APC on battery": (("1.3.6.1.4.1.318", "", "6", "5", ""), "on_battery", "upsOnBattery"),
    "UPS-MIB": (("1.3.6.1.2.1.33.2", "", "6", "1", ""), "on_battery", "upsTrapOnBattery"),
    "unheard of": (("1.3.6.1.4.1.9999", "", "6", "42", ""), "other", "1.3.6.1.4.1.9999.0.42"),
}


@pytest.mark.parametrize("case", OLD)
def test_a_version_1_trap(tmp_path: Path, case: str) -> None:
    body, kind, detail = OLD[case]
    station, code = play(tmp_path, PLAIN, "snmptrap", "-v1", "-c", "public", body=body)
    assert (code, station.told) == (0, [(kind, detail, False)])


GASP = (
    "",
    "1.3.6.1.2.1.158.0.2",
    "1.3.6.1.2.1.158.1.6.1.4.3.1",
    "u",
    "257",
    "1.3.6.1.2.1.158.1.6.1.5.3.1",
    "i",
    "1",
)
LATER = {
    "cold start": (("", f"{TRAPS}.1"), "cold_start", "coldStart"),
    "link down": (
        ("", f"{TRAPS}.3", "1.3.6.1.2.1.31.1.1.1.1.3", "s", "ether3"),
        "link_down",
        "linkDown ether3",
    ),
    "dying gasp": (GASP, "dying_gasp", "dyingGaspEvent"),
    "UPS alarm": (
        ("", "1.3.6.1.2.1.33.2.3", "1.3.6.1.2.1.33.1.6.2.1.2.1", "o", "1.3.6.1.2.1.33.1.6.3.3"),
        "battery_low",
        "upsAlarmLowBattery came",
    ),
    "light": (
        ("", "1.3.6.1.4.1.3902.1082.30.40.3.1"),
        "light_alarm",
        "zxAnOptRxPwrUnderThreshAlm",
    ),
}


@pytest.mark.parametrize("program", [("snmptrap",), ("snmptrap", "-Ci"), ("snmpinform",)])
@pytest.mark.parametrize("case", LATER)
def test_a_version_2c_notification(tmp_path: Path, program: tuple[str, ...], case: str) -> None:
    """An inform that is not answered makes its sender fail."""
    body, kind, detail = LATER[case]
    station, code = play(tmp_path, PLAIN, *program, "-v2c", "-c", "public", "-r0", "-t5", body=body)
    assert (code, station.told) == (0, [(kind, detail, False)])


def test_an_inform_with_a_wrong_community_is_not_answered(tmp_path: Path) -> None:
    body = LATER["cold start"][0]
    station, code = play(tmp_path, PLAIN, "snmpinform", "-v2c", "-c", "no", "-r0", "-t1", body=body)
    assert (code, station.told, dict(station.intake.rejected)) == (1, [], {"wrong community": 1})


def user(level: str, auth: str = "", priv: str = "", *, name: str = "noc", password: str = AUTH) -> list[str]:
    """The arguments of net-snmp for a user."""
    told = ["-v3", "-u", name, "-l", level]
    told += ["-a", auth, "-A", password] if auth else []
    return told + (["-x", priv, "-X", PRIV] if priv else [])


LEVELS = [
    (("noAuthNoPriv",), ("noAuthNoPriv",), False),
    (("authNoPriv", "MD5"), ("authNoPriv", "MD5"), True),
    (("authNoPriv", "SHA-256"), ("authNoPriv", "SHA-256"), True),
    (("authPriv", "SHA-1", "DES"), ("authPriv", "SHA", "DES"), True),
    (("authPriv", "SHA-1", "AES-128"), ("authPriv", "SHA", "AES"), True),
    (("authPriv", "SHA-512", "AES-128"), ("authPriv", "SHA-512", "AES"), True),
]


@pytest.mark.parametrize("program", [("snmptrap", "-e", ENGINE), ("snmptrap", "-Ci"), ("snmpinform",)])
@pytest.mark.parametrize(("ours", "theirs", "authentic"), LEVELS, ids=str)
def test_a_version_3_notification(
    tmp_path: Path, program: tuple[str, ...], ours: Any, theirs: Any, authentic: bool
) -> None:
    """A trap is by the sender's engine; for an inform it asks for ours, its time, and our answer."""
    arguments = [*program, *user(*theirs), "-r0", "-t5"]
    station, code = play(tmp_path, signed(*ours), *arguments, body=LATER["link down"][0])
    assert (code, station.told) == (0, [("link_down", "linkDown ether3", authentic)])


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        (("authNoPriv", "SHA-1"), user("authNoPriv", "SHA", password="another one"), "wrong digest"),
        (("authNoPriv", "SHA-1"), user("authNoPriv", "MD5"), "wrong digest"),
        (("authNoPriv", "SHA-1"), user("noAuthNoPriv"), "wrong level"),
        (("authPriv", "SHA-1", "AES-128"), user("authNoPriv", "SHA"), "wrong level"),
        (("noAuthNoPriv",), user("noAuthNoPriv", name="nobody"), "unknown user"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("program", [("snmptrap", "-e", ENGINE), ("snmpinform",)])
def test_what_is_signed_otherwise_is_not_taken(
    tmp_path: Path, program: tuple[str, ...], ours: Any, theirs: list[str], reason: str
) -> None:
    body = LATER["link down"][0]
    station, code = play(tmp_path, signed(*ours), *program, *theirs, "-r0", "-t2", body=body)
    assert station.told == []
    assert set(station.intake.rejected) == {reason}
    assert (code != 0) == (program[0] == "snmpinform"), "whoever waits for an answer is told no"
