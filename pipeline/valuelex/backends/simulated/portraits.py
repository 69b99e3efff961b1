"""Replies to people's questions: how much a simulated model says that one is like it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from valuelex.backends.simulated.checked import Node
from valuelex.backends.simulated.questionnaire import Answerer
from valuelex.backends.simulated.respondent import stream
from valuelex.backends.simulated.talk import refusal
from valuelex.backends.simulated.world import SCALE, World
from valuelex.errors import LexiconError, near_miss
from valuelex.records import Request

PROMPT = re.compile(r"/(?P<item>[^/]+)/(?P<wording>[a-z0-9]+)(?:_reversed)?(?:@(?P<persona>.+))?$")
LISTED = re.compile(r"^- (.+?)\s*$", re.MULTILINE)
REPLY = re.compile(r"<reply>\s*(.*?)\s*</reply>", re.DOTALL)


@dataclass(frozen=True)
class PortraitEffects:
    """``wording_sd`` in scale points; ``personas`` shift a model's usual answers, by value code."""

    wording_sd: float
    labels: tuple[str, ...]
    personas: Mapping[str, Mapping[str, float]]

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], world: World) -> PortraitEffects:
        """Check the block ``portraits`` of a file of choices.

        Raises
        ------
        LexiconError
            Naming the place, what was expected and what came.
        """
        top = Node.of(data, str(data.get("id", "choices"))).at("portraits")
        node = top.only(("wording_sd", "labels", "personas"))
        labels = node.texts("labels", SCALE)
        personas = {name: one.numbers() for name, one in node.at("personas").each()}
        known = [value.code for value in world.values]
        for name, shifts in personas.items():
            for code in shifts:
                if code not in known:
                    hint = near_miss(code, known)
                    raise LexiconError(f"{node.place}.personas.{name}: no '{code}'{hint}")
        return cls(node.number("wording_sd"), labels, personas)


class Portrayer:
    """Answers exchanges: which value does the reply speak of, and how dear is it to the model."""

    def __init__(self, answerer: Answerer, effects: PortraitEffects) -> None:
        self.answerer = answerer
        self.population = answerer.population
        self.effects = effects
        self._points = {label: i for i, label in enumerate(effects.labels, start=1)}

    def write(self, request: Request, random: Random) -> str:
        """Return the text of one answer, before truncation."""
        world = self.population.world
        training = self.population.profile(request.model).traits.training
        if random.random() < world.style.rates[training].refusal:
            return refusal(world.wording, random)
        shown = request.messages[-1].content
        listed = self._listed(shown)
        point = self._point(request, shown, random)
        if point in listed and random.random() < world.questionnaire.first:
            point = listed[max(listed.index(point) - 1, 0)]
        kind = world.style.answers[training].pick(random.random())
        label = self.effects.labels[point - 1]
        # the options carry no numbers, so that what is said is the label
        return label if kind == "number_label" else self.answerer.said(kind, label, label, random)

    def _point(self, request: Request, shown: str, random: Random) -> int:
        """Return the scale point that the model means."""
        found = PROMPT.search(request.prompt)
        parts = found.groupdict() if found else {}
        reply = REPLY.search(shown)
        value = self.answerer.read(reply[1] if reply else shown)
        world = self.population.world
        effects = world.questionnaire
        mean = float(self.population.profile(request.model).values[value])
        mean += self.effects.personas.get(parts.get("persona") or "", {}).get(
            world.values[value].code, 0.0
        )
        if world.structure == "planted":
            item, wording = str(parts.get("item")), str(parts.get("wording"))
            own = stream(self.population.seed, "exchange", request.model, item)
            asked = stream(self.population.seed, "asked", request.model, item, wording)
            mean += own.normal(0, effects.item_sd) + asked.normal(0, self.effects.wording_sd)
        return min(max(round(mean + random.gauss(0, effects.noise_sd)), 1), SCALE)

    def _listed(self, shown: str) -> list[int]:
        """Return the scale points in the order in which their labels are listed."""
        return [self._points[label] for label in LISTED.findall(shown) if label in self._points]
