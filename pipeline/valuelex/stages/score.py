"""score: judge every completion blind to its author, then score every model with its error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from valuelex.artifacts.table import (
    COMPLETIONS,
    FORM,
    FORM_RELIABILITY,
    PROFILES,
    RATINGS,
    TAXONOMY,
)
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.combine import combine
from valuelex.instruments.projective.completions import (
    Completion,
    clean_completion,
    settled_outcome,
)
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge, JudgeSettings
from valuelex.instruments.projective.form import Form, form_from_dict
from valuelex.instruments.projective.reading import NEUTRAL_STEM, neutral_reply
from valuelex.instruments.projective.score import ProfileRow, profiles, score_cubes
from valuelex.prompts import load_prompt
from valuelex.records import Rating
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.embedding import SentenceReader
from valuelex.stages.judging import ask_judge
from valuelex.stages.numbers import finite_values
from valuelex.stages.reading_checks import reading_checks
from valuelex.stages.recovery import score_recovery
from valuelex.stages.reliability import form_reliability, sub_dimension_means

EMBEDDING = "embedding"


def run(context: Context) -> None:
    """Write ``score/ratings.parquet``, ``score/profiles.csv`` and ``score/reliability.json``."""
    taxonomy = TAXONOMY.read(context.root)
    form = form_from_dict(FORM.read(context.root))
    completions = read_completions(context, form)
    offline = (
        offline_judge(context, taxonomy) if EMBEDDING in context.settings.score.judges else None
    )
    judged = judge_all(context, taxonomy, [*completions, *control_completions(form)], offline)
    known = {completion.reply_id for completion in completions}
    ratings = tuple(rating for rating in judged if rating.request_id in known)
    controls = tuple(rating for rating in judged if rating.request_id not in known)
    dimensions = {
        dimension["id"]: [sub["id"] for sub in dimension["sub_dimensions"]]
        for dimension in taxonomy["dimensions"]
    }
    subs = [sub for group in dimensions.values() for sub in group]
    combined = combine(ratings) if len({r.judge for r in ratings}) > 1 else ratings
    models = sorted(context.settings.models)
    cubes = score_cubes(form, completions, combined, subs, models=models)
    rows = profiles(cubes, dimensions)
    RATINGS.write(context.root, rating_rows(completions, ratings))
    PROFILES.write(context.root, [profile_row(row) for row in rows])
    summary = form_reliability(form, completions, ratings, controls, cubes)
    planted = score_recovery(context, taxonomy, models, sub_dimension_means(cubes))
    if planted is not None:
        summary["planted"] = planted
    if offline is not None:
        own = [rating for rating in ratings if rating.judge == EMBEDDING]
        summary["reading"] = reading_checks(
            form,
            completions,
            read_completions(context, form, neutral=True),
            own,
            offline.rate,
            subs,
            context.settings.study.seed,
        )
    FORM_RELIABILITY.write(context.root, context.signature | finite_values(summary))
    scored = sum(rating.score is not None for rating in ratings)
    context.say(
        f"score: {len(completions)} completions, {scored} of {len(ratings)} verdicts scored"
    )


def read_completions(context: Context, form: Form, *, neutral: bool = False) -> list[Completion]:
    """Read every model's completions and strip what is not the respondent's own ending.

    With ``neutral`` stems, as if all stems had been the same: see `instruments.projective.reading`.
    """
    stems = {stem.id: stem.text for stem in form.stems}

    def cleaned(text: str, stem: str, *, base: bool) -> str:
        if neutral:
            return clean_completion(neutral_reply(text, stem), NEUTRAL_STEM, base=base)
        return clean_completion(text, stem, base=base)

    found = []
    for key, rows in read_per_model(context, COMPLETIONS):
        base = context.settings.model(key).interface == "completion"
        found += [
            Completion(
                reply_id=row["reply_id"],
                model=key,
                stem=row["stem"],
                draw=row["draw"],
                text=cleaned(row["text"], stems[row["stem"]], base=base),
                outcome=settled_outcome(row["outcome"], row["text"], base=base),
            )
            for row in rows
        ]
    return found


def judge_all(
    context: Context,
    taxonomy: Mapping[str, Any],
    completions: Sequence[Completion],
    offline: EmbeddingJudge | None,
) -> tuple[Rating, ...]:
    """Let every judge of the settings rate every completion on every sub-dimension."""
    found: list[Rating] = []
    for name in context.settings.score.judges:
        if name == EMBEDDING and offline is not None:
            found += offline.rate(completions)
        else:
            content = load_prompt(context.root, context.settings.score.anchors, ("unanswered",))
            found += ask_judge(context, name, taxonomy, completions, content["unanswered"])
    return tuple(found)


def offline_judge(context: Context, taxonomy: Mapping[str, Any]) -> EmbeddingJudge:
    """Calibrate the offline judge for a taxonomy."""
    content = load_prompt(context.root, context.settings.score.anchors, ("frames", "unanswered"))
    how = JudgeSettings(terms=context.settings.score.anchor_terms)
    reader = SentenceReader(context.settings.embed)
    return EmbeddingJudge(taxonomy, content, reader.meaning, how, tone=reader.tone)


def rating_rows(
    completions: Sequence[Completion], ratings: Sequence[Rating]
) -> list[dict[str, Any]]:
    """Return the rows of ``score/ratings.parquet``."""
    by_id = {completion.reply_id: completion for completion in completions}
    return [
        {
            "reply_id": rating.request_id,
            "model": by_id[rating.request_id].model,
            "stem": by_id[rating.request_id].stem,
            "judge": rating.judge,
            "sub_dimension": rating.sub_dimension,
            "score": rating.score,
            "reason": rating.reason,
        }
        for rating in ratings
    ]


def profile_row(row: ProfileRow) -> dict[str, Any]:
    """Return one row of ``score/profiles.csv``: what cannot be computed is empty, never 0."""
    cells: dict[str, Any] = finite_values(asdict(row))
    return cells
