"""`/metrics`: what a real judgement decided, as prometheus-client reads it."""

from __future__ import annotations

import datetime as dt
import math
from array import array
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement.events import Reconfigured, Tick
from netwatch.judgement.reducer import Judgement
from netwatch.model.cause import Cause
from netwatch.model.device import Line, ObservationPath, Role, StateRules, Uplink
from netwatch.model.observation import EchoSlots, EchoStray, Observation
from netwatch.model.outcome import Outcome, SlotResult
from netwatch.publishing.exposition import Format
from netwatch.publishing.families import DEVICES, PATHS, UNITS
from netwatch.publishing.live import LiveExposition, Roll

if TYPE_CHECKING:
    from collections.abc import Iterable

MAIN = "hung-yen"
RESULTS = {"g": SlotResult.GOOD, "L": SlotResult.LOST, "U": SlotResult.UNREACHABLE, "i": SlotResult.INVALID}


class Play:
    """A judgement and its exposition, told the same events as the daemon tells them."""

    def __init__(
        self,
        world: Any,
        devices: Iterable[Any],
        units: Iterable[Any],
        now: float,
        paths: Iterable[ObservationPath] = (),
    ) -> None:
        self.paths = tuple(paths)
        self.world = world
        self.now = now
        self.judgement = Judgement(StateRules())
        self.live = LiveExposition(self.judgement)
        self.configure(devices, units)

    def configure(
        self, devices: Iterable[Any], units: Iterable[Any], numbers: Iterable[int] | None = None
    ) -> None:
        devices = tuple(devices)
        echoed = [device for device in devices if device.echo]
        numbers = range(1, len(echoed) + 1) if numbers is None else numbers
        lines = tuple(
            Line(number, device.name, None, device.address, 1.0)
            for number, device in zip(numbers, echoed, strict=True)
        )
        roll = Roll(MAIN, tuple(units))
        called = tuple((register, unit.code) for register, unit in roll.units)
        self.live.take(self.judgement.advance(Reconfigured(self.now, lines, devices, called, self.paths)))
        self.live.take_roll(roll, self.now)

    def echo(self, tape: str, line: int = 1, rtt: float = 0.02) -> None:
        """One slot a second, each reported at its end."""
        for letter in tape:
            due, self.now = self.now, self.now + 1
            slots = EchoSlots(
                self.now,
                array("L", [line]),
                array("d", [due]),
                bytearray([RESULTS[letter]]),
                array("d", [rtt if letter == "g" else math.nan]),
            )
            self.live.take(self.judgement.advance(slots))

    def poll(self, observation: Observation) -> None:
        self.live.take(self.judgement.advance(observation))
        self.live.observe(observation)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.live.take(self.judgement.advance(Tick(self.now)))

    def samples(self, *, refreshed: bool = True) -> dict[Any, float]:
        if refreshed:
            self.live.refresh(self.now + self.live.cycle)
        found: dict[Any, float] = self.world.samples(self.live.pieces)
        return found

    def told(self, name: str, /, *, refreshed: bool = True, **labels: str) -> dict[Any, float]:
        """The samples of one name that have these labels, by what else they are labelled."""
        return {
            frozenset(about - labels.items()): value
            for (each, about), value in self.samples(refreshed=refreshed).items()
            if each == name and about >= labels.items()
        }


def one(name: str, value: str) -> frozenset[tuple[str, str]]:
    return frozenset({(name, value)})


@pytest.fixture
def play(world: Any) -> Play:
    """A commune with a gateway, and one with nothing."""
    units = ((MAIN, world.unit("12004")), (MAIN, world.unit("12007", name="Xã Lạc Đạo", district="Văn Lâm")))
    return Play(world, [world.device()], units, world.T0)


def states(play: Play, name: str, /, *, refreshed: bool = False, **labels: str) -> dict[str, float]:
    told = play.told(name, refreshed=refreshed, **labels)
    return {dict(about)["state"]: value for about, value in told.items()}


def test_every_unit_of_the_register_is_there_also_one_without_a_device(play: Play) -> None:
    infos = play.told("netwatch_unit_info", register=MAIN)
    assert {dict(about)["unit"]: dict(about)["area"] for about in infos} == {
        "12004": "Văn Lâm",  # as the operators group its devices
        "12007": "Văn Lâm",  # its district
    }
    assert states(play, "netwatch_unit_state", unit="12007") == {"up": 0, "down": 0, "unknown": 1}


