"""Panels of one moment: big numbers, a banner, bars, a text."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import bargauge, common as shared, stat, text as texts
from grafana_foundation_sdk.models import common, text as text_models

from netwatch.publishing.dashboards.panels import (
    BLUE,
    COUNT,
    Names,
    Panel,
    begun,
    named,
    prop,
    steps,
    targets,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.publishing.dashboards.language import Language, Text


AFAR = (36, 110)
"""CSS pixels of a name and of digits that are read five metres away from a wall, in a panel of 7 lines."""


@dataclass(frozen=True, slots=True)
class Number(Panel):
    """One number of now, readable from afar. `colors`: from a value on; `said`: what stands for a value."""

    _: KW_ONLY
    colors: Mapping[float, str] = field(default_factory=lambda: {0.0: BLUE})
    said: Names = field(default_factory=dict)
    filled: bool = False  # the color fills the panel, and is not the digits' alone
    called: bool = False  # its title stands beside the digits too, to be read from afar

    def built(self, language: Language) -> stat.Panel:
        """Hand it to the SDK."""
        panel = begun(stat.Panel(), self, language)
        for target in targets(self, language):
            panel.with_target(target.instant())
        panel.reduce_options(shared.ReduceDataOptions().calcs(["lastNotNull"]))
        panel.graph_mode(common.BigValueGraphMode.NONE)
        solid = common.BigValueColorMode.BACKGROUND_SOLID
        panel.color_mode(solid if self.filled else common.BigValueColorMode.VALUE)
        panel.thresholds(steps(self.colors))
        if self.said:
            panel.mappings([values(self.said, language)])
        if self.unit == COUNT:
            panel.decimals(0)  # increase() interpolates
        if self.called:
            panel.display_name(self.words.title(language))
            panel.text_mode(common.BigValueTextMode.VALUE_AND_NAME)
            if self.filled:
                panel.justify_mode(common.BigValueJustifyMode.CENTER)
                name, digits = AFAR
                panel.text(shared.VizTextDisplayOptions().title_size(name).value_size(digits))
        return panel


@dataclass(frozen=True, slots=True)
class Banner(Panel):
    """A stripe that says one thing, or one for each series, in as big letters as there is room for.

    `said`: value → (its text, color). `called`: what is said of the series of each query, as their name:
    beside a name Grafana gives a value a third of the stripe, which cannot be read on a phone.
    """

    _: KW_ONLY
    said: Names
    called: tuple[Text, ...]

    def built(self, language: Language) -> stat.Panel:
        """Hand it to the SDK."""
        panel = begun(stat.Panel(), self, language)
        for target in targets(self, language):
            panel.with_target(target.instant())
        panel.reduce_options(shared.ReduceDataOptions().calcs(["lastNotNull"]))
        panel.graph_mode(common.BigValueGraphMode.NONE)
        panel.color_mode(common.BigValueColorMode.BACKGROUND_SOLID)
        panel.text_mode(common.BigValueTextMode.NAME)
        for ref, name in zip("ABC", self.called, strict=False):
            panel.override_by_query(ref, [prop("displayName", name.said(language))])
        panel.justify_mode(common.BigValueJustifyMode.CENTER)
        return panel.mappings([values(self.said, language)])


@dataclass(frozen=True, slots=True)
class Bars(Panel):
    """Horizontal bars of now, one for each series. `names`: series → (what it is called, color)."""

    _: KW_ONLY
    names: Names = field(default_factory=dict)
    colors: Mapping[float, str] = field(default_factory=lambda: {0.0: BLUE})
    most: float | None = None  # where a full bar ends; None: at the greatest

    def built(self, language: Language) -> bargauge.Panel:
        """Hand it to the SDK."""
        panel = begun(bargauge.Panel(), self, language)
        for target in targets(self, language):
            panel.with_target(target.instant())
        panel.reduce_options(shared.ReduceDataOptions().calcs(["lastNotNull"]))
        panel.orientation(common.VizOrientation.HORIZONTAL)
        panel.display_mode(common.BarGaugeDisplayMode.BASIC)
        panel.name_placement(common.BarGaugeNamePlacement.TOP)  # beside a bar long names are cut off
        panel.thresholds(steps(self.colors))
        panel.min(0)
        if self.most is not None:
            panel.max(self.most)
        named(panel, self.names, language)
        return panel


@dataclass(frozen=True, slots=True)
class Note(Panel):
    """A text in Markdown; it has no query."""

    _: KW_ONLY
    text: Text

    def built(self, language: Language) -> texts.Panel:
        """Hand it to the SDK."""
        panel = texts.Panel().title(self.words.title(language))
        panel.description(self.words.description(language)).span(self.width).height(self.height)
        return panel.mode(text_models.TextMode.MARKDOWN).content(self.text.said(language))
