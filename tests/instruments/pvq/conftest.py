from __future__ import annotations

from pathlib import Path

import pytest

from valuelex.instruments.pvq.items import Questionnaire, read_questionnaire
from valuelex.instruments.pvq.key import Key, read_key
from valuelex.lexica import read_yaml
from valuelex.prompts import load_prompt

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def key() -> Key:
    return read_key(read_yaml(ROOT, "norms/pvq-rr-key.yaml", ("values", "n_items", "source")))


@pytest.fixture(scope="session")
def questionnaire(key: Key) -> Questionnaire:
    return read_questionnaire(load_prompt(ROOT, "pvq.v1"), key)
