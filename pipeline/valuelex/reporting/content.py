"""What the report is made of: rows and documents as the artifacts hold them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
Rows = Sequence[Row]
Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything the page shows. Tables are lists of rows, documents are parsed JSON.

    A table that a study does not have is empty, a document it does not have is ``None``: the page
    then says so, with the reason in ``not_administered`` and the outcomes counted.

    Attributes
    ----------
    study
        ``name``, ``simulated`` (bool), ``seed``, ``grid`` (``temperature`` and ``top_p`` per
        setting, empty when not recorded), ``prompts`` (``id``, ``text``), ``roster`` (``key`` and
        the roster's fields per model).
    outcomes, completion_outcomes, answer_outcomes
        One row a model: ``model``, ``answered``, ``refused``, ``truncated``, ``failed``, as counts
        of elicitation replies, of stem completions and of questionnaire answers.
    attrition, terms, merges, clusters, loadings, phi, profiles, survey_profiles, survey_human,
    survey_style, groups, convergence
        The tables of the same names under ``outputs/``; of ``groups`` the contrasts alone.
    group_effects
        The whole of ``compare/groups.csv``: alone, and given the other groupings.
    diagnostics, taxonomy, cluster_stability, stability, nulls, recovery, form, form_reliability,
    survey_reliability, survey_discriminant, survey_validity, survey_people
        The documents of the same names under ``outputs/``.
    dilemmas, portrait_scores, multitrait, dilemma_report, portrait_report, agreement
        The tables and documents of dilemmas, Value Portrait and the instruments side by side.
    completions
        A few completions to read, one row each: ``model``, ``sub_dimension``, ``stem`` (its words),
        ``text``, ``outcome``, ``score`` (0-6 or ``None``).
    answers
        A few answers to the questionnaire, one row each: ``model``, ``item`` (number), ``value``,
        ``portrait`` (its words), ``text``, ``outcome``, ``answer`` (1-6 or ``None``), ``reason``.
    evidence
        Mention id to ``surface``, ``text`` (the whole reply), ``start``, ``end`` (the half-open
        span in it), ``model``, ``prompt`` (id), ``respondent``.
    replies
        Reply id to ``text``, ``outcome``, ``detail``, ``model``, ``prompt``, ``respondent``: the
        examples that ``attrition`` names.
    not_administered
        ``projective`` and ``survey``: why the study has no such answers.
    provenance
        Whatever signs the run: versions, hashes, parameters; nested mappings are shown as such.
    """

    study: Doc
    outcomes: Rows
    attrition: Rows
    terms: Rows
    clusters: Rows
    loadings: Rows
    phi: Rows
    diagnostics: Doc
    taxonomy: Doc
    stability: Doc
    nulls: Doc
    provenance: Doc
    evidence: Mapping[str, Doc]
    merges: Rows = ()
    cluster_stability: Doc | None = None
    recovery: Doc | None = None
    form: Doc | None = None
    profiles: Rows = ()
    form_reliability: Doc | None = None
    completion_outcomes: Rows = ()
    completions: Rows = ()
    survey_profiles: Rows = ()
    survey_human: Rows = ()
    survey_reliability: Doc | None = None
    survey_discriminant: Doc | None = None
    survey_validity: Doc | None = None
    survey_people: Doc | None = None
    survey_style: Rows = ()
    answer_outcomes: Rows = ()
    answers: Rows = ()
    groups: Rows = ()
    group_effects: Rows = ()
    convergence: Rows = ()
    dilemmas: Rows = ()
    dilemma_report: Doc | None = None
    portrait_scores: Rows = ()
    portrait_report: Doc | None = None
    multitrait: Rows = ()
    agreement: Doc | None = None
    replies: Mapping[str, Doc] = field(default_factory=dict)
    not_administered: Mapping[str, str] = field(default_factory=dict)


def dig(document: Any, *path: str, default: Any = None) -> Any:
    """Return the value at ``path`` in nested mappings, or ``default`` when a step is missing."""
    for step in path:
        if not isinstance(document, Mapping) or document.get(step) is None:
            return default
        document = document[step]
    return document
