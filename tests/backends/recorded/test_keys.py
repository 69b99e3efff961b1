from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from valuelex.backends.recorded.keys import MAX_KEY, roster_keys, slug


def test_slugs_by_hand() -> None:
    assert slug("Qwen/Qwen2.5-7B-Instruct") == "qwen-qwen2-5-7b-instruct"
    assert slug("gpt4_1106_preview") == "gpt4-1106-preview"
    assert slug("Évalué  v1.") == "evalue-v1"
    assert slug("70b") == "m-70b"
    assert slug("NO") == "m-no"
    assert slug("通义千问") == "m"
    assert slug("x" * 99) == "x" * MAX_KEY


def test_names_with_one_slug_are_told_apart_whatever_their_order() -> None:
    names = ["a_b", "A.B", "c"]
    keys = roster_keys(names)
    assert keys["c"] == "c"
    assert len(set(keys.values())) == 3
    assert all(re.fullmatch(r"a-b-[0-9a-f]{6}", keys[n]) for n in ("a_b", "A.B"))
    assert roster_keys(reversed(names)) == keys


@given(st.lists(st.text(min_size=1).filter(str.isprintable), unique=True, max_size=8))
def test_keys_are_valid_and_distinct(names: list[str]) -> None:
    keys = roster_keys(names)
    assert set(keys) == set(names)
    assert len(set(keys.values())) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", key) for key in keys.values())
