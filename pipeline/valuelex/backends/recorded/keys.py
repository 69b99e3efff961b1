"""From model names to roster keys."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MAX_KEY = 60
# Bare words that a YAML reader takes for something else than text.
_YAML_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def roster_keys(names: Iterable[str]) -> dict[str, str]:
    """Return a roster key of ``[a-z0-9-]+`` for each distinct name.

    The key is the name's :func:`slug`. Where two names have one slug, each of them gets six hex
    digits over its name behind it, so that the key of neither depends on their order.
    """
    slugs = {name: slug(name) for name in names}
    times = Counter(slugs.values())
    return {
        name: key if times[key] == 1 else f"{key}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
        for name, key in slugs.items()
    }


def slug(name: str) -> str:
    """Return a name in lower case, every run of other characters as one hyphen.

    Letters lose their accents; a key that would not begin with a letter, or that YAML would take
    for a truth value, gets ``m-`` before it; at most 60 characters.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    key = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not key[:1].isalpha() or key in _YAML_WORDS:
        key = f"m-{key}".rstrip("-")
    return key[:MAX_KEY].rstrip("-")
