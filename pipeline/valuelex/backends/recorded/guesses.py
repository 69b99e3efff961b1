"""What a model's name tells about it: guesses by the rules written here, each with its reason.

A recording names its models and says nothing else. Groups of models (family, size, training) are
compared all the same, so what a name gives away is written into the roster, with the rule that
gave it, for a person to correct. What no rule gives is ``unknown`` or null: never invented.

* *family*: whose pretrained weights lie underneath, generations taken together (resampling by
  family then errs on the careful side); a tuned model by the table, else the one base family that
  stands in the name;
* *parameters*: the number before a ``b`` standing alone, in billions; two different numbers give
  none;
* *training*: ``aligned`` by the name of a preference method in it, else by the table (a public
  report of preference optimisation), else ``instruct`` or ``pretrained`` by such a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Training = Literal["pretrained", "instruct", "aligned", "unknown"]


@dataclass(frozen=True, slots=True)
class Guess:
    """Metadata of one model, and the reasons, one a guess (``family by 'vicuna'``)."""

    family: str
    developer: str
    parameters_b: float | None
    training: Training
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A tuned line of models that says nothing of its base in its name."""

    pattern: str
    family: str
    developer: str
    training: Training = "unknown"


# First match wins: the narrower pattern stands first.
_KNOWN = (
    _Known(r"alpaca-farm-ppo", "llama", "Stanford University", "aligned"),
    _Known(r"alpaca", "llama", "Stanford University", "instruct"),
    _Known(r"vicuna", "llama", "LMSYS", "instruct"),
    _Known(r"tulu-2-dpo", "llama", "Allen Institute for AI", "aligned"),
    _Known(r"tulu", "llama", "Allen Institute for AI"),
    _Known(r"guanaco", "llama", "University of Washington", "instruct"),
    _Known(r"wizardlm", "llama", "WizardLM", "instruct"),
    _Known(r"baize", "llama", "UC San Diego", "instruct"),
    _Known(r"nous-hermes-13b", "llama", "Nous Research", "instruct"),
    _Known(r"ultralm", "llama", "OpenBMB", "instruct"),
    _Known(r"xwinlm|xwin-lm", "llama", "Xwin-LM", "aligned"),
    _Known(r"humpback", "llama", "Meta", "instruct"),
    _Known(r"airoboros-33b", "llama", "Jon Durbin", "instruct"),
    _Known(r"platolm", "llama", "FreedomIntelligence", "instruct"),
    _Known(r"openchat(8192|-v2|-v3\.1)", "llama", "OpenChat", "instruct"),
    _Known(r"zephyr-7b", "mistral", "Hugging Face", "aligned"),
    _Known(r"starling-lm", "mistral", "UC Berkeley", "aligned"),
    _Known(r"storm-7b", "mistral", "unknown", "aligned"),
    _Known(r"merlinite-7b", "mistral", "IBM"),
    _Known(r"conifer-7b", "mistral", "unknown"),
    _Known(r"dolphin-[\d.]+-mistral", "mistral", "Cognitive Computations", "instruct"),
    _Known(r"openbuddy-falcon", "falcon", "OpenBuddy"),
    _Known(r"openbuddy-llama", "llama", "OpenBuddy"),
    # The makers' own names, whole: a word more is another house's tuning of the same weights.
    _Known(r"^(meta-)?llama-?2-\d+b-chat(-hf)?$", "llama", "Meta", "aligned"),
    _Known(r"^meta-llama-3[\d.]*-\d+b-instruct(-turbo)?$", "llama", "Meta", "aligned"),
    _Known(r"^mixtral-8x7b-instruct-v[\d.]+$", "mistral", "Mistral AI", "aligned"),
    _Known(r"^mixtral-8x22b-instruct-v[\d.]+$", "mistral", "Mistral AI", "instruct"),
    _Known(r"^mistral-(7b(-instruct)?-v[\d.]+|large-\d+)$", "mistral", "Mistral AI"),
    _Known(r"^qwen(1\.5|2)-[\d.]+b-(chat|instruct)$", "qwen", "Alibaba", "aligned"),
    _Known(r"^gemma(-[123])?-\d+b-it$", "gemma", "Google", "aligned"),
    _Known(r"^internlm2-chat", "internlm", "Shanghai AI Laboratory", "aligned"),
    _Known(r"^chatglm", "glm", "Zhipu AI"),
    _Known(r"^nanbeige", "nanbeige", "Nanbeige"),
    _Known(r"^text-davinci", "gpt", "OpenAI", "instruct"),
    _Known(r"^(gpt-?3\.5|gpt-?4|chatgpt)", "gpt", "OpenAI", "aligned"),
    _Known(r"claude", "claude", "Anthropic", "aligned"),
)
_BASES = (
    *("llama", "mistral", "mixtral", "qwen", "gemma", "falcon", "internlm", "yi", "phi", "olmo"),
    *("mpt", "pythia", "bloom", "deepseek", "glm", "gpt", "claude", "gemini"),
)
_SAME_FAMILY = {"mixtral": "mistral"}
_ALIGNED = re.compile(
    r"(?<![a-z])(dpo|ppo|kto|orpo|simpo|sppo|ipo|rlhf|rlaif|rebel|pairrm|expo|aot)(?![a-z])"
)
_INSTRUCT = re.compile(r"(?<![a-z])(instruct|chat|it|sft|assistant|fusechat)(?![a-z])")
_PRETRAINED = re.compile(r"(?<![a-z])(base|pretrained|pt)(?![a-z])")
_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])")
# Mixtures: all experts together, as their makers give it.
_MOST = 1e6  # billions: what is more is no size
_MIXTURES = {"8x7b": 46.7, "8x22b": 140.6}


