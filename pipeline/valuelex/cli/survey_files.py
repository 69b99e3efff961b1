"""The files that `valuelex survey portrait` writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valuelex.artifacts.codecs import ELSEWHERE, csv_bytes, json_bytes, write_bytes
from valuelex.cli.terminal import one_line

if TYPE_CHECKING:
    from valuelex.stages.portrait_answers import Answer
    from valuelex.stages.portrait_result import Result

SCORES = (*("model", "family", "dimension", "centred", "se", "mean", "sd", "n_items", "n_missing"),)
TAGS = (
    *("family", "value", "portrait", "option", "r", "p", "q", "n"),
    *("published", "corrected", "used", "doubtful"),
)
ANSWERS = ("model", "portrait_id", "option_id", "prompt_version", "persona", "answer", "reason")


def write_result(
    out: Path, facts: Mapping[str, Any], result: Result, given: Mapping[str, Sequence[Answer]]
) -> str:
    """Write the files of a result, and return a line that names them.

    Raises
    ------
    ValueLexError
        When the folder cannot be written.
    """
    files = {"portrait.json": json_bytes(facts), "tags.csv": csv_bytes(TAGS, result.tags)}
    if result.scores:
        files["scores.csv"] = csv_bytes(SCORES, result.scores)
    if given:
        files["answers.csv"] = csv_bytes(ANSWERS, _answer_rows(given))
    for name, data in files.items():
        write_bytes(out / name, data, hint=ELSEWHERE)
    return f"written to {one_line(str(out))}: {', '.join(files)}"


def _answer_rows(given: Mapping[str, Sequence[Answer]]) -> Iterable[dict[str, Any]]:
    for model, answers in given.items():
        for a in answers:
            yield {
                "model": model,
                "portrait_id": a.item[0],
                "option_id": a.item[1],
                "prompt_version": a.version,
                "persona": a.persona,
                "answer": a.number,
                "reason": a.reason,
            }