def test_a_unit_without_district_belongs_to_the_area_of_its_province(world: Any) -> None:
    play = Play(world, [], [(MAIN, world.unit())], world.T0)
    assert play.told("netwatch_unit_info", area="Hưng Yên", latitude="20.98", longitude="")


@pytest.mark.parametrize(
    ("tape", "up", "down", "unknown"),
    [("", 0, 0, 1), ("gg", 0, 0, 1), ("ggg", 1, 0, 0), ("gggLLLL", 1, 0, 0), ("gggLLLLL", 0, 1, 0)],
)
def test_a_state_is_told_as_soon_as_it_is_decided(
    play: Play, tape: str, up: int, down: int, unknown: int
) -> None:
    play.echo(tape)
    expected = {"up": up, "down": down, "unknown": unknown}
    assert states(play, "netwatch_unit_state", unit="12004") == expected
    assert states(play, "netwatch_device_state", device="gw") == expected


def test_down_is_dated_back_and_ends(play: Play) -> None:
    name = "netwatch_unit_down_since_timestamp_seconds"
    play.echo("gggLLLLL")
    assert list(play.told(name, refreshed=False).values()) == [play.world.T0 + 3]
    play.echo("ggg")
    assert play.told(name, refreshed=False) == {}


def test_outages_and_blips_are_counted_when_they_are_settled(play: Play) -> None:
    def counts() -> tuple[float, ...]:
        by_cause = play.told("netwatch_unit_outages_total", refreshed=False, unit="12004")
        assert by_cause.keys() == {one("cause", cause) for cause in Cause}, "of each from the beginning"
        outages = by_cause[one("cause", "undetermined")]
        (blips,) = play.told("netwatch_unit_blips_total", refreshed=False, unit="12004").values()
        assert sum(by_cause.values()) == outages
        return outages, blips

    assert counts() == (0, 0)
    play.echo("ggg" + "L" * 10 + "ggg")
    play.wait(150)
    assert counts() == (0, 1)
    play.echo("ggg" + "L" * 40)
    play.wait(150)
    assert counts() == (0, 1)
    play.echo("ggg")
    play.wait(300)
    assert counts() == (1, 1)
    ((about, _),) = play.told("netwatch_unit_last_outage_info", unit="12004").items()
    assert dict(about) == {
        "cause": "undetermined",
        "start": "2023-11-14T22:16:49Z",
        "end": "2023-11-14T22:17:29Z",
    }
    ended = dt.datetime(2023, 11, 14, 22, 17, 29, tzinfo=dt.UTC).timestamp()
    for moment, expected in (("start", ended - 40), ("end", ended)):
        told = play.told(f"netwatch_unit_last_outage_{moment}_timestamp_seconds", unit="12004")
        assert told == {frozenset(): expected}


UNSETTLED = 'netwatch_unit_outage_unsettled{unit="12004",area="Văn Lâm"} 1\n'


def scrape(play: Play) -> str:
    return b"".join(play.live.pieces(Format.TEXT_0_0_4)).decode()


def test_an_outage_is_unsettled_until_the_scrape_that_tells_its_cause(play: Play) -> None:
    """A message that ends with it carries the cause: no scrape lies in between."""
    assert "_unsettled" not in scrape(play)
    play.echo("ggg" + "L" * 40)
    name, scrapes = "netwatch_unit_last_outage_info", 0
    play.echo("ggg")
    while UNSETTLED in (shown := scrape(play)):
        assert name not in shown
        play.wait(0.25)
        scrapes += 1
    assert scrapes > 4 * 200  # 2.5 polls and half a minute after the end, and its minute settled
    ((about, _),) = play.told(name, refreshed=False).items()
    assert dict(about)["cause"] == "undetermined"
    assert "_unsettled" not in shown


def test_a_blip_is_unsettled_until_it_is_counted(play: Play) -> None:
    play.echo("ggg" + "L" * 10)
    assert UNSETTLED in scrape(play)
    play.echo("ggg")
    name = 'netwatch_unit_blips_total{unit="12004"}'
    while UNSETTLED in (shown := scrape(play)):
        assert f"{name} 0\n" in shown
        play.wait(0.25)
    assert f"{name} 1\n" in shown
    assert "_unsettled" not in shown


