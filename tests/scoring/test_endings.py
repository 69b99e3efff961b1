from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scoring.material import STEMS, form, honest_rows, jsonl

from valuelex.errors import RecordedFileError, ValueLexError
from valuelex.instruments.projective.completions import settled_outcome
from valuelex.instruments.projective.form import form_from_dict
from valuelex.stages.endings import endings_of, missing_stems, read_endings

FORM = form_from_dict(form())


def test_rows_are_read_by_id_and_by_text_and_draws_are_counted(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"stem": "s1", "text": "one"},
        {"stem": STEMS["s1"][0], "text": "two"},
        {"stem": STEMS["s1"][0] + " ...", "text": "three", "extra": [1]},
        {"stem": "s2", "text": "four", "draw": 7},
        {"stem": "s2", "text": None, "outcome": "failed", "draw": 3},
    ]
    found = read_endings(jsonl(tmp_path / "a.jsonl", rows), FORM, "m", base=False)
    assert [(c.stem, c.draw, c.text) for c in found] == [
        *[("s1", 0, "one"), ("s1", 1, "two"), ("s1", 2, "three")],
        *[("s2", 0, "four"), ("s2", 1, "")],
    ]
    assert found[-1].outcome == "failed"
    assert [c.reply_id for c in found[:2]] == ["line-1", "line-2"]
    assert list(missing_stems(FORM, found)) == ["s3", "s4", "s5", "s6"]


def test_gzip_gives_the_same(tmp_path: Path) -> None:
    plain = jsonl(tmp_path / "a.jsonl", honest_rows())
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_endings(packed, FORM, "m", base=False) == read_endings(plain, FORM, "m", base=False)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"stem": "s11", "text": "x"}', r"line 2: .*'s11' \(did you mean 's1'\?\)"),
        (
            json.dumps({"stem": STEMS["s3"][0].replace("own", "on"), "text": "x"}),
            r"did you mean 'A referee whose own team",
        ),
        ('{"stem": "s1", "text": "x"', "line 2: expected one JSON object"),
        ('{"stem": "s1"}', r"line 2: expected a 'text' \(a string\), was: nothing"),
        ('{"text": "x"}', r"a 'stem' \(its id or its exact text\), was: nothing"),
        ('{"stem": "s1", "text": 4}', "was: 4"),
        ('{"stem": "s1", "text": "x", "outcome": "refuse"}', r"did you mean 'refused'\?"),
        ('{"stem": "s1", "text": "x", "outcom": "refused"}', r"'outcom' \(did you mean 'outcome'"),
        ('{"stem": "s1", "text": "x", "draw": -1}', "whole number from 0"),
        ('{"stem": "s1", "text": "x", "draw": true}', "whole number from 0"),
        ('{"stem": "s2", "text": "x", "draw": 0}', "stem 's2', draw 0, was: a second one"),
        ('{"stem": "s1", "text": "x", "model": "b"}', r"one model in the file \('a'\), was: 'b'"),
    ],
)
def test_a_bad_line_is_named_with_what_was_expected(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"stem": "s2", "text": "x", "draw": 0, "model": "a"}\n' + line + "\n")
    with pytest.raises(RecordedFileError, match=message):
        read_endings(path, FORM, "m", base=False)


def test_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordedFileError, match="holds no completion"):
        read_endings(jsonl(tmp_path / "a.jsonl", []), FORM, "m", base=False)
    with pytest.raises(RecordedFileError, match="cannot be read"):
        read_endings(tmp_path / "none.jsonl", FORM, "m", base=False)
    with pytest.raises(RecordedFileError, match="row 1"):
        endings_of([{"stem": "zz", "text": ""}], FORM, "m", base=False)


def test_a_base_model_ends_at_the_line_break() -> None:
    assert settled_outcome("truncated", "say so.\n\nWhen I", base=True) == "answered"
    assert settled_outcome("truncated", "say so.\n", base=True) == "answered"
    assert settled_outcome("truncated", "\n\nsay so and", base=True) == "truncated"
    assert settled_outcome("truncated", "say so.\n\nWhen I", base=False) == "truncated"
    assert settled_outcome("refused", "no\nno", base=True) == "refused"
    row = {"stem": "s1", "text": "say so.\n\nWhen I am", "outcome": "truncated"}
    (found,) = endings_of([row], FORM, "m", base=True)
    assert (found.text, found.outcome) == ("say so.", "answered")


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["stem", "text", "draw", "outcome", "model", "other"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.just("s1"),
    )
)
def test_any_row_is_read_or_refused(row: dict[str, Any]) -> None:
    try:
        (found,) = endings_of([row], FORM, "m", base=False)
    except ValueLexError:
        return
    assert found.stem in STEMS
    assert found.draw == 0
