"""report: gather every artifact, render the page, and write the flat metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from valuelex.artifacts import table as t
from valuelex.prompts import load_prompt
from valuelex.reporting.content import ReportContent
from valuelex.reporting.page import render_report
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.metrics import flat_metrics
from valuelex.stages.plots import congruence_rows, map_rows, scree_rows
from valuelex.stages.provenance import engines, provenance
from valuelex.stages.questionnaire import load_questionnaire

_COMPLETIONS_PER_MODEL = 4
_ANSWERS_PER_MODEL = 4


def run(context: Context) -> None:
    """Write ``report/report.html``, ``metrics.json`` and the numbers of ``plots/``."""
    content = gather(context)
    page = render_report(content)
    t.REPORT.write(context.root, page)
    t.METRICS.write(context.root, flat_metrics(content))
    t.PLOT_SCREE.write(context.root, scree_rows(content))
    t.PLOT_CONGRUENCE.write(context.root, congruence_rows(content))
    t.PLOT_MAP.write(context.root, map_rows(content))
    context.say(f"report: {t.REPORT.file(context.root)} ({len(page.encode()) / 1e6:.1f} MB)")


def gather(context: Context) -> ReportContent:
    """Read everything that the page shows."""
    root = context.root
    taxonomy = t.TAXONOMY.read(root)
    attrition = t.ATTRITION.read(root)
    replies, outcomes, made_by = _replies(context, _wanted_replies(taxonomy, attrition))
    completions, completion_outcomes = _completions(context)
    answers, answer_outcomes = _answers(context)
    return ReportContent(
        study=_study(context),
        outcomes=outcomes,
        attrition=attrition,
        terms=t.TERMS.read(root),
        merges=t.MERGES.read(root),
        clusters=t.CLUSTERS.read(root),
        cluster_stability=t.CLUSTER_STABILITY.read(root),
        loadings=t.LOADINGS.read(root),
        phi=t.PHI.read(root),
        diagnostics=t.DIAGNOSTICS.read(root),
        taxonomy=taxonomy,
        stability=t.STABILITY.read(root),
        nulls=t.NULLS.read(root),
        recovery=t.RECOVERY.read(root),
        form=t.FORM.read(root),
        profiles=t.PROFILES.read(root),
        form_reliability=t.FORM_RELIABILITY.read(root),
        completions=completions,
        completion_outcomes=completion_outcomes,
        survey_profiles=t.SURVEY_PROFILES.read(root),
        survey_human=t.SURVEY_HUMAN.read(root),
        survey_reliability=t.SURVEY_RELIABILITY.read(root),
        survey_discriminant=t.SURVEY_DISCRIMINANT.read(root),
        survey_validity=t.SURVEY_VALIDITY.read(root),
        survey_people=t.SURVEY_PEOPLE.read(root),
        survey_style=t.SURVEY_STYLE.read(root),
        answers=answers,
        answer_outcomes=answer_outcomes,
        groups=[row for row in t.GROUPS.read(root) if not row["given"]],
        group_effects=t.GROUPS.read(root),
        convergence=t.CONVERGENCE.read(root),
        dilemmas=t.DILEMMAS.read(root),
        dilemma_report=t.DILEMMA_REPORT.read(root),
        portrait_scores=t.PORTRAIT_SCORES.read(root),
        portrait_report=t.PORTRAIT_REPORT.read(root),
        multitrait=t.MULTITRAIT.read(root),
        agreement=t.AGREEMENT.read(root),
        evidence=_evidence(context, taxonomy, replies),
        replies=replies,
        not_administered=_not_administered(context),
        provenance=provenance(context) | {"engines": made_by},
    )


def _study(context: Context) -> dict[str, Any]:
    settings = context.settings
    recorded = all(entry.backend == "recorded" for entry in settings.models.values())
    prompts = [] if recorded else load_prompt(context.root, settings.elicit.prompts)["prompts"]
    grid = [] if recorded else settings.elicit.grid
    return {
        "name": settings.study.name,
        "simulated": settings.simulated,
        "seed": settings.study.seed,
        "grid": [{"temperature": s.temperature, "top_p": s.top_p} for s in grid],
        "prompts": prompts,
        "roster": [
            {"key": key, **entry.model_dump(exclude_none=True)}
            for key, entry in sorted(settings.models.items())
        ],
    }


def _wanted_replies(
    taxonomy: Mapping[str, Any], attrition: Iterable[Mapping[str, Any]]
) -> set[str]:
    """Return the ids of the replies that the page quotes."""
    mentions = {
        mention
        for dimension in taxonomy["dimensions"]
        for entry in _entries(dimension)
        for mention in entry["evidence"]
    }
    examples = {str(row["example"]) for row in attrition if row["unit"] != "term"}
    return {identity.split(":")[0] for identity in mentions | examples}


def _entries(dimension: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inside = [entry for sub in dimension["sub_dimensions"] for entry in sub["terms"]]
    return inside + list(dimension.get("negative_pole", []))


def _replies(
    context: Context, wanted: set[str]
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]], dict[str, dict[str, int]]]:
    found: dict[str, dict[str, Any]] = {}
    outcomes, made_by = [], {}
    for key, rows in read_per_model(context, t.REPLIES):
        outcomes.append(_outcomes(key, rows))
        made_by[key] = engines(rows)
        found |= {row["reply_id"]: row for row in rows if row["reply_id"] in wanted}
    return found, outcomes, made_by


def _outcomes(model: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    counts = Counter(row["outcome"] for row in rows)
    names = ("answered", "refused", "truncated", "failed")
    return {"model": model} | {name: counts[name] for name in names}


def _answers(context: Context) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return answers to read, dealt out so that every portrait has one, and all outcomes."""
    portraits = {p.item: p for p in load_questionnaire(context).portraits}
    models = len(context.settings.models)
    items = sorted(portraits)
    shown, outcomes = [], []
    for at, (key, rows) in enumerate(read_per_model(context, t.ANSWERS)):
        outcomes.append(_outcomes(key, rows))
        turns = range(at, max(len(items), _ANSWERS_PER_MODEL * models), models)
        wanted = {items[turn % len(items)] for turn in turns}
        names = ("model", "item", "text", "outcome", "answer", "reason")
        for row in rows:
            if row["item"] in wanted:
                wanted.remove(row["item"])
                portrait = portraits[row["item"]]
                words = {"value": portrait.value, "portrait": portrait.text}
                shown.append({name: row[name] for name in names} | words)
    return shown, outcomes


