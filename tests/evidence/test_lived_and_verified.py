"""What was lived is what the ledger gives back: verified from its slots, and gone on from after a kill."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from lived import DEVICES, GOOD, LOST, NO_FILES, RULES, Clock, Life, live, read, weather

from netwatch.audit.verification import verify
from netwatch.evidence.hour import Hour
from netwatch.evidence.kinds import Started
from netwatch.evidence.reading import content
from netwatch.model.decision import CauseSettled, MinuteSettled, RunEnded, Subject

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", range(3))
def test_what_was_lived_verifies(tmp_path: Path, seed: int) -> None:
    life = Life(tmp_path, Clock())
    live(life, 2 * 3600 + 400, weather(seed))
    life.end()
    found = verify(read(tmp_path).entries())
    assert found.problem == ""
    assert (found.hours, found.minutes > 800, found.outages > 3) == (2, True, True)


@pytest.mark.parametrize("seed", range(10))
def test_a_killed_process_is_gone_on_from_and_nothing_is_told_twice(tmp_path: Path, seed: int) -> None:
    """Three kills at random moments, pauses of seconds to hours; at most ten seconds of slots are lost."""
    chance = random.Random(seed)
    sky, clock = weather(seed), Clock()
    told: list[Any] = []
    for _ in range(4):
        life = Life(tmp_path, clock)
        live(life, chance.randrange(40, 5000), sky)
        life.kill()
        told += [each for each in life.decisions if isinstance(each, RunEnded | CauseSettled | MinuteSettled)]
        clock.now += chance.choice([5, 45, 400, 9000])
    last = Life(tmp_path, clock)
    live(last, 3800, sky)
    last.end()
    found = verify(read(tmp_path).entries())
    assert found.problem == ""
    told += [each for each in last.decisions if isinstance(each, RunEnded | CauseSettled | MinuteSettled)]
    keys = [(type(each).__name__, each.subject, each.key, round(each.start)) for each in told]
    written = [content(entry) for entry in read(tmp_path).entries()]
    runs = [(each.subject, each.key, round(each.start)) for each in written if isinstance(each, RunEnded)]
    assert len(runs) == len(set(runs)), "no outage stands twice"
    assert keys


@pytest.mark.parametrize("killed", [False, True])
def test_a_dying_gasp_is_kept_and_found_again(tmp_path: Path, killed: bool) -> None:
    """The cause that follows from a trap is recomputed from the ledger, and survives a kill in between."""
    clock = Clock()
    life = Life(tmp_path, clock)
    good = dict.fromkeys(range(4), GOOD)
    live(life, 300, iter([(good, None)] * 300))
    life.gasp("gw-a")
    live(life, 60, iter([(good | {2: LOST}, None)] * 60))
    if killed:
        live(life, 20, iter([(good, None)] * 20))
        life.kill()
        life = Life(tmp_path, clock)
    live(life, 3600, iter([(good, None)] * 3600))
    life.end()
    settled = [each for each in contents(tmp_path) if isinstance(each, CauseSettled)]
    assert [(each.key, each.cause.value, each.facts[0].text) for each in settled] == [
        ("gw-a", "power", "said by a trap that it loses power (not signed)"),
        ("1", "power", "said by a trap that it loses power (not signed)"),
    ]
    assert verify(read(tmp_path).entries()).problem == ""


def contents(folder: Path) -> list[Any]:
    return [content(entry) for entry in read(folder).entries()]


@pytest.mark.parametrize("pause", [5, 45, 4000])
def test_other_rules_let_everything_begin_afresh_and_finish_what_the_old_ones_began(
    tmp_path: Path, pause: int
) -> None:
    """Two starts by the new rules, as the second must not go on from what the old ones left."""
    sky, clock = weather(7), Clock()
    others = replace(RULES, outage_after=RULES.outage_after + 30)
    for rules, seconds in ((RULES, 4700), (others, 700), (others, 5000)):
        life = Life(tmp_path, clock, rules)
        live(life, seconds, sky)
        life.kill()
        clock.now += pause
    Life(tmp_path, clock, others).end()
    assert verify(read(tmp_path).entries()).problem == ""
    said = contents(tmp_path)
    starts = [place for place, each in enumerate(said) if isinstance(each, Started)]
    assert any(isinstance(each, Hour) for each in said[: starts[1]][-5:]), "the old rules' hour stands before"
    runs = [(each.subject, each.key, round(each.start)) for each in said if isinstance(each, RunEnded)]
    assert len(runs) == len(set(runs))


def test_a_clock_that_was_set_back_lets_everything_begin_unknown(tmp_path: Path) -> None:
    sky, clock = weather(3), Clock()
    first = Life(tmp_path, clock)
    live(first, 4000, sky)
    first.kill()
    clock.now -= 1800
    second = Life(tmp_path, clock)
    live(second, 5000, sky)
    assert {unit.state for unit in second.hourly.judgement.units.values()} != {"unknown"}, "it judges at once"
    second.end()
    assert [each.until for each in contents(tmp_path) if isinstance(each, Started)] == [None, None]
    assert verify(read(tmp_path).entries()).problem == ""


def spoil(folder: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as database, database:
        assert database.execute(statement).rowcount == 1


def test_a_broken_piece_of_the_tail_is_left_out_and_the_rest_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sky, clock = weather(5), Clock()
    first = Life(tmp_path, clock)
    live(first, 600, sky)
    first.kill()
    spoil(tmp_path, "UPDATE tail SET body = x'00' WHERE piece = 20")
    second = Life(tmp_path, clock)
    assert "piece 20 is left out" in caplog.text
    live(second, 3600, sky)
    second.end()
    hours = [each for each in contents(tmp_path) if isinstance(each, Hour)]
    counts = {place: verdict.expected for place, verdict in hours[0].verdicts[Subject.LINE, "0"].items()}
    assert counts[1] == 60
    assert verify(read(tmp_path).entries()).problem == ""


def test_a_broken_hour_lets_everything_begin_unknown_and_verify_names_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sky, clock = weather(5), Clock()
    first = Life(tmp_path, clock)
    live(first, 4200, sky)
    first.kill()
    spoil(tmp_path, "UPDATE entries SET body = x'0102' WHERE kind = 'hour'")
    (seq,) = [entry.seq for entry in read(tmp_path).entries(kinds=("hour",))]
    second = Life(tmp_path, clock)
    assert "all begins unknown" in caplog.text
    live(second, 100, sky)
    second.end()
    assert second.writer.status.errors == 0, "numbers of pieces go on behind those that are there"
    assert verify(read(tmp_path).entries()).problem.startswith(f"entry {seq} of poller test (hour)")


ADDRESS = replace(DEVICES[2], address="198.18.1.77")
RELOADS = {
    "a device has another address": (*DEVICES[:2], ADDRESS, DEVICES[3]),
    "a device is gone, and its unit with it": DEVICES[:3],
    "one of two devices of a unit is gone": (*DEVICES[:3], replace(DEVICES[3], unit="1")),
    "what a device depends on is gone": (DEVICES[0], *DEVICES[2:]),
    "the reference of the path has another address": (
        replace(DEVICES[0], address="198.18.0.77"),
        *DEVICES[1:],
    ),
}


@pytest.mark.parametrize("changed", RELOADS)
@pytest.mark.parametrize("seed", range(2))
def test_what_was_measured_before_a_reload_is_in_the_ledger(tmp_path: Path, changed: str, seed: int) -> None:
    """Minutes that are not settled yet are judged by slots of lines that are gone: they must not be lost."""
    sky = weather(seed)
    life = Life(tmp_path, Clock(), devices=RELOADS["one of two devices of a unit is gone"])
    for devices in (RELOADS[changed], DEVICES, RELOADS[changed]):
        live(life, 1837, sky)
        life.configure(devices, NO_FILES)
    live(life, 3700, sky)
    life.end()
    found = verify(read(tmp_path).entries())
    assert found.problem == ""
    assert found.hours == 2
