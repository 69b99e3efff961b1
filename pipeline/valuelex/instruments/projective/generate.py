"""Stems drafted by a generator model: its requests, and what its replies hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from valuelex.instruments.projective.anchors import sub_dimensions
from valuelex.instruments.projective.compose import KINDS, Candidate, Kind
from valuelex.instruments.projective.screen import MAX_WORDS
from valuelex.records import Message, Reply, Request, Sampling

PROMPT = "compose.v1"

_LINE = re.compile(r"^\s*(?:\d{1,2}\s*[.):]|[-*•])\s*(.+?)\s*$")
_TAIL = re.compile(r"\s*(?:\.{2,}|…|_{2,})\s*$")


def draft_requests(
    taxonomy: Mapping[str, Any],
    model: Mapping[str, Any],
    sampling: Sampling,
    prompt: Mapping[str, Any],
    *,
    stems: int,
) -> dict[tuple[str, Kind], Request]:
    """Ask for ``stems`` drafts of each kind for every sub-dimension."""
    requests: dict[tuple[str, Kind], Request] = {}
    for sub in sub_dimensions(taxonomy):
        for kind in KINDS:
            text = (
                prompt["chat"]
                .replace("{name}", sub.name)
                .replace("{terms}", ", ".join(sub.words[:8]))
                .replace("{n}", str(stems))
                .replace("{kind}", prompt["kinds"][kind])
                .replace("{max_words}", str(MAX_WORDS))
            )
            requests[sub.id, kind] = Request(
                model=str(model["key"]),
                model_id=str(model["id"]),
                revision=str(model.get("revision", "")),
                prompt=f"{PROMPT}/{sub.id}/{kind}",
                messages=(Message("user", text),),
                sampling=sampling,
            )
    return requests


def parse_drafts(reply: Reply, sub_dimension: str, kind: Kind) -> tuple[Candidate, ...]:
    """Read the numbered or bulleted lines of a reply; other lines are not drafts.

    Dots that mark the gap are cut. Ids count within the reply: ``g-<sub-dimension>-<kind>-01``.
    """
    if reply.outcome not in ("answered", "truncated"):
        return ()
    lines = reply.text.split("\n")
    if reply.outcome == "truncated":
        lines = lines[:-1]  # the last line may have been cut
    found: list[Candidate] = []
    for line in lines:
        match = _LINE.match(line)
        text = _TAIL.sub("", match[1]).strip("\"'“” ") if match else ""
        if text:
            name = f"g-{sub_dimension}-{kind[0]}{len(found) + 1:02d}"
            found.append(Candidate(name, kind, text, text, sub_dimension))
    return tuple(found)
