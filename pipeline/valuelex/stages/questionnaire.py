"""The questionnaire, its key and the human norms, as survey and survey-score both read them."""

from __future__ import annotations

from pathlib import Path

from valuelex.errors import DataError, LexiconError
from valuelex.instruments.pvq.items import Questionnaire, read_questionnaire
from valuelex.instruments.pvq.key import Key, read_key
from valuelex.instruments.pvq.norms import Norms, read_norms
from valuelex.lexica import LEXICON, read_table, read_yaml
from valuelex.prompts import load_prompt
from valuelex.stages.context import Context
from valuelex.stages.official import load_official

KEY_FILE = "norms/pvq-rr-key.yaml"
NORMS = "norms"
NORM_COLUMNS = ("value", "mean")


def load_key(root: Path) -> Key:
    """Read the scoring key of the project or package in ``root``.

    Raises
    ------
    LexiconError
        When the file is missing or malformed.
    """
    return read_key(read_yaml(root, KEY_FILE))


def load_portraits(root: Path, items: str) -> Questionnaire:
    """Read portraits of our own wording.

    Raises
    ------
    PromptError
        When the file is missing, malformed, or does not fit the key.
    """
    return read_questionnaire(load_prompt(root, items, ("items", "scale")), load_key(root))


def load_questionnaire(context: Context) -> Questionnaire:
    """Read the portraits that the settings name: ours, or the user's file of the official ones.

    Raises
    ------
    PromptError
        When a file is missing, malformed, changed, or does not fit the key.
    """
    settings = context.settings.survey
    ours = load_portraits(context.root, settings.items)
    if settings.official is None:
        return ours
    path = context.root / settings.official.file
    return load_official(path, ours, load_key(context.root), settings.official.sha256)


def load_norms(root: Path, name: str, key: Key) -> Norms:
    """Read a table of people's means on the nineteen values.

    Parameters
    ----------
    name
        A table under ``lexicon/norms/`` by its name, or the path of a CSV file of the same format:
        the columns ``value`` and ``mean``, and if known ``sd``, one row for each of the nineteen.

    Raises
    ------
    LexiconError
        When the table is missing, or a row of it is not what it must be; it names the file.
    """
    is_path = name.endswith(".csv")
    file = str(Path(name).resolve()) if is_path else f"{NORMS}/{name}.csv"
    rows = read_table(root, file, NORM_COLUMNS)
    try:
        return read_norms(rows, key, "nineteen")
    except DataError as error:
        raise LexiconError(f"{name if is_path else root / LEXICON / file}: {error}") from None
