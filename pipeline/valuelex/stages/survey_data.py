"""The questionnaire's answers of every model, laid out for the statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import ANSWERS
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.score import Matrix, answer_matrix
from valuelex.stages.context import Context, read_per_model


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """One model: all arrays are (trials, items), of the frame that is scored.

    ``position`` is each item's place in its trial's order, from 1; ``retests`` are the answers
    under the other frames.
    """

    answers: Matrix
    position: NDArray[np.int64]
    descending: NDArray[np.bool_]
    retests: Mapping[str, Matrix]

    @property
    def answered(self) -> bool:
        """Whether there is any answer."""
        return bool(np.isfinite(self.answers).any())


@dataclass(frozen=True, slots=True)
class SurveyData:
    """All models of the roster, in roster-key order, with the family of each."""

    models: Mapping[str, ModelAnswers]
    families: Mapping[str, str]
    reasons: Mapping[str, int]

    def with_answers(self) -> dict[str, ModelAnswers]:
        """Return the models that answered anything."""
        return {model: one for model, one in self.models.items() if one.answered}


def read_survey(context: Context, key: Key) -> SurveyData:
    """Read every model's answers.

    Raises
    ------
    ArtifactError
        When a file is missing, damaged, or of a model that is not in the roster.
    DataError
        When a row lies outside the settings' trials, or a cell is given twice.
    """
    models: dict[str, ModelAnswers] = {}
    reasons: Counter[str] = Counter()
    frame = context.settings.survey.frame
    for model, rows in read_per_model(context, ANSWERS):
        models[model] = arrange(rows, context.settings.survey.rounds, key)
        reasons.update(
            row["reason"] for row in rows if row["answer"] is None and row["frame"] == frame
        )
    families = {model: context.settings.model(model).family for model in models}
    return SurveyData(models, families, dict(sorted(reasons.items())))


def arrange(
    rows: Sequence[Mapping[str, Any]], rounds: Sequence[tuple[str, int]], key: Key
) -> ModelAnswers:
    """Lay out the rows of one model; the first round's frame is the one that is scored."""
    by_frame: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_frame.setdefault(row["frame"], []).append(row)
    matrices = {
        frame: answer_matrix(
            ((row["trial"], row["item"], row["answer"]) for row in by_frame.get(frame, [])),
            trials=trials,
            n_items=key.n_items,
        )
        for frame, trials in rounds
    }
    scored = rounds[0][0]
    shape = matrices[scored].shape
    position = np.zeros(shape, dtype=np.int64)
    descending = np.zeros(shape, dtype=np.bool_)
    for row in by_frame.get(scored, []):
        cell = (row["trial"], row["item"] - 1)
        position[cell] = row["position"]
        descending[cell] = row["order"] == "descending"
    retests = {frame: matrix for frame, matrix in matrices.items() if frame != scored}
    return ModelAnswers(matrices[scored], position, descending, retests)
