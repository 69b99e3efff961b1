"""The roster of a recorded study: the text of its ``study`` and ``models`` blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import yaml

from valuelex.backends.recorded.guesses import guess
from valuelex.backends.recorded.recording import RecordedModel

SEED = 1

_HEAD = """\
# A study of recorded replies: {replies} replies of {models} models to {prompts} prompts.
# Outcomes: {outcomes}.
#
# Written by `valuelex replay`; the replies themselves lie in the reply store. Each model's
# `recording` is a sha256 over its rows, so that changed rows change the study. A recording names
# its models and tells nothing else of them: family, developer, parameters_b and training are
# guesses from the name, the reason beside each, and unknown where no rule applies
# (docs/backends.md). Correct them here: comparisons of groups rest on them.
study:
  name: {study}
  seed: {seed}

models:
"""


def roster_text(models: Sequence[RecordedModel], study: str) -> str:
    """Return the roster as YAML, one model a line; the same recording gives the same bytes."""
    replies = [reply for model in models for _, reply in model.pairs]
    counts = Counter(reply.outcome for reply in replies)
    head = _HEAD.format(
        replies=len(replies),
        models=len(models),
        prompts=len({request.prompt for model in models for request, _ in model.pairs}),
        outcomes=", ".join(f"{counts[o]} {o}" for o in sorted(counts)),
        study=study,
        seed=SEED,
    )
    return head + "".join(_line(model) for model in models)


def _line(model: RecordedModel) -> str:
    found = guess(model.name)
    size = "null" if found.parameters_b is None else f"{found.parameters_b:g}"
    fields = {
        "backend": "recorded",
        "id": _quoted(model.name),
        "revision": "recorded",
        "developer": _quoted(found.developer),
        "family": found.family,
        "parameters_b": size,
        "training": found.training,
        "data_source": "unknown",
        "interface": "chat",
        "licence": "unknown",
        "recording": model.sha,
    }
    body = ", ".join(f"{name}: {value}" for name, value in fields.items())
    why = "; ".join(found.reasons) or "nothing known by the name"
    return f"  {model.key}: {{{body}}}  # {why}\n"


def _quoted(text: str) -> str:
    """Return a YAML scalar in double quotes and ASCII, whatever stands in the text."""
    width = 10 * len(text) + 100  # never folded: one model stays on one line
    return str(yaml.safe_dump(text, default_style='"', allow_unicode=False, width=width)).strip()
