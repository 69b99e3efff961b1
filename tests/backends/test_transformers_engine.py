"""transformers itself, in its subprocess, on tiny random models that are made here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.backends import tiny_model
from tests.backends.asked import requests

from valuelex.backends.ask import answer_all
from valuelex.backends.base import Ask
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.backends.thinking import ONLY_THINKING
from valuelex.backends.transformers_engine import TransformersBackend
from valuelex.errors import BackendError
from valuelex.records import Message, Reply, Request, Sampling

pytestmark = [pytest.mark.slow]

HOT, COLD = Sampling(0.9, 0.95, 12), Sampling(0.0, 1.0, 12)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in ("chat", "base", "thinks"):
        command = [sys.executable, tiny_model.__file__, str(folder / name), name]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def ask(models: Path) -> Iterator[Ask]:
    """Give the chat model, loaded once."""
    with backend(models / "chat").session() as session:
        yield session


def backend(model: Path, **changes: Any) -> TransformersBackend:
    return TransformersBackend(model=str(model), max_model_len=256, **changes)


def asked(model: Path, n: int, **changes: object) -> list[Request]:
    return requests(n, model_id=str(model), revision="main", **changes)


def texts(replies: list[Reply]) -> dict[str, str]:
    return {reply.request_id: reply.text for reply in replies}


def test_a_killed_engine_is_continued_and_a_batch_changes_no_words(
    models: Path, tmp_path: Path, ask: Ask
) -> None:
    model = models / "chat"
    questions = asked(model, 24, sampling=HOT) + asked(model, 3, sampling=COLD)
    questions += asked(model, 2, sampling=HOT, draw=1)
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        with pytest.raises(BackendError, match=r"transformers with .* ended unexpectedly"):
            answer_all(questions, backend(model, chunk=8), store, chunk=8, on_progress=killer())
        kept = store.get_many(r.id for r in questions)
        assert 8 <= len(kept) < len(questions)
        found = answer_all(questions, backend(model), store)
    assert {key: found[key] for key in kept} == kept
    said = [found[r.id].text for r in questions]
    assert len(set(said[:24])) > 20  # seeds of their own
    assert said[27:] != said[:2]  # another draw is another sample
    engine = found[questions[0].id].engine
    assert engine.startswith("transformers ")
    assert " cpu " in engine
    assert "float32" in engine
    assert "template:" in engine

    # alone, in the other order, or in a batch: the same words
    alone = texts([reply for q in reversed(questions[:6]) for reply in ask([q])])
    assert alone == {r.id: found[r.id].text for r in questions[:6]}


def killer() -> Callable[[int], None]:
    """Return a callback that kills the engine's group once, when something is durable."""
    done: list[int] = []

    def kill(durable: int) -> None:
        if durable and not done:
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            done.append(int(children[-1]))
            os.killpg(done[0], signal.SIGKILL)

    return kill


def test_greedy_equals_plain_generate_and_lengths_are_kept(models: Path, ask: Ask) -> None:
    model = models / "chat"
    questions = asked(model, 4, sampling=COLD)
    replies = {r.request_id: r for r in ask(questions)}
    plain = plain_greedy(model, questions)
    assert [replies[r.id].text for r in questions] == plain
    assert all(r.tokens_in and (r.tokens_out or 0) <= 12 for r in replies.values())
    assert {r.outcome for r in replies.values()} <= {"answered", "truncated", "failed"}


