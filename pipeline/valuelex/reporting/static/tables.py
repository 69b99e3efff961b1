"""The study's results as tables for papers: one content, written as CSV, Markdown, LaTeX and XLSX.

CSV and XLSX carry the numbers as the artifacts hold them; Markdown and LaTeX are rounded for print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.reporting.content import ReportContent, dig
from valuelex.reporting.figures.factors import congruence_rows, factor_names
from valuelex.reporting.figures.semantic import map_rows
from valuelex.reporting.loading_intervals import loading_intervals
from valuelex.reporting.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key in the rows, its heading with the unit, decimals if it is a number."""

    key: str
    heading: str
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One table: its file name, what it says, its columns, and its rows as mappings."""

    name: str
    caption: str
    fields: tuple[Field, ...]
    rows: tuple[Mapping[str, Any], ...]

    def cells(self) -> Iterator[list[Any]]:
        """Yield each row's values in the order of the columns; what is missing is ``None``."""
        for row in self.rows:
            yield [row.get(field.key) for field in self.fields]


def _words(**headings: str) -> list[Field]:
    return [Field(key, heading) for key, heading in headings.items()]


def _counts(**headings: str) -> list[Field]:
    return [Field(key, heading, 0) for key, heading in headings.items()]


def _numbers(digits: int = 2, **headings: str) -> list[Field]:
    return [Field(key, heading, digits) for key, heading in headings.items()]


_ENDS = _numbers(lower="95 % interval, lower", upper="95 % interval, upper")


def _result(
    name: str, caption: str, fields: Sequence[Field], rows: Iterable[Mapping[str, Any]]
) -> Result:
    return Result(name, caption, tuple(fields), tuple(rows))


def results(content: ReportContent, lookup: Lookup) -> list[Result]:
    """Return every table that has rows, in the order of the report."""
    made = [
        _attrition(content),
        _taxonomy(content, lookup),
        _eigenvalues(content),
        _loadings(content),
        _phi(content),
        _congruence(content),
        _profiles(content, lookup),
        _survey(content),
        _people(content),
        _groups(content, lookup),
        _convergence(content),
    ]
    return [result for result in made if result.rows]


def _attrition(content: ReportContent) -> Result:
    sums: dict[tuple[str, bool, str], int] = {}
    for row in content.attrition:
        key = (row["unit"], bool(row["kept"]), row["disposition"])
        sums[key] = sums.get(key, 0) + row["n"]
    rows = [
        {"unit": unit, "disposition": rule, "kept": "yes" if kept else "no", "n": n}
        for (unit, kept, rule), n in sorted(sums.items(), key=lambda item: (item[0][0], -item[1]))
    ]
    fields = [
        *_words(unit="Unit", disposition="What became of it", kept="Goes on"),
        *_counts(n="n"),
    ]
    return _result("attrition", "What was kept and what was lost, over all models", fields, rows)


def _taxonomy(content: ReportContent, lookup: Lookup) -> Result:
    known = {row["term"]: row for row in map_rows(content)}
    rows = [
        {
            **known.get(term, {}),
            **place.entry,
            "dimension": lookup.dimensions[place.dimension]["name"],
            "sub_dimension": place.sub_dimension,
        }
        for term, place in lookup.places.items()
    ]
    fields = [
        *_words(dimension="Dimension", sub_dimension="Sub-dimension", term="Term"),
        *_words(placed_by="Placed by"),
        *_numbers(loading="Loading"),
        *_counts(mentions="Mentions", respondents="Respondents", models="Models"),
        *_numbers(3, smith_s="Smith's S", sutrop="Sutrop's index"),
    ]
    return _result("taxonomy", "Dimensions, sub-dimensions and terms", fields, rows)


def _eigenvalues(content: ReportContent) -> Result:
    doc = content.diagnostics
    chance = list(dig(doc, "parallel", "thresholds", default=()))
    partial = list(dig(doc, "map", "values", default=()))
    rows = [
        {"k": at + 1, "e": value, "t": _at(chance, at), "m": _at(partial, at + 1)}
        for at, value in enumerate(dig(doc, "eigenvalues", default=()))
    ]
    fields = [
        *_counts(k="Factor"),
        *_numbers(e="Eigenvalue", t="Chance threshold"),
        *_numbers(4, m="MAP"),
    ]
    return _result("eigenvalues", "Eigenvalues, chance thresholds and MAP", fields, rows)


