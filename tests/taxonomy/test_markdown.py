from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.taxonomy.markdown import escape, taxonomy_markdown
from valuelex.taxonomy.model import Dimension, SubDimension, Taxonomy, TermEntry, UnplacedTerm


def test_an_outline_with_numbers_and_hostile_terms() -> None:
    hostile = TermEntry("<script>alert(1)</script>", 0.51, "loading", 1, 0.5, None, 7, 3, 2, 1, 0.1)
    guess = TermEntry("care", None, "meaning", 1, 0.5, 0, 4, 3, 2, 1, 0.1)
    apart = TermEntry("cruelty", -0.4, "loading", -1, 0.5, 0, 4, 3, 2, 1, 0.1)
    sub = SubDimension("d1.s1", "Care", "rule", (), (hostile, guess))
    dimension = Dimension("d1", "Warmth", "rule", "F1", 1, {}, (), (sub,), (apart,))
    lost = UnplacedTerm("# heading\n- item", "no loading", None, None, 1, 1, 1)
    page = taxonomy_markdown(Taxonomy("toy", True, "1", (dimension,), (lost,), notes=("Told.",)))
    assert "**Simulated study" in page
    assert r"- \<script\>alert(1)\</script\>: +0.51 · 7 · 2" in page
    assert "- care: no loading · 4 · 2 · *m*" in page
    assert "- cruelty: -0.40 · 4 · 2 · keyed negatively" in page
    assert r"- \# heading - item: no loading · 1 · 1" in page
    assert "2 placed terms (1 by loading, 1 by meaning), 1 on a negative pole, 1 without" in page
    assert page.endswith("- Told.\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("self-direction & care", "self-direction & care"),
        ("- item", r"\- item"),
        ("12. twelfth", r"12\. twelfth"),
        ("*bold* `code` [a](b)", r"\*bold\* \`code\` \[a\](b)"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("http://x.y", r"http\://x.y"),
        ("www.x.y", r"www\.x.y"),
        ("a | b\r\n\nc", r"a \| b c"),
    ],
)
def test_escape(text: str, expected: str) -> None:
    assert escape(text) == expected


@given(st.text())
def test_escaped_text_opens_no_tag_and_no_line(text: str) -> None:
    out = escape(text)
    assert "\n" not in out
    assert all(out[i - 1] == "\\" for i, char in enumerate(out) if char in "<>[]|`*_")