@pytest.mark.parametrize("in_force", [True, False])
def test_the_outage_of_a_unit_that_is_no_longer_watched_is_not_unsettled(
    play: Play, *, in_force: bool
) -> None:
    play.echo("ggg" + "L" * 40)
    play.configure([], [(MAIN, play.world.unit())] if in_force else [])
    assert "_unsettled" not in scrape(play)
    play.wait(120)
    assert "_unsettled" not in scrape(play)


def test_minutes_are_counted_when_they_are_settled(play: Play) -> None:
    play.echo("g" * 60 + "L" * 60 + "i" * 60)
    play.wait(100)
    expected = {one("verdict", "up"): 1, one("verdict", "down"): 1, one("verdict", "unknown"): 1}
    labels = {"unit": "12004", "area": "Văn Lâm"}
    assert play.told("netwatch_unit_minutes_total", refreshed=False, **labels) == expected
    labels = {"unit": "12004", "device": "gw"}
    assert play.told("netwatch_device_minutes_total", refreshed=False, **labels) == expected


def test_echoes_are_counted_by_what_became_of_them(play: Play) -> None:
    play.echo("gggLLUi", rtt=0.02)
    play.judgement.advance(EchoStray(play.now, 1, late=False, due=play.now))
    play.judgement.advance(EchoStray(play.now, 1, late=True, due=play.now - 4))
    about = frozenset({("device", "gw"), ("unit", "12004")})
    samples = play.samples()
    counted = {
        name.removeprefix("netwatch_echo_").removesuffix("_total"): value
        for (name, labels), value in samples.items()
        if labels == about and name.startswith("netwatch_echo_")
    }
    assert counted == {
        "requests": 6,
        "replies": 3,
        "duplicates": 1,
        "late_replies": 1,
        "local_errors": 1,
        "unreachables": 1,
        "rtt_seconds_sum": pytest.approx(0.06),
        "rtt_seconds_count": 3,
        "loss_ratio": 0.5,
        "rtt_mean_seconds": pytest.approx(0.02),
        "jitter_seconds": 0,
    }


def test_the_histogram_is_classic_and_cumulated(play: Play) -> None:
    for rtt in (0.00005, 0.02, 0.021, 5.0):
        play.echo("g", rtt=rtt)
    buckets = play.told("netwatch_echo_rtt_seconds_bucket", device="gw", unit="12004")
    found = {dict(about)["le"]: value for about, value in buckets.items()}
    assert (found["0.0001"], found["0.02"], found["0.05"], found["1.0"], found["+Inf"]) == (1, 2, 3, 3, 4)


def test_where_nothing_was_measured_there_is_no_gauge(play: Play) -> None:
    for name in (
        "netwatch_echo_loss_ratio",
        "netwatch_echo_rtt_mean_seconds",
        "netwatch_echo_jitter_seconds",
    ):
        assert play.told(name) == {}
    assert list(play.told("netwatch_echo_requests_total").values()) == [0]


def test_a_device_that_is_not_echoed_has_no_echo_series(world: Any) -> None:
    play = Play(world, [world.device(echo=False)], [(MAIN, world.unit())], world.T0)
    assert not [name for name, _ in play.samples() if name.startswith("netwatch_echo")]


def test_echo_totals_never_step_back_when_a_line_is_replaced(play: Play) -> None:
    play.echo("ggggg")
    play.configure([play.world.device(address="198.18.4.9")], [(MAIN, play.world.unit())], numbers=[2])
    play.echo("gg", line=2)
    assert list(play.told("netwatch_echo_requests_total").values()) == [7]
    assert list(play.told("netwatch_echo_rtt_seconds_count").values()) == [7]


