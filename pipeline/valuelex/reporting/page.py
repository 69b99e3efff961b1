"""The page: templates, one style sheet, two scripts, and a policy that allows only these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from valuelex.reporting import text
from valuelex.reporting.anchors import Anchors, nowhere
from valuelex.reporting.content import ReportContent
from valuelex.reporting.figures import (
    contrasts,
    convergence,
    effects,
    factors,
    profiles,
    questionnaire,
    rings,
    semantic,
)
from valuelex.reporting.figures.base import Figure
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.sections import agreement as agreement_section
from valuelex.reporting.sections import dilemmas as dilemmas_section
from valuelex.reporting.sections import (
    elicitation,
    opening,
    provenance,
    raw,
    scores,
    survey,
    taxonomy,
    trust,
)
from valuelex.reporting.sections import factors as factors_section
from valuelex.reporting.sections import portrait as portrait_section
from valuelex.reporting.security import packed, policy, reserved_styles
from valuelex.reporting.wording import prose

TEMPLATES = Path(__file__).parent / "templates"
SECTIONS = (
    ("overview", "Overview"),
    ("asked", "What was asked"),
    ("map", "Map of terms"),
    ("taxonomy", "Taxonomy"),
    ("factors", "Factors"),
    ("trust", "Stability and nulls"),
    ("recovery", "Recovery"),
    ("profiles", "Model profiles"),
    ("survey", "Models and people"),
    ("groups", "Groups of models"),
    ("convergence", "Convergence"),
    ("dilemmas", "Dilemmas"),
    ("portrait", "Value Portrait"),
    ("agreement", "Instruments compared"),
    ("models", "Models, one by one"),
    ("provenance", "Provenance"),
)


def environment(anchor: Callable[[str, object], str] = nowhere) -> Environment:
    """Return the template engine: everything escaped, nothing undefined, all text made visible.

    ``anchor`` gives the id in the page that a table's cell under some heading leads to.
    """
    engine = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=text.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    engine.filters |= {
        "count": text.count,
        "number": text.number,
        "coefficient": text.coefficient,
        "shorten": text.shorten,
        "plural": text.plural,
        "prose": prose,
    }
    engine.globals["anchor"] = anchor
    return engine


def render_report(content: ReportContent) -> str:
    """Render the whole report as one offline HTML page.

    Parameters
    ----------
    content
        What the page shows; nothing else is read.

    Returns
    -------
    str
        The page: the same text for the same content. It loads nothing, runs only its own scripts,
        and can be read without them.
    """
    lookup = Lookup.of(content)
    anchors = Anchors.of(content, lookup)
    drawn = _figures(content, lookup, anchors)
    style = _file("report.css")
    library, script = _plotly(), _file("report.js")
    return (
        environment(anchors.find)
        .get_template("page.html.j2")
        .render(
            policy=Markup(policy((library, script), [style])),  # noqa: S704 - hashes, keywords
            reserved=reserved_styles(library),
            style=Markup(style),  # noqa: S704 - a file of ours
            library=packed(library),
            script=Markup(script),  # noqa: S704 - a file of ours
            title=_title(content),
            simulated=bool(content.study.get("simulated")),
            study=content.study,
            sections=_sections(content),
            specs=text.script_json({name: figure.spec() for name, figure in drawn.items()}),
            figures=drawn,
            forests=[figure for name, figure in drawn.items() if name.startswith("fig-groups-")],
            opening=opening.view(content, lookup),
            asked=elicitation.view(content, lookup),
            tree=taxonomy.view(content, lookup),
            factors=factors_section.view(content),
            trust=trust.stability_view(content),
            recovery=trust.recovery_view(content),
            projective=scores.projective_view(content, lookup),
            survey=survey.survey_view(content),
            dilemmas=dilemmas_section.view(content.dilemmas, content.dilemma_report),
            portrait=portrait_section.view(content.portrait_scores, content.portrait_report),
            agreement=agreement_section.view(content.multitrait, content.agreement, lookup.names),
            raw=raw.view(content, lookup, anchors),
            provenance=provenance.view(content),
        )
    )


def _title(content: ReportContent) -> str:
    name = f"Values of language models: {text.shorten(str(content.study['name']), 60)}"
    return f"SIMULATED · {name}" if content.study.get("simulated") else name


def _sections(content: ReportContent) -> tuple[tuple[str, str], ...]:
    if content.recovery is not None and content.recovery.get("applies"):
        return SECTIONS
    return tuple(section for section in SECTIONS if section[0] != "recovery")


def _figures(content: ReportContent, lookup: Lookup, anchors: Anchors) -> dict[str, Figure]:
    drawn: Iterable[Figure | None] = (
        semantic.semantic_map(content, lookup) if content.clusters else None,
        rings.sunburst(content) if lookup.places else None,
        factors.scree(content),
        factors.loadings(content, lookup),
        factors.congruence(content),
        profiles.projective(content, lookup, anchors),
        profiles.survey_circle(content, lookup),
        questionnaire.value_circle(content),
        questionnaire.discriminant_map(content, lookup),
        *contrasts.forests(content, lookup, anchors),
        *effects.by_grouping(content, lookup),
        convergence.convergence(content, lookup),
    )
    return {figure.id: figure for figure in drawn if figure is not None}


def _file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _plotly() -> Any:
    from plotly.offline import get_plotlyjs

    return get_plotlyjs()
