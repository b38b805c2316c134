"""The status page in a real browser: read, searched, watched live, by keyboard, and without a script."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import browser as browsers
import pytest
from browser import chromium, looking
from playwright.sync_api import expect
from province_site import NOW, Province, province, served

from netwatch.model.claim import Withheld
from netwatch.model.state import State
from netwatch.publishing.present import Notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser import Look
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def of() -> Province:
    return province()


@pytest.fixture
def url(of: Province) -> Iterator[str]:
    with served(of) as (address, _):
        yield address


def right(look: Look) -> None:
    """Nothing went wrong, nothing is serious to axe-core, and nothing is wider than the window."""
    assert look.problems == []
    assert look.findings() == []
    assert not look.overflows()


@pytest.mark.parametrize(
    ("language", "width", "scheme"), list(itertools.product(("vi", "en"), browsers.WIDTHS, ("light", "dark")))
)
@pytest.mark.parametrize("path", ["/", "/units/hung-yen/12004", "/units/hung-yen/12004?as_of=2017-12-22"])
def test_a_page_is_sound(  # noqa: PLR0917 - a table of four columns
    browser: Browser, of: Province, url: str, language: str, width: int, scheme: str, path: str
) -> None:
    of.notices = Notices(blind=(("vnpt", NOW - 400),), last_good=True, reading=True)
    sign = "&" if "?" in path else "?"
    with looking(browser, f"{url}{path}{sign}lang={language}", width=width, color_scheme=scheme) as look:
        assert look.page.locator("html").get_attribute("lang") == language
        right(look)


@pytest.mark.parametrize("width", browsers.WIDTHS)
def test_a_page_that_there_is_not_is_sound(browser: Browser, url: str, width: int) -> None:
    with looking(browser, f"{url}/units/hung-yen/99999", width=width) as look:
        look.problems = [each for each in look.problems if "404" not in each]  # which is what it should be
        right(look)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_wall_fits_its_screen_whatever_happens(
    browser: Browser, of: Province, url: str, language: str
) -> None:
    """Half of the province down, every banner, three claims: nothing is cut off or has to be scrolled to."""
    of.notices = Notices(blind=(("vnpt", NOW - 400),), last_good=True, reading=True)
    of.claims = (*of.claims, of.claims[0])
    for place, each in enumerate(of.units[:60]):
        of.units[place] = replace(
            each, monitored=True, state=State.DOWN, since=NOW - 7000 * place, root="area-van-lam"
        )
    with looking(browser, f"{url}/?wall=1&lang={language}", width=1920) as look:
        look.page.set_viewport_size({"width": 1920, "height": 1080})
        right(look)
        assert look.page.evaluate("document.documentElement.scrollHeight") <= 1080
        cut = (
            "node => node.scrollHeight > node.clientHeight + 1 || node.getBoundingClientRect().bottom > 1080"
        )
        for part in (".counts", ".told", ".news", ".strip", ".picture"):
            assert not look.page.locator(part).evaluate(cut), part
        size = "node => parseFloat(getComputedStyle(node).fontSize)"
        assert look.page.locator(".figure").first.evaluate(size) >= 90
        assert look.page.locator(".down .name").first.evaluate(size) >= 28


# Finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nhu quynh", ["Xã Như Quỳnh"]),
        ("Như Quỳnh", ["Xã Như Quỳnh"]),
        ("12004", ["Xã Như Quỳnh"]),
        ("DAI DONG", ["Xã Đại Đồng"]),
        ("nothing like it", []),
    ],
)
def test_a_unit_is_found_as_one_types(browser: Browser, url: str, typed: str, found: list[str]) -> None:
    with looking(browser, f"{url}/?lang=en") as look:
        look.page.get_by_role("searchbox").fill(typed)
        expect(look.page.locator("#table tbody tr:visible th")).to_have_text(found)
        expect(look.page.locator("#listed")).to_have_text(f"Showing {len(found)} of 104 units.")
        assert look.problems == []


def test_filters_by_state_and_verdict_work_together(browser: Browser, url: str) -> None:
    with looking(browser, f"{url}/?lang=en") as look:
        look.page.get_by_label("State").select_option("down")
        expect(look.page.locator("#table tbody tr:visible")).to_have_count(3)
        look.page.get_by_role("searchbox").fill("pho hien")
        expect(look.page.locator("#table tbody tr:visible th")).to_have_text(["Phường Phố Hiến"])
        look.page.get_by_label("By the claims").select_option("unmonitored")
        expect(look.page.locator("#table tbody tr:visible")).to_have_count(1)
        look.page.get_by_label("State").select_option("up")
        expect(look.page.locator("#none-listed")).to_be_visible()


@pytest.mark.parametrize("width", browsers.WIDTHS)
def test_without_a_script_everything_can_be_read_and_found(browser: Browser, url: str, width: int) -> None:
    with looking(browser, f"{url}/?lang=vi", width=width, java_script_enabled=False) as look:
        page = look.page
        assert page.locator("#table tbody tr:visible").count() == 104
        page.get_by_role("searchbox").fill("nhu quynh")
        page.get_by_role("button", name="Lọc").click()
        assert page.locator("#table tbody tr:visible th").all_inner_texts() == ["Xã Như Quỳnh"]
        assert "lang=vi" in page.url
        page.get_by_role("link", name="Xã Như Quỳnh", exact=True).click()
        assert page.locator("h1").inner_text() == "Xã Như Quỳnh"
        assert look.problems == []


# Watching


def told(page: Page, code: str) -> dict[str, str]:
    """What the row, the mark and the counts say of a unit."""
    row, mark = (
        page.locator(f'tr[data-unit="hung-yen/{code}"]'),
        page.locator(f'.map a[data-unit="hung-yen/{code}"]'),
    )
    return {
        "row": row.locator(".state").inner_text(),
        "why": row.locator(".cause").inner_text(),
        "mark": mark.get_attribute("aria-label") or "",
        "down": page.locator('.counts [data-count="down"]').inner_text(),
        "summary": page.locator("#summary").inner_text(),
    }


def later(look: Look, milliseconds: int = 15_000) -> None:
    """Let the page's clock run on, and wait until it has asked."""
    with look.page.expect_response("**/api/v1/claims?units=0"):
        look.page.clock.run_for(milliseconds)