def test_polls_are_counted_by_outcome(play: Play) -> None:
    for outcome in (Outcome.ANSWERED, Outcome.TIMEOUT, Outcome.TIMEOUT):
        play.poll(play.world.observation(outcome=outcome, duration=0.5))
    polls = play.told("netwatch_snmp_polls_total", refreshed=False, device="gw", unit="12004")
    expected = dict.fromkeys(Outcome, 0) | {Outcome.ANSWERED: 1, Outcome.TIMEOUT: 2}
    assert {dict(about)["outcome"]: value for about, value in polls.items()} == expected
    assert list(play.told("netwatch_snmp_poll_duration_seconds").values()) == [0.5]
    success = play.told("netwatch_snmp_last_success_timestamp_seconds")
    assert list(success.values()) == [play.world.T0]


def test_a_device_without_snmp_has_no_polls(world: Any) -> None:
    play = Play(world, [world.device(snmp=None)], [(MAIN, world.unit())], world.T0)
    assert not [name for name, _ in play.samples() if name.startswith("netwatch_snmp")]


def test_uptime_ends_when_it_is_too_old_and_the_last_success_stays(play: Play) -> None:
    play.poll(play.world.observation(uptime=1000.5))
    play.live.refresh(play.world.T0 + 149)
    assert list(play.told("netwatch_device_uptime_seconds", refreshed=False).values()) == [1000.5]
    play.live.refresh(play.world.T0 + 155)
    assert play.told("netwatch_device_uptime_seconds", refreshed=False) == {}
    assert play.told("netwatch_snmp_last_success_timestamp_seconds", refreshed=False)


def test_the_profile_that_was_recognised_is_told_at_once(play: Play) -> None:
    ((before, _),) = play.told("netwatch_device_info").items()
    assert (dict(before)["profile"], dict(before)["vendor"]) == ("", "")
    play.poll(play.world.observation(profile="mikrotik", vendor="MikroTik"))
    ((after, _),) = play.told("netwatch_device_info", refreshed=False).items()
    assert dict(after) == dict(before) | {"profile": "mikrotik", "vendor": "MikroTik"}


def test_uplinks_are_told_with_what_their_contract_promises(world: Any) -> None:
    """Two that are told alike have one series, not a scrape that fails."""
    uplinks = (
        Uplink("ether1", "fibre", "VNPT", "HYN-0417", 100_000_000, None),
        Uplink("", "4g", "Viettel", "", None, None),
        Uplink("", "4g", "Viettel", "", None, "198.18.4.7"),
    )
    play = Play(world, [world.device(uplinks=uplinks)], [(MAIN, world.unit())], world.T0)
    assert len(play.told("netwatch_uplink_info", device="gw")) == 2
    rates = play.told("netwatch_uplink_contracted_bits_per_second", circuit="HYN-0417", ifName="ether1")
    assert list(rates.values()) == [1e8]


def test_units_of_another_register_carry_its_name(world: Any) -> None:
    devices = [world.device(), world.device("so", unit="so-tttt", register="organisations")]
    units = [(MAIN, world.unit()), ("organisations", world.unit("so-tttt", kind="sở"))]
    play = Play(world, devices, units, world.T0)
    play.echo("ggg", line=2)
    for name in ("netwatch_unit_state", "netwatch_unit_minutes_total", "netwatch_unit_blips_total"):
        assert play.told(name, register="organisations", unit="so-tttt")
        assert not [about for about in play.told(name, unit="12004") if "register" in dict(about)]
    assert states(play, "netwatch_unit_state", unit="so-tttt", register="organisations")["up"] == 1


def test_a_unit_is_not_taken_for_one_of_the_same_code_in_another_register(world: Any) -> None:
    devices = [world.device(register="organisations")]
    units = [(MAIN, world.unit()), ("organisations", world.unit())]
    play = Play(world, devices, units, world.T0)
    play.echo("ggg")
    found = play.told("netwatch_unit_state", state="up", unit="12004")
    assert {dict(about).get("register", ""): value for about, value in found.items()} == {
        "": 0,
        "organisations": 1,
    }
    assert play.told("netwatch_unit_info", register=MAIN, area="Hưng Yên")


def test_what_a_reload_drops_ends_and_what_it_keeps_stays(play: Play) -> None:
    play.echo("ggg")
    world = play.world
    devices = [world.device(), world.device("sw", unit="12007", area="Lạc Đạo")]
    play.configure(devices, [(MAIN, world.unit("12007", district="Văn Lâm"))])
    samples = play.samples()
    assert {dict(about)["unit"] for name, about in samples if name == "netwatch_unit_state"} == {"12007"}
    assert play.told("netwatch_unit_info", unit="12007", area="Lạc Đạo")
    assert list(play.told("netwatch_echo_requests_total", device="gw").values()) == [3]
    play.configure([], [])
    assert {name for name, _ in play.samples()} == {"netwatch_mass_outage_units"}


