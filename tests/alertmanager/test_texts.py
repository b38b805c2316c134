"""What people read: the shipped templates in a real Alertmanager, received as mail, chat and web hook."""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from alert_texts import RUNBOOK, Story, alert, play

pytestmark = pytest.mark.system

COMMUNES = [f"Xã số {number:02}" for number in range(1, 26)]
HOSTILE = "Xã <b>Tân & Tiến</b> \"A\" 'B' {{ .Status }} {{ end }} %s $1 + ỳ"
LONG = "&<>\"'" * 800  # 4,000 characters, each of which is longer once it is escaped
NUMBERS = [f"{number:02}" for number in range(60)]
LANGUAGES = ("vi", "en")
GROWN = "NetwatchMassOutage"


def everything() -> list[dict[str, object]]:
    """Return the alerts of all cases; an alertname is a group, and a message."""
    hostile = dict.fromkeys(("summary", "summary_en", "description", "units", "area"), HOSTILE)
    query = "https://noc.example/?" + "&" * 2000
    long = {"summary": LONG, "summary_en": LONG, "units": "\n".join(["&" * 60] * 60), "runbook_url": query}
    return [
        alert("One", units="\n".join(COMMUNES)),
        *(
            alert("Many", unit=number, summary=f"Xã số {number}", summary_en=f"Commune {number}")
            for number in NUMBERS
        ),
        alert("Hostile", **hostile),
        alert("Long", **long, description=LONG, description_en=LONG, area="&" * 150),
        *(alert("LongMany", unit=number, **long) for number in NUMBERS),
        {"labels": {"alertname": "Bare"}},
        alert("Plan", severity="ticket", area="toàn tỉnh", runbook_url="docs/runbooks/Plan.md"),
        alert("Ours", severity="warning", area="netwatch"),
        alert("Both", unit="1", units="Một\nHai\n"),
        alert("Both", unit="2", units="Ba"),
        *(alert(GROWN, lost=lost, summary="đã lan rộng", units="Một\nHai") for lost in ("8", "12")),
        *(alert(name, units="Một\nHai") for name in (GROWN, "Alone")),
    ]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return play(everything(), tmp_path_factory.mktemp("alertmanager"))