@pytest.mark.parametrize("width", browsers.WIDTHS)
def test_a_unit_that_is_lost_is_seen_without_loading_the_page_again(
    browser: Browser, of: Province, url: str, width: int
) -> None:
    with looking(browser, f"{url}/?lang=en", width=width) as look:
        page = look.page
        page.clock.install()
        page.goto(f"{url}/?lang=en")
        assert told(page, "12004")["row"] == "up"
        of.turn("12004", State.DOWN, since=NOW - 60, root="area-van-lam")
        later(look)
        expect(page.locator('tr[data-unit="hung-yen/12004"] .word')).to_have_text("down")
        assert told(page, "12004") == {
            "row": "down",
            "why": "area-van-lam is down",
            "mark": "Xã Như Quỳnh: down",
            "down": "4",
            "summary": "95 up, 4 down, 1 unknown, 4 unmonitored.",
        }
        first = page.locator("#down li").first
        expect(first.locator(".name")).to_have_text("Xã Như Quỳnh")
        expect(first.locator("time")).to_have_text("2026-11-27 10:47")
        of.turn("12004", State.UP)
        later(look)
        expect(page.locator('tr[data-unit="hung-yen/12004"] .word')).to_have_text("up")
        expect(page.locator("#down li")).to_have_count(3)
        right(look)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/", "/?wall=1"])
def test_the_script_says_things_as_the_server_does(
    browser: Browser, of: Province, url: str, language: str, path: str
) -> None:
    """What a page says after a look is what a page that is loaded anew says."""
    address = f"{url}{path}{'&' if '?' in path else '?'}lang={language}"
    with looking(browser, address, width=1920) as look:
        page = look.page
        page.clock.install()
        page.goto(address)
        before = page.locator("main").inner_text()
        of.turn("12004", State.DOWN, since=NOW - 90_000, root="core")
        of.turn("11995", State.UNKNOWN)
        of.units[20] = replace(of.units[20], maintenance=True)
        of.notices = Notices(blind=(("vnpt", NOW - 400),), last_good=True, reading=True)
        worse = replace(of.claims[0], lower=0.29, upper=2 / 3, observed=0.9999)
        of.claims = (worse, replace(of.claims[1], withheld=Withheld.NOT_OBSERVED))
        later(look)
        expect(page.locator("#notices li")).to_have_count(3)
        live = spoken(page)
        page.goto(address)
        assert live == spoken(page)
        assert before != page.locator("main").inner_text()


