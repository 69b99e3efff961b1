"""The table of respondents and terms, counted without holding the mentions."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuelex.artifacts import codecs
from valuelex.artifacts.table import MENTIONS
from valuelex.stages import matrix
from valuelex.stages.context import Context
from valuelex.stages.taxonomy import evidence_ids

WORDS = st.one_of(st.none(), st.sampled_from(["care", "honesty", "tact", "\u00fc", ""]))
SAID = [  # reply, model, prompt, term; "zeal" is in no lexicon
    ("r1", "b", "p1", "care"),
    ("r2", "a", "p2", "care"),
    ("r3", "a", "p1", None),
    ("r4", "a", "p2", "zeal"),
    ("r5", "b", "p2", "tact"),
    ("r6", "b", "p2", "care"),
    ("r7", "b", "p2", "care"),
]


@settings(deadline=None)  # the first call imports pyarrow
@given(st.lists(WORDS), st.integers(0, 3))
def test_codes_are_the_places_of_cells(cells: list[str | None], skipped: int) -> None:
    places = {"care": 0, "tact": 7, "\u00fc": 2}
    column = codecs.arrow_column(cells, "str")[skipped:]
    expected = [places.get(str(cell), -1) if cell is not None else -1 for cell in cells[skipped:]]
    assert matrix.codes(column, places).tolist() == expected
    assert matrix.among(column, {"tact"}).to_pylist() == [c == "tact" for c in cells[skipped:]]


@pytest.fixture
def said(tmp_path: Path) -> tuple[Context, matrix.Usage]:
    rows: list[dict[str, Any]] = [
        {
            "mention_id": f"{reply}:1",
            "reply_id": reply,
            "model": model,
            "respondent": f"{model}@1",
            "prompt": prompt,
            "rank": 1,
            "surface": "x",
            "start": 0,
            "end": 1,
            "source": "list",
            "term": term,
            "dropped": "" if term else "repeated",
        }
        for reply, model, prompt, term in SAID
    ]
    MENTIONS.write(tmp_path, rows)
    counts = np.array([[1.0, 0.0], [3.0, 1.0]])
    usage = matrix.Usage(("a@1", "b@1"), ("a", "b"), ("f", "g"), ("care", "tact"), counts)
    return cast(Context, SimpleNamespace(root=tmp_path)), usage


@pytest.mark.parametrize("held", [0, 3, 10**6])
def test_counts_of_prompts_add_up(
    said: tuple[Context, matrix.Usage], held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, usage = said
    monkeypatch.setattr(matrix, "_HELD", held)
    assert matrix.prompts_of(context, 2) == ["p1", "p2"]
    assert matrix.prompts_of(context, 1) == []
    found = dict(matrix.counts_by_prompt(context, usage, ["p1", "p2"]))
    assert found["p1"].tolist() == [[0, 0], [1, 0]]
    assert found["p2"].tolist() == [[1, 0], [2, 1]]
    assert np.array_equal(found["p1"] + found["p2"], usage.counts)


def test_evidence_takes_turns_among_models(said: tuple[Context, matrix.Usage]) -> None:
    context, usage = said
    found = evidence_ids(context, usage.terms, 3)
    assert found == {"care": ("r2:1", "r1:1", "r6:1"), "tact": ("r5:1",)}
