from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.reporting import text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("nul\x00", "nul⟨U+0000⟩"),
        ("soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"),
        ("\ud800", "\ufffd"),
        ("line\r\nline\ttab", "line\nline\ttab"),
        ("👩\u200d💻", "👩\u200d💻"),  # a joined emoji stays whole
    ],
)
def test_what_would_hide_is_shown(raw: str, shown: str) -> None:
    assert text.visible(raw) == shown


@given(st.text())
def test_visible_text_is_utf8_and_visible_text_stays(raw: str) -> None:
    once = text.visible(raw)
    once.encode("utf-8")
    assert text.visible(once) == once


@given(st.text(max_size=300), st.integers(2, 80))
def test_shortened_text_is_one_line_within_the_limit(raw: str, limit: int) -> None:
    short = text.shorten(raw, limit)
    assert len(short) <= limit
    assert "\n" not in short


def test_shortening_a_huge_line_does_not_read_it_all() -> None:
    assert text.shorten("x" * 10**8, 10) == "x" * 9 + "…"


@given(st.text())
def test_labels_of_figures_carry_no_markup(raw: str) -> None:
    label = text.plot_label(raw)
    assert "<" not in label
    assert ">" not in label


CONTENT = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(CONTENT)
def test_embedded_json_says_the_same_and_cannot_end_its_element(content: object) -> None:
    encoded = text.script_json(content)
    assert encoded.isascii()
    assert not set("<>&") & set(encoded)
    assert json.loads(encoded) == content


def test_numbers_that_json_does_not_know_become_null() -> None:
    assert text.script_json([float("nan"), float("inf"), 1 / 3]) == "[null,null,0.333333]"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (text.number(-0.001), "0.00"),
        (text.number(-1234.567, 1), "−1,234.6"),
        (text.number(None), "–"),
        (text.number(float("nan")), "–"),
        (text.number("too few"), "too few"),
        (text.number({"a": 0.5}), "a 0.50"),
        (text.coefficient(0.853), ".85"),
        (text.coefficient(-0.5), "−.50"),
        (text.coefficient(1.0), "1.00"),
        (text.count(43884), "43,884"),
        (text.share(1, 4), "25.0 %"),
        (text.share(1, 0), "–"),
        (text.p_value(0.00001), "< .001"),
        (text.p_value(0.0421), ".042"),
        (text.interval(-0.2, 0.4), "[−.20, .40]"),
        (text.interval(None, 0.4), "–"),
        (text.plural(1, "family", "families"), "1 family"),
        (text.plural(0, "family", "families"), "0 families"),
    ],
)
def test_numbers_are_written_as_the_field_writes_them(shown: str, expected: str) -> None:
    assert shown == expected
