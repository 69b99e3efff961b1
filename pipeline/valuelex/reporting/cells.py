"""A taxonomy as it shows itself in a notebook: one escaped, self-contained piece of HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from valuelex.reporting.lookup import colour
from valuelex.reporting.text import coefficient, count, plural, shorten

_BANNER = Markup(
    '<p style="background:#8f3200;color:#fff;padding:.3em .6em;margin:0 0 .5em"><b>SIMULATED</b>'
    " A program wrote every reply; nothing here is about real models.</p>"
)
_TERMS = 8


def taxonomy_cell(taxonomy: Mapping[str, Any], title: str, lines: Mapping[str, str]) -> str:
    """Return a taxonomy as HTML without scripts, links, pictures or style sheets.

    Parameters
    ----------
    taxonomy
        The content of ``taxonomy.json``.
    title
        What stands above it.
    lines
        Facts by name, shown below the title.
    """
    parts = [_BANNER] if taxonomy.get("simulated") else []
    facts = " · ".join(f"{name} {value}" for name, value in lines.items())
    parts.append(
        Markup("<p><b>{}</b><br><small>{}</small></p>").format(
            _plain(title, 120), _plain(facts, 400)
        )
    )
    for at, dimension in enumerate(taxonomy.get("dimensions", ())):
        parts.append(_dimension(at, dimension))
    return str(Markup("<div>{}</div>").format(Markup("").join(parts)))


def _plain(text: object, limit: int) -> Markup:
    return escape(shorten(str(text), limit))


def _dimension(at: int, dimension: Mapping[str, Any]) -> Markup:
    subs = dimension.get("sub_dimensions", ())
    n = sum(len(sub["terms"]) for sub in subs)
    head = Markup(
        '<details open><summary style="border-left:4px solid {};padding-left:.5em"><b>{}</b>'
        " <small>{}, {}</small></summary>"
    ).format(colour(at), _plain(dimension["name"], 80), dimension["id"], plural(n, "term"))
    return head + Markup("").join(_sub(sub) for sub in subs) + Markup("</details>")


def _sub(sub: Mapping[str, Any]) -> Markup:
    terms = Markup(", ").join(_term(entry) for entry in sub["terms"][:_TERMS])
    rest = len(sub["terms"]) - _TERMS
    more = Markup(" <small>and {} more</small>").format(count(rest)) if rest > 0 else Markup("")
    head = Markup('<p style="margin:.2em 0 .2em 1.5em"><i>{}</i> <small>{}</small><br>')
    return head.format(_plain(sub["name"], 80), sub["id"]) + terms + more + Markup("</p>")


def _term(entry: Mapping[str, Any]) -> Markup:
    by = coefficient(entry["loading"]) if entry["placed_by"] == "loading" else "by meaning"
    return Markup("{} <small>({}, n={})</small>").format(
        _plain(entry["term"], 40), by, count(entry["mentions"])
    )
