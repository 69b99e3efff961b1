from __future__ import annotations

import importlib
import subprocess
import sys
from types import SimpleNamespace
from typing import get_args

import pytest

from valuelex.backends.recorded.pairs import RecordedBackend
from valuelex.backends.registry import ENGINES, open_engine
from valuelex.errors import BackendError
from valuelex.roster import ModelEntry


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_named_engine_exists(name: str) -> None:
    module, _, function = ENGINES[name].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_roster_knows_these_backends_and_the_simulated_one() -> None:
    known = get_args(ModelEntry.model_fields["backend"].annotation)
    assert set(known) == {*ENGINES, "simulated"}


def test_opening_by_name() -> None:
    entry = SimpleNamespace(backend="recorded", id="m")
    assert open_engine(entry) == RecordedBackend()
    with pytest.raises(BackendError, match=r"no backend 'vlm' .*did you mean 'vllm'"):
        open_engine(SimpleNamespace(backend="vlm", id="m"))


def test_naming_the_engines_loads_none_of_them() -> None:
    code = (
        "import sys, valuelex.backends.ask, valuelex.backends.registry, valuelex.backends.scripted;"
        "print(sorted(m for m in sys.modules if m.startswith('valuelex')),"
        " [m for m in ('numpy', 'yaml', 'openai', 'pydantic') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split("] [")[0].replace("valuelex", "v").strip("[") == (
        "'v', 'v.backends', 'v.backends.ask', 'v.backends.base', 'v.backends.checksums',"
        " 'v.backends.registry', 'v.backends.rows', 'v.backends.scripted', 'v.backends.store',"
        " 'v.backends.store_faults', 'v.backends.turns', 'v.environment', 'v.errors', 'v.records'"
    )
    assert out.stdout.endswith("[]\n")
