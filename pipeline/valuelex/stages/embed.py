"""embed: one vector per term of the lexicon, each term once however often it was said.

The marker words of the known theories are embedded in the same breath, so that the comparison in
`taxonomy` needs no second start of the embedding model.
"""

from __future__ import annotations

import numpy as np

from valuelex.artifacts.table import EMBEDDINGS, TERMS
from valuelex.errors import TooFewRepliesError
from valuelex.space.embed import embed_terms
from valuelex.stages.context import Context
from valuelex.stages.theories import load_theories, marker_words

MIN_TERMS = 10


def run(context: Context) -> None:
    """Write ``embed/embeddings.npz``.

    Raises
    ------
    TooFewRepliesError
        When the lexicon has fewer than ten terms.
    """
    settings = context.settings.embed
    terms = sorted(row["term"] for row in TERMS.read(context.root) if row["in_lexicon"])
    if len(terms) < MIN_TERMS:
        raise TooFewRepliesError(
            f"the lexicon holds {len(terms)} terms, at least {MIN_TERMS} are needed: see"
            " outputs/normalize/attrition.csv for what became of the replies, and `normalize` in"
            " params.yaml for the rule"
        )
    markers = marker_words(load_theories(context))
    words = sorted({*terms, *markers})
    vectors = embed_terms(
        words,
        model=settings.model,
        template=settings.template,
        batch_size=settings.batch_size,
        device=settings.device,
        threads=settings.threads,
        offline=settings.offline,
    )
    row = {word: i for i, word in enumerate(words)}
    EMBEDDINGS.write(
        context.root,
        {
            "terms": np.array(terms),
            "vectors": vectors[[row[term] for term in terms]],
            "markers": np.array(markers),
            "marker_vectors": vectors[[row[marker] for marker in markers]],
        },
    )
    context.say(f"embed: {len(terms)} terms, {vectors.shape[1]} dimensions ({settings.model})")
