"""What models say instead of, before and after an answer; refusals, evasions, typing errors."""

from __future__ import annotations

from random import Random

from valuelex.backends.simulated.phrases import Wording

VOWELS = "aeiou"


def refusal(wording: Wording, random: Random) -> str:
    """Return a refusal in words."""
    parts = wording.groups["refusals"]
    return _joined(random, parts["openers"], parts["reasons"], parts["offers"])


def non_answer(wording: Wording, random: Random) -> str:
    """Return text that answers something else, or nothing."""
    parts = wording.groups["non_answers"]
    return _joined(random, parts["openers"], parts["bodies"], parts["closers"])


def explanation(wording: Wording, random: Random, terms: tuple[str, ...]) -> str:
    """Return a sentence that explains a word in general terms.

    Some patterns name other value words, as real explanations do; they say nothing of the profile.
    """
    parts = wording.groups["explanations"]
    text = random.choice(parts["patterns"])
    while "{word}" in text:
        text = text.replace("{word}", random.choice(terms), 1)
    for slot, name in (
        ("{act}", "acts"),
        ("{scope}", "scopes"),
        ("{who}", "who"),
        ("{gain}", "gains"),
        ("{loss}", "losses"),
    ):
        if slot in text:
            text = text.replace(slot, random.choice(parts[name]))
    return text[0].upper() + text[1:]


def misspelt(word: str, random: Random) -> str:
    """Return a word with one typing error; words below five letters stay."""
    if len(word) < 5:
        return word
    at = random.randrange(1, len(word) - 2)
    kind = random.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    swapped = random.choice(VOWELS) if word[at] in VOWELS else word[at]
    return word[:at] + swapped + word[at + 1 :]


def cut(text: str, share: float) -> str:
    """Return the first ``share`` of a text, wherever that falls; at least one character."""
    return text[: max(1, int(len(text) * share))]


def _joined(random: Random, *choices: tuple[str, ...]) -> str:
    return " ".join(part for part in (random.choice(parts) for parts in choices) if part)
