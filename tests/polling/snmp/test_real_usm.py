"""SNMPv3 against Debian's snmpd: what is read is what snmpbulkwalk reads as the same user."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
from real import end, pick_port, program, until

from netwatch.inventory.profiles import packaged
from netwatch.model.device import Credential, Device, Role
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.tuning import Tuning
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_walk import Scalars
from netwatch.protocols.usm_keys import DIGESTS, PRIVACY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from netwatch.model.observation import Observation

pytestmark = pytest.mark.system

AUTH = {name: "SHA" if name == "SHA-1" else name for name in DIGESTS}
PRIV = {name: "AES" if name == "AES-128" else name for name in PRIVACY}
"""Our names, and net-snmp's."""

PAIRS = [("", ""), *((auth, priv) for auth in AUTH for priv in ("", *PRIV))]
PASSPHRASES = ("authentication", "encryption")
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
NUMBERS = Columns(
    tuple(
        Column(name, (*IF_ENTRY, arc), syntax)
        for name, arc, syntax in (
            ("ifIndex", 1, "integer"),
            ("ifType", 3, "integer"),
            ("ifMtu", 4, "integer"),
            ("ifSpeed", 5, "gauge32"),
            ("ifAdminStatus", 7, "integer"),
        )
    )
)
TEXTS = Columns((Column("ifDescr", (*IF_ENTRY, 2), "text"),))
SYSTEM = tuple(
    Column(name, (1, 3, 6, 1, 2, 1, 1, arc), "text")
    for name, arc in (("sysDescr", 1), ("sysContact", 4), ("sysName", 5), ("sysLocation", 6))
)


def user(auth: str, priv: str) -> str:
    return f"u{auth}{priv}".replace("-", "")


def credential(auth: str, priv: str, /, **wrong: str) -> Credential:
    given = {"user": user(auth, priv), "auth": PASSPHRASES[0], "priv": PASSPHRASES[1]} | wrong
    return Credential(
        "real-v3",
        "3",
        user=given["user"],
        auth_protocol=auth,
        auth_passphrase=Secret(given["auth"]) if auth else None,
        priv_protocol=priv,
        priv_passphrase=Secret(given["priv"]) if priv else None,
    )


