"""Forced choices: how a simulated model decides between two values, and how it says so."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from valuelex.backends.simulated.checked import Node
from valuelex.backends.simulated.effects import Weights
from valuelex.backends.simulated.respondent import Population, stream
from valuelex.backends.simulated.talk import refusal
from valuelex.backends.simulated.world import World
from valuelex.errors import LexiconError, near_miss
from valuelex.records import Request

FORMS = ("bare", "reasoned", "marked", "named", "sentence")
DILEMMA = re.compile(r"/([^/]+)-(ab|ba)$")
OPTION = re.compile(r"^\s*([AB])[).:]\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ChoiceEffects:
    """``slope`` in log-odds per scale point, ``case_sd``, ``own_sd`` and ``place`` in log-odds."""

    slope: float
    case_sd: float
    own_sd: float
    place: float


@dataclass(frozen=True)
class Choices:
    """The planted part of dilemmas; ``ten`` maps each of the ten values to codes of the world."""

    ten: Mapping[str, tuple[str, ...]]
    effects: ChoiceEffects
    undecided: Mapping[str, float]
    forms: Mapping[str, Weights]
    values: Mapping[str, tuple[str, str]]
    said: Mapping[str, tuple[str, ...]]
    undecided_said: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], world: World) -> Choices:
        """Check a mapping as read from a file of choices, against the world that it stands beside.

        Raises
        ------
        LexiconError
            Naming the place, what was expected and what came.
        """
        top = Node.of(data, str(data.get("id", "choices")))
        ten = {name: top.at("ten").texts(name, 1) for name in top.at("ten").content}
        known = [value.code for value in world.values]
        for codes in ten.values():
            for code in codes:
                if code not in known:
                    raise LexiconError(f"{top.place}.ten: no '{code}'{near_miss(code, known)}")
        node = top.at("dilemmas").only(
            ("effects", "undecided", "forms", "values", "said", "undecided_said", "reasons")
        )
        trainings = tuple(world.clarity)
        forms, said = node.at("forms").only(trainings), node.at("said").only(FORMS)
        return cls(
            ten=ten,
            effects=node.at("effects").into(ChoiceEffects),
            undecided=node.at("undecided").only(trainings).numbers(),
            forms={t: Weights.read(forms.at(t), FORMS) for t in trainings},
            values={name: _pair(node.at("values"), name, ten) for name in node.content["values"]},
            said={form: said.texts(form, 1) for form in FORMS},
            undecided_said=node.texts("undecided_said", 1),
            reasons={v: node.at("reasons").only(ten).texts(v, 1) for v in ten},
        )


def _pair(node: Node, name: str, known: Mapping[str, Any]) -> tuple[str, str]:
    pair = node.texts(name, 2)
    strange = [value for value in pair if value not in known]
    if strange or len(pair) != 2 or pair[0] == pair[1]:
        raise LexiconError(f"{node.place}.{name} must be two of {list(known)}, was: {list(pair)}")
    return pair[0], pair[1]


class Chooser:
    """Decides dilemmas for a population."""

    def __init__(self, population: Population, choices: Choices) -> None:
        self.population = population
        self.choices = choices
        codes = {value.code: v for v, value in enumerate(population.world.values)}
        self._of_ten = {ten: [codes[c] for c in parts] for ten, parts in choices.ten.items()}

    def write(self, request: Request, random: Random) -> str:
        """Return the text of one answer, before truncation."""
        world = self.population.world
        training = self.population.profile(request.model).traits.training
        if random.random() < world.style.rates[training].refusal:
            return refusal(world.wording, random)
        if random.random() < self.choices.undecided[training]:
            return random.choice(self.choices.undecided_said)
        shown = self._shown(request)
        letter = "A" if random.random() < self.chance_of_a(request, shown) else "B"
        value = shown["AB".index(letter)]
        form = self.choices.forms[training].pick(random.random())
        text = random.choice(self.choices.said[form])
        return text.format(letter=letter, why=random.choice(self.choices.reasons[value]))

    def chance_of_a(self, request: Request, shown: tuple[str, str]) -> float:
        """Return the probability (0-1) of taking the option shown as A; ``shown`` its values."""
        effects, seed = self.choices.effects, self.population.seed
        usual = self.population.profile(request.model).values
        a, b = (float(usual[self._of_ten[value]].mean()) for value in shown)
        found = DILEMMA.search(request.prompt)
        case, turn = (found[1], found[2]) if found else (request.prompt, "ab")
        bias = float(stream(seed, "case", case).normal(0, effects.case_sd))
        if self.population.world.structure == "planted":
            bias += float(stream(seed, "choice", request.model, case).normal(0, effects.own_sd))
        odds = effects.slope * (a - b) + (bias if turn == "ab" else -bias) + effects.place
        return 1 / (1 + math.exp(-odds))

    def _shown(self, request: Request) -> tuple[str, str]:
        """Return the values of the options shown as A and as B."""
        found = DILEMMA.search(request.prompt)
        if found and found[1] in self.choices.values:
            first, second = self.choices.values[found[1]]
            return (first, second) if found[2] == "ab" else (second, first)
        texts = [text for _, text in OPTION.findall(request.messages[-1].content)][:2]
        read = [self._read(text) for text in texts]
        return (read[0], read[1]) if len(read) == 2 else ("self-direction", "security")

    def _read(self, text: str) -> str:
        """Return the value whose cues a text names most (the first of equals)."""
        low, values = text.lower(), self.population.world.values
        hits = {
            ten: sum(cue in low for place in places for cue in values[place].cues)
            for ten, places in self._of_ten.items()
        }
        return max(hits, key=lambda ten: hits[ten])
