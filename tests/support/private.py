"""A ledger that holds everything that is private, each of it marked so that it can be searched for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from lived import DEVICES, T0, Clock, Life, live, weather

from netwatch.evidence.kinds import Facts
from netwatch.model.device import Uplink
from netwatch.model.fact import FactKind
from netwatch.model.sign import Sign, SignKind
from netwatch.model.trace import Hop, Trace

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = (
    *("198.18.0.2", "198.18.0.3", "198.18.1.1", "198.18.1.2", "198.18.1.77"),
    *("uplink.of-van-lam.example", "VNPT-771-HY", "SN-4711", "sysname-of-gw-b", "sysname-of-another"),
    *("198.18.9.1", "198.18.9.2", "RouterOS 6.49", "198.18.4.4", "1a:2b:3c:4d:5e:6f", "community-name"),
)
"""What a public edition must not hold: addresses, circuits, names and numbers of boxes, hops, site files."""

OPEN = ("the claim's own words", "11953", "gw-b", "window of the holidays")
"""What it must hold all the same."""

UPLINKS = (
    Uplink("ether1", "fibre", "VNPT", "VNPT-771-HY", None, None),
    Uplink("lte1", "4g", "Viettel", "", None, "uplink.of-van-lam.example"),
)
PRIVATE = (
    *DEVICES[:3],
    replace(DEVICES[3], uplinks=UPLINKS, expect=(("serial", "SN-4711"), ("sysName", "sysname-of-gw-b"))),
)
MOVED = (*DEVICES[:2], replace(DEVICES[2], address="198.18.1.77"), PRIVATE[3])
"""Later gw-a has another address."""

FILES = {
    "netwatch.yaml": "snmp: community-name\n",
    "sites/van-lam.yaml": "devices: [{name: gw-b, address: 198.18.1.2, circuit: VNPT-771-HY}]\n",
    "claims.yaml": "statement: the claim's own words\n",
    "holidays.yaml": "# window of the holidays\n",
    "registers/hung-yen.csv": "code\n11953\n",
}


def inventory(folder: Path) -> Any:
    """A configuration as the archive reads it."""
    digests = {}
    for name, text in FILES.items():
        file = folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        digests[name] = hashlib.sha256(text.encode()).hexdigest()
    return SimpleNamespace(folder=folder / "config", files=digests, settings=SimpleNamespace(ledger=None))


def tell(life: Life) -> None:
    """What surveys, polls and traces told of gw-b."""
    now = life.clock.now
    rows = (
        (FactKind.IDENTITY, "serial", 1.0, "SN-4711", "serial"),
        (FactKind.IDENTITY, "sysName", 1.0, "sysname-of-gw-b", "sysName"),
        (FactKind.INSIDE_PROBE, "1/cong", 1.0, "answered, 3 s ago, asks 198.18.4.4", "pingResults"),
        (FactKind.INSIDE_PROBE, "ping-198.18.4.4", 0.0, "not answered", "pingResults"),
        (FactKind.HOSTS, "br 1a:2b:3c:4d:5e:6f", 12.0, "", "ipNetToMedia"),
        (FactKind.MEDIUM, "ether1", 26.0, "fibre", "ifMauType"),
        (FactKind.LIGHT, "ether1", -18.5, "lane of RouterOS 6.49.198.18.4.4", "light of profile x"),
    )
    life.chronicle.surveyed(Facts(now, "gw-b", rows))
    identity = Sign(now, "gw-b", SignKind.IDENTITY, now, "sysname-of-another instead of sysname-of-gw-b")
    port = Sign(now, "gw-b", SignKind.PORT_DOWN, now, "ether1")
    for sign in (identity, port):
        life.hourly.advance(sign)
        life.chronicle.take((sign,))
    hops = (Hop(1, "198.18.9.1", 0.001), Hop(2, "198.18.9.2", 0.004))
    life.chronicle.traced(Trace(now, "gw-b", "198.18.1.2", hops))
    life.chronicle.traced(Trace(now, "gw-b", "198.18.1.2", problem="no route to 198.18.9.1"))


def lived_shortly(folder: Path) -> None:
    """One hour and a little."""
    life = Life(folder, Clock(), devices=PRIVATE, inventory=inventory(folder))
    sky = weather(1)
    live(life, 600, sky)
    tell(life)
    live(life, 3400, sky)
    life.end()


def lived_privately(folder: Path, seed: int = 1) -> None:
    """More than three hours, a kill and a changed address among them."""
    clock, sky, files = Clock(), weather(seed), inventory(folder)
    first = Life(folder, clock, devices=PRIVATE, inventory=files)
    live(first, 1900, sky)
    tell(first)
    live(first, 1800, sky)
    first.configure(MOVED, files)
    live(first, 3700, sky)
    first.kill()
    clock.now += 20
    second = Life(folder, clock, devices=MOVED, inventory=files)
    tell(second)
    live(second, 4000, sky)
    second.end()
    assert clock.now > T0 + 3 * 3600
