"""Text that other people's models wrote, and numbers, made fit to be shown.

Everything a model wrote is hostile until shown otherwise: it may carry mark-up, control characters
that reorder the line, or a hundred thousand letters without a space. Escaping itself is the
template engine's (autoescape); here are the steps that it does not do.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

DASH = "–"
_MINUS = "\u2212"

# C0 and C1 controls (tab and newline stay), separators that JavaScript and line splitters take for
# newlines, bidirectional controls, invisible characters and tags. The zero-width joiners stay:
# emoji and several scripts cannot be written without them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSAFE_JSON = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def visible(text: str) -> str:
    """Show what would be invisible or would reorder the line as ``⟨U+202E⟩``.

    Lone surrogates, which no UTF-8 file can hold, become U+FFFD.
    """
    clean = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n"))
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", clean)


def finalize(value: Any) -> Any:
    """Prepare each value that a template prints: numbers and mark-up pass, text is made visible."""
    if value is None:
        return DASH
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def shorten(text: str, limit: int = 60) -> str:
    """Return ``text`` on one line, at most ``limit`` characters, with an ellipsis when cut."""
    line = " ".join(visible(text[: 4 * limit]).split())
    cut = len(text) > 4 * limit or len(line) > limit
    return line[: limit - 1].rstrip() + "…" if cut else line


def plot_label(text: object, limit: int = 40) -> str:
    """Return a short label for a figure, which would obey a subset of HTML and ``%{...}``."""
    return html.escape(shorten(str(text), limit), quote=True).replace("%{", "&#37;{")


def script_json(content: Any) -> Markup:
    """Encode for ``<script type="application/json">``: pure ASCII, with no way out of the element.

    Numbers that JSON does not know (NaN, infinity) become ``null``; others keep six digits.
    """
    text = json.dumps(_lean(content), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for character, escape in _UNSAFE_JSON.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - every character that HTML could act on has been replaced


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _lean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_lean(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def number(value: Any, digits: int = 2) -> str:
    """Format a number with fixed decimals and a true minus sign; a missing one is a dash.

    Words pass as they are, a mapping as one line: a document may say why there is no number.
    """
    if _missing(value):
        return DASH
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {number(item, digits)}" for key, item in value.items())
    if not isinstance(value, int | float):
        return str(value)
    text = f"{float(value):,.{digits}f}"
    if text.startswith("-"):
        text = text[1:] if float(text.replace(",", "")) == 0 else _MINUS + text[1:]
    return text


def coefficient(value: Any, digits: int = 2) -> str:
    """Format what lies between -1 and 1, in the field's manner: no zero before the point."""
    text = number(value, digits)
    return text.replace("0.", ".", 1) if text.lstrip(_MINUS).startswith("0.") else text


def count(value: Any) -> str:
    """Format a count with thousands separators."""
    if _missing(value) or isinstance(value, str):
        return value if isinstance(value, str) else DASH
    return f"{int(value):,}"


def share(part: float, whole: float, digits: int = 1) -> str:
    """Format ``part`` of ``whole`` as a percentage; a dash when the whole is nothing.

    What is there is never shown as nothing: ``< 0.1 %``.
    """
    if not whole:
        return DASH
    percent = f"{100 * part / whole:.{digits}f}"
    if part and float(percent) == 0:
        return f"< {10**-digits:.{digits}f} %"
    return f"{percent} %"


def p_value(value: Any) -> str:
    """Format a p-value: three decimals, never ``.000``."""
    if _missing(value) or isinstance(value, str):
        return number(value)
    return "< .001" if float(value) < 0.001 else coefficient(value, 3)


def interval(lower: Any, upper: Any, digits: int = 2) -> str:
    """Format an interval as ``[.81, .97]``; a dash when an end is missing."""
    if _missing(lower) or _missing(upper):
        return DASH
    bounded = abs(float(lower)) <= 1 and abs(float(upper)) <= 1
    form = coefficient if bounded else number
    return f"[{form(lower, digits)}, {form(upper, digits)}]"


def plural(n: int, one: str, many: str | None = None) -> str:
    """Return ``"1 model"`` or ``"35 models"``."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"