def plain_greedy(model: Path, questions: list[Request]) -> list[str]:
    """Return what ``generate`` says to one prompt at a time, without padding and processors."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(model)
    llama: Any = AutoModelForCausalLM.from_pretrained(model)
    found = []
    for question in questions:
        turns = [{"role": m.role, "content": m.content} for m in question.messages]
        prompt = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)["input_ids"]
        output = llama.generate(ids, max_new_tokens=12, do_sample=False)
        found.append(tokenizer.decode(output[0, ids.shape[1] :], skip_special_tokens=True))
    return found


def test_samples_follow_the_models_distribution(models: Path, ask: Ask) -> None:
    """First tokens of 600 draws against the exact shares under temperature and top-p."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = models / "chat"
    one, n = Sampling(0.8, 0.6, 1), 600
    message = (Message("user", "My values are"),)
    questions = [
        q for d in range(n) for q in asked(model, 1, messages=message, sampling=one, draw=d)
    ]
    tokenizer: Any = AutoTokenizer.from_pretrained(model)
    llama: Any = AutoModelForCausalLM.from_pretrained(model)
    prompt = "<|user|>My values are<|end|><|assistant|>"
    ids = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        shares = torch.softmax(llama(ids).logits[0, -1].double() / one.temperature, dim=-1)
    ordered, places = shares.sort(descending=True)
    size = int((ordered.cumsum(0) < one.top_p).sum()) + 1
    said = [r.text for r in ask(questions)]
    kept: dict[str, float] = {}
    for token, share in zip(places[:size], ordered[:size], strict=True):
        text = tokenizer.decode([int(token)], skip_special_tokens=True)
        kept[text] = kept.get(text, 0.0) + float(share / ordered[:size].sum())
    assert set(said) <= set(kept)
    distance = sum(abs(said.count(text) / n - share) for text, share in kept.items()) / 2
    expected = sum((share * (1 - share) / n) ** 0.5 for share in kept.values()) * 0.4
    assert distance < 1.5 * expected


def test_prompts_that_cannot_be_asked_fail_alone(models: Path) -> None:
    model = models / "base"
    prompts = ["My values are", "word " * 400]
    questions = [q for text in prompts for q in asked(model, 1, messages=(Message("user", text),))]
    replies = {r.request_id: r for r in backend(model, interface="completion").run(questions)}
    assert replies[questions[0].id].outcome in {"answered", "truncated"}
    assert replies[questions[1].id].outcome == "failed"
    assert "takes 256 together" in replies[questions[1].id].detail
    with pytest.raises(BackendError, match="no chat template: a base model wants"):
        list(backend(model).run(asked(model, 1)))
    held = asked(model, 1, pattern="[1-6]")
    with (
        ReplyStore(models / "replies.sqlite") as store,
        pytest.raises(BackendError, match="cannot hold a reply to a pattern"),
    ):
        answer_all(held, backend(model, interface="completion"), store)


def test_a_template_that_opens_thinking_is_told(models: Path, ask: Ask) -> None:
    model = models / "thinks"
    questions = requests(3, model_id=str(model), revision="main+thinking", sampling=HOT)
    thinking = backend(model, thinking=True, kept_as="main+thinking")
    for reply in thinking.run(questions):
        assert reply.raw.startswith("<think>\n")
        assert reply.text == ""  # it never got to the end of its thoughts
        assert (reply.outcome, reply.detail) in (
            ("truncated", "token limit"),
            ("failed", ONLY_THINKING),
        )
        assert " thinking " in reply.engine
    for reply in ask(asked(models / "chat", 3, sampling=HOT)):
        assert reply.raw == ""


def test_opened_from_a_roster_entry() -> None:
    fields: dict[str, Any] = {
        "backend": "transformers",
        "id": "house/a-model",
        "revision": "0" * 40,
        "interface": "chat",
        "dtype": "bfloat16",
        "tensor_parallel": 1,
        "max_model_len": 2048,
        "quantization": None,
        "thinking": True,
        "trust_remote_code": False,
    }
    found: Any = open_engine(SimpleNamespace(**fields))
    assert found == TransformersBackend(
        model="house/a-model",
        revision="0" * 40,
        dtype="bfloat16",
        max_model_len=2048,
        thinking=True,
        kept_as=f"{'0' * 40}+thinking",
    )
    for name, value in (("trust_remote_code", True), ("quantization", "awq"),
                        ("tensor_parallel", 2)):  # fmt: skip
        entry: Any = SimpleNamespace(**{**fields, name: value})
        with pytest.raises(BackendError, match=f"has {name}, which"):
            open_engine(entry)
