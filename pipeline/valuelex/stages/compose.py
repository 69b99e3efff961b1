"""compose: make the projective test from the taxonomy: keyed stems in two parallel forms."""

from __future__ import annotations

from collections import Counter

from valuelex.artifacts.table import FORM, TAXONOMY
from valuelex.instruments.projective.compose import compose_form
from valuelex.prompts import load_prompt
from valuelex.stages.context import Context
from valuelex.stages.drafting import draft
from valuelex.stages.embedding import text_embedder

FIELDS = ("personal", "role", "open_endings")


def run(context: Context) -> None:
    """Write ``compose/form.json``."""
    settings = context.settings.compose
    taxonomy = TAXONOMY.read(context.root)
    drafts = draft(context, settings.generator, taxonomy) if settings.generator else None
    form = compose_form(
        taxonomy,
        load_prompt(context.root, settings.bank, FIELDS),
        text_embedder(context),
        stems_per_sub_dimension=settings.stems_per_sub_dimension,
        seed=context.settings.study.seed,
        candidates=drafts.candidates if drafts else (),
        controls=load_prompt(context.root, context.settings.score.anchors)["controls"],
    )
    generator = drafts.summary(form) if drafts else None
    FORM.write(context.root, context.signature | form.as_dict() | {"generator": generator})
    kinds = Counter(stem.kind for stem in form.stems)
    dropped = Counter(one.rule for one in form.dropped)
    context.say(
        f"compose: {len(form.stems)} stems {dict(kinds)},"
        f" {len(form.controls)} controls, dropped {dict(dropped)}"
    )
    if generator:
        context.say(f"compose: {generator['model']} drafted {generator['drafts']} stems")