def vi(at: dt.datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"


def en(at: dt.datetime) -> str:
    return f"{at:%H:%M}, {at.day} {at:%b %Y}"


def span(story: Story, language: str) -> str:
    """Return how a text names the time from the beginning to the end."""
    minutes = int((story.ended - story.began).total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    if language == "vi":
        return f"Từ {vi(story.began)} đến {vi(story.ended)} ({hours} giờ {minutes} phút)"
    return f"Since {en(story.began)} until {en(story.ended)} ({hours} h {minutes} min)"


def test_a_page_in_the_chat_in_vietnamese(story: Story) -> None:
    communes = "\n".join(f"• {name}" for name in COMMUNES[:20])
    assert story.firing.chats["One", "vi"] == (
        "🔴 <b>CẢNH BÁO</b> · Khẩn cấp, xử lý ngay\n"
        "<b>Bộ định tuyến core-khoai-chau mất kết nối</b>\n"
        "Khu vực: Khoái Châu\n"
        f"Từ {vi(story.began)}\n\n"
        "25 đơn vị phía sau mất kết nối.\nNguyên nhân: mất điện.\n\n"
        f"Đơn vị liên quan (25):\n{communes}\n… và 5 đơn vị nữa\n\n"
        f'<a href="{RUNBOOK}">Hướng dẫn xử lý</a>'
    )


def test_a_page_in_the_chat_in_english(story: Story) -> None:
    communes = "\n".join(f"• {name}" for name in COMMUNES[:20])
    assert story.firing.chats["One", "en"] == (
        "🔴 <b>ALERT</b> · Critical: act at once\n"
        "<b>Router core-khoai-chau is down</b>\n"
        "Area: Khoái Châu\n"
        f"Since {en(story.began)}\n\n"
        "25 units behind it are down.\nCause: power.\n\n"
        f"Units concerned (25):\n{communes}\n… and 5 more units\n\n"
        f'<a href="{RUNBOOK}">What to do</a>'
    )


@pytest.mark.parametrize(
    ("language", "head", "summary"),
    [
        ("vi", "✅ <b>ĐÃ KẾT THÚC</b> · Khẩn cấp", "Bộ định tuyến core-khoai-chau mất kết nối"),
        ("en", "✅ <b>RESOLVED</b> · Critical", "Router core-khoai-chau is down"),
    ],
)
def test_the_end_in_the_chat(story: Story, language: str, head: str, summary: str) -> None:
    """Another word, not another colour only; and how long it was."""
    first, second, _, times, *rest = story.resolved.chats["One", language].splitlines()
    assert (first, second, times) == (head, f"<b>{summary}</b>", span(story, language))
    assert "… và 5 đơn vị nữa" in rest or "… and 5 more units" in rest


@pytest.mark.parametrize(
    ("language", "listed", "since", "more"),
    [
        ("vi", "<b>Đang xảy ra (60):</b>\n• Xã số 00\n", "Từ", "… và 50 cảnh báo nữa"),
        ("en", "<b>Firing (60):</b>\n• Commune 00\n", "Since", "… and 50 more alerts"),
    ],
)
def test_sixty_alerts_are_one_message_with_a_list(
    story: Story, language: str, listed: str, since: str, more: str
) -> None:
    text = story.firing.chats["Many", language]
    assert listed in text
    assert f'{more}\n\n<a href="{RUNBOOK}">' in text
    began = vi(story.began) if language == "vi" else en(story.began)
    assert text.count(f"\n  {since} {began}\n") == 10
    over = story.resolved.chats["Many", language]
    assert over.startswith("✅")
    assert over.count("\n✓ ") == 5
    assert more.replace("50", "55") in over


def test_alerts_of_several_units_say_how_many(story: Story) -> None:
    text = story.firing.chats["Both", "vi"]
    assert re.findall(r"· (\d) đơn vị", text) == ["2", "1"]


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mass_outage_that_has_grown_twice_reads_as_one(story: Story, language: str, over: bool) -> None:
    """Of the three alerts of its group, the one that began with it: as if it were alone."""
    told = story.resolved if over else story.firing
    assert len(told.hooks[GROWN]["alerts"]) == 3
    grown, alone = told.mails[GROWN, language], told.mails["Alone", language]
    assert (grown.subject, grown.text, grown.html) == (alone.subject, alone.text, alone.html)
    assert told.chats[GROWN, language] == told.chats["Alone", language]


def test_a_mail_in_plain_text(story: Story) -> None:
    mail = story.firing.mails["One", "vi"]
    communes = "\n".join(f"    {name}" for name in COMMUNES)
    assert mail.subject == "[CẢNH BÁO] Bộ định tuyến core-khoai-chau mất kết nối"
    assert mail.text.rstrip("\n") == (
        ">>> CẢNH BÁO · Khẩn cấp, xử lý ngay\n"
        "Khu vực: Khoái Châu\n\n"
        "Đang xảy ra (1):\n\n"
        "* Bộ định tuyến core-khoai-chau mất kết nối\n"
        f"  Từ {vi(story.began)}\n"
        "  25 đơn vị phía sau mất kết nối.\n  Nguyên nhân: mất điện.\n"
        f"  Đơn vị liên quan (25):\n{communes}\n\n"
        f"Hướng dẫn xử lý: {RUNBOOK}"
    )


def test_a_mail_of_the_end_in_english(story: Story) -> None:
    mail = story.resolved.mails["One", "en"]
    assert mail.subject == "[RESOLVED] Router core-khoai-chau is down"
    assert mail.text.startswith("--- RESOLVED · Critical\nArea: Khoái Châu\n\nResolved (1):\n\n- Router")
    assert span(story, "en") in mail.text


@pytest.mark.parametrize(
    ("name", "over", "language", "subject"),
    [
        ("Many", False, "vi", "[CẢNH BÁO 60] Xã số 00 và 59 cảnh báo nữa"),
        ("Many", False, "en", "[ALERT 60] Commune 00 and 59 more alerts"),
        ("Many", True, "vi", "[ĐÃ KẾT THÚC 60] Xã số 00 và 59 cảnh báo nữa"),
        ("Bare", False, "vi", "[CẢNH BÁO] Bare"),
        ("Bare", True, "en", "[RESOLVED] Bare"),
        ("Hostile", False, "en", f"[ALERT] {HOSTILE}"),
    ],
)
def test_the_subject_of_a_mail(story: Story, name: str, over: bool, language: str, subject: str) -> None:
    told = story.resolved if over else story.firing
    assert told.mails[name, language].subject == subject


def test_sixty_alerts_in_a_mail_are_fifty_and_a_count(story: Story) -> None:
    mail = story.firing.mails["Many", "vi"]
    assert mail.text.count("\n* Xã số") == 50
    assert "… và 10 cảnh báo nữa" in mail.text
    assert mail.html.count("<li ") == 50
    assert "… và 10 cảnh báo nữa" in mail.html


class Reader(HTMLParser):
    """Reads a page as a browser does: its text, and its tags, which have to be in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_arrive_as_they_are(story: Story, language: str, over: bool) -> None:
    """In each text: neither markup, nor a template of their own; and Vietnamese composed, as it was."""
    told = story.resolved if over else story.firing
    chat, mail = told.chats["Hostile", language], told.mails["Hostile", language]
    assert read(chat).tags == {"b", "a"}
    described = language == "vi"
    assert read(chat).text.count(HOSTILE) == 2 + described  # the summary and the area; units are cut
    assert mail.text.count(HOSTILE) == 3 + described
    assert read(mail.html).text.count(HOSTILE) == 3 + described
    assert "b" not in read(mail.html).tags
    for text in (chat, mail.text, mail.html):
        assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["Long", "LongMany"])
def test_the_longest_texts_stay_below_what_telegram_takes(
    story: Story, name: str, language: str, over: bool
) -> None:
    """4,096 characters, markup and entities counted; and nothing is cut in the middle of one."""
    text = (story.resolved if over else story.firing).chats[name, language]
    assert 1000 < len(text) < 4000
    assert read(text).tags <= {"b", "a"}
    assert not re.search(r"&(?!(amp|lt|gt|#34|#39|#43);)", text)
    assert "ZgotmplZ" not in text
    assert "…" in html.unescape(text)


def test_a_runbook_that_is_no_address_is_named(story: Story) -> None:
    assert story.firing.chats["Plan", "vi"].endswith("\nHướng dẫn xử lý: docs/runbooks/Plan.md")


@pytest.mark.parametrize(
    ("name", "language", "head", "area"),
    [
        ("Plan", "vi", "CẢNH BÁO · Việc cần làm, xếp lịch xử lý", "toàn tỉnh"),
        ("Plan", "en", "ALERT · Ticket: plan the work", "the whole province"),
        ("Ours", "vi", "CẢNH BÁO · Quan trọng, xử lý trong giờ hành chính", "hệ thống netwatch"),
        ("Ours", "en", "ALERT · Warning: act in office hours", "netwatch itself"),
        ("Bare", "vi", "CẢNH BÁO · Chưa phân mức", ""),
        ("Bare", "en", "ALERT · Severity not given", ""),
    ],
)
def test_severity_and_area_are_told_in_words(
    story: Story, name: str, language: str, head: str, area: str
) -> None:
    told = {"vi": f"Khu vực: {area}", "en": f"Area: {area}"}[language]
    first, second, *_ = story.firing.mails[name, language].text.splitlines()
    assert (first, second) == (f">>> {head}", told)
    chat = read(story.firing.chats[name, language]).text
    assert head in chat
    assert told in chat


def test_a_bridge_gets_both_languages(story: Story) -> None:
    """The body of a web hook is fixed: annotations and labels as they are, times in UTC."""
    payload = story.firing.hooks["One"]
    (told,) = payload["alerts"]
    wanted = {"summary", "summary_en", "description", "description_en", "runbook_url", "units"}
    assert (payload["version"], payload["status"], set(told["annotations"])) == ("4", "firing", wanted)
    assert told["annotations"]["units"].splitlines() == COMMUNES
    assert story.resolved.hooks["One"]["status"] == "resolved"


def test_by_another_clock_the_texts_say_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who forgets TZ reads UTC, and is told that it is."""
    story = play([alert("One")], tmp_path_factory.mktemp("utc"), zone="UTC")
    utc = story.began.astimezone(dt.UTC)
    assert f"Từ {vi(utc)} (UTC+00:00)\n" in html.unescape(story.firing.chats["One", "vi"])
    assert f"Since {en(utc)} (UTC+00:00)\n" in story.firing.mails["One", "en"].text
