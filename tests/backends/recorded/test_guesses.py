from __future__ import annotations

import pytest

from valuelex.backends.recorded.guesses import guess


@pytest.mark.parametrize(
    ("name", "family", "developer", "parameters_b", "training"),
    [
        ("vicuna-13b", "llama", "LMSYS", 13, "instruct"),
        ("Mixtral-8x7B-Instruct-v0.1_concise", "mistral", "Mistral AI", 46.7, "aligned"),
        ("some-house/Mistral-9B-DPO", "mistral", "unknown", 9, "aligned"),
        ("gemma-2-9b-it", "gemma", "Google", 9, "aligned"),
        ("gemma-2-9b-it-KTO", "gemma", "unknown", 9, "aligned"),
        ("llama-2-chat-7b-more", "llama", "unknown", 7, "instruct"),
        ("Qwen-Llama-merge-1.5B", "unknown", "unknown", 1.5, "unknown"),
        ("llama-70b-by-gpm-2b", "llama", "unknown", None, "unknown"),
        ("pythia-0b-base", "pythia", "unknown", None, "pretrained"),
        ("claude-2.1", "claude", "Anthropic", None, "aligned"),
        ("TOA", "unknown", "unknown", None, "unknown"),
        ("Kraken-12b", "unknown", "unknown", 12, "unknown"),
    ],
)
def test_guesses_by_hand(
    name: str, family: str, developer: str, parameters_b: float | None, training: str
) -> None:
    found = guess(name)
    assert (found.family, found.developer) == (family, developer)
    assert (found.parameters_b, found.training) == (parameters_b, training)


def test_every_guess_has_its_reason_and_nothing_else_has() -> None:
    assert guess("vicuna-13b").reasons == (
        "family by 'vicuna'",
        "developer by 'vicuna'",
        "parameters_b by '13b'",
        "training by 'vicuna'",
    )
    assert guess("TOA").reasons == ()