def _at(values: Sequence[Any], at: int) -> Any:
    return values[at] if at < len(values) else None


def _loadings(content: ReportContent) -> Result:
    factors = factor_names(content.loadings)
    ends = loading_intervals(content)
    rows = []
    for row in content.loadings:
        cells = dict(row)
        for factor in factors:
            cells[f"{factor}_lower"], cells[f"{factor}_upper"] = ends.get(
                (row["term"], factor), (None, None)
            )
        rows.append(cells)
    fields = _words(term="Term")
    for factor in factors:
        fields += [Field(factor, factor, 2)]
        fields += [Field(f"{factor}_{end}", f"{factor}, {end}", 2) for end in ("lower", "upper")]
    caption = "Pattern loadings with 95 % intervals over resampled model families"
    return _result("loadings", caption, fields, rows)


def _phi(content: ReportContent) -> Result:
    names = factor_names(content.phi)
    fields = [*_words(factor="Factor"), *(Field(name, name, 2) for name in names)]
    return _result("factor-correlations", "Correlations between factors", fields, content.phi)


def _congruence(content: ReportContent) -> Result:
    fields = [*_words(factor="Factor", how="Disturbed by"), *_numbers(phi="Tucker's phi"), *_ENDS]
    caption = "Congruence of each factor with itself"
    return _result("congruence", caption, fields, congruence_rows(content))


def _profiles(content: ReportContent, lookup: Lookup) -> Result:
    rows = [{**row, "name": lookup.names.get(row["id"], row["id"])} for row in content.profiles]
    fields = [
        *_words(model="Model", level="Level", id="Id", name="Name"),
        *_numbers(mean="Score, 0-6"),
        *_numbers(3, se="Standard error"),
        *_ENDS,
        *_counts(n_scored="Scored", n_unscored="Unscored", percentile="Percentile in the roster"),
    ]
    return _result("profiles", "Projective scores of every model", fields, rows)


def _survey(content: ReportContent) -> Result:
    fields = [
        *_words(model="Model", level="Level", value="Value"),
        *_numbers(raw="Raw mean, 1-6", centred="Centred, points"),
        *_numbers(3, se="Standard error"),
        *_counts(n_answered="Answered", n_missing="Missing"),
    ]
    caption = "Scores of the portrait questionnaire"
    return _result("survey", caption, fields, content.survey_profiles)


def _people(content: ReportContent) -> Result:
    fields = [
        *_words(model="Model", value="Value"),
        *_numbers(centred="Model, points", human="People, points", difference="Difference, points"),
        *_ENDS,
        *_counts(rank_shift="Rank shift"),
        *_numbers(profile_r="Profile r"),
    ]
    caption = "Models beside people of 49 national groups"
    return _result("people", caption, fields, content.survey_human)


def _groups(content: ReportContent, lookup: Lookup) -> Result:
    rows = [{**r, "name": lookup.names.get(r["score"], r["score"])} for r in content.group_effects]
    fields = [
        *_words(instrument="Instrument", name="Score", grouping="Grouping", contrast="Contrast"),
        *_words(given="Given"),
        *_numbers(estimate="Estimate"),
        *_ENDS,
        *_numbers(effect_size="Effect, SD"),
        *_numbers(3, p="p", p_adjusted="p, adjusted"),
        *_counts(n_models="Models", n_families="Families"),
        *_words(note="Note"),
    ]
    return _result("groups", "Contrasts between groups of models", fields, rows)


def _convergence(content: ReportContent) -> Result:
    fields = [
        *_words(score_a="Score", score_b="With"),
        *_numbers(r="Pearson r"),
        *_ENDS,
        *_counts(n_models="Models", n_families="Families"),
    ]
    caption = "Correlations between scores of different instruments"
    return _result("convergence", caption, fields, content.convergence)
