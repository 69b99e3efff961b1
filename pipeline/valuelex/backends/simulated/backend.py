"""The simulated backend: each request is answered in text, as a model of the world would."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

from valuelex.backends.simulated.choices import Choices, Chooser
from valuelex.backends.simulated.completions import Completer, last_line, open_stem
from valuelex.backends.simulated.lists import ListWriter
from valuelex.backends.simulated.portraits import PortraitEffects, Portrayer
from valuelex.backends.simulated.questionnaire import Answerer
from valuelex.backends.simulated.respondent import ModelTraits, Population
from valuelex.backends.simulated.talk import cut, non_answer
from valuelex.backends.simulated.world import World
from valuelex.records import Reply, Request

ENGINE = "simulated"
CHARACTERS_PER_TOKEN = 4  # rough, for English; the limit on tokens is applied with it
FAILURES = (
    "simulated: connection reset by peer",
    "simulated: the server answered 503 three times",
    "simulated: no tokens were generated",
)


class SimulatedBackend:
    """Models that are drawn from a world; deterministic per request.

    The same world, seed, model metadata and request give the same reply, in whatever batch and
    order; another seed gives another sample of models and of texts.

    Parameters
    ----------
    world
        The planted truth.
    seed
        The study's seed.
    models
        Metadata per roster key; requests for other models are a :class:`BackendError`.
    choices
        What is planted of forced choices and of exchanges, as read from its file; without it such
        requests get no answer that fits.
    """

    name = ENGINE

    def __init__(
        self,
        world: World,
        seed: int,
        models: Mapping[str, ModelTraits],
        choices: Mapping[str, Any] | None = None,
    ) -> None:
        self.population = Population(world, seed, models)
        self._lists = ListWriter(self.population)
        self._completer = Completer(self.population)
        self._answerer = Answerer(self.population)
        self._chooser: Chooser | None = None
        self._portrayer: Portrayer | None = None
        if choices is not None:
            self._chooser = Chooser(self.population, Choices.from_mapping(choices, world))
            effects = PortraitEffects.from_mapping(choices, world)
            self._portrayer = Portrayer(self._answerer, effects)

    def run(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Yield one reply per request, in order.

        Raises
        ------
        BackendError
            When a request names a model that this study does not have.
        """
        for request in requests:
            yield self._reply(request)

    def _reply(self, request: Request) -> Reply:
        request_id = request.id
        random = Random(self._seed(request.model, request_id))  # noqa: S311 - simulation, no secret
        traits = self.population.profile(request.model).traits
        rates = self.population.world.style.rates[traits.training]
        tokens_in = _tokens("".join(message.content for message in request.messages))
        if random.random() < rates.failed:
            detail = random.choice(FAILURES)
            return Reply(request_id, "", "failed", detail, "error", tokens_in, 0, ENGINE)
        text = self._text(request, random)
        limit = request.sampling.max_tokens * CHARACTERS_PER_TOKEN
        whole = len(text)
        if random.random() < rates.truncated:
            # an engine's own length limit may be shorter than the one asked for
            text = cut(text, random.uniform(0.3, 0.95))
        text = text[:limit]
        tokens_out = _tokens(text)
        if len(text) < whole:
            detail = f"cut after {tokens_out} tokens"
            return Reply(
                request_id, text, "truncated", detail, "length", tokens_in, tokens_out, ENGINE
            )
        return Reply(request_id, text, "answered", "", "stop", tokens_in, tokens_out, ENGINE)

    def _text(self, request: Request, random: Random) -> str:
        prompt = request.prompt
        shown = request.messages[-1].content
        if prompt.startswith("elicit."):
            return self._lists.write(request, random)
        if prompt.startswith("pvq."):
            return self._answerer.write(request, random)
        if prompt.startswith("dilemmas.") and self._chooser:
            return self._chooser.write(request, random)
        if prompt.startswith("portrait.") and self._portrayer:
            return self._portrayer.write(request, random)
        stem = open_stem(shown)
        if prompt.startswith(("stem.", "administer.")):
            stem = stem or last_line(shown)
        if stem:
            return self._completer.write(request, stem, random)
        return non_answer(self.population.world.wording, random)

    def _seed(self, model: str, request_id: str) -> int:
        text = f"{self.population.seed}\x1f{model}\x1f{request_id}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)
