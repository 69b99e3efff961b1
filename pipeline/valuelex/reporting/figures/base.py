"""What every figure has: an id, a size, words for those who cannot see it, and a calm layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.reporting.tables import TableView

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
REFERENCE = "#8a9099"
DIVERGING = [
    [0.0, "#b35806"],
    [0.25, "#f1a340"],
    [0.5, "#f7f5f0"],
    [0.75, "#74a9cf"],
    [1, "#0060a0"],
]


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice between traces: ``slots`` selectors over ``options`` (group, then trace and label).

    ``shift`` moves the traces of different slots apart on the y axis, in axis units.
    """

    slots: int
    options: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    shift: float = 0.0

    @property
    def default(self) -> list[int]:
        """Return the trace first shown in each slot: one of each group in turn, then no more."""
        heads = [entries[0][0] for _, entries in self.options if entries]
        rest = [trace for _, entries in self.options for trace, _ in entries[1:]]
        return (heads + rest)[: self.slots]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the table of the same numbers.

    ``alt`` says in words what a reader would see; ``height`` is in CSS pixels; ``pick`` lets a
    reader choose traces to compare; ``diverging`` lets the page tint the middle of the colour scale
    as its own background; ``link`` is the place in a mark's ``customdata`` of the id in the page
    that the mark leads to.
    """

    id: str
    title: str
    caption: str
    alt: str
    data: list[dict[str, Any]]
    layout: dict[str, Any]
    height: int = 460
    tables: Sequence[TableView] = ()
    pick: Pick | None = None
    diverging: bool = False
    link: int | None = None

    def spec(self) -> dict[str, Any]:
        """Return what the page's script needs to draw the figure."""
        base: dict[str, Any] = {
            "font": {"family": FONT, "size": 13},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 48, "r": 16, "t": 16, "b": 48},
            "hoverlabel": {"align": "left"},
            "dragmode": False,
            "height": self.height,
            "legend": {
                "orientation": "h",
                "y": 1.02,
                "yanchor": "bottom",
                "x": 0,
                "xanchor": "left",
            },
        }
        spec = {"data": self.data, "layout": base | self.layout, "diverging": self.diverging}
        if self.link is not None:
            spec["link"] = self.link
        if self.pick is not None:
            traces = [trace for _, entries in self.pick.options for trace, _ in entries]
            spec["pick"] = {"traces": traces, "shift": self.pick.shift}
        return spec


def axis(title: str = "", **extra: Any) -> dict[str, Any]:
    """Return an axis with quiet grid lines and a title."""
    return {
        "title": {"text": title, "font": {"size": 12}, "standoff": 8},
        "automargin": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
    } | extra


def line(axis_name: str, value: float, dash: str = "dot", label: str = "") -> dict[str, Any]:
    """Return a reference line across the plot at ``value`` on ``"x"`` or ``"y"``."""
    other = "y" if axis_name == "x" else "x"
    return {
        "type": "line",
        "layer": "below",
        "line": {"color": REFERENCE, "width": 1.2, "dash": dash},
        f"{axis_name}0": value,
        f"{axis_name}1": value,
        f"{axis_name}ref": axis_name,
        f"{other}0": 0,
        f"{other}1": 1,
        f"{other}ref": f"{other} domain",
    } | ({"label": _label_of(label)} if label else {})


def _label_of(words: str) -> dict[str, Any]:
    where = {"textangle": 0, "textposition": "end", "xanchor": "left", "yanchor": "bottom"}
    return {"text": words, "font": {"size": 11, "color": REFERENCE}, **where}


def scale(title: str, reach: float = 1.0, above: int = 26) -> dict[str, Any]:
    """Return the colour axis of a correlation-like quantity, from ``-reach`` to ``reach``.

    Its legend stands ``above`` so many pixels over the plot.
    """
    bar = {
        "orientation": "h",
        "thickness": 9,
        "lenmode": "pixels",
        "len": 220,
        "x": 1,
        "xanchor": "right",
        "y": 1,
        "yanchor": "bottom",
        "ypad": above,
        "outlinewidth": 0,
        "tickvals": [-reach, round(-reach / 2, 2), 0, round(reach / 2, 2), reach],
        "tickfont": {"size": 10},
    }
    return {
        "cmin": -reach,
        "cmax": reach,
        "colorscale": DIVERGING,
        "colorbar": {"title": {"text": title, "side": "top", "font": {"size": 11}}} | bar,
    }


def errors(
    middle: Sequence[float | None],
    lower: Sequence[float | None],
    upper: Sequence[float | None],
    tint: str,
    width: float = 1.6,
) -> dict[str, Any]:
    """Return horizontal error bars from interval ends; a missing end draws nothing."""

    def gap(high: float | None, low: float | None) -> float:
        return 0.0 if high is None or low is None else max(0.0, high - low)

    return {
        "type": "data",
        "symmetric": False,
        "array": [gap(u, m) for u, m in zip(upper, middle, strict=True)],
        "arrayminus": [gap(m, lo) for lo, m in zip(lower, middle, strict=True)],
        "thickness": width,
        "width": 0,
        "color": tint,
    }
