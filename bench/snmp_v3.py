"""What authPriv (SHA-1, AES-128) costs: one poll of a 52-port switch under SNMPv3 beside the same under 2c.

The switch is fakeswitch.c; in front of it stands a process that lets a user of either version in, and answers
the same PDUs to both, as the switch answered them first. Yardsticks in the same run: our own version 2c, and
pysnmp's asyncio API, which reads the same by bulk.
CPU time (user and system) of the process that asks, the median of five rounds.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import socket
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

import snmp
from pysnmp.hlapi.v3arch.asyncio import (
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine as PysnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_cmd,
    usmAesCfb128Protocol,
    usmHMACSHAAuthProtocol,
)
from report import Row, print_table

from netwatch.inventory.profiles import packaged
from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.conversation import Conversations
from netwatch.polling.interfaces import Plan
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.tuning import Tuning
from netwatch.protocols import ber, usm, usm_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.model.device import Device

ROUNDS = 5
DEVICES = 50  # polled at once in a round: the same switch by many names
TIMES = 6  # a round
ENGINE_ID = b"\x80\x00\x00\x00\x05bench"
USER = usm.user("bench", ("SHA-1", b"authentication"), ("AES-128", b"encryption"))
CREDENTIALS = {
    "v2c": Credential("v2c", "2c", Secret("public")),
    "authPriv": Credential(
        "v3",
        "3",
        user="bench",
        auth_protocol="SHA-1",
        auth_passphrase=Secret("authentication"),
        priv_protocol="AES-128",
        priv_passphrase=Secret("encryption"),
    ),
}
UNKNOWN_ENGINES = ber.encode_oid((1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0))
SWITCH = "127.1.0.1"


def serve(port: int, behind: int) -> None:
    """Let users in at `port`, and answer PDUs as a version 2c agent at `behind` does."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as front,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back,
    ):
        front.bind((SWITCH, port))
        back.connect((SWITCH, behind))
        keys, nobody = USER.at(ENGINE_ID), usm.user("").at(b"")
        envelopes = {who: usm.Envelope(who, ENGINE_ID, 1, 1000, reportable=False) for who in (keys, nobody)}
        answers: dict[bytes, tuple[bytes, bytes]] = {}

        def answer(pdu: bytes) -> bytes:
            _, at, stop = ber.header(pdu, 0, len(pdu))
            _, end = ber.expect(pdu, at, stop, ber.INTEGER)
            request_id, asked = pdu[at:end], pdu[:at] + pdu[end:]
            if asked not in answers:
                back.send(ber.encode(ber.SEQUENCE, b"\x02\x01\x01\x04\x06public" + pdu))
                first, _, last = back.recv(65535).partition(request_id)
                answers[asked] = first[first.index(b"public") + 6 :], last
            return request_id.join(answers[asked])

        print("ready", flush=True)
        for number in range(2**32):
            data, asker = front.recvfrom(65535)
            if not usm_message.is_version_3(data):
                told = answer(data[data.index(b"public") + 6 :])
                front.sendto(ber.encode(ber.SEQUENCE, b"\x02\x01\x01\x04\x06public" + told), asker)
                continue
            message = usm_message.split(data)
            if message.engine_id != ENGINE_ID:
                who, told = nobody, report()
            else:
                opened = keys.open(message)
                who, told = keys, answer(ber.encode(opened.pdu, opened.data[opened.start : opened.stop]))
            plain = usm.encode_scoped(ENGINE_ID, b"", told)
            front.sendto(who.seal(envelopes[who], message.msg_id, plain, number), asker)


def report() -> bytes:
    counter = ber.encode(ber.OBJECT_IDENTIFIER, UNKNOWN_ENGINES) + ber.encode_integer(1, 0x41)
    varbinds = ber.encode(ber.SEQUENCE, ber.encode(ber.SEQUENCE, counter))
    return ber.encode(0xA8, ber.encode_integer(0) * 3 + varbinds)


