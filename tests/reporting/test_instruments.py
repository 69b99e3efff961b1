"""The sections on dilemmas, Value Portrait and the instruments side by side."""

from __future__ import annotations

import copy
from typing import Any

from valuelex.psychometrics.multitrait import Agreement
from valuelex.reporting.sections import agreement, dilemmas, portrait
from valuelex.stages.multitrait import verdict

ROWS = [
    {
        "model": model,
        "dilemma": "d01",
        "value": "self-direction",
        "other": "conformity",
        "n_value": 3,
        "n_other": 1,
        "n_open": 0,
        "share": 0.75,
        "consistent": 1,
        "n_pairs": 2,
        "difference": 0.4,
        "base_rate": 0.5,
        "foretold": 0.61,
    }
    for model in ("a", "b")
]
REPORT: dict[str, Any] = {
    "statement": "profiles do not foretell choices",
    "outcomes": {"asked": 10, "chosen": 8, "open": {"refusal": 2}},
    "order": {
        "consistency": {"share": 0.5, "lower": 0.2, "upper": 0.8, "n": 4},
        "option_a": {"share": 0.6, "lower": None, "upper": None, "n": 8},
        "models": [
            {"model": "a", "consistent": 1, "n_pairs": 2, "share": 0.5, "lower": 0.1, "upper": 0.9}
        ],
    },
    "foretold": {
        "foretells": False,
        "gain": 0.01,
        "lower": -0.02,
        "upper": 0.04,
        "p": 0.4,
        "accuracy": 0.7,
        "base_accuracy": 0.69,
        "alone_accuracy": 0.6,
        "slope": 0.1,
        "n": 8,
        "n_models": 2,
        "n_families": 2,
        "permutations": 19,
        "left_out": "one family at a time",
    },
    "models": [
        {
            "model": "a",
            "n": 4,
            "accuracy": 0.7,
            "lower": 0.4,
            "upper": 0.9,
            "base_accuracy": 0.6,
            "gain": 0.1,
            "gain_lower": -0.1,
            "gain_upper": 0.2,
        }
    ],
    "note": "none",
}


def test_dilemmas_show_statement_interval_and_what_was_left_out() -> None:
    found = dilemmas.view(ROWS, REPORT)
    facts = dict(found["facts"])
    assert found["statement"] == "Profiles do not foretell choices"
    assert facts["Without a choice"] == "refusal 2"
    assert facts["Same choice in both orders"] == "50.0 % [20.0, 80.0] of 4"
    assert "19 deals" in facts["Gain of the profile (nats a choice)"]
    (case,) = found["cases"].rows
    assert case[3:] == ("6", "2", "0", "75.0 %")
    assert len(found["models"].rows) == 1


def test_dilemmas_without_a_choice_say_why() -> None:
    report = copy.deepcopy(REPORT)
    report["outcomes"] = {"asked": 4, "chosen": 0, "open": {"failed": 4}}
    assert dilemmas.view([], report) == {"done": False, "outcomes": "failed 4"}
    assert not dilemmas.view([], None)["done"]


def test_a_study_without_item_set_says_so() -> None:
    assert portrait.view([], {"given": False, "why": "no set"}) == {"done": False, "why": "no set"}
    assert not portrait.view([], None)["done"]


def test_nothing_to_compare() -> None:
    assert agreement.view([], {"pairs": []}, {}) == {"done": False}
    assert agreement.view([], None, {}) == {"done": False}


def pair(**changes: Any) -> Agreement:
    known: dict[str, Any] = {
        "instrument_a": "projective",
        "instrument_b": "pvq",
        "traits": ("power", "self_direction"),
        "monotrait": (0.5, 0.3, 0.7),
        "heterotrait": (0.0, -0.1, 0.1),
        "difference": (0.5, 0.2, 0.7),
        "disattenuated": 0.6,
        "monomethod": 0.1,
        "won": 4,
        "compared": 4,
        "open": ("self_direction",),
        "n": 35,
        "clusters": 12,
    }
    return Agreement(**{**known, **changes})


def test_verdicts_in_plain_words() -> None:
    assert "agree: scores on the same value go together" in verdict(pair())
    assert verdict(pair()).endswith("Taken singly, not shown for self-direction.")
    assert "12 families" in verdict(pair())
    no = pair(monotrait=(0.1, -0.2, 0.3))
    assert "do not agree" in verdict(no)
    assert "do not tell the same values apart" in verdict(pair(difference=(0.1, -0.1, 0.2)))
    assert "too few families" in verdict(pair(monotrait=(0.5, None, None)))
    assert "share 1 values" in verdict(pair(traits=("power",)))