def guess(name: str) -> Guess:
    """Return what a model's name gives away."""
    plain = name.lower().replace("_", "-").rpartition("/")[2]
    plain = re.sub(r"-(concise|verbose)$", "", plain)  # the same model, prompted for length
    known = next((line for line in _KNOWN if re.search(line.pattern, plain)), None)
    family, by_family = _family(plain, known)
    size, by_size = _parameters(plain)
    training, by_training = _training(plain, known)
    reasons = (
        ("family", by_family),
        ("developer", f"'{_found(plain, known)}'" if known else ""),
        ("parameters_b", by_size),
        ("training", by_training),
    )
    return Guess(
        family=family,
        developer=known.developer if known else "unknown",
        parameters_b=size,
        training=training,
        reasons=tuple(f"{what} by {why}" for what, why in reasons if why),
    )


def _found(plain: str, known: _Known) -> str:
    match = re.search(known.pattern, plain)
    return match.group() if match else ""


def _family(plain: str, known: _Known | None) -> tuple[str, str]:
    if known:
        return known.family, f"'{_found(plain, known)}'"
    bases = [base for base in _BASES if re.search(rf"(?<![a-z]){base}(?![a-z])", plain)]
    families = {_SAME_FAMILY.get(base, base) for base in bases}
    if len(families) != 1:
        return "unknown", ""
    return families.pop(), f"'{bases[0]}'"


def _parameters(plain: str) -> tuple[float | None, str]:
    for mixture, total in _MIXTURES.items():
        if mixture in plain:
            return total, f"'{mixture}'"
    sizes = {float(size): f"'{size}b'" for size in _SIZE.findall(plain) if 0 < float(size) < _MOST}
    return next(iter(sizes.items())) if len(sizes) == 1 else (None, "")


def _training(plain: str, known: _Known | None) -> tuple[Training, str]:
    found = _ALIGNED.search(plain)
    if found:
        return "aligned", f"'{found.group()}'"
    if known and known.training != "unknown":
        return known.training, f"'{_found(plain, known)}'"
    rules: tuple[tuple[re.Pattern[str], Training], ...] = (
        (_INSTRUCT, "instruct"),
        (_PRETRAINED, "pretrained"),
    )
    for pattern, training in rules:
        found = pattern.search(plain)
        if found:
            return training, f"'{found.group()}'"
    return "unknown", ""