def test_a_device_that_was_edited_is_told_as_it_is_now(play: Play) -> None:
    play.configure([play.world.device(address="198.18.4.9", via="vnpt")], [(MAIN, play.world.unit())])
    ((about, _),) = play.told("netwatch_device_info", device="gw").items()
    assert (dict(about)["address"], dict(about)["via"]) == ("198.18.4.9", "vnpt")


def test_refreshing_takes_turns(world: Any) -> None:
    """Each device once in a cycle, however often it is asked for; all of them at the first time."""
    devices = [world.device(f"d{number}", snmp=None) for number in range(1, 11)]
    play = Play(world, devices, [(MAIN, world.unit())], world.T0)
    play.live.refresh(play.now)

    def fresh() -> int:
        told = play.told("netwatch_echo_requests_total", refreshed=False)
        return sum(value == 1 for value in told.values())

    start = play.now
    for line in range(1, 11):
        play.now = start
        play.echo("g", line=line)
    assert fresh() == 0
    counts = []
    for step in range(1, 6):
        play.live.refresh(start + step * play.live.cycle / 5)
        counts.append(fresh())
    assert counts == [2, 4, 6, 8, 10]


def test_reloads_in_a_row_pass_over_nobody(world: Any) -> None:
    """Each comes when only half of the devices have had their turn."""
    devices = [world.device(f"d{number}", snmp=None) for number in range(1, 11)]
    play = Play(world, devices, [(MAIN, world.unit())], world.T0)
    play.live.refresh(play.now)
    start = play.now
    for line in range(1, 11):
        play.now = start
        play.echo("g", line=line)
    for step in (1, 2):
        play.live.refresh(start + step * play.live.cycle / 2)
        play.configure(devices, [(MAIN, world.unit())])
    told = play.told("netwatch_echo_requests_total", refreshed=False)
    assert list(told.values()) == [1] * 10


def test_decisions_about_what_is_not_shown_are_passed_over(play: Play) -> None:
    play.live.take_roll(Roll(MAIN, ()), play.now)
    play.echo("gggLLLLL")
    play.live.observe(play.world.observation("nobody"))
    assert play.told("netwatch_unit_state") == {}


def test_the_table_of_families_tells_every_label(world: Any) -> None:
    uplinks = (Uplink("ether1", "fibre", "VNPT", "HYN-0417", 1, None),)
    core = world.device("core", unit="", role=Role.CORE)
    gateway = world.device(uplinks=uplinks, parents=("core",))
    path = ObservationPath("default", ("core",), 0)
    play = Play(world, [gateway, core], [(MAIN, world.unit())], world.T0, [path])
    play.echo("ggg" + "L" * 40 + "ggg")
    play.wait(300)
    play.echo("ggg")
    for _ in range(5):
        play.echo("L", line=2)
        play.now -= 1
        play.echo("L")
    play.live.take_windows({(MAIN, "12004")}, {"core"})
    play.live.take_claims([], about={(MAIN, "12004"): {"standard": 1}})
    play.poll(world.observation(uptime=1.0))
    play.live.refresh(world.T0 + 60)
    samples = play.samples(refreshed=False)
    found = {name: {label for label, _ in about} - {"le"} for name, about in samples}
    families = (*UNITS, *PATHS, *DEVICES)
    assert found == {name: set(family.labels) for family in families for name in family.series}


def test_names_from_files_cannot_break_the_exposition(world: Any) -> None:
    nasty = 'Xã "Như\\Quỳnh"\n# EOF'
    device = world.device(nasty, area=nasty, uplinks=(Uplink(nasty, nasty, nasty, nasty, 1, None),))
    play = Play(world, [device], [(MAIN, world.unit(name=nasty, kind=nasty))], world.T0)
    play.echo("ggg")
    assert play.told("netwatch_unit_info", name=nasty)
    assert b"\n# EOF" not in b"".join(play.live.pieces(Format.OPENMETRICS))
