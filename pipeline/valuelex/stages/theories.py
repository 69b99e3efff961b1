"""Known theories of value, read from ``lexicon/theories/``."""

from __future__ import annotations

from valuelex.lexica import LEXICON, read_yaml
from valuelex.stages.context import Context
from valuelex.taxonomy.theories import Theory, parse_theory

FOLDER = "theories"


def load_theories(context: Context) -> tuple[Theory, ...]:
    """Read every theory, in the order of the file names.

    Raises
    ------
    LexiconError
        When a file is malformed.
    """
    files = sorted((context.root / LEXICON / FOLDER).glob("*.yaml"))
    return tuple(
        parse_theory(read_yaml(context.root, f"{FOLDER}/{file.name}"), file.name) for file in files
    )


def marker_words(theories: tuple[Theory, ...]) -> list[str]:
    """Return every marker word of every theory once, sorted."""
    return sorted(
        {word for theory in theories for value in theory.values for word in value.markers}
    )
