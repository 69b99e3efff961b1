"""The questionnaire, its key and the human norms, as survey and survey-score both read them."""

from __future__ import annotations

from collections.abc import Mapping

from valuelex.instruments.pvq.items import Questionnaire, read_questionnaire
from valuelex.instruments.pvq.key import Key, read_key
from valuelex.instruments.pvq.people import read_norms
from valuelex.lexica import read_table, read_yaml
from valuelex.prompts import load_prompt
from valuelex.stages.context import Context

KEY_FILE = "norms/pvq-rr-key.yaml"
NORMS_FILE = "norms/pvq-rr-human.csv"


def load_key(context: Context) -> Key:
    """Read the scoring key.

    Raises
    ------
    LexiconError
        When the file is missing or malformed.
    """
    return read_key(read_yaml(context.root, KEY_FILE))


def load_questionnaire(context: Context) -> Questionnaire:
    """Read the portraits that the settings name.

    Raises
    ------
    PromptError
        When the file is missing, malformed, or does not fit the key.
    """
    content = load_prompt(context.root, context.settings.survey.items, ("items", "scale"))
    return read_questionnaire(content, load_key(context))


def load_norms(context: Context, key: Key) -> Mapping[str, float]:
    """Read the mean centred scores of people on the nineteen values."""
    rows = read_table(context.root, NORMS_FILE, ("value", "mean"))
    return read_norms(rows, key, "nineteen")
