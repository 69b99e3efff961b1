"""The stated parameters of a world: how large its effects are, and how its replies look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from valuelex.backends.simulated.checked import Node
from valuelex.errors import LexiconError


@dataclass(frozen=True, slots=True)
class ProfileEffects:
    """Standard deviations of the random parts of a profile (units of theta)."""

    family_sd: float
    model_sd: float
    respondent_sd: float
    sub_dimension_sd: float


@dataclass(frozen=True, slots=True)
class ListEffects:
    """How a profile becomes a list of words; the world file states the formula."""

    zipf: float
    offset: float
    loading: float
    tilt: float
    sub_dimension_weight: float
    idiosyncrasy_sd: float
    prompt_sd: float
    mean_length: float
    length_sd: float
    longest: float
    elasticity: float
    verbosity_model_sd: float
    verbosity_respondent_sd: float
    obedience: float
    flattening: float
    flattening_top_p: float
    usual_total: float
    filler_share: float
    odd_words_per_model: float
    odd_share: float


@dataclass(frozen=True, slots=True)
class CompletionEffects:
    """How a profile becomes the stance of a completion."""

    level: float
    slope: float
    noise_sd: float
    strong: float
    mild: float
    indifferent: float
    profile_weight: float
    cue_weight: float


@dataclass(frozen=True, slots=True)
class QuestionnaireEffects:
    """How a profile becomes an answer on the six-point scale (scale points)."""

    own_sd: float
    style_sd: float
    item_sd: float
    noise_sd: float
    first: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of replies, each in [0, 1]; typo, negation and synonym are shares of list items."""

    refusal: float
    hedge: float
    non_answer: float
    foreign: float
    failed: float
    truncated: float
    runs_on: float
    preamble: float
    closer: float
    typo: float
    duplicate: float
    negation: float
    synonym: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Named alternatives with relative weights, ready for a draw."""

    names: tuple[str, ...]
    cumulative: tuple[float, ...]

    @classmethod
    def read(cls, node: Node, known: tuple[str, ...]) -> Weights:
        """Read weights whose names are exactly ``known``.

        Raises
        ------
        LexiconError
            When a weight is negative, or all are 0.
        """
        numbers = node.only(known).numbers()
        if min(numbers.values()) < 0 or sum(numbers.values()) <= 0:
            raise LexiconError(f"{node.place}: weights must be >= 0 and not all 0, were {numbers}")
        total, cumulative = 0.0, []
        for value in numbers.values():
            total += value
            cumulative.append(total)
        return cls(tuple(numbers), tuple(value / total for value in cumulative))

    def pick(self, u: float) -> str:
        """Return the alternative at ``u`` in [0, 1)."""
        for name, edge in zip(self.names, self.cumulative, strict=True):
            if u < edge:
                return name
        return self.names[-1]


def read_rates(node: Node) -> Mapping[str, Rates]:
    """Read the rates per kind of training.

    Raises
    ------
    LexiconError
        When a rate is outside [0, 1].
    """
    for training, rates in node.each():
        for name, value in rates.numbers().items():
            if not 0 <= value <= 1:
                raise LexiconError(f"{node.place}.{training}.{name} must be in [0, 1]: {value}")
    return {training: rates.into(Rates) for training, rates in node.each()}


FORMATS = (
    "numbered",
    "dashes",
    "dots",
    "stars",
    "commas",
    "lines",
    "prose",
    "json_array",
    "json_object",
    "bold_explained",
    "colon_explained",
    "numbered_explained",
    "bold_numbered",
    "quoted",
)
ANSWERS = (
    "number",
    "number_label",
    "label",
    "sentence",
    "bold",
    "field",
    "json",
    "reasoned",
    "out_of_range",
    "blank",
)
FORMS = ("noun", "mixed", "related")
CASES = ("title", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Style:
    """How replies look: rates, list formats and answer formats per kind of training."""

    rates: Mapping[str, Rates]
    formats: Mapping[str, Weights]
    answers: Mapping[str, Weights]
    forms: Weights
    case: Weights

    @classmethod
    def read(cls, style: Node, answers: Node, trainings: tuple[str, ...]) -> Style:
        """Read the blocks ``style`` and ``answers`` of a world.

        Raises
        ------
        LexiconError
            When a key or a value is not as expected.
        """
        style.only(("rates", "formats", "forms", "case"))
        return cls(
            rates=read_rates(style.at("rates").only(trainings)),
            formats={t: Weights.read(n, FORMATS) for t, n in _each(style.at("formats"), trainings)},
            answers={t: Weights.read(n, ANSWERS) for t, n in _each(answers, trainings)},
            forms=Weights.read(style.at("forms"), FORMS),
            case=Weights.read(style.at("case"), CASES),
        )


def _each(node: Node, trainings: tuple[str, ...]) -> list[tuple[str, Node]]:
    return node.only(trainings).each()
