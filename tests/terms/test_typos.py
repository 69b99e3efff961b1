from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.terms.typos import TypoIndex, one_edit

INDEX = TypoIndex(
    ["honesty", "integrity", "morality", "tolerance"], known={"mortality"}.__contains__
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("integrty", "integrity"),
        ("integritty", "integrity"),
        ("integrtiy", "integrity"),
        ("intogrity", "integrity"),
        ("mortality", None),
        ("immorality", None),
        ("amorality", None),
        ("ontegrity", None),
        ("honest", None),
        ("hnoestyy", None),
        ("honesti", "honesty"),
        ("honestyy", "honesty"),
        ("tolrance", "tolerance"),
        ("honety", None),  # six letters are too few
        ("honest1", None),
    ],
)
def test_one_edit_of_a_long_unknown_word(word: str, meant: str | None) -> None:
    assert INDEX.find(word) == meant


def test_lengths_and_ties() -> None:
    index = TypoIndex(
        ["a" * 7, "b" * 6, "c" * 40, "d-ddddddd", "similar", "simular"], set().__contains__
    )
    assert index.find("aaaaaaab") == "a" * 7
    assert index.find("bbbbbbc") is None  # what may be meant has seven letters as well
    assert index.find("c" * 39) == "c" * 40
    assert index.find("c" * 41) is None
    assert index.find("dddddddd") is None
    assert index.find("simolar") is None  # two words are as near


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_one_edit_is_symmetric_and_agrees_with_the_definition(a: str, b: str) -> None:
    def edits(word: str) -> set[str]:
        cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        gone = {x + y[1:] for x, y in cuts if y}
        swapped = {x + y[1] + y[0] + y[2:] for x, y in cuts if len(y) > 1}
        changed = {x + c + y[1:] for x, y in cuts if y for c in "abc"}
        added = {x + c + y for x, y in cuts for c in "abc"}
        return gone | swapped | changed | added

    assert one_edit(a, b) == one_edit(b, a) == (a == b or b in edits(a))
