"""The factor analysis in numbers: diagnostics, variance, correlations, warnings."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import ReportContent, dig
from valuelex.reporting.figures.factors import factor_names
from valuelex.reporting.sections.elicitation import readable
from valuelex.reporting.tables import Column, TableView, figures, table, text
from valuelex.reporting.text import coefficient, count, interval, number, p_value, share


def view(content: ReportContent) -> dict[str, Any]:
    """Return diagnostics, variance, correlations between factors, and warnings."""
    doc = content.diagnostics
    return {
        "facts": _diagnostics(content),
        "agreement": sentence(str(dig(doc, "agreement", default=""))),
        "warnings": list(dig(doc, "warnings", default=())),
        "variance": _variance(content),
        "phi": _phi(content),
        "dropped": _dropped(content),
    }


def _diagnostics(content: ReportContent) -> list[tuple[str, str]]:
    doc = content.diagnostics
    fit = dig(doc, "fit", default={})
    n, p = dig(doc, "n_respondents"), dig(doc, "n_terms")
    bartlett = dig(doc, "bartlett", default={})
    lists = dig(doc, "list_length", default={})
    facts = [
        ("Respondents × terms", f"{count(n)} × {count(p)}"),
        ("Models, families", f"{count(dig(doc, 'n_models'))}, {count(dig(doc, 'n_families'))}"),
        ("Coding of a cell", dig(doc, "coding", default="")),
        ("Extraction, rotation", f"{dig(doc, 'extraction')}, {dig(doc, 'rotation')}"),
        ("KMO", coefficient(dig(doc, "kmo"))),
        (
            "Bartlett's test",
            f"χ² = {number(bartlett.get('chi2'), 0)}, df = {count(bartlett.get('dof'))}, "
            f"p {_equals(p_value(bartlett.get('p')))}"
            + (f" — {bartlett['note']}" if bartlett.get("note") else ""),
        ),
        ("Factors kept", count(dig(doc, "n_factors"))),
        ("Kaiser's rule would keep", count(dig(doc, "kaiser"))),
        (
            "Fit",
            f"RMSR {coefficient(fit.get('rmsr'), 3)}, RMSEA {coefficient(fit.get('rmsea'), 3)} "
            f"{interval(fit.get('rmsea_lower'), fit.get('rmsea_upper'), 3)}, "
            f"TLI {coefficient(fit.get('tli'))}",
        ),
        (
            "Words per respondent",
            f"{number(lists.get('mean'), 1)} on average (SD {number(lists.get('sd'), 1)}): a list "
            "has few places, and that alone pushes correlations below zero",
        ),
    ]
    return [(name, value) for name, value in facts if value]


def _equals(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"


def _variance(content: ReportContent) -> TableView | None:
    rows = list(dig(content.diagnostics, "variance", default=()))
    if not rows:
        return None
    names = {str(d.get("factor")): d["name"] for d in content.taxonomy.get("dimensions", ())}
    columns = [
        text("Factor", "factor"),
        Column("Dimension", lambda row: names.get(str(row["factor"]))),
        figures("Sum of squares", "sum_of_squares", number),
        Column("Share of variance", lambda row: share(row["share"], 1), numeric=True),
    ]
    return table("Variance of the factors", columns, rows)


def _phi(content: ReportContent) -> TableView | None:
    names = factor_names(content.phi)
    if not names:
        return None
    columns = [text("Factor", "factor"), *(figures(n, n, coefficient) for n in names)]
    rows = sorted(content.phi, key=lambda row: names.index(row["factor"]))
    return table("Correlations between factors", columns, rows)


def _dropped(content: ReportContent) -> TableView | None:
    rows = list(dig(content.diagnostics, "dropped_terms", default=()))
    columns = [text("Term", "term"), Column("Why", lambda row: readable(row["reason"]))]
    if not rows:
        return None
    return table("Terms dropped before the factor analysis", columns, rows, 200)


def sentence(words: str) -> str:
    """Return words that begin with a capital; the rest stays as it is."""
    return words[:1].upper() + words[1:]
