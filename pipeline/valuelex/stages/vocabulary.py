"""The vocabulary tables of ``lexicon/vocabulary/``, as the term reader wants them."""

from __future__ import annotations

from valuelex.lexica import read_table, read_yaml
from valuelex.stages.context import Context
from valuelex.terms.tables import VocabularyTables

FOLDER = "vocabulary"


def load_vocabulary(context: Context) -> VocabularyTables:
    """Read every table of the vocabulary.

    Raises
    ------
    LexiconError
        When a table is missing or malformed.
    """
    root = context.root
    return VocabularyTables.from_rows(
        values=read_table(root, f"{FOLDER}/values.csv", ("head", "prose")),
        families=read_table(root, f"{FOLDER}/families.csv", ("form", "head", "link", "prose")),
        opposites=read_table(root, f"{FOLDER}/opposites.csv", ("word", "of")),
        frames=read_table(root, f"{FOLDER}/frames.csv", ("frame", "when")),
        exceptions=read_table(root, f"{FOLDER}/exceptions.csv", ("form", "term")),
        collocations=read_table(root, f"{FOLDER}/collocations.csv", ("phrase",)),
        derivations=read_table(root, f"{FOLDER}/derivations.csv", ("form", "noun", "link")),
        things=read_table(root, f"{FOLDER}/things.csv", ("word", "kind")),
        stop=read_yaml(root, f"{FOLDER}/stop.yaml"),
    )
