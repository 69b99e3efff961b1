"""Names of groups by a model of the roster: asked once, kept in the store, strictly read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from valuelex.prompts import load_prompt
from valuelex.records import Message, Request, Sampling
from valuelex.stages.asking import ask, revision
from valuelex.stages.context import Context
from valuelex.taxonomy.model import Taxonomy
from valuelex.taxonomy.naming_judge import Answer, NamingCall, name_by_judge

PROMPT = "naming.v1"
NAME_TOKENS = 200


def named_by_model(context: Context, taxonomy: Taxonomy, key: str) -> Taxonomy:
    """Return the taxonomy with the names that the model gives; the others keep the rule's.

    Raises
    ------
    SettingsError
        When the roster has no such key.
    """
    entry = context.settings.model(key)
    prompt = load_prompt(context.root, PROMPT, ("system", "user"))
    weights = revision(context, key, entry)

    def put(calls: Sequence[NamingCall]) -> Mapping[str, Answer]:
        requests = {
            call.group: Request(
                model=key,
                model_id=entry.id,
                revision=weights,
                prompt=f"{PROMPT}/{call.group}",
                messages=(Message("system", prompt["system"]), Message("user", call.text)),
                sampling=Sampling(temperature=0.0, top_p=1.0, max_tokens=NAME_TOKENS),
                draw=0,
            )
            for call in calls
        }
        replies = ask(context, key, list(requests.values()), "name")
        found = {}
        for group, request in requests.items():
            reply = replies[request.id]
            failed = "" if reply.outcome == "answered" else f"the model's reply was {reply.outcome}"
            found[group] = Answer(reply.text, failed)
        return found

    named, notes = name_by_judge(taxonomy, key, prompt["user"], put)
    asked = len(named.naming)
    context.say(f"taxonomy: {key} named {asked - len(notes)} of {asked} groups")
    return named