@contextlib.contextmanager
def snmpd(folder: Path, port: int) -> Iterator[None]:
    """Run snmpd until left; what it keeps between runs, its boots among it, stays in the folder."""
    lines = ["sysName real-agent", "sysLocation here", "sysContact noc@example"]
    for auth, priv in PAIRS:
        words = [user(auth, priv)]
        words += [AUTH[auth], PASSPHRASES[0]] if auth else []
        words += [PRIV[priv], PASSPHRASES[1]] if priv else []
        level = "priv" if priv else "auth" if auth else "noauth"
        lines += [f"createUser {' '.join(words)}", f"rouser {words[0]} {level}"]
    conf = folder / "snmpd.conf"
    conf.write_text("\n".join(lines) + "\n", "ascii")
    command = [program("snmpd", "snmpd"), "-f", "-Lo", "-C", "-c", str(conf), "-p", str(folder / "pid")]
    environment = {
        "SNMP_PERSISTENT_DIR": str(folder / "persistent"),
        "PATH": "/usr/sbin:/usr/bin",
        "MIBS": "",
    }
    with subprocess.Popen(
        [*command, f"udp:127.0.0.1:{port}"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            until(lambda: bulkwalk(port, "", "", "1.3.6.1.2.1.1.5"), "snmpd answers")
            yield
        finally:
            end(process)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    number = pick_port(socket.SOCK_DGRAM)
    with snmpd(tmp_path_factory.mktemp("snmpd"), number):
        yield number


def bulkwalk(port: int, auth: str, priv: str, oid: str) -> dict[str, str]:
    """What snmpbulkwalk prints below `oid`: what follows it in each name, and the value."""
    level = ["-l", "authPriv" if priv else "authNoPriv" if auth else "noAuthNoPriv"]
    level += ["-a", AUTH[auth], "-A", PASSPHRASES[0]] if auth else []
    level += ["-x", PRIV[priv], "-X", PASSPHRASES[1]] if priv else []
    asked = ["-v3", "-u", user(auth, priv), *level, "-Onqte", "-r1", "-t2", f"127.0.0.1:{port}", oid]
    done = subprocess.run(
        [program("snmpbulkwalk", "snmp"), *asked], capture_output=True, text=True, check=False, timeout=30
    )
    told = re.findall(rf"^\.{re.escape(oid)}\.(\S+) (.*)$", done.stdout, re.MULTILINE)
    return {index: value.strip('"') for index, value in told}


def device(port: int) -> Device:
    return Device(name="real", address="127.0.0.1", role=Role.SERVER, snmp="real-v3", snmp_port=port)


async def read(port: int, who: Credential) -> dict[str, dict[str, str]]:
    """Read the objects by our engine: by MIB name, what follows it and the value as it is printed."""
    engine = SnmpEngine(asyncio.get_running_loop(), SystemClock(), random.Random())
    conversation = Conversations(engine).open(device(port), who, "127.0.0.1", 20.0)
    try:
        found = {}
        for name, value in (await conversation.get(SYSTEM)).items():
            assert isinstance(value, bytes)
            found[name] = {"0": value.decode()}
        numbers = await conversation.walk(NUMBERS, Scalars(()), Tuning(10), expected=0)
        indices, columns = numbers.numbers()
        for column, values in zip(NUMBERS.columns, columns, strict=True):
            found[column.name] = {
                dotted(index): str(value) for index, value in zip(indices, values, strict=True)
            }
        texts = await conversation.walk(TEXTS, Scalars(()), Tuning(10), expected=0)
        found["ifDescr"] = {dotted(index): (row[0] or b"").decode() for index, row in texts.texts().items()}
        assert not engine.rejected
        return found
    finally:
        engine.close()


def dotted(index: bytes) -> str:
    return ".".join(map(str, arcs(index)))


@pytest.mark.parametrize(
    ("auth", "priv"), PAIRS, ids=[f"{auth or 'none'}-{priv or 'none'}" for auth, priv in PAIRS]
)
def test_every_value_is_what_snmpbulkwalk_reads(port: int, auth: str, priv: str) -> None:
    found = asyncio.run(read(port, credential(auth, priv)))
    assert found["sysName"] == {"0": "real-agent"}
    assert len(found["ifIndex"]) >= 1
    for column in (*SYSTEM, *NUMBERS.columns, *TEXTS.columns):
        oid = ".".join(map(str, column.oid))
        assert found[column.name] == bulkwalk(port, auth, priv, oid), column.name


async def polled(
    port: int, *credentials: Credential, between: Callable[[], None] = lambda: None
) -> list[Observation]:
    """Poll by one poller, once a credential."""
    engine = SnmpEngine(asyncio.get_running_loop(), SystemClock(), random.Random(), timeout=0.5)
    try:
        poller = DevicePoller(Conversations(engine), packaged())
        found = []
        for who in credentials:
            found.append(await poller.poll(device(port), who, "127.0.0.1"))
            between()
        return found
    finally:
        engine.close()


WRONG = {
    "user": (credential("SHA-1", "AES-128", user="nobody"), Outcome.REFUSED, "usmStatsUnknownUserNames"),
    "auth": (credential("SHA-1", "AES-128", auth="otherwise"), Outcome.REFUSED, "usmStatsWrongDigests"),
    "auth protocol": (
        credential("SHA-256", "AES-128", user=user("SHA-1", "AES-128")),
        Outcome.REFUSED,
        "usmStatsWrongDigests",
    ),
    "priv": (credential("SHA-1", "AES-128", priv="otherwise"), Outcome.TIMEOUT, "passphrase of priv"),
    "priv protocol": (
        credential("SHA-1", "AES-256-C", user=user("SHA-1", "AES-256")),
        Outcome.TIMEOUT,
        "passphrase of priv",
    ),
    "level": (
        credential("SHA-1", "AES-128", user=user("SHA-1", "")),
        Outcome.REFUSED,
        "usmStatsUnsupportedSecLevels",
    ),
    "lower level": (
        credential("SHA-1", "", user=user("SHA-1", "AES-128")),
        Outcome.REFUSED,
        "agent says authorizationError",
    ),
}


@pytest.mark.parametrize(("wrong", "outcome", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(port: int, wrong: Credential, outcome: Outcome, words: str) -> None:
    right = credential("SHA-1", "AES-128")
    first, second, third = asyncio.run(polled(port, wrong, right, wrong))
    assert (first.outcome, third.outcome) == (outcome, outcome)
    assert words in first.detail
    assert first.interfaces is None
    assert second.outcome is Outcome.ANSWERED


def test_an_agent_that_restarted_costs_no_poll(tmp_path: Path) -> None:
    port = pick_port(socket.SOCK_DGRAM)
    with contextlib.ExitStack() as agents:
        agents.enter_context(snmpd(tmp_path, port))

        def restart() -> None:
            agents.close()
            agents.enter_context(snmpd(tmp_path, port))

        for priv in ("", "AES-128"):
            who = credential("SHA-1", priv)
            found = asyncio.run(polled(port, who, who, who, between=restart))
            assert [each.outcome for each in found] == [Outcome.ANSWERED] * 3, found
