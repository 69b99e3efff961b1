"""A request as it is sent: the same body to a live server and into a batch file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from valuelex.records import Request

FIELDS = ("temperature", "top_p", "seed", "n")
"""Fields of the body that a server may not know and a roster may leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What a server calls the token limit, and the fields that it refuses.

    Every sampling field is sent, unless ``omit`` names it: then the server's default applies, and
    each reply's ``engine`` says so.
    """

    token_field: str = "max_tokens"  # noqa: S105 - the name of a field
    omit: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What every reply's ``engine`` must tell of it; empty when everything is sent."""
        return f"sent without {', '.join(sorted(self.omit))}" if self.omit else ""


PLAIN = Wire()


def path_of(interface: str) -> str:
    """Return the path below ``/v1`` that an interface is asked on."""
    return "/chat/completions" if interface == "chat" else "/completions"


def body_of(request: Request, interface: str, wire: Wire = PLAIN) -> dict[str, Any]:
    """Return the body of one request.

    ``chat`` sends the messages as turns; ``completion`` sends their text as one prompt.
    """
    sampling = request.sampling
    body: dict[str, Any] = {"model": request.model_id}
    if interface == "chat":
        body["messages"] = [{"role": m.role, "content": m.content} for m in request.messages]
    else:
        body["prompt"] = "\n\n".join(message.content for message in request.messages)
    settings = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": request.seed,
        "n": 1,
    }
    body.update((name, value) for name, value in settings.items() if name not in wire.omit)
    body[wire.token_field] = sampling.max_tokens
    return body
