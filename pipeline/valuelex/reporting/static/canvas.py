"""The drawing surface of every static figure: one look, one label of simulation, the same bytes.

Text is drawn as paths in SVG, so no font has to be installed where the figure is read, and nothing
that a model wrote becomes mark-up. ``$`` starts no formula: mathematical text is switched off.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.reporting.figures.base import DIVERGING
from valuelex.reporting.text import shorten

SIMULATED = "SIMULATED STUDY: a program wrote every reply; nothing here is about real models"
_ALARM = "#8f3200"
_QUIET = "#59616b"
_RC: Any = {
    "font.family": "DejaVu Sans",  # comes with the library: the same letters on every machine
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9aa1a9",
    "axes.linewidth": 0.7,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "text.parse_math": False,
    "text.usetex": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "valuelex",
}

# Okabe and Ito's order with a mark for each, so that no reader has to rely on colour.
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One figure: its file name, its words, its size, and what draws it.

    ``width`` and ``height`` are inches of the drawing itself; ``rows`` splits it into that many
    axes one below the other in the proportions of ``ratios``; ``note`` holds n, intervals and what
    was left out, and stands below.
    """

    name: str
    title: str
    note: str
    draw: Callable[[Sequence[Any]], None]
    width: float = 6.5
    height: float = 4.0
    ratios: tuple[float, ...] = (1.0,)
    polar: bool = False


def render(sheet: Sheet, *, simulated: bool) -> dict[str, bytes]:
    """Draw a sheet.

    Parameters
    ----------
    sheet
        What to draw.
    simulated
        Whether the label of simulated studies stands above it.

    Returns
    -------
    dict
        ``svg`` and ``png`` (300 dots an inch): the same bytes for the same content and version of
        the library.
    """
    from matplotlib import rc_context

    with rc_context(_RC), warnings.catch_warnings():
        # a letter that the font lacks is drawn as a box; the tables hold it
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawing = _drawing(sheet, simulated)
        svg, png = io.BytesIO(), io.BytesIO()
        title = f"{SIMULATED}. {sheet.title}" if simulated else sheet.title
        drawing.savefig(svg, format="svg", metadata={"Date": None, "Title": title})
        drawing.savefig(png, format="png", dpi=300, metadata={"Software": None, "Title": title})
    return {"svg": _numbered(svg.getvalue()), "png": png.getvalue()}


def _numbered(svg: bytes) -> bytes:
    """Give clip paths and marks a number each, in the order in which they are used.

    The writer names them by a hash over the last bits of the layout, which differ between runs.
    """
    known = set(re.findall(rb'id="([a-z][0-9a-f]{10})"', svg))
    names: dict[bytes, bytes] = {}

    def rename(found: re.Match[bytes]) -> bytes:
        name = found[0]
        return names.setdefault(name, b"i%d" % len(names)) if name in known else name

    return re.sub(rb"\b[a-z][0-9a-f]{10}\b", rename, svg)


def _drawing(sheet: Sheet, simulated: bool) -> Any:
    from matplotlib.figure import Figure

    wide = int(sheet.width * 20)
    note = textwrap.wrap(sheet.note, wide)
    head, foot = 0.3 + 0.16 * simulated, 0.1 + 0.13 * len(note)
    whole = Figure(figsize=(sheet.width, head + sheet.height + foot), layout="constrained")
    parts: Any = whole.subfigures(3, 1, height_ratios=[head, sheet.height, foot])
    top, middle, bottom = parts
    if simulated:
        top.text(0.01, 0.94, SIMULATED, color=_ALARM, weight="bold", size=7, va="top")
    top.text(0.01, 0.1, sheet.title, weight="bold", size=9.5, va="bottom")
    bottom.text(0.01, 0.95, "\n".join(note), color=_QUIET, size=6.5, va="top")
    axes = middle.subplots(
        len(sheet.ratios),
        1,
        squeeze=False,
        gridspec_kw={"height_ratios": list(sheet.ratios)},
        subplot_kw={"projection": "polar"} if sheet.polar else None,
    )
    sheet.draw([row[0] for row in axes])
    _settle(whole)
    return whole


def _settle(drawing: Any) -> None:
    """Let the layout be found once, round it, and keep it.

    The solver's last bits differ from run to run.
    """
    drawing.draw_without_rendering()
    places = [(ax, ax.get_position(original=True).bounds) for ax in drawing.axes]
    drawing.set_layout_engine("none")
    for ax, place in places:
        ax.set_position([round(end, 4) for end in place])


def diverging() -> Any:
    """Return the colour map of correlations and loadings, from -1 (brown) to 1 (blue)."""
    from matplotlib.colors import LinearSegmentedColormap

    stops: Any = [tuple(stop) for stop in DIVERGING]
    return LinearSegmentedColormap.from_list("diverging", stops)


def label(text: object, limit: int = 32) -> str:
    """Return text on one short line, with what is invisible made visible."""
    return shorten(str(text), limit)


def intervals(
    ax: Any,
    x: Sequence[float | None],
    y: Sequence[float],
    ends: Sequence[tuple[float | None, float | None]],
    **look: Any,
) -> None:
    """Draw marks with horizontal intervals; a missing value or end draws nothing there."""
    tint, mark, name = look["color"], look["marker"], look.get("label")
    for at, (lower, upper) in zip(y, ends, strict=True):
        if lower is not None and upper is not None:
            ax.plot([lower, upper], [at, at], color=tint, linewidth=1.1, solid_capstyle="butt")
    there = [(v, at) for v, at in zip(x, y, strict=True) if v is not None]
    ax.plot(
        [v for v, _ in there],
        [at for _, at in there],
        linestyle="none",
        marker=mark,
        markersize=look.get("size", 4.5),
        color=tint,
        markerfacecolor=look.get("face", tint),
        label=name,
    )


def frame(x: int, y: int) -> Any:
    """Return a frame around one cell of a heat map."""
    from matplotlib.patches import Rectangle

    place = (x - 0.46, y - 0.46)
    return Rectangle(place, 0.92, 0.92, fill=False, edgecolor="#E69F00", linewidth=1.1, zorder=3)


def names_down(ax: Any, names: Sequence[str]) -> None:
    """Write one name a row, the first on top."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
