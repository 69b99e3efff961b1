"""An analysis of agreement for people: lines for a terminal, and the same as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from valuelex.reporting.text import DASH, number, plural, shorten, visible

_NAME = 30
Cells = Sequence[str]
Doc = Mapping[str, Any]

READING = (
    "r         mean of Pearson's correlations of all pairs of judges; [interval]",
    "ICC(2,1)  agreement of one judge, in points; ICC(2,k) of the judges' mean",
    "ICC(3,1)  consistency of one judge: how severe each is does not count",
    "alpha     Krippendorff's, interval scale; ordinal: of ranks",
    "items     reliability over items: ICC(1,k) of a subject's mean, judges together",
    "severity  points above what the judges say on average of the same texts",
    "r rest    correlation with the mean of the other judges",
    "repeats   ICC(1,1) of a judge with itself; SD: of its repeated ratings, in points",
    "halo      first component's share over the traits; centred: without each subject's mean",
    "intervals are the central 95 % of a bootstrap over subjects; a dash: cannot be computed",
)
_TRAIT = ("trait", "r", "95 % interval", "ICC(2,1)", "ICC(2,k)", "ICC(3,1)", "alpha", "ordinal")
_JUDGE = ("judge", "units", "missing", "severity", "95 % interval", "r rest", "repeats", "SD")
_JUDGE_HALO = ("halo", "centred")


def agreement_lines(content: Doc) -> list[str]:
    """Return the analysis as lines, 100 characters wide at most.

    Parameters
    ----------
    content
        The structure of ``agreement.json``.
    """
    lines = [*account(content)]
    for heading, cells in tables(content):
        lines += ["", heading, *_columns(cells)]
    lines += ["", *halo_lines(content), "", *READING]
    return [" ".join(visible(line).split("\n")) for line in lines]


def markdown(content: Doc) -> str:
    """Return the analysis as Markdown; every word that came with the table is escaped."""
    lines = [f"# Agreement of judges: {_escaped(content['table']['file'])}", ""]
    lines += [f"- {_escaped(line)}" for line in account(content)]
    for heading, rows in tables(content):
        lines += ["", f"## {_escaped(heading)}", ""]
        lines.append(_md_row(rows[0]))
        lines.append("|" + " --- |" + " ---: |" * (len(rows[0]) - 1))
        lines += [_md_row(row) for row in rows[1:]]
    lines += ["", "## Halo", "", *(f"- {_escaped(line)}" for line in halo_lines(content))]
    lines += ["", "## Reading", "", *(f"- {_escaped(' '.join(line.split()))}" for line in READING)]
    return "\n".join(lines) + "\n"


def account(content: Doc) -> list[str]:
    """Say what was read, and what of it is no rating."""
    table = content["table"]
    items = table["units"] - table["subjects"]
    lines = [
        f"{table['file']}: {plural(table['judges'], 'judge')}, "
        f"{plural(table['subjects'], 'subject')}"
        + (f" ({table['units']} units with their items)" if items else "")
        + f", {plural(table['traits'], 'trait')}, up to"
        f" {plural(table['repeats']['most'], 'rating')} of a judge and unit",
        f"{table['ratings']} ratings in {table['rows_used']} of {table['rows_read']} rows; no"
        f" rating: {', '.join(f'{reason} {n}' for reason, n in table['unscored'].items())}",
    ]
    if table["judge_units_without_a_row"]:
        lines.append(
            f"{table['judge_units_without_a_row']} of"
            f" {table['judge_units'] + table['judge_units_without_a_row']} judge-unit pairs have no"
            " row: coefficients rest on the ratings that there are"
        )
    lines += [f"left out: {what} {n}" for what, n in table["left_out"].items()]
    lines += [f"note: {note}" for note in table["notes"]]
    return lines


def tables(content: Doc) -> list[tuple[str, list[Cells]]]:
    """Return the tables: a heading, then rows of cells, the column names first."""
    found = []
    for overall in content["overall"]:
        level = overall["level"]
        rows = [row for row in content["traits"] if row["level"] == level]
        found.append((_heading(overall, content), _trait_table(rows, overall)))
    return [*found, ("Judges (severity and coefficients: means over traits)", _judges(content))]


def _heading(overall: Doc, content: Doc) -> str:
    pooled, k = overall["pooled"], content["table"]["traits"]
    n = max((row["n_targets"] for row in _at(content, overall["level"])), default=0)
    complete = min((row["n_complete"] for row in _at(content, overall["level"])), default=0)
    what = (
        f"subjects ({n}), means over items and repeats"
        if overall["level"] == "subject"
        else f"units ({n}), means over repeats"
    )
    gaps = "" if complete == n else f"; rated by every judge on every trait: {complete}"
    return f"Between judges, {what}; {pooled['n_pairs']} pairs, {plural(k, 'trait')}{gaps}"


def _at(content: Doc, level: str) -> list[Doc]:
    return [row for row in content["traits"] if row["level"] == level]


def _trait_table(rows: Sequence[Doc], overall: Doc) -> list[Cells]:
    items = any(row.get("items_icc_k") is not None for row in rows)
    table: list[Cells] = [(*_TRAIT, *(("items",) if items else ()))]
    table += [
        (
            shorten(row["trait"], _NAME),
            *_agreement_cells(row),
            *((number(row["items_icc_k"]),) if items else ()),
        )
        for row in rows
    ]
    over = overall["over_traits"]
    for name, key in (("mean over traits", "mean"), ("least", "least"), ("most", "most")):
        means = {what: values[key] for what, values in over.items()}
        table.append((name, *_agreement_cells(means), *(("",) if items else ())))
    pooled = ("all traits, standardised", *_agreement_cells(overall["pooled"]))
    return [*table, (*pooled, *(("",) if items else ()))]


def _agreement_cells(row: Doc) -> Cells:
    names = ("icc2", "icc2k", "icc3", "alpha_interval", "alpha_ordinal")
    return (
        number(row["mean_r"]),
        _interval(row, "mean_r"),
        *(number(row[name]) for name in names),
    )


def _judges(content: Doc) -> list[Cells]:
    halo = {row["judge"]: row for row in content["halo"]["judges"]}
    return [
        (*_JUDGE, *_JUDGE_HALO),
        *(
            (
                shorten(row["judge"], _NAME - 8),
                str(row["n_units"]),
                str(row["n_missing"] + row["n_not_a_number"] + row["n_outside"]),
                number(row["severity"]),
                _interval(row, "severity"),
                number(row["r_rest"]),
                number(row["repeat_icc"]),
                number(row["repeat_sd"]),
                number(halo[row["judge"]]["raw"]),
                number(halo[row["judge"]]["centred"]),
            )
            for row in content["judges"]
        ),
    ]


def halo_lines(content: Doc) -> list[str]:
    """Say how much of the ratings is one impression."""
    found = content["halo"]["all_judges"]
    if found["raw"] is None:
        return [
            f"halo: cannot be computed from {plural(found['n'], 'subject')} with every trait and"
            f" {plural(found['k'], 'trait')} that vary"
        ]
    lines = [
        f"halo: the first component takes {found['raw']:.1%} {_share(found, 'raw')} of"
        f" {plural(found['k'], 'trait')} over {plural(found['n'], 'subject')}"
        f" (unrelated traits: {found['chance_raw']:.1%})"
    ]
    if found["centred"] is not None:
        lines.append(
            f"      centred by subject {found['centred']:.1%} {_share(found, 'centred')}"
            f" (unrelated traits: {found['chance_centred']:.1%})"
        )
    if found["against"]:
        lines.append(
            f"      {plural(found['against'], 'trait')} of {found['k']} point against the others:"
            " the centred share says nothing of a halo until --reverse turns them round"
        )
    return lines


def _share(found: Doc, name: str) -> str:
    lower, upper = found[f"{name}_lower"], found[f"{name}_upper"]
    return "" if lower is None else f"[{lower:.1%}, {upper:.1%}]"


def _interval(row: Doc, name: str) -> str:
    lower, upper = row.get(f"{name}_lower"), row.get(f"{name}_upper")
    return DASH if lower is None or upper is None else f"[{number(lower)}, {number(upper)}]"


def _columns(rows: Sequence[Cells]) -> list[str]:
    """Align cells: the first column left, the others right."""
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]

    def cell(c: int) -> Callable[[str], str]:
        return (lambda t: t.ljust(widths[c])) if c == 0 else (lambda t: t.rjust(widths[c]))

    return ["  ".join(cell(c)(t) for c, t in enumerate(row)).rstrip() for row in rows]


def _md_row(cells: Cells) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Make text of others plain words in Markdown: no markup, no HTML, no new cell."""
    shown = " ".join(visible(text).split())
    return "".join(f"\\{c}" if c in "\\`*_{}<>#|!~[]" else c for c in shown)
