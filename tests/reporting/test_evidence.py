from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from valuelex.reporting.evidence import deal, passage


@given(st.text(max_size=200), st.integers(-50, 300), st.integers(-50, 300), st.integers(0, 100))
def test_a_passage_and_what_is_left_out_make_the_text(
    text: str, start: int, end: int, around: int
) -> None:
    cut = passage(text, start, end, around)
    shown = cut.before + cut.marked + cut.after
    assert cut.skipped_before + len(shown) + cut.skipped_after == len(text)
    assert text[cut.skipped_before : cut.skipped_before + len(shown)] == shown


def test_the_span_is_marked() -> None:
    cut = passage("I value honesty most.", 8, 15, 3)
    assert (cut.before, cut.marked, cut.after) == ("ue ", "honesty", " mo")


def _evidence(n: int, length: int) -> dict[str, Any]:
    return {
        f"m{i}": {
            "text": "x" * length,
            "start": 0,
            "end": 1,
            "model": "a",
            "prompt": "p",
            "respondent": "a@t1",
            "surface": "x",
        }
        for i in range(n)
    }


def test_every_term_gets_one_reply_before_any_gets_two() -> None:
    wanted = [("one", ["m0", "m1"]), ("two", ["m2", "m3"]), ("three", ["m4"])]
    chosen = deal(wanted, _evidence(5, 100), budget=4500)
    assert [[q.mention_id for q in chosen[t]] for t in ("one", "two", "three")] == [
        ["m0", "m1"],
        ["m2"],
        ["m4"],
    ]


def test_ids_without_a_reply_are_passed_over() -> None:
    assert deal([("one", ["gone", "m0"])], _evidence(1, 10))["one"][0].mention_id == "m0"


def test_a_huge_reply_is_cut_around_its_span() -> None:
    item = _evidence(1, 0)
    item["m0"] |= {"text": "a" * 50_000 + "KEY" + "b" * 50_000, "start": 50_000, "end": 50_003}
    found = deal([("one", ["m0"])], item)["one"][0]
    assert found.reply.marked == "KEY"
    assert found.reply.skipped_before == 44_000
    assert len(found.reply.before + found.reply.after) == 12_000
