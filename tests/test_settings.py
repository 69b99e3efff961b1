from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.closures import ROOT
from valuelex.errors import SettingsError
from valuelex.reading import UnreadableYamlError, load_yaml
from valuelex.settings import parse_settings

PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
MODEL = next(iter(PARAMS["models"].values()))


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    content = copy.deepcopy(PARAMS)
    change(content)
    with pytest.raises(SettingsError) as caught:
        parse_settings(content, "params.yaml")
    return str(caught.value)


def test_the_shipped_params_are_valid() -> None:
    settings = parse_settings(PARAMS, "params.yaml")
    assert len(settings.models) == 35
    assert len(settings.elicit.grid) == 15
    assert settings.simulated


def test_an_unknown_key_names_the_nearest() -> None:
    message = broken(lambda c: c["factor"].update(rotatoin="oblimin"))
    assert "unknown key 'factor.rotatoin' (did you mean 'rotation'?)" in message


def test_an_unknown_section_names_the_nearest() -> None:
    assert "did you mean 'validate'" in broken(lambda c: c.update(validat={}))


def test_an_unknown_key_of_a_model() -> None:
    message = broken(lambda c: c["models"].update(x=MODEL | {"familiy": "f"}))
    assert "models.x.familiy" in message
    assert "did you mean 'family'" in message


def test_a_value_out_of_range_says_what_came() -> None:
    message = broken(lambda c: c["administer"].update(temperature=3.5))
    assert "'administer.temperature'" in message
    assert "was: 3.5" in message


def test_a_choice_lists_what_is_allowed() -> None:
    message = broken(lambda c: c["factor"].update(rotation="quartimax"))
    assert "'oblimin', 'promax', 'varimax' or 'none'" in message


@pytest.mark.parametrize("key", ["qwen2.5-7b", "Qwen", "a_b", "a--b", "-a", "", "a/b", "a b"])
def test_a_bad_model_key(key: str) -> None:
    assert "model key" in broken(lambda c: c["models"].update({key: MODEL}))


def test_an_empty_roster() -> None:
    assert "the roster is empty" in broken(lambda c: c.update(models={}))


def test_a_missing_section() -> None:
    assert "'survey' is missing" in broken(lambda c: c.pop("survey"))


def test_a_doubled_key_is_refused() -> None:
    with pytest.raises(UnreadableYamlError, match="stands twice, again on line 3"):
        load_yaml("a: 1\nb: 2\na: 3\n")


def test_yaml_builds_no_objects() -> None:
    with pytest.raises(UnreadableYamlError):
        load_yaml("!!python/object/apply:os.system ['true']")
