"""Put the stems of a form to a model, each in a context of its own, and keep the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.errors import PromptError
from valuelex.instruments.projective.completions import (
    Completion,
    clean_completion,
    settled_outcome,
)
from valuelex.instruments.projective.form import Form
from valuelex.records import Message, Reply, Request, Sampling, Stem

PROMPT = "stem.v1"


def stem_messages(stem: Stem, interface: str, prompt: Mapping[str, Any]) -> tuple[Message, ...]:
    """Word one stem for a chat model or, as bare text to go on with, for a base model.

    Raises
    ------
    PromptError
        When the prompt has no wording for the interface, or the wording no ``{stem}``.
    """
    if interface not in ("chat", "completion"):
        raise PromptError(f"interface must be 'chat' or 'completion', was: {interface!r}")
    template = prompt.get(interface, "")
    if "{stem}" not in template:
        raise PromptError(
            f"{prompt.get('id')}: `{interface}` must hold {{stem}}, was: {template!r}"
        )
    text = template.replace("{stem}", stem.text)
    if interface == "completion":
        return (Message("user", text.rstrip()),)
    system = prompt.get("system", "")
    head = (Message("system", system),) if system else ()
    return (*head, Message("user", text))


def completion_requests(
    form: Form,
    model: Mapping[str, Any],
    sampling: Sampling,
    draws: int,
    prompt: Mapping[str, Any],
) -> tuple[Request, ...]:
    """Ask a model for every stem of the form, ``draws`` times, in the order of the form.

    Parameters
    ----------
    form
        The form; its controls are for judges and not put to anybody.
    model
        A roster entry: ``key``, ``id``, ``revision``, ``interface`` (chat | completion).
    sampling
        The decoding setting.
    draws
        Repetitions of each stem, >= 1.
    prompt
        The structure of ``prompts/administer.v1.yaml``.

    Raises
    ------
    PromptError
        See `stem_messages`.
    """
    return tuple(
        Request(
            model=str(model["key"]),
            model_id=str(model["id"]),
            revision=str(model.get("revision", "")),
            prompt=f"{PROMPT}/{stem.id}",
            messages=stem_messages(stem, str(model.get("interface", "chat")), prompt),
            sampling=sampling,
            draw=draw,
        )
        for draw in range(draws)
        for stem in form.stems
    )


def completions_of(
    requests: Sequence[Request],
    replies: Mapping[str, Reply],
    form: Form,
    interface: str = "chat",
) -> tuple[Completion, ...]:
    """Join requests with their replies; a request without a reply counts as failed."""
    stems = {s.id: s for s in form.stems}
    base = interface == "completion"
    found = []
    for request in requests:
        stem = stems[request.prompt.removeprefix(f"{PROMPT}/")]
        reply = replies.get(request.id)
        text = clean_completion(reply.text, stem.text, base=base) if reply else ""
        outcome = settled_outcome(reply.outcome, reply.text, base=base) if reply else "failed"
        found.append(Completion(request.id, request.model, stem.id, request.draw, text, outcome))
    return tuple(found)


def control_completions(form: Form) -> tuple[Completion, ...]:
    """Return the controls as completions of no model, for the judges (``control/<id>``)."""
    return tuple(
        Completion(f"control/{c.id}", "", c.id, 0, c.text, "answered") for c in form.controls
    )
