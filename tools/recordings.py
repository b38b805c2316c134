"""Polls every recording of snmpsim-data with the real engine, and writes down what was recognised.

    python -m tools.recordings               # writes docs/recordings.md and tests/recordings/expected/
    python -m tools.recordings --check       # fails where the committed files differ
    python -m tools.recordings --check --few # only what the profiles are tested on; leaves the table alone

Development only: the recordings are in the `dev` extra.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from netwatch.inventory.profiles import packaged
from netwatch.model.observation import Measure
from tests.support import recording, replay, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.model.observation import Observation

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "recordings.md"
OWN = ROOT / "tests" / "recordings"
EXPECTED = OWN / "expected"

TESTED = (
    "UPS/apc-8641",
    "UPS/eaton-93e-80",
    "UPS/eaton-9px-partial",
    "UPS/phoenixtec-power",
    "cloud/arista-dcs-7150s-52-cl",
    "network/router/huawei-s5720",
    "network/router/juniper-mx960-16-1r6-7-a",
    "network/router/ruijie-n18010",
    "network/switch/bdcom-s5612",
    "network/switch/brocade-icx6430-24",
    "network/switch/cisco-c3560",
    "network/switch/cisco-c3750",
    "network/switch/cisco-n5000",
    "network/switch/dlink-des3200",
    "network/switch/h3c-comware-7-1-075",
    "network/switch/hpe-procurve-516733-b21",
    "network/switch/huawei-s12704",
    "network/switch/ruijie-s5750-24gt12sfp",
    "network/switch/zte-zxr10-5250",
    "network/wifi/aruba-7210",
    "os/linux/unknown-006",
)
"""The recordings that profiles are tested on with the exact values expected."""

HEADER = """\
# Recordings of real devices, and what is recognised of each

Made by `python -m tools.recordings`; do not edit by hand. Each recording of PyPI `snmpsim-data` 1.0.1 (BSD-2-Clause,
development only) is polled twice by the real engine in virtual time, with all packaged profiles. Sensors: CPU, memory,
temperature, fans, power supplies. Light: lanes that receive some / that are told of. Refused: values not taken.

`network/router/juniper-mx960-12-3r6-6` tells 7 to 19 dBm of received light, with thresholds to match, which no optic
of its kind can receive: what JUNOS 12.3 says of it there is not to be believed, and what is above 10 dBm is refused.
`UPS/huawei-gse200m` is a UPS that answers with the sysObjectID of net-snmp: which profile it needs cannot be told from
that, and has to be named in the site's file.

| recording | sysObjectID | profile | vendor | model | serial | interfaces | CPU/mem/temp/fan/PSU | light | PoE | mains | ONUs | refused |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""  # noqa: E501 - a row of a table is one line


class Played(NamedTuple):
    """What became of one recording."""

    name: str
    row: str
    lines: str


def every() -> dict[str, Path]:
    """Return the recordings of snmpsim-data by their name: the path below its data, without what packs it."""
    data = Path(str(resources.files("snmpsim_data"))) / "data"
    return {
        str(path.relative_to(data)).split(".snmprec")[0]: path for path in sorted(data.rglob("*.snmprec*"))
    }


def own() -> dict[str, Path]:
    """Return the recordings that we wrote ourselves."""
    return {path.stem: path for path in sorted(OWN.glob("*.snmprec"))}


def play(named: tuple[str, Path]) -> Played:
    """Poll a recording twice. Raises AssertionError where the two polls do not tell the same."""
    name, path = named
    profiles = packaged()
    what = recording.read(path, replay.asked(profiles.values()))
    first, second = replay.polls(what, profiles)
    if first.outcome is not second.outcome:
        raise AssertionError(f"{name}: {first.outcome} {first.detail}, then {second.outcome} {second.detail}")
    return Played(name, _row(name, first, what.bad), told.lines(first))


def _row(name: str, found: Observation, bad: int) -> str:
    sensors = Counter(reading.measure for reading in found.readings or ())
    counts = "/".join(
        str(sensors[Measure(m)]) for m in ("cpu", "memory", "temperature", "fan", "power_supply")
    )
    lit = sum(light.received is not None for light in found.light)
    box = found.identity
    cells = (
        name,
        ".".join(map(str, found.system.sys_object_id)) if found.system else found.outcome.value,
        found.profile,
        box.vendor if box else "",
        (box.model if box else "").replace("|", "/"),
        "yes" if box and box.serial else "",
        str(len(found.interfaces.rows)) if found.interfaces else "",
        counts if sensors else "",
        f"{lit}/{len(found.light)}" if found.light else "",
        str(sensors[Measure.POE_AVAILABLE] or ""),
        "yes" if found.mains else "",
        str(len(found.onus)) if found.onus else "",
        ", ".join(f"{reason} {count}" for reason, count in found.refused)
        + (f"; bad lines {bad}" if bad else ""),
    )
    return "| " + " | ".join(cells) + " |"


def written(*, few: bool) -> Iterator[tuple[Path, str]]:
    """Give every generated file with its content."""
    recorded = every()
    chosen = {name: path for name, path in recorded.items() if not few or name in TESTED}
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        played = pool.map(play, [*chosen.items(), *own().items()], chunksize=1)
    if not few:
        rows = "\n".join(each.row for each in played if each.name in recorded)
        yield TABLE, f"{HEADER}{rows}\n"
    for each in played:
        if each.name in TESTED or each.name not in recorded:
            yield EXPECTED / f"{each.name.rpartition('/')[2]}.txt", each.lines


def main() -> int:
    """Write the files, or compare them with what stands there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail where a committed file differs")
    parser.add_argument("--few", action="store_true", help="only what the profiles are tested on")
    options = parser.parse_args()
    differing = []
    for path, content in written(few=options.few):
        if options.check:
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                differing.append(str(path.relative_to(ROOT)))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    if differing:
        print("differ: " + ", ".join(differing) + "; run python -m tools.recordings", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
