"""Series of services: 1, 0 or none, and none that is too old."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from netwatch.model.service import Ending, Phase, Scheme, Service, ServiceCheck
from netwatch.publishing.exposition import Format
from netwatch.publishing.families import SERVICES
from netwatch.publishing.fragments import Fragments
from netwatch.publishing.service_series import ServiceLines

PORTAL = Service("cổng", Scheme.HTTPS, "portal.example", 443, interval=60.0)
MAIL = Service("mail", Scheme.TLS, "mail.example", 993, interval=300.0)
EXPIRES = 1_800_000_000.0
UP = 'netwatch_service_up{service="cổng"} 1.0'
DOWN = 'netwatch_service_up{service="cổng"} 0.0'
NOT_AFTER = 'netwatch_tls_not_after_timestamp_seconds{service="cổng"} 1.8e+09'


class Book:
    """Lines of services, as a scrape would read them."""

    def __init__(self, *services: Service) -> None:
        self._fragments: Fragments[tuple[str, ...]] = Fragments(SERVICES)
        self.lines = ServiceLines(self._fragments)
        self.lines.use(services)

    @property
    def samples(self) -> list[str]:
        whole = b"".join(self._fragments.pieces(Format.TEXT_0_0_4)).decode()
        return [line for line in whole.splitlines() if not line.startswith("#")]


def check(
    ending: Ending, at: float = 1000.0, *, service: Service = PORTAL, not_after: float | None = EXPIRES
) -> ServiceCheck:
    return ServiceCheck(service, at, ending, phases=((Phase.CONNECT, 0.25),), not_after=not_after)


def test_a_service_has_no_series_before_its_first_check() -> None:
    assert Book(PORTAL).samples == []


@pytest.mark.parametrize("ending", list(Ending))
def test_each_end_is_1_0_or_none(ending: Ending) -> None:
    """A failure of our own says nothing of the service; what its certificate said holds."""
    book = Book(PORTAL)
    book.lines.take(check(ending))
    state = {Ending.ANSWERED: [UP], Ending.LOCAL_ERROR: []}.get(ending, [DOWN])
    duration = 'netwatch_service_duration_seconds{service="cổng",phase="connect"} 0.25'
    assert book.samples == [*state, duration, NOT_AFTER]


def test_the_last_check_counts() -> None:
    book = Book(PORTAL)
    book.lines.take(check(Ending.ANSWERED))
    book.lines.take(ServiceCheck(PORTAL, 1060.0, Ending.LOCAL_ERROR))
    assert book.samples == [NOT_AFTER], "when it expires is known still"
    book.lines.take(ServiceCheck(PORTAL, 1120.0, Ending.REFUSED))
    assert book.samples == [DOWN, NOT_AFTER]


def test_what_is_older_than_two_and_a_half_intervals_ends() -> None:
    book = Book(PORTAL, MAIL)
    book.lines.take(check(Ending.ANSWERED, 1000.0))
    book.lines.take(check(Ending.ANSWERED, 1000.0, service=MAIL))
    book.lines.take(check(Ending.REFUSED, 1060.0, not_after=None))
    book.lines.expire(1149.9)
    assert DOWN in book.samples
    assert NOT_AFTER in book.samples
    book.lines.expire(1150.0)
    assert DOWN in book.samples
    assert NOT_AFTER not in book.samples
    book.lines.expire(1210.0)
    assert [line for line in book.samples if "cổng" in line] == []
    assert len(book.samples) == 3, "of a service that is checked more seldom they stay"
    book.lines.expire(1750.0)
    assert book.samples == []


def test_a_reload_keeps_what_is_unchanged() -> None:
    book = Book(PORTAL, MAIL)
    book.lines.take(check(Ending.ANSWERED))
    book.lines.take(check(Ending.ANSWERED, service=MAIL))
    before = book.samples
    book.lines.use((MAIL, PORTAL))
    assert book.samples == before
    book.lines.use((PORTAL,))
    assert book.samples == [line for line in before if "cổng" in line]


def test_what_was_found_at_another_address_is_not_told() -> None:
    """Neither what was known before a reload, nor a check that it overtook."""
    elsewhere = Service("cổng", Scheme.HTTPS, "portal.example", 8443, interval=60.0)
    book = Book(PORTAL)
    book.lines.take(check(Ending.ANSWERED))
    book.lines.use((elsewhere,))
    assert book.samples == []
    book.lines.take(check(Ending.ANSWERED))
    assert book.samples == []
    book.lines.take(check(Ending.REFUSED, service=elsewhere, not_after=None))
    assert DOWN in book.samples


def test_the_table_of_families_tells_every_label() -> None:
    book = Book(PORTAL)
    book.lines.take(check(Ending.ANSWERED))
    families = text_string_to_metric_families("\n".join(book.samples) + "\n")
    found = {each.name: set(each.labels) for family in families for each in family.samples}
    assert found == {family.name: set(family.labels) for family in SERVICES}
