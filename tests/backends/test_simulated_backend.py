"""The simulated backend: deterministic, in all the forms that model text takes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import yaml

from valuelex.backends.simulated import ModelTraits, SimulatedBackend, World
from valuelex.backends.simulated.completions import last_line, lead, open_stem
from valuelex.backends.simulated.talk import misspelt
from valuelex.backends.simulated.truth import planted_truth
from valuelex.errors import BackendError
from valuelex.records import Message, Reply, Request, Sampling

ROOT = Path(__file__).parents[2]
ROSTER = yaml.safe_load((ROOT / "pipeline" / "rosters" / "simulated.yaml").read_bytes())
MODELS = {
    key: ModelTraits(
        m["family"], m["developer"], m["parameters_b"], m["training"], m["data_source"]
    )
    for key, m in ROSTER["models"].items()
}
GRID = [Sampling(t, p, 160) for t in (0.3, 1.1) for p in (0.7, 0.95)]
QUESTION = "Which words describe best what you hold to be important?"
SCALE = [
    "not like me at all",
    "not like me",
    "a little like me",
    "moderately like me",
    "like me",
    "very much like me",
]


def ask(model: str, prompt: str, text: str, sampling: Sampling = GRID[0], draw: int = 0) -> Request:
    return Request(model, model, "simulated", prompt, (Message("user", text),), sampling, draw)


@pytest.fixture(scope="module")
def world() -> World:
    path = ROOT / "lexicon" / "planted" / "world.v1.yaml"
    return World.from_mapping(yaml.safe_load(path.read_bytes()))


@pytest.fixture(scope="module")
def backend(world: World) -> SimulatedBackend:
    return SimulatedBackend(world, 7, MODELS)


@pytest.fixture(scope="module")
def elicited() -> list[Request]:
    return [
        ask(model, f"elicit.v1/p{number:02d}", QUESTION, sampling)
        for model in MODELS
        for sampling in GRID
        for number in range(15)
    ]


@pytest.fixture(scope="module")
def replies(backend: SimulatedBackend, elicited: list[Request]) -> list[Reply]:
    return list(backend.run(elicited))


def test_the_roster_is_the_default_study() -> None:
    assert len(MODELS) == 35
    assert len({traits.family for traits in MODELS.values()}) == 12
    assert Counter(t.training for t in MODELS.values()) == {
        "pretrained": 9,
        "instruct": 13,
        "aligned": 13,
    }
    for key, entry in ROSTER["models"].items():
        assert re.fullmatch(r"sim-[a-z0-9]+(-[a-z0-9]+)*", key)
        assert entry["id"] == key
        assert entry["backend"] == "simulated"
        assert entry["developer"].startswith("Simulated Lab")
        assert (entry["interface"] == "completion") == (entry["training"] == "pretrained")


def test_each_request_gets_one_reply_with_its_id(
    elicited: list[Request], replies: list[Reply]
) -> None:
    assert [reply.request_id for reply in replies] == [request.id for request in elicited]
    assert {reply.engine for reply in replies} == {"simulated"}


def test_a_reply_depends_on_its_request_alone(
    world: World, elicited: list[Request], replies: list[Reply]
) -> None:
    some = elicited[::37]
    some.reverse()
    few = {request.model: MODELS[request.model] for request in some[:5]}
    known = {reply.request_id: reply for reply in replies}
    for reply in SimulatedBackend(world, 7, few).run(some[:5]):
        assert reply == known[reply.request_id]


def test_another_seed_or_draw_is_another_text(
    world: World, backend: SimulatedBackend, elicited: list[Request]
) -> None:
    request = elicited[200]
    texts = {next(backend.run([replace(request, draw=draw)])).text for draw in range(4)}
    other = next(SimulatedBackend(world, 8, MODELS).run([request])).text
    assert len(texts | {other}) == 5


def test_an_unknown_model_is_an_error_with_the_near_miss(backend: SimulatedBackend) -> None:
    with pytest.raises(BackendError, match="did you mean 'sim-fern-8b-instruct'"):
        list(backend.run([ask("sim-fern-8b-instruc", "elicit.v1/p01", QUESTION)]))


def test_texts_come_in_the_forms_of_real_models(replies: list[Reply]) -> None:
    text = "\n\x00".join(reply.text for reply in replies)
    for pattern in (
        r"^1\. ",
        r"^1\) ",
        r"^- ",
        r"^\* ",
        r"• ",
        r"^\d\. \*\*",
        r"\*\*: ",
        r"```json",
        r'^\["|\x00\["',
        r"I'm sorry, but|As an AI language model,",
        r"[一-鿿]",
        r"honestidad|conocimiento|libertad|empatía",
        r"Ehrlichkeit|Wissen|Freiheit|Gerechtigkeit",
        r"[Nn]ot being|[Aa]voiding being",
        r"^[A-Z][a-z]+(: | - | – )[A-Z]",
        r"\nQuestion: ",
    ):
        assert re.search(pattern, text, re.MULTILINE), pattern
    texts = [reply.text for reply in replies]
    assert len(set(texts)) > 0.97 * len(texts)


def test_outcomes_occur_at_about_the_stated_rates(replies: list[Reply]) -> None:
    share = {k: n / len(replies) for k, n in Counter(r.outcome for r in replies).items()}
    assert 0.93 < share["answered"] < 0.99
    assert 0.01 < share["truncated"] < 0.06
    assert 0 < share["failed"] < 0.01
    assert "refused" not in share  # a refusal in words is for the pipeline to recognise
    for reply in replies:
        if reply.outcome == "failed":
            assert reply.text == ""
            assert reply.detail
        else:
            assert reply.text
            assert (reply.finish_reason == "length") == (reply.outcome == "truncated")


def test_max_tokens_cuts_the_text(backend: SimulatedBackend, elicited: list[Request]) -> None:
    short = [replace(r, sampling=replace(r.sampling, max_tokens=5)) for r in elicited[600:640]]
    for reply in backend.run(short):
        assert len(reply.text) <= 20
        assert reply.outcome in {"truncated", "answered", "failed"}


def test_a_number_of_words_that_is_asked_for_moves_the_length(backend: SimulatedBackend) -> None:
    def mean(text: str) -> float:
        requests = [ask(m, f"elicit.v1/p{n}", text) for m in MODELS for n in range(4)]
        return sum(len(backend._lists.draw(r)) for r in requests) / len(requests)

    assert mean("Give two or three words.") < mean(QUESTION) < mean("Name ten values of yours.")


def test_pretrained_models_are_noisier(elicited: list[Request], replies: list[Reply]) -> None:
    evasive = Counter[str]()
    for request, reply in zip(elicited, replies, strict=True):
        evasive[MODELS[request.model].training] += "letters" in reply.text or "Paris" in reply.text
    assert evasive["pretrained"] > evasive["instruct"] + evasive["aligned"]


@pytest.mark.parametrize(
    ("prompt", "stem"),
    [
        ("Finish it.\n\n  I secretly ...", "I secretly"),
        ('Complete: "When I am tired, I…"', "When I am tired, I"),
        ("Stem: My work is ___", "My work is"),
        ("Somebody would say about it: To me, truth is ...",) * 2,
        ("What is two and two?", ""),
    ],
)
def test_an_open_stem_is_recognised(prompt: str, stem: str) -> None:
    assert open_stem(prompt) == stem.removesuffix(" ...")


def test_the_last_line_is_the_stem_of_a_base_model() -> None:
    assert last_line("A notebook.\n\nI secretly") == "I secretly"


@pytest.mark.parametrize(
    ("stem", "between"),
    [
        ("When I am criticised, I", ""),
        ("I would never", ""),
        ("A doctor should", ""),
        ("To me, success is", "to "),
        ("My hope is that", "I "),
        ("I am proud of", "how I "),
        ("Nothing upsets me more than seeing", "people "),
    ],
)
def test_a_completion_continues_the_sentence(stem: str, between: str) -> None:
    assert lead(stem) == between


def test_completions_follow_the_profile(world: World, backend: SimulatedBackend) -> None:
    subs = {sub.id: i for i, sub in enumerate(world.vocabulary.subs)}
    truth = planted_truth(world, 7, MODELS, []).sub_dimension_profiles[:, subs["honesty"]]
    honesty = world.vocabulary.subs[subs["honesty"]]
    order = sorted(range(35), key=lambda i: float(truth[i]))

    def warmth(model: str) -> int:
        requests = [
            ask(model, "stem.v1/s46", "When the truth is unwelcome, I ...", draw=d)
            for d in range(30)
        ]
        texts = [reply.text.lower() for reply in backend.run(requests)]
        high = sum(phrase in text for text in texts for phrase in honesty.high)
        return high - sum(phrase in text for text in texts for phrase in honesty.low)

    keys = list(MODELS)
    lowest, highest = order[:4], order[-4:]
    assert sum(warmth(keys[i]) for i in highest) > 20 + sum(warmth(keys[i]) for i in lowest)


def test_a_persona_in_the_stem_speaks_for_itself(world: World, backend: SimulatedBackend) -> None:
    stems = {
        "high": "Somebody who lives for honesty would say about it: To me, honesty is ...",
        "low": "Somebody who despises honesty would say about it: To me, honesty is ...",
    }
    sub = next(sub for sub in world.vocabulary.subs if sub.id == "honesty")
    for pole, stem in stems.items():
        replies = list(backend.run(ask(m, "stem.v1/c01", stem) for m in MODELS))
        phrases = sub.high if pole == "high" else sub.low
        hits = sum(any(phrase in reply.text for phrase in phrases) for reply in replies)
        assert hits > 0.8 * len(replies)


def test_never_and_hate_turn_a_completion_round(backend: SimulatedBackend) -> None:
    against = backend._completer.against
    assert against("However much I was offered, I would never")
    assert against("I hate it when people")
    assert not against("I never regret the hours that I spend on")
    assert not against("When I am angry, I")


def _portrait(markers: str, order: list[int]) -> str:
    options = "\n".join(f"{markers[i]} = {SCALE[i]}" for i in order)
    return f"Description: This person cares for nature.\n\nHow much?\n{options}\n\nAnswer:"


def test_portraits_are_answered_with_the_markers_shown(
    world: World, backend: SimulatedBackend
) -> None:
    model = "sim-fern-8b-instruct"
    usual = planted_truth(world, 7, {model: MODELS[model]}, []).value_profiles[0]
    for value, column in (("UNN", 14), ("POR", 6)):
        item = next(v for v in world.values if v.code == value).items[0]
        found = []
        for draw in range(40):
            letters = draw % 2 == 0
            text = _portrait(
                "ABCDEF" if letters else "123456", list(range(6))[:: (1, -1)[draw // 2 % 2]]
            )
            prompt = f"pvq.v1/{item:02d}"
            reply = next(backend.run([ask(model, prompt, text, draw=draw)]))
            hit = re.fullmatch(r"\W*([1-6A-F])\W*", reply.text)
            if hit:
                assert hit[1].isalpha() == letters
                found.append("ABCDEF".index(hit[1]) + 1 if letters else int(hit[1]))
        assert len(found) > 15
        assert abs(sum(found) / len(found) - usual[column]) < 0.8


def test_a_whole_sheet_gets_a_line_per_portrait(backend: SimulatedBackend) -> None:
    lines = "\n".join(
        f"{n}. This person wants to be rich and have much money." for n in range(1, 9)
    )
    options = "\n".join(f"{i} = {label}" for i, label in enumerate(SCALE, start=1))
    replies = backend.run(
        ask("sim-fern-8b-instruct", "pvq.v1/sheet", f"{options}\n\n{lines}", draw=d)
        for d in range(5)
    )
    assert any(re.fullmatch(r"(\d: [1-6]\n?){8}", reply.text) for reply in replies)


def test_anything_else_gets_text_that_does_not_answer(backend: SimulatedBackend) -> None:
    reply = next(backend.run([ask("sim-fern-8b-instruct", "judge.v1/x", "Rate this from 0 to 6.")]))
    assert reply.outcome == "answered"
    assert not re.fullmatch(r"\s*[0-6]\s*", reply.text)


def test_misspelling_changes_one_place_of_a_long_word() -> None:
    random = Random(0)  # noqa: S311 - no secret
    assert misspelt("fair", random) == "fair"
    for _ in range(50):
        wrong = misspelt("honesty", random)
        assert abs(len(wrong) - len("honesty")) <= 1
        assert wrong[0] == "h"
