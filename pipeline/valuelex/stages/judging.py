"""A language model of the roster as judge: called, read strictly, asked again, then unscored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from valuelex.instruments.projective.anchors import sub_dimensions
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.llm_judge import LlmJudge
from valuelex.prompts import load_prompt
from valuelex.records import Rating, Reply, Request, Sampling
from valuelex.stages.asking import ask, revision
from valuelex.stages.context import Context

Batch = Callable[[Sequence[Request]], list[Reply]]

PROMPT = "judge.v1"
ATTEMPTS = 3
VERDICT_TOKENS = 400


def ask_judge(
    context: Context,
    key: str,
    taxonomy: Mapping[str, Any],
    completions: Sequence[Completion],
    unanswered: Mapping[str, Sequence[str]],
    *,
    batch: Batch | None = None,
) -> list[Rating]:
    """Return the judge's ratings of every completion, unscored ones with their reason.

    A verdict that cannot be read is asked for again, with another nonce, at most twice; after
    that it is unscored. The judge runs at temperature 0 and never sees a model's name. ``batch``
    answers its requests in place of the roster's backend: a cluster does.
    """
    entry = context.settings.model(key)
    judge = LlmJudge(
        sub_dimensions(taxonomy),
        {"key": key, "id": entry.id, "revision": revision(context, key, entry)},
        Sampling(temperature=0.0, top_p=1.0, max_tokens=VERDICT_TOKENS),
        load_prompt(context.root, PROMPT, ("system", "rubric", "examples", "user")),
        unanswered=unanswered,
        names=names_to_mask(context),
    )

    def here(requests: Sequence[Request]) -> list[Reply]:
        return list(ask(context, key, requests, "judge").values())

    return list(judge.rate(completions, batch or here, attempts=ATTEMPTS))


def names_to_mask(context: Context) -> list[str]:
    """Return every name that could tell the judge whose completion it reads."""
    entries = context.settings.models.items()
    found = {name for key, e in entries for name in (key, e.id, e.family, e.developer)}
    return sorted(name for name in found if name and name != "unknown")
