"""Stems drafted by a model of the roster: asked for, read, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valuelex.instruments.projective.compose import Candidate
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.generate import PROMPT, draft_requests, parse_drafts
from valuelex.prompts import load_prompt
from valuelex.records import Sampling
from valuelex.stages.asking import ask, revision
from valuelex.stages.context import Context

SAMPLING = Sampling(temperature=0.9, top_p=0.95, max_tokens=600)


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a generator gave: candidates for the form, and how its replies came out."""

    key: str
    simulated: bool
    outcomes: Mapping[str, int]
    candidates: tuple[Candidate, ...]

    def summary(self, form: Form) -> dict[str, Any]:
        """Return the ``generator`` of ``form.json``: who drafted, how much of it was kept."""
        kept = {stem.id for stem in form.stems}
        return {
            "model": self.key,
            "simulated": self.simulated,
            "prompt": PROMPT,
            "replies": dict(sorted(self.outcomes.items())),
            "drafts": len(self.candidates),
            "kept": sum(one.id in kept for one in self.candidates),
        }


def draft(context: Context, key: str, taxonomy: Mapping[str, Any]) -> Drafts:
    """Ask a model of the roster for stems of each kind for every sub-dimension.

    A reply that holds no numbered or bulleted line gives none; nothing is made up in its place.

    Raises
    ------
    SettingsError
        When the roster has no such model.
    """
    entry = context.settings.model(key)
    requests = draft_requests(
        taxonomy,
        {"key": key, "id": entry.id, "revision": revision(context, key, entry)},
        SAMPLING,
        load_prompt(context.root, PROMPT, ("chat", "kinds")),
        stems=context.settings.compose.stems_per_sub_dimension,
    )
    replies = ask(context, key, list(requests.values()), "compose")
    found: list[Candidate] = []
    for (sub, kind), request in requests.items():
        found += parse_drafts(replies[request.id], sub, kind)
    outcomes = Counter(str(reply.outcome) for reply in replies.values())
    return Drafts(key, entry.backend == "simulated", outcomes, tuple(found))
