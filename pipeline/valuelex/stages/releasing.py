"""Make a release out of ``outputs/``: refused when anything is missing or does not fit together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import yaml

from valuelex.artifacts import codecs, table
from valuelex.errors import LexiconError
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge, JudgeSettings
from valuelex.instruments.projective.form import Form, form_from_dict
from valuelex.instruments.projective.score import ProfileRow, profiles, score_cubes
from valuelex.lexica import LEXICON
from valuelex.prompts import frozen, load_prompt
from valuelex.records import Rating
from valuelex.roster import KEY
from valuelex.stages.context import Context
from valuelex.stages.embedding import SentenceReader
from valuelex.stages.provenance import provenance
from valuelex.stages.release_checks import check_fit, check_judge, check_profiles, unfit
from valuelex.stages.released import (
    CONTROLS,
    FORM,
    NORMS,
    RELEASE,
    TAXONOMIES,
    TAXONOMY,
    Release,
    about_release,
    read_release,
    releases,
)
from valuelex.stages.score import EMBEDDING, read_completions

_NORMS = ("model", "level", "id", "mean", "se", "n_scored", "n_unscored", "n_neutral")
_CONTROLS = ("control", "sub_dimension", "expected", "score", "reason")
_LIBRARIES = ("numpy", "scipy", "sentence-transformers", "torch")
_HEAD = (
    "# A released test: written by `valuelex release`, never edited. Scoring verifies the files"
    " beside it\n# and the prompts against the checksums here.\n"
)


def make_release(context: Context, name: str) -> Release:
    """Write ``lexicon/taxonomies/<name>/`` from the project's outputs, and read it back.

    The norms are the offline judge's scores of the study's models, worked out anew from its
    verdicts; where they are also the study's profiles, the two must agree.

    Raises
    ------
    LexiconError
        When the name is no name, or such a release exists: a release is never overwritten.
    ArtifactError
        When an output is missing, or outputs do not fit together.
    """
    folder = context.root / LEXICON / TAXONOMIES / name
    if not KEY.fullmatch(name):
        raise LexiconError(f"a release's name must be of [a-z0-9-], was: {name!r}")
    if (folder / RELEASE).exists():
        raise LexiconError(f"{folder} exists: a release is never overwritten, choose another name")
    taxonomy = table.TAXONOMY.read(context.root)
    written = table.FORM.read(context.root)
    form = form_from_dict(written)
    check_fit(context, taxonomy, written, form)
    completions = read_completions(context, form)
    ratings = _ratings(context)
    rows = _norm_rows(context, taxonomy, form, completions, ratings)
    content = load_prompt(context.root, context.settings.score.anchors)
    reader = SentenceReader(context.settings.embed)
    how = _settings(context)
    judge = EmbeddingJudge(taxonomy, content, reader.meaning, how, tone=reader.tone)
    check_judge(judge, completions, ratings)
    controls = judge.rate(control_completions(form))
    files = {
        TAXONOMY: table.TAXONOMY.load(context.root),
        FORM: table.FORM.load(context.root),
        NORMS: _table(context, _NORMS, [_norm_row(row) for row in rows], "the roster's scores"),
        CONTROLS: _table(context, _CONTROLS, _control_rows(form, controls), "verdicts on controls"),
    }
    for file, data in files.items():
        codecs.write_bytes(folder / file, data)
    about = _about(context, name, taxonomy, form, files)
    text = _HEAD + yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=100)
    codecs.write_bytes(folder / RELEASE, text.encode("utf-8"))  # last: without it there is none
    return read_release(context.root, name)


def _ratings(context: Context) -> list[Rating]:
    """Return the offline judge's verdicts of the study."""
    found = [
        Rating(v["reply_id"], v["judge"], v["sub_dimension"], v["score"], v["reason"])
        for v in table.RATINGS.read(context.root)
        if v["judge"] == EMBEDDING
    ]
    if not found:
        raise unfit(f"score/ratings.parquet has no verdict of the judge '{EMBEDDING}'")
    return found


