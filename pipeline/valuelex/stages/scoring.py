"""Score a model that is in no roster on a released test: judge, profile, place in the roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge
from valuelex.instruments.projective.norms import Key, place
from valuelex.instruments.projective.quality import ControlAccuracy, control_accuracy
from valuelex.instruments.projective.score import (
    NEUTRAL,
    Cube,
    dimension_cubes,
    profiles,
    score_cubes,
)
from valuelex.instruments.projective.variance import cell_means
from valuelex.prompts import load_prompt
from valuelex.records import Rating
from valuelex.stages.embedding import SentenceReader
from valuelex.stages.endings import endings_of, missing_stems, read_endings
from valuelex.stages.released import Release, load_release
from valuelex.stages.scorecard import Interface, Scorecard
from valuelex.stages.second_judge import Panel, second_opinion

_DRIFT = 0.05  # points of 0-6; the last bits of another machine move a score by far less


def score_completions(
    completions: str | Path | Iterable[Mapping[str, Any]],
    release: Release | str | None = None,
    *,
    model: str = "model",
    interface: Interface = "chat",
) -> Scorecard:
    """Score a model's completions on a released test.

    Parameters
    ----------
    completions
        A JSONL file (plain or gzip), or rows: ``stem`` (id or exact text), ``text``, and if known
        ``draw`` and ``outcome``.
    release
        A release, its name, or nothing for the newest.
    model
        Name of the respondent.
    interface
        ``completion`` for a base model, of whose text only the first line is the ending.

    Raises
    ------
    LexiconError
        When there is no such release, or it was changed.
    RecordedFileError
        On the first row that cannot be used.

    Examples
    --------
    ::

        import valuelex
        card = valuelex.score_completions("completions.jsonl", model="my-model")
        print(card)
    """
    test = release if isinstance(release, Release) else load_release(release)
    base = interface == "completion"
    if isinstance(completions, str | Path):
        found = read_endings(Path(completions), test.form, model, base=base)
    else:
        found = endings_of(completions, test.form, model, base=base)
    return score_endings(test, found, model=model, interface=interface)


def score_endings(
    release: Release,
    completions: Sequence[Completion],
    *,
    model: str,
    interface: Interface,
    notes: Sequence[str] = (),
    panel: Panel | None = None,
) -> Scorecard:
    """Judge completions that were read already, with the release's controls among them.

    A language model judges them too where ``panel`` names one.

    Raises
    ------
    DataError
        When there is no completion.
    """
    if not completions:
        raise DataError(f"there is no completion of '{model}' to score")
    own = tuple(replace(c, model=model) for c in completions)
    judged = judge(release, [*own, *control_completions(release.form)])
    known = {c.reply_id for c in own}
    ratings = tuple(r for r in judged if r.request_id in known)
    checks = tuple(r for r in judged if r.request_id not in known)
    dimensions = release.dimensions
    subs = [sub for group in dimensions.values() for sub in group]
    cubes = score_cubes(release.form, own, ratings, subs, models=[model])
    accuracy = control_accuracy(release.form, checks)
    return Scorecard(
        model=model,
        release=release,
        interface=interface,
        completions=own,
        ratings=ratings,
        profile=place(profiles(cubes, dimensions), stems_scored(cubes, dimensions), release.norms),
        controls=accuracy[0]
        if accuracy
        else ControlAccuracy("embedding", float("nan"), 0, 0, 0, 0),
        notes=(*notes, *_warnings(release, completions, checks)),
        second=None if panel is None else second_opinion(release, own, ratings, panel),
    )


def judge(release: Release, completions: Sequence[Completion]) -> tuple[Rating, ...]:
    """Let the release's judge rate every completion on every sub-dimension."""
    about = release.about.judge
    content = load_prompt(release.root, about.anchors, ("frames", "unanswered"))
    reader = SentenceReader(about.embed)
    how = about.settings
    judge = EmbeddingJudge(release.taxonomy, content, reader.meaning, how, tone=reader.tone)
    return judge.rate(completions)


def stems_scored(
    cubes: Mapping[str, Cube], dimensions: Mapping[str, Sequence[str]]
) -> dict[Key, int]:
    """Count the stems with a score behind each row of a profile of one model."""
    groups: dict[Any, Mapping[str, Cube]] = {
        "dimension": dimension_cubes(cubes, dimensions),
        "sub_dimension": cubes,
    }
    return {
        (level, name): int(np.isfinite(cell_means(cube.values)[0]).sum())
        for level, group in groups.items()
        for name, cube in group.items()
    }


def _warnings(
    release: Release, completions: Sequence[Completion], checks: Sequence[Rating]
) -> list[str]:
    """Say what limits the comparison with the roster."""
    found = []
    missing = list(missing_stems(release.form, completions))
    if missing:
        found.append(
            f"{len(missing)} of {len(release.form.stems)} stems have no completion (first:"
            f" {missing[0]}); the roster completed all, so percentiles are rough"
        )
    change = drift(release, checks)
    if change > _DRIFT:
        found.append(
            f"the judge scores the release's controls otherwise than at its release (by up to"
            f" {change:.2f}): its code or library changed, percentiles are not to be trusted"
        )
    return found


def drift(release: Release, checks: Sequence[Rating]) -> float:
    """Return the largest change of a control's score since the release."""
    now = {(r.request_id.removeprefix("control/"), r.sub_dimension): r.score for r in checks}
    changes = [abs(_number(now.get(key)) - _number(then)) for key, then in release.controls.items()]
    return max(changes, default=0.0)


def _number(score: float | None) -> float:
    """Return a score, and the middle of the scale for a verdict that finds no relation."""
    return NEUTRAL if score is None else score
