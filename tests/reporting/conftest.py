"""A made-up study of any size, as the report receives it. No stage of the pipeline is involved."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from valuelex.reporting.content import ReportContent

WORDS = {
    "Craft": {
        "Skill": ["accuracy", "rigour", "precision", "mastery"],
        "Service": ["usefulness", "patience", "speed", "clarity"],
    },
    "Care": {
        "Warmth": ["kindness", "empathy", "friendship", "humour"],
        "Hope": ["freedom", "peace", "beauty", "wonder"],
    },
    "Candour": {
        "Truth": ["honesty", "openness", "candour", "proof"],
        "Fairness": ["justice", "equality", "balance", "respect"],
    },
}
VALUES = [
    "self-direction-thought",
    "self-direction-action",
    "stimulation",
    "hedonism",
    "achievement",
    "power-dominance",
    "power-resources",
    "face",
    "security-personal",
    "security-societal",
    "tradition",
    "conformity-rules",
    "conformity-interpersonal",
    "humility",
    "benevolence-dependability",
    "benevolence-care",
    "universalism-concern",
    "universalism-nature",
    "universalism-tolerance",
]
FACTORS = ("F1", "F2", "F3")
Make = Callable[..., ReportContent]


def _roster(n: int) -> list[dict[str, Any]]:
    families = ["aster", "birch", "cedar", "dune", "ember"]
    return [
        {
            "key": f"sim-{families[i % 5]}-{i}b",
            "id": f"simulated/{families[i % 5]}-{i}",
            "revision": "1" * 40,
            "backend": "simulated",
            "developer": f"{families[i % 5].title()} Works",
            "family": families[i % 5],
            "parameters_b": 1.5 * (i + 1),
            "training": ["pretrained", "instruct", "aligned"][i % 3],
            "data_source": ["web", "curated", "code"][i % 3],
            "interface": "chat",
            "licence": "none",
        }
        for i in range(n)
    ]


def _vocabulary(extra: int) -> list[tuple[str, str, str]]:
    rows = [(d, s, t) for d, subs in WORDS.items() for s, terms in subs.items() for t in terms]
    for i in range(extra):
        d = list(WORDS)[i % 3]
        s = list(WORDS[d])[(i // 3) % 2]
        rows.append((d, s, f"{WORDS[d][s][i % 4]} of kind {i}"))
    return rows


def _evidence(
    words: list[tuple[str, str, str]], models: list[str], n: int, pad: int
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    evidence: dict[str, Any] = {}
    ids: dict[str, list[str]] = {}
    for t, (_, _, term) in enumerate(words):
        for k in range(n):
            text = (
                f"Certainly! Here is what I hold to be important:\n1. patience\n2. {term}\n3. calm"
                + "\nand more" * (pad // 9)
            )
            start = text.index(f"2. {term}") + 3
            key = f"{t:028x}{k:04x}:2"
            model = models[(t + k) % len(models)]
            evidence[key] = {
                "surface": term,
                "text": text,
                "start": start,
                "end": start + len(term),
                "model": model,
                "prompt": "elicit.v1/p01",
                "respondent": f"{model}@t0.7-p0.95",
            }
            ids.setdefault(term, []).append(key)
    return evidence, ids


def _taxonomy(
    words: list[tuple[str, str, str]], ids: dict[str, list[str]], chance: random.Random
) -> dict[str, Any]:
    dimensions: list[dict[str, Any]] = []
    for at, (d, subs) in enumerate(WORDS.items()):
        entry: dict[str, Any] = {
            "id": f"d{at + 1}",
            "name": d,
            "named_by": "centroid",
            "factor": FACTORS[at],
            "sub_dimensions": [],
        }
        for n, s in enumerate(subs):
            terms = [
                {
                    "term": t,
                    "loading": round(chance.uniform(0.15, 0.8), 3),
                    "mentions": chance.randint(20, 900),
                    "placed_by": "meaning" if chance.random() < 0.3 else "loading",
                    "models": chance.randint(2, 30),
                    "respondents": chance.randint(4, 300),
                    "evidence": ids[t],
                }
                for (d2, s2, t) in words
                if (d2, s2) == (d, s)
            ]
            entry["sub_dimensions"].append(
                {"id": f"d{at + 1}.{n + 1}", "name": s, "named_by": "centroid", "terms": terms}
            )
        dimensions.append(entry)
    return {
        "schema": "1",
        "study": "sample",
        "simulated": True,
        "version": "1",
        "dimensions": dimensions,
        "unplaced": [{"term": "blue", "reason": "no cluster near"}],
        "notes": ["Terms said by one family only were left out."],
        "theories": [
            {
                "theory": "schwartz",
                "title": "Basic values",
                "level": "ten",
                "compared": "sub_dimension",
                "statement": "Two of ten values are met by some group above chance.",
                "matches": [
                    {
                        "group": "d2.1",
                        "value": "benevolence",
                        "name": "Benevolence",
                        "similarity": 0.61,
                        "second": 0.5,
                        "chance": 0.44,
                        "above_chance": True,
                    }
                ],
            }
        ],
    }


def _diagnostics(n: int, p: int) -> dict[str, Any]:
    return {
        "n_respondents": n * 15,
        "n_models": n,
        "n_families": 5,
        "n_terms": p,
        "coding": "presence",
        "extraction": "minres",
        "rotation": "oblimin",
        "kmo": 0.83,
        "kmo_per_term": {},
        "bartlett": {"chi2": 2810.4, "dof": 276, "p": 1e-9, "note": ""},
        "eigenvalues": [6.1, 3.4, 2.2, *(1.2 - 0.03 * i for i in range(17))],
        "parallel": {
            "thresholds": [1.5 - 0.03 * i for i in range(20)],
            "percentile": 95,
            "permutations": 99,
            "blocks": "respondent",
        },
        "map": {
            "values": [0.05, 0.03, 0.021, 0.017, *(0.018 + 0.001 * i for i in range(16))],
            "n": 3,
        },
        "kaiser": 9,
        "n_factors": 3,
        "agreement": "Parallel analysis and MAP agree on three factors.",
        "variance": [
            {"factor": f, "sum_of_squares": 4.1 - i, "share": 0.17 - 0.04 * i}
            for i, f in enumerate(FACTORS)
        ],
        "communalities": {},
        "fit": {
            "rmsr": 0.031,
            "rmsea": 0.044,
            "rmsea_lower": 0.04,
            "rmsea_upper": 0.05,
            "tli": 0.93,
            "chi2": 400.0,
            "dof": 200,
        },
        "list_length": {"mean": 5.6, "sd": 1.4},
        "dropped_terms": [{"term": "grey", "reason": "constant"}],
        "warnings": ["Short lists push correlations between terms below zero."],
    }


def _trust() -> dict[str, Any]:
    factors = [
        {"factor": f, "phi": 0.97 - 0.04 * i, "lower": 0.9 - 0.06 * i, "upper": 0.99}
        for i, f in enumerate(FACTORS)
    ]
    return {
        "stability": {
            "effective_n": 11.4,
            "bootstrap": {"n": 200, "failed": 3, "cluster": "family", "factors": factors},
            "split_half": {"n": 50, "factors": factors},
            "leave_one_out": {
                "family": [{"left_out": "aster", "phi": [0.98, 0.95, 0.9]}],
                "prompt": [{"left_out": "p01", "phi": [0.99, 0.97, 0.94]}],
                "setting": [],
            },
            "reliability": [
                {
                    "factor": f,
                    "alpha": 0.88,
                    "alpha_lower": 0.84,
                    "alpha_upper": 0.91,
                    "omega": 0.89,
                }
                for f in FACTORS
            ],
            "verdict": {
                "level": "partly supported",
                "text": "Two of three dimensions come back when families are resampled.",
                "reasons": [
                    "F3 falls below .85 in some resamples.",
                    "The effective sample is small.",
                ],
            },
        },
        "nulls": {
            "shuffled": {
                "n": 99,
                "observed": [6.1, 3.4, 2.2],
                "threshold": [1.9, 1.8, 1.7],
                "p": [0.01, 0.01, 0.01],
                "factors": [{"factor": f, "strength": 4.2, "p": 0.01} for f in FACTORS],
                "factor_threshold": 1.9,
                "text": "All three factors exceed what shuffled words give.",
            },
            "pseudo_factors": {
                "factors": [{"factor": f, "phi": 0.41} for f in FACTORS],
                "text": "Meaning alone does not give these factors.",
            },
            "frequency": {
                "factors": [{"factor": f, "r": 0.12, "lower": -0.2, "upper": 0.4} for f in FACTORS],
                "text": "No factor follows word frequency.",
            },
        },
        "recovery": {
            "applies": True,
            "why": "",
            "terms": {
                "recall": 0.94,
                "precision": 0.91,
                "planted": 200,
                "found": 206,
                "missed": ["zeal"],
                "extra": ["blue"],
            },
            "sub_dimensions": {"ari": 0.78, "planted": 6, "found": 6},
            "dimensions": {
                "planted": 3,
                "found": 3,
                "correct": True,
                "tucker": [
                    {"planted": d, "factor": f, "phi": 0.96}
                    for d, f in zip(WORDS, FACTORS, strict=True)
                ],
            },
            "profiles": [{"name": "Craft", "r": 0.88}],
        },
    }


def _scores(keys: list[str], chance: random.Random) -> dict[str, Any]:
    levels = [("dimension", f"d{i}") for i in (1, 2, 3)] + [
        ("sub_dimension", f"d{i}.{j}") for i in (1, 2, 3) for j in (1, 2)
    ]
    profiles = []
    for key in keys:
        for level, name in levels:
            mean = chance.uniform(2, 5)
            profiles.append(
                {
                    "model": key,
                    "level": level,
                    "id": name,
                    "mean": mean,
                    "se": 0.2,
                    "lower": mean - 0.4,
                    "upper": mean + 0.4,
                    "n_scored": 24,
                    "n_unscored": 1,
                    "percentile": 50.0,
                }
            )
    human = [
        {
            "model": key,
            "value": v,
            "centred": chance.gauss(0, 0.7),
            "human": chance.gauss(0, 0.6),
            "difference": 0.1,
            "lower": -0.2,
            "upper": 0.4,
            "rank_shift": 2,
            "profile_r": 0.6,
        }
        for key in keys
        for v in VALUES
    ]
    groups = [
        {
            "instrument": instrument,
            "score": score,
            "grouping": grouping,
            "contrast": contrast,
            "estimate": (e := chance.gauss(0, 0.4)),
            "lower": e - 0.3,
            "upper": e + 0.3,
            "effect_size": e,
            "p": 0.04,
            "p_adjusted": chance.random() * 0.2,
            "n_models": len(keys),
            "n_families": 5,
        }
        for instrument, scores in {
            "factor": FACTORS,
            "projective": ("d1", "d2.1"),
            "pvq": ("stimulation", "face"),
        }.items()
        for score in scores
        for grouping, contrast in (
            ("size", "tenfold parameters"),
            ("training", "aligned - pretrained"),
        )
    ]
    convergence = [
        {
            "score_a": f"projective:d{i}",
            "score_b": f"pvq:{v}",
            "r": chance.uniform(-0.6, 0.8),
            "lower": -0.2,
            "upper": 0.7,
            "n_models": len(keys),
            "n_families": 5,
        }
        for i in (1, 2, 3)
        for v in VALUES
    ]
    return {
        "profiles": profiles,
        "survey_human": human,
        "groups": groups,
        "group_effects": [
            {
                **row,
                "given": given,
                "df": 6.0,
                "effect_lower": row["lower"],
                "effect_upper": row["upper"],
                "note": "",
            }
            for row in groups
            for given in ("", "training, data_source")
        ],
        "convergence": convergence,
    }


def _build(models: int = 6, extra_terms: int = 0, cited: int = 2, pad: int = 60) -> ReportContent:
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    roster = _roster(models)
    keys = [entry["key"] for entry in roster]
    words = _vocabulary(extra_terms)
    evidence, ids = _evidence(words, keys, cited, pad)
    taxonomy = _taxonomy(words, ids, chance)
    entries = {
        e["term"]: e
        for d in taxonomy["dimensions"]
        for s in d["sub_dimensions"]
        for e in s["terms"]
    }
    centres = {
        s: (chance.uniform(-8, 8), chance.uniform(-6, 6)) for subs in WORDS.values() for s in subs
    }
    terms = [
        {
            "term": t,
            "mentions": entries[t]["mentions"],
            "replies": 10,
            "respondents": entries[t]["respondents"],
            "models": entries[t]["models"],
            "families": 5,
            "smith_s": 0.05,
            "sutrop": 0.01,
            "in_lexicon": True,
            "reason": "",
        }
        for _, _, t in words
    ]
    terms.append(
        {
            **terms[0],
            "term": "table",
            "mentions": 3,
            "in_lexicon": False,
            "reason": "too-few-families",
        }
    )
    example = next(iter(evidence))
    outcome = [
        {"model": k, "answered": 205, "refused": 12, "truncated": 5, "failed": 3} for k in keys
    ]
    return ReportContent(
        study={
            "name": "sample",
            "simulated": True,
            "seed": 7,
            "roster": roster,
            "grid": [{"temperature": t, "top_p": p} for t in (0.3, 0.7, 1.1) for p in (0.5, 0.95)],
            "prompts": [
                {
                    "id": f"p{i:02d}",
                    "text": f"Which words say best what matters to you, seen from side {i}?",
                }
                for i in range(1, 16)
            ],
        },
        outcomes=outcome,
        completion_outcomes=outcome,
        answer_outcomes=outcome,
        attrition=[
            {"unit": u, "model": m, "disposition": d, "kept": k, "n": n, "example": x}
            for u, d, k, n, x in (
                ("reply", "parsed", True, 205, example.split(":")[0]),
                ("reply", "refused:apology", False, 12, "r2"),
                ("mention", "kept", True, 1100, example),
                ("mention", "dropped:not_a_value", False, 90, "r3:1"),
                ("mention", "too_long", False, 11, "r3:4"),
            )
            for m in keys
        ]
        + [
            {
                "unit": "term",
                "model": "",
                "disposition": "lexicon",
                "kept": True,
                "n": len(words),
                "example": words[0][2],
            },
            {
                "unit": "term",
                "model": "",
                "disposition": "too_few_families",
                "kept": False,
                "n": 411,
                "example": "table",
            },
        ],
        terms=terms,
        merges=[
            {"term": "accuracy", "surface": "accurate", "rule": "inflection", "n": 40},
            {"term": "accuracy", "surface": "accuracy", "rule": "identity", "n": 80},
        ],
        clusters=[
            {
                "term": t,
                "cluster": i % 6,
                "x": centres[s][0] + chance.gauss(0, 1),
                "y": centres[s][1] + chance.gauss(0, 1),
                "membership": 0.8,
                "nearest": 0,
                "similarity": 0.7,
            }
            for i, (_, s, t) in enumerate(words)
        ]
        + [
            {
                "term": "blue",
                "cluster": -1,
                "x": 0.0,
                "y": 0.0,
                "membership": 0.0,
                "nearest": 1,
                "similarity": 0.2,
            }
        ],
        loadings=[
            {
                "term": t,
                **{
                    f: entries[t]["loading"]
                    if FACTORS.index(f) == list(WORDS).index(d)
                    else chance.gauss(0, 0.12)
                    for f in FACTORS
                },
            }
            for d, _, t in words
        ],
        phi=[{"factor": f, **{g: 1.0 if f == g else -0.21 for g in FACTORS}} for f in FACTORS],
        diagnostics=_diagnostics(models, len(words)),
        taxonomy=taxonomy,
        cluster_stability={"resamples": 20, "ari": 0.81},
        form={
            "form": "sample",
            "stems": [
                {
                    "id": "s1",
                    "text": "What I would never give up is",
                    "sub_dimension": "d1.1",
                    "kind": "personal",
                    "keying": 1,
                    "expected": "",
                }
            ],
            "dropped": [],
        },
        form_reliability={
            "judges": ["anchors"],
            "n_completions": 600,
            "n_scored": 580,
            "n_unscored": 20,
            "unscored": {"refused": 20},
            "controls": {"accuracy": 0.97, "n": 40},
            "halo": {"raw": 0.44, "centred": 0.29},
            "forms": {"d1.1": {"r": 0.8, "spearman_brown": 0.89, "n_models": 6}},
            "differences": {"pairs": 45, "beyond_error": 4, "rule": "paired t, Holm"},
            "sub_dimensions": [
                {
                    "id": "d1.1",
                    "alpha": 0.71,
                    "omega": 0.74,
                    "n_stems": 6,
                    "generalizability": 0.7,
                    "components": {},
                }
            ],
            "agreement": 0.66,
        },
        completions=[
            {
                "model": keys[0],
                "sub_dimension": "d1.1",
                "stem": "What I would never give up is",
                "text": "checking my work twice.",
                "outcome": "answered",
                "score": 5.0,
            }
        ],
        answers=[
            {
                "model": k,
                "item": at + 1,
                "value": VALUES[at % len(VALUES)],
                "portrait": "It matters to this person to decide alone.",
                "text": "5, much like me",
                "outcome": "answered",
                "answer": 5,
                "reason": "",
            }
            for at, k in enumerate(keys * 4)
        ],
        survey_profiles=[
            {
                "model": k,
                "level": "nineteen",
                "value": v,
                "raw": 4.1,
                "centred": 0.2,
                "se": 0.1,
                "n_answered": 30,
                "n_missing": 0,
            }
            for k in keys
            for v in VALUES
        ],
        survey_reliability={
            "trials": 10,
            "values": [
                {"value": v, "n_items": 3, "alpha": -0.12, "lower": -0.5, "upper": 0.3, "n": 60}
                for v in VALUES
            ],
            "icc_trials": [{"value": v, "icc1": 0.82, "lower": 0.7, "upper": 0.9} for v in VALUES],
            "warnings": ["Trials of one model are nearly the same: they are no sample of persons."],
            "unanswered": {"refused": 4},
            "mode": "item",
            "variance": {
                "n": 3420,
                "components": [
                    {"source": "model x item", "variance": 0.4, "share": 0.3, "levels": 342}
                    | {"lower": 0.25, "upper": 0.35}
                ],
            },
            "retest": [
                {"facet": "option order", "agreement": 0.46, "repeat": 0.47, "gap": 0.01}
                | {"lower": 0.0, "upper": 0.02, "r": 0.97, "r_repeat": 0.97, "shift": -0.1}
                | {"n_pairs": 4000, "n_models": 6, "n_left_out": 0}
            ],
        },
        survey_discriminant={
            "accuracy": 0.93,
            "baseline": {"mean": 0.17, "p95": 0.25},
            "p": 0.01,
            "n_cases": 60,
            "n_models": models,
            "coordinates": [
                {"model": k, "trial": t, "x": 0.1 * t, "y": -0.2} for k in keys for t in range(2)
            ],
            "axes": {"share": [0.4, 0.2]},
            "structure": [{"value": v, "x": 0.5, "y": -0.1} for v in VALUES],
            "values": [
                {"value": v, "f": 3.1, "df1": 5, "df2": 54, "eta2": 0.22, "p": 0.01}
                | {"p_adjusted": 0.02, "note": ""}
                for v in VALUES
            ],
            "left_one_model_out": [
                {"label": "training", "accuracy": None, "n_models": 2, "note": "not estimable: few"}
            ],
            "warning": "Many predictors, few cases.",
        },
        survey_validity={
            "circle": [
                {
                    "level": "nineteen",
                    "n_models": models,
                    "stress": 0.11,
                    "theory": {"congruence": 0.91, "p": 0.001},
                    "points": [
                        {"value": v, "x": 0.3, "y": -0.4, "angle": 306.9, "expected": 300.0}
                        for v in VALUES
                    ],
                },
                {"level": "ten", "n_models": models, "points": [], "note": "not estimable: 3"},
            ],
            "cfa": [{"model": "conservation", "n_models": models, "note": "not estimable: 6"}],
        },
        survey_people={
            "n_models": models,
            "n_families": 3,
            "profile_r": {"r": 0.71, "lower": 0.55, "upper": 0.8},
            "values": [
                {"value": v, "centred": 0.2, "human": 0.1, "difference": 0.1, "lower": -0.05}
                | {"upper": 0.25, "above_people": 4, "rank": 3.0, "human_rank": 5.0}
                | {"rank_shift": -2.0, "rank_shift_lower": -4.0, "rank_shift_upper": 0.0}
                for v in VALUES
            ],
        },
        survey_style=[
            {"model": k, "mean": 4.2, "sd": 1.1, "extreme": 0.2, "middle": 0.5, "modal": 0.4}
            | {"longest_run": 0.1, "straight_lined": 0, "order_shift": -0.05, "n_trials": 10}
            | {"n_answered": 560, "n_missing": 10}
            for k in keys
        ],
        evidence=evidence,
        replies={
            "r2": {
                "text": "I would rather not say.",
                "outcome": "refused",
                "detail": "rule 3",
                "model": keys[0],
                "prompt": "p01",
                "respondent": keys[0],
            }
        },
        provenance={
            "git": "0" * 40,
            "python": "3.11.2",
            "packages": {"numpy": "2.4.6", "scipy": "1.17.1"},
            "params": {"factor": {"rotation": "oblimin", "percentile": 95.0}},
        },
        **_scores(keys, chance),
        **_trust(),
    )


@pytest.fixture(scope="session")
def make() -> Make:
    """The builder itself, for a study of another size."""
    return _build


@pytest.fixture(scope="session")
def content() -> ReportContent:
    """A small study with every part."""
    return _build()


@pytest.fixture(scope="session")
def bare() -> ReportContent:
    """A study of recorded replies: no instrument was given, nothing was planted."""
    full = _build()
    roster = [
        {**entry, "backend": "recorded", "parameters_b": None} for entry in full.study["roster"]
    ]
    return replace(
        full,
        study={**full.study, "simulated": False, "roster": roster, "grid": []},
        recovery=None,
        cluster_stability=None,
        form=None,
        profiles=[],
        form_reliability=None,
        completion_outcomes=[],
        completions=[],
        survey_profiles=[],
        survey_human=[],
        answers=[],
        survey_reliability=None,
        survey_discriminant=None,
        survey_validity=None,
        survey_people=None,
        survey_style=[],
        answer_outcomes=[
            {"model": "m", "answered": 0, "refused": 0, "truncated": 0, "failed": 1140}
        ],
        groups=[],
        group_effects=[],
        convergence=[],
        merges=[],
        replies={},
    )


ATTACKS = [
    "<script>alert(1)</script>",
    "</script><script>pwned=1</script>",
    "</style><script>pwned=1</script>",
    "<!--<script>",
    "--><script>pwned=1</script>",
    "<![CDATA[<script>pwned=1</script>]]>",
    "</title><script>pwned=1</script>",
    "</textarea><script>pwned=1</script>",
    "</noscript><script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    "<img src=http://evil.invalid/x.png>",
    "<svg onload=pwned=1>",
    "<svg><script>pwned=1</script></svg>",
    "<svg><a xlink:href='javascript:pwned=1'><text>x</text></a></svg>",
    "<math><mi xlink:href='javascript:pwned=1'>x</mi></math>",
    "<iframe src=javascript:pwned=1></iframe>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<object data=javascript:pwned=1>",
    "<embed src=javascript:pwned=1>",
    "<base href=http://evil.invalid/>",
    "<meta http-equiv=refresh content='0;url=http://evil.invalid/'>",
    "<link rel=stylesheet href=http://evil.invalid/x.css>",
    "<style>@import 'http://evil.invalid/x.css'</style>",
    "<style>*{background:url(http://evil.invalid/)}</style>",
    "<a href='javascript:pwned=1'>click</a>",
    "<a href='http://evil.invalid/' target=_blank>go</a>",
    "<a href='data:text/html,<script>pwned=1</script>'>d</a>",
    "javascript:pwned=1",
    "http://evil.invalid/",
    "[link](javascript:pwned=1)",
    "![x](http://evil.invalid/x.png)",
    "<b>bold</b><br><i>it</i>",
    "<span style='position:fixed;inset:0'>cover</span>",
    "<sub>low</sub><sup>high</sup>",
    '" onmouseover="pwned=1',
    "' onfocus='pwned=1' autofocus='",
    '" autofocus onfocus=pwned=1 x="',
    "`onclick=pwned=1`",
    'x" style="background:url(http://evil.invalid/)',
    "&lt;script&gt;pwned=1&lt;/script&gt;",
    "&#60;script&#62;pwned=1&#60;/script&#62;",
    "&amp;lt;img src=x onerror=pwned=1&amp;gt;",
    "\\u003cscript\\u003epwned=1",
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    "{{ ''.__class__ }}",
    "${pwned=1}",
    "%{x}",
    "%{customdata[0]}<extra></extra>",
    "$x^2$ \\(y\\)",
    "line\u2028sep\u2029end",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "zero\u200bwidth\ufeff",
    "null\x00byte\x1b[31m",
    "\ud800lone",
    "__proto__",
    "constructor",
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "../../../etc/passwd",
    "'; DROP TABLE terms; --",
    "𝕿𝖊𝖗𝖒 \u0301\u0301\u0301\u0301\u0301\u0301",
    "ﷺ" * 30,
    "<" * 400,
    "x" * 100_000,
    "<details open ontoggle=pwned=1>",
    "<form action=http://evil.invalid/><button>go",
    "<input autofocus onfocus=pwned=1>",
    "<video><source onerror=pwned=1></video>",
]


def _poison(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: _poison(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_poison(item, names) for item in value]
    return value


@pytest.fixture(scope="session")
def hostile() -> ReportContent:
    """A study in which every name, term and reply is an attack."""
    full = _build(extra_terms=len(ATTACKS))
    roster = full.study["roster"]
    ours = [row["term"] for row in full.terms]
    ours += [entry[field] for entry in roster for field in ("key", "family", "developer", "id")]
    ours += [*WORDS, *(sub for subs in WORDS.values() for sub in subs)]
    ours += ["aligned - pretrained", "tenfold parameters", "3.11.2", "sample"]
    ours += [str(full.stability["verdict"]["text"]), *full.stability["verdict"]["reasons"]]
    ours += [prompt["text"] for prompt in full.study["prompts"]]
    names = {
        name: f"{ATTACKS[at % len(ATTACKS)]} {at}" for at, name in enumerate(dict.fromkeys(ours))
    }
    parts = {f.name: _poison(getattr(full, f.name), names) for f in fields(full)}
    for at, item in enumerate(parts["evidence"].values()):
        before = ATTACKS[at % len(ATTACKS)] + "\n"
        item |= {"text": before + item["text"], "start": item["start"] + len(before)}
        item["end"] += len(before)
    parts["completions"] = [
        {**full.completions[0], "text": attack, "stem": attack, "model": attack}
        for attack in ATTACKS
    ]
    model = roster[0]["key"]
    parts["completions"].append({**full.completions[0], "model": names[model], "text": ATTACKS[0]})
    parts["answers"] = [
        {
            **full.answers[0],
            "model": names[model],
            "portrait": attack,
            "text": attack,
            "reason": attack,
        }
        for attack in ATTACKS
    ]
    return ReportContent(**parts)
