"""What profiles find in recordings: exactly what is written down, of each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.profiles import packaged
from netwatch.model.outcome import Outcome
from netwatch.protocols import ber, snmp
from tests.support import recording, replay, told
from tools import recordings

if TYPE_CHECKING:
    from netwatch.model.profile import Profile

PROFILES: dict[str, Profile] = packaged()
PATHS = {
    name.rpartition("/")[2]: path for name, path in recordings.every().items() if name in recordings.TESTED
}
PATHS |= recordings.own()


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_recording_tells_exactly_what_is_expected(name: str) -> None:
    played = recording.read(PATHS[name], replay.asked(PROFILES.values()))
    first, second = replay.polls(played, PROFILES)
    assert first.outcome is second.outcome is Outcome.ANSWERED
    assert played.bad == 0
    assert told.lines(first) == (recordings.EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


def test_every_profile_has_a_recording() -> None:
    tested = {
        path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("profile ")
        for path in recordings.EXPECTED.glob("*.txt")
    }
    assert tested == PROFILES.keys() - {"generic"}


def test_nothing_is_expected_of_a_recording_that_is_not_played() -> None:
    assert {path.stem for path in recordings.EXPECTED.glob("*.txt")} == PATHS.keys()


@pytest.mark.system
def test_every_recording_replays_and_the_table_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.recordings", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr


LINES = b"""\
# a remark
1.3.6.1.2.1.1.5.0|4|a switch
1.3.6.1.2.1.1.1.0|4x|00ff
no line at all
1.3.6.1.2.1.2.1.0|2|many
1.3.6.1.2.1.1.5.0|4|said again
.1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9
1.3.6.1.2.1.4.20.1.1.1|64|192.0.2.1
1.3.6.1.2.1.4.20.1.1.2|64x|c0000202
1.3.6.1.4.1.1.1.0|2:numeric|min=3,max=9,initial=5
1.3.6.1.4.1.1.2.0|4:writecache|value=a name
1.3.6.1.4.1.1.3.0|4e|tab\\tstop
1.3.6.1.4.1.1.4.0|4x|0g
"""


def test_a_recording_is_put_in_order_and_bad_lines_are_counted() -> None:
    found = recording.parse(LINES)
    assert found.bad == 3
    assert found.names == sorted(found.names)
    assert found.get((1, 3, 6, 1, 2, 1, 1, 5, 0)) == ber.encode(ber.OCTET_STRING, b"a switch")
    assert found.get((1, 3, 6, 1, 2, 1, 9)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ((1, 3, 6, 1, 2, 1, 1, 1, 0), b"\x04\x02\x00\xff"),
        ((1, 3, 6, 1, 2, 1, 1, 2, 0), b"\x06\x06\x2b\x06\x01\x04\x01\x09"),
        ((1, 3, 6, 1, 2, 1, 4, 20, 1, 1, 1), b"\x40\x04\xc0\x00\x02\x01"),
        ((1, 3, 6, 1, 2, 1, 4, 20, 1, 1, 2), b"\x40\x04\xc0\x00\x02\x02"),
        ((1, 3, 6, 1, 4, 1, 1, 1, 0), b"\x02\x01\x05"),
        ((1, 3, 6, 1, 4, 1, 1, 2, 0), b"\x04\x06a name"),
        ((1, 3, 6, 1, 4, 1, 1, 3, 0), b"\x04\x08tab\tstop"),
    ],
)
def test_values_are_encoded_as_their_tags_say(name: tuple[int, ...], value: bytes) -> None:
    assert recording.parse(LINES).get(name) == value


@pytest.mark.parametrize(
    ("within", "names"),
    [
        ([(1, 3, 6, 1, 2, 1, 1)], 3),
        ([(1, 3, 6, 1, 2, 1, 1, 5)], 1),
        ([(1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 4, 1, 1)], 6),
        ([(1, 3, 6, 1, 4, 1, 1), (1, 3, 6, 1, 4, 1, 1, 2)], 3),
    ],
)
def test_only_the_subtrees_that_are_asked_for_are_read(within: list[tuple[int, ...]], names: int) -> None:
    assert len(recording.parse(LINES, within).names) == names


def test_an_agent_of_a_hundred_thousand_rows_walks_them_by_getbulk() -> None:
    rows = "".join(f"1.3.6.1.4.1.1.{number}|2|{number}\n" for number in range(100_000))
    agent = recording.Agent(recording.parse(rows.encode()))
    cursor = ber.encode_oid((1, 3, 6, 1, 4, 1, 1, 99_950))
    request = snmp.encode_request(
        b"public", snmp.GETBULK, 0x0080_0001, snmp.encode_varbind(cursor), repetitions=100
    )
    answer = agent.answer(request, 0.0)
    assert answer is not None
    response = snmp.decode_response(answer)
    at, tags = response.start, []
    while at < response.stop:
        _, tag, _, at = snmp.varbind(answer, at, response.stop)
        tags.append(tag)
    assert tags == [ber.INTEGER] * 49 + [snmp.END_OF_MIB_VIEW]


def test_an_agent_keeps_silent_to_a_wrong_community() -> None:
    agent = recording.Agent(recording.parse(LINES))
    request = snmp.encode_request(
        b"other", snmp.GET, 0x0080_0001, snmp.encode_varbind(ber.encode_oid((1, 3, 6)))
    )
    assert agent.answer(request, 0.0) is None
