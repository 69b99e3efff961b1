"""Static figures of the lexical study: map, scree, loadings with intervals, congruence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from valuelex.reporting.content import ReportContent, dig
from valuelex.reporting.figures.factors import congruence_rows, factor_names
from valuelex.reporting.figures.semantic import map_rows, uncrowded
from valuelex.reporting.loading_intervals import loading_intervals
from valuelex.reporting.lookup import GREY, Lookup, colour, walk
from valuelex.reporting.static.canvas import MARKS, Sheet, diverging, intervals, label, names_down
from valuelex.reporting.text import coefficient, count, plural

_SCREE = 30
_PER_SUB = 6


def sheets(content: ReportContent, lookup: Lookup) -> Iterator[Sheet]:
    """Yield the figures that the study has."""
    if content.clusters:
        yield _semantic_map(content, lookup)
    if dig(content.diagnostics, "eigenvalues"):
        yield _scree(content)
    if factor_names(content.loadings):
        yield _loadings(content)
    if congruence_rows(content):
        yield _congruence(content)


def _semantic_map(content: ReportContent, lookup: Lookup) -> Sheet:
    rows = map_rows(content)
    largest = max((row["mentions"] for row in rows), default=1) or 1
    named = uncrowded(rows)

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        groups: dict[int, list[dict[str, Any]]] = {}
        for row in rows:
            place = lookup.places.get(row["term"])
            groups.setdefault(place.dimension if place else -1, []).append(row)
        for at in sorted(groups, key=lambda at: (at < 0, at)):
            mine = groups[at]
            ax.scatter(
                [row["x"] for row in mine],
                [row["y"] for row in mine],
                s=[6 + 70 * row["mentions"] / largest for row in mine],
                c=GREY if at < 0 else colour(at),
                marker="x" if at < 0 else MARKS[at % len(MARKS)],
                alpha=0.75,
                linewidths=0.6 if at < 0 else 0,
                label="not placed" if at < 0 else label(lookup.dimensions[at]["name"]),
            )
        for row in rows:
            if row["term"] in named:
                ax.annotate(
                    label(row["term"], 24),
                    (row["x"], row["y"]),
                    xytext=(0, 4),
                    textcoords="offset points",
                    ha="center",
                    size=5,
                )
        ax.set_xlabel("map coordinate 1 (no unit)")
        ax.set_ylabel("map coordinate 2 (no unit)")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, markerscale=0.8)

    return Sheet(
        name="semantic-map",
        title="Terms of the lexicon by meaning",
        note=f"{plural(len(rows), 'term')} of {plural(len(content.outcomes), 'model')}; near means "
        "alike in meaning, area grows with mentions, colour and shape are the dimension. Only "
        f"nearness can be read. {len(named)} labels are drawn, the most mentioned that fit.",
        draw=draw,
        height=5.0,
    )


def _scree(content: ReportContent) -> Sheet:
    doc = content.diagnostics
    values = list(doc["eigenvalues"])[:_SCREE]
    chance = list(dig(doc, "parallel", "thresholds", default=()))[: len(values)]
    partial = list(dig(doc, "map", "values", default=()))[: len(values)]
    kept = dig(doc, "n_factors")
    percentile = dig(doc, "parallel", "percentile", default=95)

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        numbers = range(1, len(values) + 1)
        ax.plot(numbers, values, "-o", color=colour(0), markersize=3.5, label="observed")
        ax.plot(
            numbers[: len(chance)],
            chance,
            "--D",
            color=colour(1),
            markersize=3,
            label=f"chance ({percentile:g}th percentile)",
        )
        if kept is not None:
            ax.axvline(kept + 0.5, color=GREY, linestyle=":", linewidth=1)
        ax.set_ylabel("eigenvalue")
        ax.set_ylim(bottom=0)
        ax.legend()
        if partial:
            axes[1].plot(range(len(partial)), partial, "-s", color=colour(2), markersize=3)
            axes[1].set_ylabel("MAP (mean squared\npartial correlation)")
            axes[1].set_xticks(range(0, len(partial), 5))
        axes[-1].set_xlabel("number of factors")

    return Sheet(
        name="scree",
        title="How many factors",
        note=f"{count(dig(doc, 'n_respondents'))} respondents, {count(dig(doc, 'n_models'))} "
        f"models, {count(dig(doc, 'n_families'))} families, {count(dig(doc, 'n_terms'))} terms. "
        f"Factors count while they lie above chance; the dotted line follows the last of the {kept}"
        f" kept. The first {len(values)} eigenvalues are drawn.",
        draw=draw,
        ratios=(2.0, 1.0) if partial else (1.0,),
        height=4.6 if partial else 3.4,
    )


def _loadings(content: ReportContent) -> Sheet:
    factors = factor_names(content.loadings)
    known = {row["term"]: row for row in content.loadings}
    ends = loading_intervals(content)
    shown: list[Any] = []
    seen: dict[str, int] = {}
    for _, _, sub, entry in walk(content.taxonomy):
        seen[sub["id"]] = seen.get(sub["id"], 0) + 1
        if entry["term"] in known and seen[sub["id"]] <= _PER_SUB:
            shown.append(known[entry["term"]])
    names = {str(d.get("factor")): d["name"] for d in content.taxonomy.get("dimensions", ())}

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        grid = [[row[f] for f in factors] for row in shown]
        image = ax.imshow(grid, cmap=diverging(), vmin=-1, vmax=1, aspect="auto")
        for y, row in enumerate(shown):
            for x, factor in enumerate(factors):
                lower, upper = ends.get((row["term"], factor), (None, None))
                clear = lower is not None and upper is not None and lower * upper > 0
                words = coefficient(row[factor])
                if lower is not None:
                    words += f"  [{coefficient(lower)}, {coefficient(upper)}]"
                dark = abs(row[factor]) > 0.75
                tint = "white" if dark else "#1c2025" if clear or not ends else "#6a7078"
                weight = "bold" if clear else "normal"
                ax.text(x, y, words, ha="center", va="center", size=5, color=tint, weight=weight)
        ax.set_xticks(range(len(factors)), [f"{f}\n{label(names.get(f, ''), 24)}" for f in factors])
        ax.xaxis.tick_top()
        names_down(ax, [label(row["term"], 26) for row in shown])
        ax.tick_params(length=0)
        ax.figure.colorbar(image, ax=ax, label="pattern loading (no unit)", shrink=0.4, aspect=30)

    share = f"{len(shown)} of {len(content.loadings)} terms, up to {_PER_SUB} a sub-dimension"
    n = count(dig(content.stability, "bootstrap", "n"))
    return Sheet(
        name="loadings",
        title="Pattern loadings with 95 % intervals",
        note=f"{share}, in the order of the taxonomy; loadings.csv among the tables has all. "
        + (
            f"Intervals over {n} resamples of whole model families; bold: the interval excludes 0."
            if ends
            else "This study has no resampled loadings: no intervals."
        ),
        draw=draw,
        width=7.0,
        height=max(3.0, 0.6 + 0.155 * len(shown)),
    )


def _congruence(content: ReportContent) -> Sheet:
    rows = congruence_rows(content)
    factors = list(dict.fromkeys(row["factor"] for row in rows))
    names = {str(d.get("factor")): d["name"] for d in content.taxonomy.get("dimensions", ())}

    def draw(axes: Sequence[Any]) -> None:
        ax = axes[0]
        for at, how in enumerate(dict.fromkeys(row["how"] for row in rows)):
            mine = [row for row in rows if row["how"] == how]
            intervals(
                ax,
                [row.get("phi") for row in mine],
                [factors.index(row["factor"]) + 0.24 * at - 0.12 for row in mine],
                [(row.get("lower"), row.get("upper")) for row in mine],
                color=colour(at),
                marker=MARKS[at],
                label=how.lower(),
            )
        for floor, dash in ((0.85, ":"), (0.95, "--")):
            ax.axvline(floor, color=GREY, linestyle=dash, linewidth=0.9)
        names_down(ax, [label(f"{f} {names.get(f, '')}", 34) for f in factors])
        ax.set_xlabel("Tucker's congruence coefficient phi (no unit)")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)

    n = count(dig(content.stability, "bootstrap", "n"))
    halves = count(dig(content.stability, "split_half", "n"))
    return Sheet(
        name="congruence",
        title="Do the factors come back?",
        note=f"95 % intervals over {n} resamples of whole model families and {halves} random "
        "halves; dotted: .85, fair; dashed: .95, the same factor.",
        draw=draw,
        height=1.2 + 0.45 * len(factors),
    )