def _norm_rows(
    context: Context,
    taxonomy: Mapping[str, Any],
    form: Form,
    completions: Sequence[Completion],
    ratings: Sequence[Rating],
) -> tuple[ProfileRow, ...]:
    """Score the roster by the offline judge's verdicts, and compare with the study's profiles."""
    dimensions = {
        d["id"]: [sub["id"] for sub in d["sub_dimensions"]] for d in taxonomy["dimensions"]
    }
    subs = [sub for group in dimensions.values() for sub in group]
    known = {(r.request_id, r.sub_dimension) for r in ratings}
    lost = [c.reply_id for c in completions if any((c.reply_id, s) not in known for s in subs)]
    if lost or len(known) != len(completions) * len(subs):
        raise unfit(f"score/ratings.parquet is of other completions than administer/: {lost[:2]}")
    rows = profiles(
        score_cubes(form, completions, ratings, subs, models=sorted(context.settings.models)),
        dimensions,
    )
    if context.settings.score.judges == (EMBEDDING,):
        check_profiles(rows, table.PROFILES.read(context.root))
    return rows


def _norm_row(row: ProfileRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NORMS}


def _control_rows(form: Form, ratings: Sequence[Rating]) -> list[dict[str, Any]]:
    """Return the offline judge's verdict on each control for the sub-dimension that it is for."""
    found = {(r.request_id, r.sub_dimension): r for r in ratings if r.judge == EMBEDDING}
    rows = []
    for control in form.controls:
        verdict = found[f"control/{control.id}", control.sub_dimension]
        rows.append(
            {
                "control": control.id,
                "sub_dimension": control.sub_dimension,
                "expected": control.expected,
                "score": verdict.score,
                "reason": verdict.reason,
            }
        )
    return rows


def _table(
    context: Context, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], what: str
) -> bytes:
    head = f"# {_statement(context)}\n# {what[0].upper()}{what[1:]} on this release's form, 0-6.\n"
    return head.encode("utf-8") + codecs.csv_bytes(columns, rows)


def _statement(context: Context) -> str:
    """Say in one sentence whose scores the norms are."""
    n, study = len(context.settings.models), context.settings.study.name
    if context.settings.simulated:
        return (
            f"SIMULATED: the taxonomy and the {n} models behind these norms were invented;"
            " percentiles say nothing about real models."
        )
    return f"The norms are the scores of the {n} models of the study '{study}'."


def _settings(context: Context) -> JudgeSettings:
    return JudgeSettings(terms=context.settings.score.anchor_terms)


def _about(
    context: Context,
    name: str,
    taxonomy: Mapping[str, Any],
    form: Form,
    files: Mapping[str, bytes],
) -> dict[str, Any]:
    settings, checksums = context.settings, frozen(context.root)
    made = provenance(context)
    prompts = (settings.administer.prompts, settings.score.anchors)
    unfrozen = [p for p in prompts if p not in checksums]
    if unfrozen:
        raise LexiconError(f"prompts/FROZEN has no checksum of {unfrozen}: freeze them first")
    here = [about_release(root, one).number for one, root in releases(context.root).items()]
    return {
        "id": name,
        "number": 1 + max(here, default=0),
        "simulated": settings.simulated,
        "statement": _statement(context),
        "study": settings.study.name,
        "taxonomy": taxonomy["version"],
        "form": form.version,
        "models": len(settings.models),
        "judge": {
            "name": EMBEDDING,
            "anchors": settings.score.anchors,
            "embed": settings.embed.model_dump(),
            "settings": asdict(_settings(context)),
        },
        "administer": settings.administer.model_dump(),
        "prompts": {prompt: checksums[prompt] for prompt in prompts},
        "files": {file: hashlib.sha256(data).hexdigest() for file, data in files.items()},
        "provenance": {
            "valuelex": made["valuelex"],
            "params_sha256": made["params_sha256"],
            "libraries": {library: made["libraries"][library] for library in _LIBRARIES},
        },
    }