def _completions(context: Context) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    stems = {stem["id"]: stem["text"] for stem in t.FORM.read(context.root)["stems"]}
    scores = {
        (row["reply_id"], row["sub_dimension"]): row["score"]
        for row in t.RATINGS.read(context.root)
    }
    shown, outcomes = [], []
    for key, rows in read_per_model(context, t.COMPLETIONS):
        outcomes.append(_outcomes(key, rows))
        step = max(1, len(rows) // _COMPLETIONS_PER_MODEL)
        shown += [
            {
                "model": key,
                "sub_dimension": row["sub_dimension"],
                "stem": stems.get(row["stem"], row["stem"]),
                "text": row["text"],
                "outcome": row["outcome"],
                "score": scores.get((row["reply_id"], row["sub_dimension"])),
            }
            for row in rows[::step][:_COMPLETIONS_PER_MODEL]
        ]
    return shown, outcomes


def _evidence(
    context: Context, taxonomy: Mapping[str, Any], replies: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    wanted = {
        mention
        for dimension in taxonomy["dimensions"]
        for entry in _entries(dimension)
        for mention in entry["evidence"]
    }
    found = {}
    for row in t.MENTIONS.scan(context.root):
        if row["mention_id"] in wanted:
            reply = replies[row["reply_id"]]
            names = ("surface", "start", "end", "model", "prompt", "respondent")
            found[row["mention_id"]] = {"text": reply["text"]} | {n: row[n] for n in names}
    return found


def _not_administered(context: Context) -> dict[str, str]:
    if any(entry.backend != "recorded" for entry in context.settings.models.values()):
        return {}
    why = "the replies of this study are recorded, and a recording cannot be asked anything new"
    return {"projective": why, "survey": why}
