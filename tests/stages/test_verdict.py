from __future__ import annotations

import copy
from typing import Any

import pytest

from valuelex.stages.verdict import verdict

SOUND: dict[str, Any] = {
    "diagnostics": {"supported": True, "why": "2 factors.", "kmo": 0.8, "n_models": 35},
    "stability": {
        "bootstrap": {"factors": [{"factor": f, "phi": 0.97} for f in ("F1", "F2")]},
        "split_half": {"factors": [{"factor": f, "phi": 0.91} for f in ("F1", "F2")]},
        "effective_n": 28.0,
        "n_respondents": 525,
    },
    "nulls": {
        "shuffled": {
            "p": [0.01, 1.0],  # by rank: the last one is always taken by list length
            "factors": [{"factor": f, "p": 0.01} for f in ("F1", "F2")],
        },
        "pseudo_factors": {"factors": [{"factor": f, "phi": 0.6} for f in ("F1", "F2")]},
        "frequency": {"factors": [{"factor": f, "r": 0.1} for f in ("F1", "F2")]},
    },
}


def judged(*path: str | int, value: object = None) -> dict[str, Any]:
    """Return the verdict when one number of a sound study is another."""
    case: Any = copy.deepcopy(SOUND)
    if path:
        place = case
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    return verdict(case["diagnostics"], case["stability"], case["nulls"])


def test_a_sound_study_is_supported() -> None:
    found = judged()
    assert found["level"] == "supported"
    assert found["reasons"] == []
    assert "effective n 28 of 525" in found["text"]


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("diagnostics", "kmo"), 0.5, "KMO is 0.50"),
        (("stability", "bootstrap", "factors", 1, "phi"), 0.8, "F2 (0.80) do not come back when"),
        (("stability", "split_half", "factors", 0, "phi"), 0.8, "F1 (0.80) do not come back in"),
        (("nulls", "shuffled", "factors", 1, "p"), 0.2, "F2 no stronger than factors of shuffled"),
        (("nulls", "pseudo_factors", "factors", 0, "phi"), 0.96, "F1 (0.96) could be word meaning"),
        (("nulls", "frequency", "factors", 0, "r"), -0.8, "F1 (r = -0.80) follow word frequency"),
        # tanh(1.96 / sqrt(15)) = tanh(.506) = .467
        (("diagnostics", "n_models"), 18, "18 models are few: two unrelated dimensions may"),
        (("diagnostics", "n_models"), 18, "correlate by 0.47"),
    ],
)
def test_one_thing_against_it_makes_it_partly_supported(
    path: tuple[str | int, ...], value: object, reason: str
) -> None:
    found = judged(*path, value=value)
    assert found["level"] == "partly supported"
    assert any(reason in one for one in found["reasons"])
    assert len(found["reasons"]) == 1


def test_the_last_rank_alone_speaks_against_nothing_and_the_first_against_all() -> None:
    assert judged()["reasons"] == []
    assert judged("nulls", "shuffled", "p", 0, value=0.3)["level"] == "not supported"
    found = judged("diagnostics", "supported", value=False)
    assert found["level"] == "not supported"
    assert found["text"].startswith("No dimension is supported")
