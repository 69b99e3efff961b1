"""Static figures of models: profiles, the circle of values, people, groups, convergence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from valuelex.reporting.content import ReportContent, Row
from valuelex.reporting.figures.contrasts import INSTRUMENTS, UNITS, contrast_words, strongest
from valuelex.reporting.figures.convergence import expected, score_name
from valuelex.reporting.figures.profiles import circle_order
from valuelex.reporting.lookup import GREY, Lookup, colour
from valuelex.reporting.static.canvas import (
    MARKS,
    Sheet,
    diverging,
    frame,
    intervals,
    label,
    names_down,
)
from valuelex.reporting.text import coefficient, plural

_TRAINING = ("pretrained", "instruct", "aligned", "unknown")
_SPAN = "projective score (0 against it, 3 neither, 6 affirms it)"


def sheets(content: ReportContent, lookup: Lookup) -> Iterator[Sheet]:
    """Yield the figures that the study has."""
    subs = [sub["id"] for d in lookup.dimensions for sub in d.get("sub_dimensions", ())]
    scored = [r for r in content.profiles if r["id"] in subs and r["mean"] is not None]
    if scored:
        yield _profiles(scored, subs, lookup)
    people = [row for row in content.survey_human if row["centred"] is not None]
    if people:
        yield _circle(people, lookup)
        yield _people(people)
    for instrument in sorted({row["instrument"] for row in content.groups}):
        yield _groups(content, instrument, lookup)
    if content.convergence:
        yield _convergence(content, lookup)


def _profiles(rows: list[Row], ids: list[str], lookup: Lookup) -> Sheet:
    ids = [i for i in ids if any(row["id"] == i for row in rows)]
    models = sorted({row["model"] for row in rows})
    kinds = _kinds(models, lookup)
    across = 3 if len(ids) > 4 else 1
    down = math.ceil(len(ids) / across)

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        ax.set_axis_off()
        spread = max(abs(r[e] - 3) for r in rows for e in ("lower", "upper") if r[e] is not None)
        for at, identity in enumerate(ids):
            box = ax.inset_axes(
                (
                    (at % across) / across + 0.02,
                    1 - (at // across + 0.86) / down,
                    0.94 / across,
                    0.74 / down,
                )
            )
            mine = {row["model"]: row for row in rows if row["id"] == identity}
            order = sorted(mine, key=lambda model: (kinds[model], -mine[model]["mean"], model))
            for kind, name in enumerate(_TRAINING):
                chosen = [m for m in order if kinds[m] == kind]
                if chosen:
                    intervals(
                        box,
                        [mine[m]["mean"] for m in chosen],
                        [order.index(m) for m in chosen],
                        [(mine[m]["lower"], mine[m]["upper"]) for m in chosen],
                        color=colour(kind),
                        marker=MARKS[kind],
                        size=2.4,
                        label=name if at == 0 else None,
                    )
            box.axvline(3, color=GREY, linewidth=0.7, linestyle=":")
            box.set_xlim(3 - 1.05 * spread, 3 + 1.05 * spread)
            box.set_yticks([])
            box.spines["left"].set_visible(False)
            box.set_title(label(lookup.names.get(identity, identity), 34), loc="left", size=7)
            if at + across >= len(ids):
                box.set_xlabel("score, 0–6" if across > 1 else _SPAN, size=7)
            if at == 0:
                ax.legend(*box.get_legend_handles_labels(), loc="lower right", title="training")

    return Sheet(
        name="profiles",
        title="Projective scores of models",
        note=f"{plural(len(models), 'model')}, one line each, with 95 % intervals over stems and "
        f"draws; sorted by training method and score. {_SPAN.capitalize()}. What was unscored is "
        "counted in the table and in no mean.",
        draw=draw,
        width=7.0,
        height=1.0 + down * (0.5 + 0.035 * len(models)),
    )


def _kinds(models: list[str], lookup: Lookup) -> dict[str, int]:
    found = {}
    for model in models:
        training = str(lookup.models.get(model, {}).get("training", "unknown"))
        found[model] = _TRAINING.index(training) if training in _TRAINING else 3
    return found


def _circle(rows: list[Row], lookup: Lookup) -> Sheet:
    values = circle_order(sorted({row["value"] for row in rows}))
    people = {row["value"]: row["human"] for row in rows}
    models = sorted({row["model"] for row in rows})
    kinds = _kinds(models, lookup)

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        angles = [2 * math.pi * at / len(values) for at in range(len(values) + 1)]
        shown = [people[value] for value in values]
        ax.set_theta_direction(-1)
        ax.set_theta_zero_location("N")
        for kind, name in enumerate(_TRAINING):
            mine = [r for r in rows if kinds[r["model"]] == kind]
            means = [_mean([r["centred"] for r in mine if r["value"] == v]) for v in values]
            if mine:
                n = len({r["model"] for r in mine})
                ax.plot(
                    angles,
                    [*means, means[0]],
                    color=colour(kind),
                    marker=MARKS[kind],
                    markersize=3,
                    linewidth=1,
                    label=f"{name} ({plural(n, 'model')})",
                )
        ax.plot(angles, [*shown, shown[0]], "--", color="#333333", label="people (49 groups)")
        names = [label(value.replace("_", " ").replace("-", " "), 26) for value in values]
        ax.set_xticks(angles[:-1], names)
        ax.tick_params(axis="x", pad=14)
        ax.legend(loc="upper left", bbox_to_anchor=(1.12, 1.05))
        ax.set_rlabel_position(10)

    return Sheet(
        name="pvq-circle",
        title="Models and people on the circle of values",
        note="Centred scores in points of the 1–6 answer scale: how much more (outwards) or less a "
        "value counts than the respondent's own average. Means over models by training method; "
        "the dashed line is the mean of people in 49 national groups.",
        draw=draw,
        width=7.0,
        height=4.8,
        polar=True,
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _people(rows: list[Row]) -> Sheet:
    values = circle_order(sorted({row["value"] for row in rows}))
    models = {row["model"] for row in rows}

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        for at, value in enumerate(values):
            mine = sorted(
                row["difference"]
                for row in rows
                if row["value"] == value and row["difference"] is not None
            )
            ax.plot(mine, [at] * len(mine), "|", color=GREY, markersize=6, alpha=0.7)
            if mine:
                ax.plot([_middle(mine)], [at], MARKS[0], color=colour(0), markersize=5)
        ax.axvline(0, color="#333333", linewidth=0.8)
        names_down(ax, [label(value.replace("_", " ").replace("-", " "), 30) for value in values])
        ax.set_xlabel("model minus people (points of the 1–6 scale, centred)")

    return Sheet(
        name="people",
        title="How models differ from people",
        note=f"{plural(len(models), 'model')}; each stroke is one model, the dot their median, 0 "
        "the mean of people in 49 national groups. Every model's interval is in the table.",
        draw=draw,
        height=0.9 + 0.2 * len(values),
    )


def _middle(values: list[float]) -> float:
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _groups(content: ReportContent, instrument: str, lookup: Lookup) -> Sheet:
    shown, left_out = strongest(content.groups, instrument)

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        for kind, grouping in enumerate(dict.fromkeys(row["grouping"] for row in shown)):
            for clear in (True, False):
                at = [
                    i
                    for i, row in enumerate(shown)
                    if row["grouping"] == grouping and _clear(row) == clear
                ]
                intervals(
                    ax,
                    [shown[i]["estimate"] for i in at],
                    [float(i) for i in at],
                    [(shown[i]["lower"], shown[i]["upper"]) for i in at],
                    color=colour(kind),
                    marker=MARKS[kind],
                    face=colour(kind) if clear else "white",
                    label=None if clear else label(grouping.replace("_", " ")),
                )
        ax.axvline(0, color="#333333", linewidth=0.8)
        names_down(ax, [_contrast(row, lookup) for row in shown])
        ax.set_xlabel(UNITS.get(instrument, "estimate"))
        ax.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.55 / (0.16 * len(shown) + 0.6)), ncols=3
        )

    more = f" {left_out} further contrasts are in the table." if left_out else ""
    return Sheet(
        name=f"groups-{''.join(c for c in instrument if c.isalnum())}",
        title=f"Groups of models: {label(INSTRUMENTS.get(instrument, instrument), 60)}",
        note="Differences with 95 % intervals, model families as clusters. Filled: adjusted p "
        f"below .05 over the whole table; open: not.{more} n of every contrast is in the table.",
        draw=draw,
        width=7.0,
        height=1.1 + 0.16 * len(shown),
    )


def _clear(row: Row) -> bool:
    return row["p_adjusted"] is not None and row["p_adjusted"] < 0.05


def _contrast(row: Row, lookup: Lookup) -> str:
    return (
        f"{label(lookup.names.get(row['score'], row['score']), 24)} · "
        f"{label(contrast_words(row['contrast']), 28)}"
    )


def _convergence(content: ReportContent, lookup: Lookup) -> Sheet:
    cells = {(row["score_a"], row["score_b"]): row for row in content.convergence}
    down, across = (list(dict.fromkeys(pair[side] for pair in cells)) for side in (0, 1))
    if len(across) > len(down):
        cells = {(b, a): row for (a, b), row in cells.items()}
        down, across = across, down
    n = sorted({row["n_models"] for row in content.convergence})
    same = expected(content)

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        grid = [[_r(cells.get((a, b))) for b in across] for a in down]
        for y, a in enumerate(down):
            for x, b in enumerate(across):
                if frozenset((a, b)) in same:
                    ax.add_patch(frame(x, y))
        image = ax.imshow(grid, cmap=diverging(), vmin=-1, vmax=1, aspect="auto")
        small = len(across) <= 16
        for y, line in enumerate(grid):
            for x, r in enumerate(line):
                if small and not math.isnan(r):
                    tint = "white" if abs(r) > 0.75 else "#1c2025"
                    ax.text(x, y, coefficient(r), ha="center", va="center", size=4.5, color=tint)
        ax.set_xticks(
            range(len(across)),
            [label(score_name(a, lookup), 34) for a in across],
            rotation=45,
            ha="right",
        )
        names_down(ax, [label(score_name(a, lookup), 40) for a in down])
        ax.tick_params(length=0, labelsize=5.5)
        ax.figure.colorbar(image, ax=ax, label="Pearson r over models", shrink=0.5, aspect=30)

    return Sheet(
        name="convergence",
        title="Instruments against each other",
        note=f"Correlations over {_range(n)} models between scores of different instruments. "
        "Framed: pairs that ought to agree. Intervals (families resampled) are in the table.",
        draw=draw,
        width=7.0,
        height=1.6 + 0.13 * len(down),
    )


def _range(numbers: list[int]) -> str:
    """Return ``"35"`` for sorted numbers that are one, ``"20 to 35"`` for several."""
    ends = dict.fromkeys((numbers[0], numbers[-1]))
    return " to ".join(map(str, ends))


def _r(row: Row | None) -> float:
    return math.nan if row is None or row["r"] is None else float(row["r"])