@contextlib.contextmanager
def fronted(behind: int) -> Iterator[int]:
    """Run :func:`serve` in a process of its own; yield its port."""
    port = snmp.free_port(socket.SOCK_DGRAM)
    command = [sys.executable, __file__, str(port), str(behind)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield port
        finally:
            process.terminate()


async def ours(port: int) -> dict[str, list[float]]:
    """CPU milliseconds a poll by version, one figure a round."""
    engine = SnmpEngine(asyncio.get_running_loop(), SystemClock(), random.Random())
    conversations = Conversations(engine)
    plan = Plan(packaged()["generic"])

    async def poll(one: Device, credential: Credential) -> None:
        conversation = conversations.open(one, credential, SWITCH, 10.0)
        tuning = Tuning(plan.columns.fitting())
        walk = await conversation.walk(plan.columns, plan.scalars, tuning, expected=snmp.PORTS)
        assert len(walk.numbers()[0]) == snmp.PORTS

    async def poll_all(name: str) -> None:
        devices = (snmp.device(number, port) for number in range(DEVICES))
        await asyncio.gather(*(poll(one, CREDENTIALS[name]) for one in devices))

    for name in CREDENTIALS:
        await poll_all(name)
    gc.collect()
    gc.freeze()
    spent: dict[str, list[float]] = {name: [] for name in CREDENTIALS}
    for _ in range(ROUNDS):
        for name in CREDENTIALS:
            began = snmp.cpu()
            for _ in range(TIMES):
                await poll_all(name)
            spent[name].append((snmp.cpu() - began) / TIMES / DEVICES * 1000)
    engine.close()
    assert not engine.rejected, engine.rejected
    return spent


async def theirs(port: int) -> list[float]:
    """CPU milliseconds that pysnmp takes for the same columns, one figure a round."""
    engine = PysnmpEngine()
    user = UsmUserData(
        "bench",
        "authentication",
        "encryption",
        authProtocol=usmHMACSHAAuthProtocol,
        privProtocol=usmAesCfb128Protocol,
    )
    target = await UdpTransportTarget.create((SWITCH, port), timeout=5)
    plan = Plan(packaged()["generic"])
    figures = []
    for _ in range(ROUNDS):
        began = snmp.cpu()
        names = [column.oid for column in plan.columns.columns]
        rows = 0
        while rows < snmp.PORTS:
            listed = [ObjectType(ObjectIdentity(name)) for name in names]
            error, status, _, found = await bulk_cmd(
                engine, user, target, ContextData(), 0, plan.columns.fitting(), *listed, lookupMib=False
            )
            assert not error, error
            assert not status, status
            rows += len(found) // len(names)
            names = [tuple(bind[0]) for bind in found[-len(names) :]]
        figures.append((snmp.cpu() - began) * 1000)
    engine.close_dispatcher()
    return figures


def measure() -> list[Row]:
    """Measure everything, each against its yardstick."""
    with snmp.switches() as behind, fronted(behind) as port:
        spent = asyncio.run(ours(port))
        plain, private = (statistics.median(spent[name]) for name in ("v2c", "authPriv"))
        other = statistics.median(asyncio.run(theirs(port)))
    return [
        Row("a walk under version 2c", f"{plain:.3f} ms", "", "", None),
        Row(
            "the same under authPriv, SHA-1 and AES-128",
            f"{private:.3f} ms",
            f"{private / plain:.2f} x",
            "<= 2 x",
            private <= 2 * plain,
        ),
        Row(
            "pysnmp's asyncio API",
            f"{private:.3f} ms",
            f"1/{other / private:.0f} of its {other:.0f} ms",
            "<= 1/40",
            private <= other / 40,
        ),
    ]


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(int(sys.argv[1]), int(sys.argv[2]))
    else:
        print_table("SNMPv3: the same, signed and encrypted", measure())
