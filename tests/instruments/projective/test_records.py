"""Forms, requests, completions and anchors as they are written down, field by field."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.instruments.projective.helpers import ending, taxonomy

from valuelex.errors import DataError, PromptError
from valuelex.instruments.projective.administer import (
    completion_requests,
    completions_of,
    control_completions,
    stem_messages,
)
from valuelex.instruments.projective.anchors import (
    Anchor,
    SubDimension,
    anchor_sentences,
    fill,
    sub_dimensions,
    word_form,
)
from valuelex.instruments.projective.completions import (
    READ_CHARACTERS,
    Completion,
    Unanswered,
    clean_completion,
    readable,
    settled_outcome,
)
from valuelex.instruments.projective.form import Control, Form, form_from_dict
from valuelex.instruments.projective.reading import deal, keyed, neutral_form, neutral_reply
from valuelex.instruments.projective.score import Cube, profiles
from valuelex.instruments.projective.screen import Dropped
from valuelex.records import Message, Outcome, Rating, Reply, Sampling, Stem

STEMS = (
    Stem("s1", "When I", "joy", "personal"),
    Stem("s2", "If we", "order", "role", -1, "low"),
    Stem("s3", "As they", "joy", "role"),
)
FORM = Form(
    "stems.v9",
    "tax.v3",
    STEMS,
    {"s1": "A", "s2": "B", "s3": "B"},
    {"s1": 0.123456, "s2": -0.5},
    (Control("c1", "sing.", "joy", "high"),),
    (Dropped("Now", "open", "why"),),
    ("a note",),
)


def written() -> dict[str, Any]:
    return {
        "form": "projective",
        "version": "stems.v9",
        "taxonomy": "tax.v3",
        "stems": [
            {
                "id": "s1",
                "text": "When I",
                "sub_dimension": "joy",
                "kind": "personal",
                "keying": 1,
                "expected": "",
                "part": "A",
                "fit": 0.1235,
            },
            {
                "id": "s2",
                "text": "If we",
                "sub_dimension": "order",
                "kind": "role",
                "keying": -1,
                "expected": "low",
                "part": "B",
                "fit": -0.5,
            },
            {
                "id": "s3",
                "text": "As they",
                "sub_dimension": "joy",
                "kind": "role",
                "keying": 1,
                "expected": "",
                "part": "B",
                "fit": 0.0,
            },
        ],
        "controls": [{"id": "c1", "text": "sing.", "sub_dimension": "joy", "expected": "high"}],
        "dropped": [{"text": "Now", "rule": "open", "detail": "why"}],
        "notes": ["a note"],
    }


def test_a_form_is_written_and_read_field_by_field() -> None:
    assert FORM.as_dict() == written()
    read = form_from_dict(written())
    assert (read.stems, read.part, read.controls) == (FORM.stems, FORM.part, FORM.controls)
    assert (read.dropped, read.notes) == (FORM.dropped, FORM.notes)
    assert (read.version, read.taxonomy) == ("stems.v9", "tax.v3")
    assert read.fit == {"s1": 0.1235, "s2": -0.5, "s3": 0.0}
    bare = written()
    del bare["controls"], bare["notes"], bare["stems"][0]["fit"]
    again = form_from_dict(bare)
    assert (again.controls, again.notes, again.fit["s1"]) == ((), (), 0.0)


@pytest.mark.parametrize(
    "field", ["id", "text", "sub_dimension", "kind", "keying", "expected", "part"]
)
def test_a_stem_without_a_field_is_refused(field: str) -> None:
    data = written()
    del data["stems"][1][field]
    with pytest.raises(DataError, match=f"must have the field '{field}' in every record"):
        form_from_dict(data)


def test_a_stem_stands_once_in_a_form() -> None:
    data = written()
    data["stems"][1]["id"] = "s1"
    with pytest.raises(DataError, match="stem ids must be unique"):
        form_from_dict(data)


def test_stems_of_a_key_and_a_part() -> None:
    assert FORM.stems_of("joy") == (STEMS[0], STEMS[2])
    assert FORM.stems_of("joy", "B") == (STEMS[2],)
    assert FORM.stems_of("order", "A") == ()


PROMPT = {"id": "p.v1", "system": "be", "chat": "go on: {stem} ...", "completion": "x\n{stem}  "}


def test_requests_field_by_field() -> None:
    sampling = Sampling(0.7, 0.95, 60)
    found = completion_requests(FORM, {"key": "k", "id": 5}, sampling, 2, PROMPT)
    assert [(r.prompt, r.draw) for r in found] == [
        (f"stem.v1/{s}", d) for d in (0, 1) for s in ("s1", "s2", "s3")
    ]
    one = found[4]
    assert (one.model, one.model_id, one.revision, one.sampling) == ("k", "5", "", sampling)
    assert one.messages == (Message("system", "be"), Message("user", "go on: If we ..."))
    base = {"key": "k", "id": "i", "revision": 3, "interface": "completion"}
    first = completion_requests(FORM, base, sampling, 1, PROMPT)[0]
    assert first.messages == (Message("user", "x\nWhen I"),)
    assert first.revision == "3"
    assert stem_messages(STEMS[0], "chat", {"chat": "{stem}"}) == (Message("user", "When I"),)
    with pytest.raises(PromptError, match=r"p: `completion` must hold \{stem\}, was: ''"):
        stem_messages(STEMS[0], "completion", {"id": "p", "chat": "{stem}"})


def test_completions_are_joined_to_their_requests() -> None:
    requests = completion_requests(FORM, {"key": "k", "id": "i"}, Sampling(0, 1, 9), 1, PROMPT)
    replies = {
        requests[0].id: Reply(requests[0].id, "When I sing.\nMore", "truncated"),
        requests[1].id: Reply(requests[1].id, "", "refused"),
    }
    chat = completions_of(requests, replies, FORM)
    assert chat == (
        Completion(requests[0].id, "k", "s1", 0, "sing. More", "truncated"),
        Completion(requests[1].id, "k", "s2", 0, "", "refused"),
        Completion(requests[2].id, "k", "s3", 0, "", "failed"),
    )
    base = completions_of(requests, replies, FORM, "completion")
    assert (base[0].text, base[0].outcome) == ("sing.", "answered")
    assert control_completions(FORM) == (
        Completion("control/c1", "", "c1", 0, "sing.", "answered"),
    )


@pytest.mark.parametrize(
    ("outcome", "text", "base", "settled"),
    [
        ("truncated", "a\nb", True, "answered"),
        ("truncated", "\n\na", True, "truncated"),
        ("truncated", "a\nb", False, "truncated"),
        ("refused", "a\nb", True, "refused"),
    ],
)
def test_a_base_models_ending_is_whole_once_a_line_ends(
    outcome: Outcome, text: str, base: bool, settled: str
) -> None:
    assert settled_outcome(outcome, text, base=base) == settled


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<THINK>a</think> go", "go"),
        ("<thinking>a\nb</thinking>go", "go"),
        ("<reasoning>a</reasoning>go", "go"),
        ("<reflection>a</think>b</reflection>go", "go"),
        ("<|eot_id|>go", "go"),
        ("[INST]go[/INST]", "go"),
        ("<<SYS>>go<</sys>>", "go"),
        ("<s>go</s>", "go"),
        ("### Response: go", "go"),
        ("## instruction go", "go"),
        ("a\n### User: go", "a go"),
        ("a\nhuman: go", "a go"),
        ("system : go", "go"),
        ("```text\ngo\n```", "go"),
        ("~~~go~~~", "go"),
        ("Okay, here is my completion: go", "go"),
        ("Great! Here's a possible ending for it: go", "go"),
        ("The full answer is this: go", "go"),
        ("My completed sentence: go", "go"),
        ("Here are one sentence: go", "go"),
        ("Of course! Here's the completed sentences: go", "go"),
        ("Ok here an answer: go", "go"),
        ("Certainly. go", "go"),
        ("Of course, go", "go"),
        ("Absolutely! go", "go"),
        ("Sure go", "Sure go"),
        ("“go”", "go"),
        ("«go» ", "go"),
        ("`go`", "go"),
        ("_go_", "go"),
        ("– go", "go"),
        (": go", "go"),
        ("When, I - go", "go"),
        ("when i go", "go"),
        ("When Iris goes", "When Iris goes"),
        ("a  b\n\tc", "a b c"),
    ],
)
def test_what_surrounds_an_ending_goes(raw: str, clean: str) -> None:
    assert clean_completion(raw, "When I") == clean


def test_without_a_stem_and_for_base_models() -> None:
    assert clean_completion("When I go", "...") == "When I go"
    assert clean_completion("  \n\n go on\nand on", "", base=True) == "go on"
    assert clean_completion("\n \n", "", base=True) == ""


def test_a_text_at_the_limit_is_read_whole_and_a_longer_one_from_both_ends() -> None:
    whole = "ab " * 333 + "c"
    assert len(whole) == READ_CHARACTERS
    assert readable(whole) == whole
    words = " ".join(f"w{i:03d}" for i in range(250))
    found = readable(words)
    first, last = found.split(" ... ")
    assert first == " ".join(f"w{i:03d}" for i in range(100))  # 499 letters
    assert last == " ".join(f"w{i:03d}" for i in range(150, 250))


LISTS = {"declines": ["as an ai"], "english": ["the", "in", "a"], "other": ["der", "in", "die"]}


def test_reasons_and_languages() -> None:
    one = Unanswered(LISTS)
    assert one.reason(ending("As an AI I rest")) == "declines"
    assert one.reason(ending("der die das")) == "other language"
    assert one.reason(ending("der das")) == ""  # one word more is not enough
    assert one.reason(ending("der die the das")) == ""
    assert one.reason(ending("DER in in DIE")) == ""  # "in" is English too
    assert one.reason(ending("abc деёж")) == "other language"  # four letters of seven
    assert one.reason(ending("abcdefg деё")) == ""  # seven of ten
    assert one.reason(ending("7")) == "empty"
    assert one.english_part("the cat. der die Hund! a dog? die der Welt") == "the cat. a dog?"
    assert one.is_english("")
    with pytest.raises(PromptError, match=r"must have the lists \['english', 'other'\]"):
        Unanswered({"declines": ["x"], "other": []})


def test_sub_dimensions_as_they_stand() -> None:
    data = taxonomy({"a": ("x", "y", "x"), "b": (), "c": ("z",)})
    assert sub_dimensions(data) == (
        SubDimension("a", "A", "d1", ("x", "y")),
        SubDimension("b", "B", "d1", ()),
        SubDimension("c", "C", "d2", ("z",)),
    )
    assert [s.words for s in sub_dimensions(data)] == [("x", "y"), ("B",), ("z",)]
    data["dimensions"][1]["sub_dimensions"][0]["id"] = "a"
    with pytest.raises(DataError, match=r"must be unique, these are not: \['a'\]"):
        sub_dimensions(data)
    with pytest.raises(DataError, match="nothing to make a test of"):
        sub_dimensions({"dimensions": [{"id": "d"}]})


ADJECTIVES = """
    careful fearless generous creative capable flexible loyal heroic selfish vigilant patient
    principled visionary sensory considerate candid awesome straightforward trustworthy friendly
    fair kind wise just true open brave bold calm polite humble gentle sincere frank honest
    modest direct clear precise concise exact correct safe secure neutral free equal warm
    curious fun smart tidy steady open-minded Calm
