"""Nothing counts before the ledger has it: windows of the file and of commands, ends and notes."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING

from netwatch.daemon.announcing import Announcing
from netwatch.inventory.load import load
from netwatch.model.maintenance import Annotation, Announcement, Origin, Outage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    import pytest

    from netwatch.model.maintenance import Window

NOW = 1_789_996_400.0  # 2026-09-21 20:13:20 in Hanoi
H = 3600.0
WINDOW = "  - {{name: {name}, what: nâng, by: NOC, start: 2026-09-21 21:00, duration: 2h, devices: [gw]}}\n"


def file(*names: str) -> str:
    return "windows:\n" + "".join(WINDOW.format(name=name) for name in names) if names else "{}\n"


class World:
    """A configuration, a ledger in a list, and a clock turned by hand."""

    def __init__(self, folder: Path, ledger: Sequence[Announcement] = ()) -> None:
        self.folder = folder
        self.now = NOW
        self.ledger: list[Announcement | Annotation] = list(ledger)
        self.full = False
        self.kept = asyncio.Event()
        self.kept.set()
        self.changes = 0
        self.outages: list[Outage] = []
        self.announcing = Announcing(
            load(folder, {}),
            ledger,
            append=self.append,
            outages_of=self.outages_of,
            now=lambda: self.now,
            on_change=self.changed,
        )

    async def append(self, entry: Announcement | Annotation) -> None:
        await self.kept.wait()
        if self.full:
            raise OSError(28, "No space left on device")
        self.ledger.append(entry)

    async def outages_of(self, unit: str) -> Sequence[Outage]:
        assert unit == "12004"
        return self.outages

    def changed(self) -> None:
        self.changes += 1

    async def read(self, text: str) -> None:
        """The file says this now, and is read again."""
        (self.folder / "maintenance.yaml").write_text(text, "utf-8")
        self.announcing.use(load(self.folder, {}))
        await self.announcing.announce_file()

    async def order(self, order: str, **more: object) -> dict[str, object]:
        return await self.announcing.handlers[order]({"order": order, **more})

    async def add(self, **more: object) -> dict[str, object]:
        wanted = {"units": ["12004"], "for": "2h", "by": "NOC", "text": "thay ONT", **more}
        return await self.order("maintenance add", **wanted)

    def windows(self) -> list[tuple[str, float, float, float]]:
        """Name, and start, end and announcement in hours from the beginning."""
        return [self.times(each) for each in self.announcing.windows(NOW - 9 * H, NOW + 99 * H)]

    def times(self, window: Window) -> tuple[str, float, float, float]:
        return (
            window.name,
            *(round((t - NOW) / H, 3) for t in (window.start, window.end, window.announced)),
        )  # type: ignore[return-value]  # three floats


def run(
    folder: Path, story: Callable[[World], Awaitable[None]], ledger: Sequence[Announcement] = ()
) -> World:
    async def main() -> World:
        world = World(folder, ledger)
        await story(world)
        return world

    return asyncio.run(main())


def test_the_file_is_announced_once(folder: Path) -> None:
    """And not again when it is read again, by this daemon or the next."""

    async def story(world: World) -> None:
        await world.read(file("a"))
        world.now += H / 2
        await world.read(file("a"))
        assert world.windows() == [("a", 0.778, 2.778, 0.0)]

    world = run(folder, story)
    assert [(entry.at, entry.origin) for entry in announced(world)] == [(NOW, Origin.FILE)]
    assert json.loads(announced(world)[0].content)["devices"] == ["gw"]

    async def again(world: World) -> None:
        await world.announcing.announce_file()
        assert len(world.ledger) == 1

    run(folder, again, announced(world))


def announced(world: World) -> list[Announcement]:
    return [entry for entry in world.ledger if isinstance(entry, Announcement)]


def test_what_the_ledger_does_not_keep_is_not_announced(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(world: World) -> None:
        world.full = True
        await world.read(file("a", "b"))
        assert world.windows() == []
        assert await world.add() == {
            "error": "nothing was done: the ledger cannot keep it: [Errno 28] No space left on device"
        }
        assert world.windows() == []
        world.full = False
        world.now += 60
        await world.announcing.announce_file()
        assert [name for name, *_ in world.windows()] == ["a", "b"]
        assert [entry.at for entry in announced(world)] == [NOW + 60] * 2

    with caplog.at_level(logging.ERROR):
        run(folder, story)
    assert "maintenance.yaml is not announced: the ledger cannot keep it" in caplog.text


def test_a_receipt_is_given_once_the_entry_is_kept(folder: Path) -> None:
    async def story(world: World) -> None:
        world.kept.clear()
        adding = asyncio.ensure_future(world.add(name="x"))
        second = asyncio.ensure_future(world.add(name="x"))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not adding.done()
        assert await world.order("maintenance list") == {"windows": [], "left_out": 0}, (
            "who looks need not wait"
        )
        assert world.windows() == []
        assert world.changes == 0
        world.kept.set()
        assert "window" in await adding
        assert await second == {"error": "window 'x' was announced before: choose another name"}
        assert world.changes == 1

    run(folder, story)


def test_a_window_by_command(folder: Path) -> None:
    async def story(world: World) -> None:
        answer = await world.add()
        assert answer["window"] == {
            "name": "2026-09-21-2013-12004",
            "state": "open",
            "in_time": True,
            "start": "2026-09-21T20:13:20+07:00",
            "end": "2026-09-21T22:13:20+07:00",
            "announced": "2026-09-21T20:13:20+07:00",
            "by": "NOC",
            "text": "thay ONT",
            "devices": [],
            "units": ["12004"],
            "areas": [],
            "covers": {"units": 1, "devices": 2},
        }
        assert world.windows() == [("2026-09-21-2013-12004", 0.0, 2.0, 0.0)]
        assert world.changes == 1

    assert [entry.origin for entry in announced(run(folder, story))] == [Origin.COMMAND]


def test_a_window_that_is_far_away_has_its_receipt(folder: Path) -> None:
    async def story(world: World) -> None:
        answer = await world.add(start="2028-01-01 22:00")
        assert answer["window"]["start"] == "2028-01-01T22:00:00+07:00"  # type: ignore[index]

    run(folder, story)


def test_a_refusal_is_an_answer_and_leaves_no_entry(folder: Path) -> None:
    async def story(world: World) -> None:
        assert await world.add(units=["12004", "Nhu Quynh"]) == {
            "error": "unit 'Nhu Quynh' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?"
        }
        assert (world.ledger, world.changes) == ([], 0)

    run(folder, story)


def test_an_open_window_is_ended(folder: Path) -> None:
    async def story(world: World) -> None:
        await world.add(name="x")
        world.now += H
        assert await world.order("maintenance end", name="x", by="NOC") == {
            "name": "x",
            "end": "2026-09-21T21:13:20+07:00",
        }
        assert world.windows() == [("x", 0.0, 1.0, 0.0)]
        assert await world.order("maintenance end", name="x") == {"error": "window 'x' is over already"}

    world = run(folder, story)
    assert len(world.ledger) == 2, "nothing is removed"

    async def again(world: World) -> None:
        assert world.windows() == [("x", 0.0, 1.0, 0.0)]

    run(folder, again, announced(world))


def test_windows_are_listed(folder: Path) -> None:
    async def story(world: World) -> None:
        await world.read(file("later"))
        await world.add(name="now")
        world.now += 5 * H
        await world.read(file("later", "late"))
        answer = await world.order("maintenance list")
        listed: list[dict[str, object]] = answer["windows"]  # type: ignore[assignment]
        assert [(each["name"], each["state"], each["in_time"]) for each in listed] == [
            ("now", "over", True),
            ("late", "over", False),
            ("later", "over", True),
        ]
        assert answer["left_out"] == 0

    run(folder, story)


def test_a_name_of_a_command_in_the_file_is_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        await world.add(name="x")
        await world.read(file("x"))
        assert world.windows() == [("x", 0.0, 2.0, 0.0)]

    run(folder, story)
    assert "window x of maintenance.yaml is left out: a command announced one of that name" in caplog.text


def test_an_entry_of_a_later_version_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        assert await world.order("maintenance list") == {"windows": [], "left_out": 0}

    run(folder, story, [Announcement(1.0, Origin.COMMAND, "x", '{"new": 1}')])
    assert "the announcement of 'x' cannot be read" in caplog.text


def test_a_note_goes_to_the_outage_of_its_moment(folder: Path) -> None:
    async def story(world: World) -> None:
        world.outages = [Outage(NOW - 2 * H, NOW - H), Outage(NOW - 60, None)]
        wanted = {"unit": "12004", "by": "NOC", "text": "đứt cáp", "ticket": "VNPT-123"}
        assert await world.order("annotate", **wanted) == {
            "unit": "12004",
            "start": "2026-09-21T20:12:20+07:00",
            "end": None,
        }
        assert (await world.order("annotate", **wanted, at="2026-09-21 18:30"))["end"] == (
            "2026-09-21T19:13:20+07:00"
        )
        assert world.ledger == [
            Annotation(NOW, "12004", start, "NOC", "đứt cáp", "VNPT-123") for start in (NOW - 60, NOW - 2 * H)
        ]

    run(folder, story)


def test_a_note_to_no_outage_is_refused(folder: Path) -> None:
    async def story(world: World) -> None:
        answer = await world.order("annotate", unit="12004", by="NOC", text="x")
        assert answer == {"error": "no outage of unit 12004 is known"}
        assert world.ledger == []

    run(folder, story)