def spoken(page: Page) -> list[str]:
    """Every text of the page but its own time, and for how long something has lasted by it."""
    texts = page.locator("main :is(h3, td, th, dd, li, p):not(:has(#at))").all_inner_texts()
    return [re.sub(r"(for|đã) .*?(?=\n|$)", "", text) for text in texts]


def test_a_search_stays_while_things_change(browser: Browser, of: Province, url: str) -> None:
    with looking(browser, f"{url}/?lang=en") as look:
        page = look.page
        page.clock.install()
        page.goto(f"{url}/?lang=en")
        page.get_by_label("State").select_option("down")
        expect(page.locator("#table tbody tr:visible")).to_have_count(3)
        of.turn("12004", State.DOWN)
        later(look)
        expect(page.locator("#table tbody tr:visible")).to_have_count(4)


def test_a_server_that_is_gone_is_told_with_the_time_of_what_is_shown(browser: Browser) -> None:
    with served(province()) as (url, ending), looking(browser, f"{url}/?lang=en") as look:
        page = look.page
        page.clock.install()
        page.goto(f"{url}/?lang=en")
        expect(page.locator("#stale")).to_be_hidden()
        ending.set()
        page.clock.run_for(15_000)
        expect(page.locator("#stale")).to_be_visible()
        expect(page.locator("#stale")).to_contain_text("The figures below are those of 2026-11-27 10:48.")


def test_a_page_that_nobody_sees_asks_nothing(browser: Browser, url: str) -> None:
    with looking(browser, f"{url}/?lang=en") as look:
        page = look.page
        page.clock.install()
        page.goto(f"{url}/?lang=en")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        page.clock.run_for(60_000)
        assert asked == []
        with page.expect_response("**/api/v1/claims?units=0"):
            page.evaluate(
                "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
                "document.dispatchEvent(new Event('visibilitychange'))"
            )


# By keyboard


def test_a_unit_is_reached_from_the_map_by_keyboard_alone(browser: Browser, url: str) -> None:
    with looking(browser, f"{url}/?lang=en") as look:
        name = tab_to(look.page, ".map a")
        look.page.keyboard.press("Enter")
        expect(look.page.locator("h1")).to_have_text(name.partition(":")[0])


def test_the_list_is_reached_past_the_map_by_keyboard_alone(browser: Browser, url: str) -> None:
    with looking(browser, f"{url}/?lang=en") as look:
        page = look.page
        tab_to(page, ".skip")
        page.keyboard.press("Enter")
        tab_to(page, "input[type=search]", most=3)
        page.keyboard.type("nhu quynh")
        tab_to(page, "#table a", most=6)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Xã Như Quỳnh")


NAME = "(({activeElement: on}) => on.getAttribute('aria-label') || on.textContent)(document)"


def tab_to(page: Page, selector: str, most: int = 40) -> str:
    """Press Tab until something is focused that fits; return its name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return str(page.evaluate(NAME))
    raise AssertionError(f"{selector} is not reached by {most} tabs")


def test_what_is_touched_on_a_phone_is_large_enough(browser: Browser, url: str) -> None:
    """The marks of the map apart, which are small by their number: the list has a link for each of them."""
    with looking(browser, f"{url}/?lang=vi", width=390) as look:
        small = look.page.evaluate(
            """selector => [...document.querySelectorAll(selector)]
                .filter(node => node.offsetParent && node.getBoundingClientRect().height < 44)
                .map(node => node.outerHTML.slice(0, 80))""",
            "nav a, .counts a, input:not([type=hidden]), select, button, #table th a",
        )
        assert small == []