"""


@pytest.mark.parametrize("term", ADJECTIVES.split())
def test_properties_read_as_adjectives(term: str) -> None:
    assert word_form(term) == "adjective"


NOUNS = """
    service advice balance peace care trust love help support empathy courage respect truth
    wisdom justice knowledge growth faith health wealth beauty duty family loyalty mindset
    purpose insight logic ethic music critic rhetoric climate interest skill value team teamwork
    tradition nature talent detail intent consent dissent event content commitment environment
    moment candor rigor humor freedom privacy harmony art ideal individual potential approval
    survival planet honesty kindness judgment entertainment world-peace
"""


@pytest.mark.parametrize("term", NOUNS.split())
def test_goods_read_as_nouns(term: str) -> None:
    assert word_form(term) == "noun"
    assert word_form(f" inner {term.upper()} ") == "noun"


def test_anchors_are_frames_filled_with_terms_and_everyday_topics() -> None:
    content = {
        "frames": {
            "noun": [{"text": "I seek {term}.", "level": 5}, {"text": "No {term}.", "level": "1"}],
            "adjective": [{"text": "Be {term}.", "level": 6}],
        },
        "everyday": {"noun": ["rain"], "adjective": ["blue"], "plain": ["It rains."]},
    }
    subs = (
        SubDimension("a", "A", "d", ("honesty", "kind", "truth")),
        SubDimension("b", "Order", "d", ()),
    )
    assert anchor_sentences(subs, content, terms_per_sub_dimension=2) == (
        Anchor("I seek honesty.", 5, "honesty", "a", 0),
        Anchor("No honesty.", 1, "honesty", "a", 1),
        Anchor("Be kind.", 6, "kind", "a", 0),
        Anchor("I seek Order.", 5, "Order", "b", 0),
        Anchor("No Order.", 1, "Order", "b", 1),
        Anchor("I seek rain.", 5, "rain", "", 0),
        Anchor("No rain.", 1, "rain", "", 1),
        Anchor("Be blue.", 6, "blue", "", 0),
        Anchor("It rains.", 3, "", "", -1),
    )
    with pytest.raises(PromptError, match=r"a frame must hold \{term\}, was: 'none'"):
        fill("none", "x")
    assert fill("{term} and {term}", "x") == "x and x"


def test_neutral_stems_keep_all_but_their_text() -> None:
    found = neutral_form(FORM)
    assert [s.text for s in found.stems] == ["I", "I", "I"]
    assert [s.id for s in found.stems] == ["s1", "s2", "s3"]
    assert (found.part, found.version) == (FORM.part, FORM.version)
    assert neutral_reply("So: when\n  i go. When I", "When I") == "So: I go. I"
    assert neutral_reply("a+b", " ") == "a+b"
    assert neutral_reply("axb a+b", "a+b") == "axb I"


def test_endings_are_dealt_within_each_model_by_the_seed() -> None:
    said = [
        ending(f"{m}{i}", reply_id=f"{m}{i}", model=m, stem=f"s{i}") for i in range(6) for m in "xy"
    ]
    rng = np.random.default_rng(4)
    expected = list(said)
    for model in "xy":
        rows = [i for i, c in enumerate(said) if c.model == model]
        for place, source in zip(rows, rng.permutation(rows), strict=True):
            one = said[source]
            expected[place] = Completion(
                one.reply_id, model, said[place].stem, 0, one.text, "answered"
            )
    assert list(deal(said, 4)) == expected


def test_scores_on_the_key_by_hand() -> None:
    rows = {  # model -> scores on s1 (A), s3 (B), both of joy; s2 is turned and of order
        "m": (5.0, 4.0, 1.0),
        "n": (2.0, 3.0, None),
        "o": (6.0, 5.5, 2.0),
        "p": (1.0, None, 3.0),
    }
    said, ratings = [], []
    for model, values in rows.items():
        for stem, score in zip(("s1", "s3", "s2"), values, strict=True):
            one = ending("x", reply_id=f"{model}{stem}", model=model, stem=stem)
            said.append(one)
            key = "order" if stem == "s2" else "joy"
            why = "" if score is not None else "not relevant" if model == "n" else "refused"
            ratings.append(Rating(one.reply_id, "j", key, score, why))
    found = keyed(FORM, said, ratings)
    assert (found.n, found.taken_up) == (11, 10 / 11)
    # joy 2 1 / 1 0 / 3 2.5 / 2 -; order, turned, 5 3 4 3: 2 0 1 0
    assert found.distance == pytest.approx((2 + 1 + 1 + 0 + 3 + 2.5 + 2 + 2 + 0 + 1 + 0) / 11)
    assert found.parallel == pytest.approx(np.corrcoef([5, 2, 6], [4, 3, 5.5])[0, 1])
    nothing = keyed(FORM, [], [])
    assert nothing.n == 0
    assert all(math.isnan(v) for v in (nothing.taken_up, nothing.distance, nothing.parallel))
    two = [c for c in said if c.model in "mn"]
    assert math.isnan(keyed(FORM, two, ratings).parallel)


def test_a_profile_s_interval_and_ranks() -> None:
    values = np.array(
        [[[4.0, 5.0], [3.0, np.nan], [3.5, 3.5]], [[1.0, 1.0], [2.0, 2.0], [np.nan] * 2]]
    )
    counts = np.array([5, 4]), np.array([1, 2]), np.array([0, 2])
    cube = Cube("joy", ("m", "n"), ("a", "b", "c"), values, *counts)
    dimension, joy, other, low = profiles({"joy": cube}, {"life": ["joy"], "none": ["x"]})
    assert (dimension.level, dimension.id, joy.level, joy.id) == (
        "dimension",
        "life",
        "sub_dimension",
        "joy",
    )
    cells = np.array([4.5, 3.0, 3.5])
    se = cells.std(ddof=1) / np.sqrt(3)
    assert (joy.mean, joy.se) == pytest.approx((cells.mean(), se))
    # R: qt(.975, 2) is 4.302653
    assert joy.lower == pytest.approx(cells.mean() - 4.302653 * se, abs=1e-5)
    assert joy.upper == pytest.approx(cells.mean() + 4.302653 * se, abs=1e-5)
    assert (joy.n_scored, joy.n_unscored, joy.n_neutral, joy.percentile) == (5, 0, 1, 75.0)
    assert (low.model, low.n_scored, low.n_unscored, low.n_neutral) == ("n", 4, 2, 2)
    assert (low.percentile, other.level) == (25.0, "dimension")
    assert low.lower == 0.0
    assert cube.draws == 2
    one = Cube("joy", ("m",), ("a",), np.full((1, 1, 1), 2.0), *(np.ones(1, int),) * 3)
    (alone,) = profiles({"joy": one}, {})
    assert alone.mean == 2.0
    assert np.isnan([alone.se, alone.lower, alone.upper]).all()
