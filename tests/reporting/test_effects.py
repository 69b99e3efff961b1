"""A figure each for size, training and data source."""

from __future__ import annotations

import dataclasses

from valuelex.reporting.content import ReportContent
from valuelex.reporting.figures.effects import by_grouping
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.page import render_report


def test_a_figure_for_each_grouping_with_both_estimates(content: ReportContent) -> None:
    found = by_grouping(content, Lookup.of(content))
    assert [figure.id for figure in found] == ["fig-groups-by-size", "fig-groups-by-training"]
    for figure in found:
        assert [trace["name"] for trace in figure.data] == ["alone", "given the other groupings"]
        alone, given = figure.data
        assert len(alone["x"]) == len(given["x"]) > 2
        assert all(0.3 < b - a < 0.34 for a, b in zip(alone["y"], given["y"], strict=True))
        assert len(figure.tables) == 1
    page = render_report(content)
    assert 'id="fig-groups-by-size"' in page


def test_hostile_names_do_not_become_markup(content: ReportContent) -> None:
    rows = [{**row, "contrast": "<img src=x onerror=alert(1)>"} for row in content.group_effects]
    figures = by_grouping(dataclasses.replace(content, group_effects=rows), Lookup.of(content))
    assert all("<img" not in str(figure.spec()) for figure in figures)


def test_an_untested_contrast_has_no_bar(content: ReportContent) -> None:
    gone = dict.fromkeys(("p", "p_adjusted", "effect_lower", "effect_upper", "effect_size"))
    rows = [{**row, **gone} if row["given"] else row for row in content.group_effects]
    figure, *_ = by_grouping(dataclasses.replace(content, group_effects=rows), Lookup.of(content))
    _, given = figure.data
    assert set(given["error_x"]["array"]) == {0.0}
