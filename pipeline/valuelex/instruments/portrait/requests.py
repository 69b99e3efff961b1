"""Putting an item set to a model: three wordings, two orders of the options, any personas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from valuelex.errors import PromptError, near_miss, well_formed
from valuelex.instruments.portrait.items import Item
from valuelex.instruments.pvq.parse import Scale
from valuelex.instruments.pvq.requests import Respondent
from valuelex.records import Message, Request, Sampling

Order = Literal["", "_reversed"]
ORDERS: tuple[Order, ...] = ("", "_reversed")
_HOLES = ("{persona}", "{question}", "{reply}", "{options}")


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to answer as; ``group`` names people to compare with (see the prompt file)."""

    id: str
    group: str
    text: str


@dataclass(frozen=True)
class Wordings:
    """A prompt file: labels by point, wordings by name and interface, personas."""

    id: str
    labels: Mapping[int, str]
    wordings: Mapping[str, Mapping[str, str]]
    personas: tuple[Persona, ...]

    @property
    def scale(self) -> Scale:
        """The scale, for the parser."""
        return Scale(self.labels, {"not at all like me": min(self.labels)})

    def chosen(self, ids: Sequence[str]) -> tuple[Persona, ...]:
        """Return personas by id.

        Raises
        ------
        PromptError
            When there is no such persona.
        """
        known = {persona.id: persona for persona in self.personas}
        for name in ids:
            if name not in known:
                raise PromptError(
                    f"{self.id} has no persona '{name}'{near_miss(name, known)};"
                    f" there are: {', '.join(known)}"
                )
        return tuple(known[name] for name in ids)


@dataclass(frozen=True, slots=True)
class PortraitRequest:
    """One item in one version; ``version`` is the wording and ``_reversed`` where listed down."""

    request: Request
    item: Item
    wording: str
    order: Order
    persona: str

    @property
    def version(self) -> str:
        """The version's name, as published data name theirs."""
        return f"{self.wording}{self.order}"


@well_formed("the file of wordings", PromptError)
def read_wordings(content: Mapping[str, Any]) -> Wordings:
    """Build the wordings from their parsed file.

    Raises
    ------
    PromptError
        When the labels are no scale, a wording lacks a hole, or a persona is malformed.
    """
    name = str(content.get("id", "portrait"))
    labels = content["labels"]
    points = sorted(labels) if isinstance(labels, Mapping) else []
    if points != list(range(1, len(points) + 1)) or len(points) < 2:
        raise PromptError(f"{name}: labels must be numbered 1, 2, ..., were: {labels!r:.60}")
    wordings = content["wordings"]
    for wording, texts in wordings.items():
        for interface in ("chat", "completion"):
            text = texts.get(interface) or ""
            missing = [hole for hole in _HOLES if hole not in text]
            if missing:
                raise PromptError(f"{name}: '{wording}.{interface}' must contain {missing}")
    personas = [_persona(name, row) for row in content.get("personas") or ()]
    return Wordings(name, {p: str(labels[p]) for p in points}, dict(wordings), tuple(personas))


def portrait_requests(
    items: Sequence[Item],
    wordings: Wordings,
    respondent: Respondent,
    *,
    sampling: Sampling,
    personas: Sequence[Persona] = (),
) -> list[PortraitRequest]:
    """Return every item in every wording and order: without persona first, then as each persona.

    The prompt id is ``<file id>/<portrait>-<option>/<version>``, with ``@<persona>`` behind it.
    """
    return [
        PortraitRequest(
            Request(
                model=respondent.model,
                model_id=respondent.model_id,
                revision=respondent.revision,
                prompt=f"{wordings.id}/{item.id[0]}-{item.id[1]}/{name}{order}"
                + (f"@{persona.id}" if persona else ""),
                messages=(
                    Message(
                        "user", _text(texts[respondent.interface], item, persona, wordings, order)
                    ),
                ),
                sampling=sampling,
                draw=0,
            ),
            item,
            name,
            order,
            persona.id if persona else "",
        )
        for persona in (None, *personas)
        for item in items
        for name, texts in wordings.wordings.items()
        for order in ORDERS
    ]


def _persona(name: str, row: object) -> Persona:
    if not isinstance(row, Mapping) or sorted(row) != ["group", "id", "text"]:
        raise PromptError(f"{name}: a persona must have id, group and text, was: {row!r:.80}")
    return Persona(str(row["id"]), str(row["group"]), str(row["text"]))


def _text(
    template: str, item: Item, persona: Persona | None, wordings: Wordings, order: Order
) -> str:
    points = sorted(wordings.labels, reverse=bool(order))
    parts = {
        "persona": f"{persona.text}\n\n" if persona else "",
        "question": "\n\n".join(part for part in (item.title, item.question) if part.strip()),
        "reply": item.reply,
        "options": "\n".join(f"- {wordings.labels[point]}" for point in points),
    }
    # one pass, and no str.format: an item may hold braces, or the name of a hole, of its own
    return re.sub(r"\{(\w+)\}", lambda hole: parts.get(hole[1], hole[0]), template)
