"""administer: put every stem of the form to one model, each in a context of its own."""

from __future__ import annotations

from collections import Counter

from valuelex.artifacts.table import COMPLETIONS, FORM
from valuelex.instruments.projective.administer import PROMPT, completion_requests
from valuelex.instruments.projective.form import form_from_dict
from valuelex.prompts import load_prompt
from valuelex.records import Request
from valuelex.stages.asking import ask, reply_columns, revision
from valuelex.stages.context import Context

FIELDS = ("chat", "completion")


def run(context: Context, model: str) -> None:
    """Write ``administer/<model>.parquet``: the completions as they came."""
    stems = {stem.id: stem for stem in form_from_dict(FORM.read(context.root)).stems}
    requests = requests_of(context, model)
    replies = ask(context, model, requests, "administer")
    rows = []
    for position, request in enumerate(requests):
        stem = stems[request.prompt.removeprefix(f"{PROMPT}/")]
        rows.append(
            {
                "reply_id": request.id,
                "model": model,
                "stem": stem.id,
                "sub_dimension": stem.sub_dimension,
                "kind": stem.kind,
                "draw": request.draw,
                "position": position,
                **reply_columns(request, replies[request.id]),
            }
        )
    COMPLETIONS.write(context.root, rows, model)
    outcomes = Counter(row["outcome"] for row in rows)
    context.say(f"administer {model}: {len(rows)} completions {dict(sorted(outcomes.items()))}")


def requests_of(context: Context, model: str) -> tuple[Request, ...]:
    """Return what this stage asks one model; the form must be there.

    Raises
    ------
    ArtifactError
        When there is no form yet.
    """
    settings, entry = context.settings.administer, context.settings.model(model)
    respondent = {
        "key": model,
        "id": entry.id,
        "revision": revision(context, model, entry),
        "interface": entry.interface,
    }
    form = form_from_dict(FORM.read(context.root))
    prompt = load_prompt(context.root, settings.prompts, FIELDS)
    return completion_requests(form, respondent, settings.sampling, settings.draws, prompt)
