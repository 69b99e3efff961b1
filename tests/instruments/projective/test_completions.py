from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.instruments.projective.heldout import TERMS
from tests.instruments.projective.helpers import bag_of_words, ending, prompt, taxonomy

from valuelex.errors import PromptError
from valuelex.instruments.projective.administer import (
    completion_requests,
    completions_of,
    control_completions,
    stem_messages,
)
from valuelex.instruments.projective.completions import Unanswered, clean_completion
from valuelex.instruments.projective.compose import compose_form
from valuelex.records import Reply, Sampling, Stem

UNANSWERED = Unanswered(prompt("anchors.v3")["unanswered"])
ADMINISTER = prompt("administer.v1")
STEM = "When a friend of mine is in tears, I"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("sit down and listen.", "sit down and listen."),
        ("... sit down and listen.", "sit down and listen."),
        (f"{STEM} sit down and listen.", "sit down and listen."),
        (f'"{STEM} ... sit down."', "sit down."),
        ("when a friend of mine is in tears, i sit down.", "sit down."),
        ("Sure! Here is the completed sentence:\n\n" + STEM + " sit down.", "sit down."),
        ("Sure, sit down.", "sit down."),
        ("<think>What would I do?\nHm.</think>\nsit down.", "sit down."),
        ("<think>never closed", ""),
        ("**sit down**", "sit down"),
        ("<|im_start|>assistant\nsit down.", "assistant sit down."),
        ("Assistant: sit down.", "sit down."),
        ("", ""),
    ],
)
def test_clean_completion(raw: str, clean: str) -> None:
    assert clean_completion(raw, STEM) == clean


def test_a_base_model_ends_at_the_line_break() -> None:
    raw = "\n sit down and listen.\nWhen I was young, I"
    assert clean_completion(raw, STEM, base=True) == "sit down and listen."


@given(st.text(), st.text())
def test_cleaning_never_fails_and_is_done_at_once(text: str, stem: str) -> None:
    clean = clean_completion(text, stem)
    assert len(clean) <= len(text)
    assert "\n" not in clean


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sit down and listen.", ""),
        ("", "empty"),
        ("... 123 !!", "empty"),
        ("As an AI language model, I do not have friends.", "declines"),
        ("I'm sorry, but I can't complete that sentence.", "declines"),
        ("I don't have personal feelings about this.", "declines"),
        ("setze ich mich zu ihm und höre ihm zu, bis es besser ist.", "other language"),
        ("je reste avec lui et je ne dis pas un mot.", "other language"),
        ("坐下来听他说话", "other language"),
        ("honesty", ""),
        ("Ehrlichkeit", ""),  # one word alone does not give a language away
        ("I cannot stand people who lie.", ""),
        ("I do not have much, and I share it.", ""),
    ],
)
def test_what_is_no_answer(text: str, reason: str) -> None:
    assert UNANSWERED.reason(ending(text)) == reason


def test_the_outcome_comes_first() -> None:
    assert UNANSWERED.reason(ending("sit down", outcome="truncated")) == "truncated"
    assert UNANSWERED.reason(ending("", outcome="failed")) == "failed"


def test_requests_put_each_stem_alone_and_in_order() -> None:
    form = compose_form(
        taxonomy(TERMS), prompt("stems.v1"), bag_of_words, stems_per_sub_dimension=2, seed=1
    )
    model = {"key": "m", "id": "org/m", "revision": "r", "interface": "chat"}
    requests = completion_requests(form, model, Sampling(0.7, 0.95, 60), 2, ADMINISTER)
    assert [r.prompt for r in requests] == [f"stem.v1/{s.id}" for s in form.stems] * 2
    assert len({r.id for r in requests}) == len(requests)
    for request in requests:
        shown = [s for s in form.stems if s.text in request.messages[-1].content]
        assert [f"stem.v1/{s.id}" for s in shown] == [request.prompt]
    replies = {r.id: Reply(r.id, "sit down.", "answered") for r in requests[1:]}
    found = completions_of(requests, replies, form)
    assert [c.outcome for c in found] == ["failed"] + ["answered"] * (len(requests) - 1)


def test_a_base_model_gets_bare_text() -> None:
    stem = Stem("s", STEM, "x", "personal")
    (message,) = stem_messages(stem, "completion", ADMINISTER)
    assert message.content.endswith(STEM)
    with pytest.raises(PromptError, match="interface must be"):
        stem_messages(stem, "voice", ADMINISTER)
    with pytest.raises(PromptError, match="must hold"):
        stem_messages(stem, "chat", {"id": "x", "chat": "no slot"})


def test_controls_go_to_the_judges_only() -> None:
    controls = prompt("anchors.v3")["controls"]
    form = compose_form(
        taxonomy(TERMS),
        prompt("stems.v1"),
        bag_of_words,
        stems_per_sub_dimension=2,
        seed=1,
        controls=controls,
    )
    assert len(control_completions(form)) == 6 * len(TERMS)
    assert not {s.id for s in form.stems} & {c.id for c in form.controls}
