"""A board, in no language yet, and how it is handed to the SDK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as boards
from grafana_foundation_sdk.models import dashboard

from netwatch.publishing.dashboards.language import Text, uid
from netwatch.publishing.dashboards.links import Link
from netwatch.publishing.dashboards.panels import Panel
from netwatch.publishing.dashboards.timelines import Hours, States
from netwatch.publishing.dashboards.variables import datasource

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.annotations import Annotation
    from netwatch.publishing.dashboards.language import Language, Words
    from netwatch.publishing.dashboards.variables import Variable

TIME_ZONE = "Asia/Ho_Chi_Minh"

_TWIN = Text("English", "Tiếng Việt")


@dataclass(frozen=True, slots=True)
class Board:
    """A board. `parts` are panels, from left to right and down, and the headings of rows between them."""

    name: str
    words: Words
    variables: tuple[Variable, ...]
    parts: tuple[Panel | Text, ...]
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()  # to other boards, besides the twin in the other language
    since: str = "now-6h"
    refresh: str = "30s"

    def built(self, language: Language) -> dashboard.Dashboard:
        """Hand it to the SDK."""
        board = (
            boards.Dashboard(f"netwatch · {self.words.title(language)}")
            .uid(uid(self.name, language))
            .description(self.words.description(language))
            .tags(["netwatch", language.value])
            .timezone(TIME_ZONE)
            .time(self.since, "now")
            .refresh(self.refresh)
            .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
            .readonly()
            .with_variable(datasource())
        )
        for variable in self.variables:
            board.with_variable(variable.built(language))
        for annotation in self.annotations:
            board.annotation(annotation.built(language, self._timelines()))
        for link in self.links:
            board.link(_link(link, language))
        board.link(self._twin(language))
        for part in self.parts:
            if isinstance(part, Panel):
                board.with_panel(part.built(language))
            else:
                board.with_row(boards.Row(part.said(language)))
        return _numbered(board.build())

    def _timelines(self) -> list[int]:
        """Return the ids of panels that show states: what would be drawn over them stands in them."""
        return [id_ for id_, part in enumerate(self.parts, 1) if isinstance(part, States | Hours)]

    def _twin(self, language: Language) -> boards.DashboardLink:
        link = Link(_TWIN, self.name, carries=tuple(variable.name for variable in self.variables))
        return _top(_TWIN.said(language), link.url(language.other))


def _link(link: Link, language: Language) -> boards.DashboardLink:
    return _top(link.text.said(language), link.url(language))


def _top(title: str, url: str) -> boards.DashboardLink:
    """A link on top of a board; Grafana adds the time range to it by itself."""
    link = boards.DashboardLink(title).type(dashboard.DashboardLinkType.LINK)
    return link.url(url.replace("${__url_time_range}&", "")).keep_time(keep_time=True).icon("dashboard")


def _numbered(board: dashboard.Dashboard) -> dashboard.Dashboard:
    """Give each panel an id of its own, which links to a panel need."""
    for number, panel in enumerate(board.panels or [], 1):
        panel.id_val = number
    return board
