"""The page's content security policy: it may run its own two scripts, and fetch nothing.

Scripts and style sheets are allowed by the SHA-256 of their exact text, so the policy follows from
the content and the page stays the same, byte for byte, for the same content. Two allowances are
made for the plotting library, and nothing else:

* ``style-src-attr 'unsafe-inline'``: it writes ``style`` attributes on the SVG that it draws.
  Attributes can neither run script nor, under ``default-src 'none'``, load anything. The templates
  themselves use none.
* the hash of the empty text in ``style-src-elem``: it adds an empty ``<style>`` and fills it by
  rules, which a browser permits only when the empty element is allowed. For its map component it
  would add a second one with text; the page carries an empty element of that name instead, and the
  library then leaves it alone.

The library travels deflated, which takes three of its five megabytes off the page. The page's
script unpacks it and hands it to the browser, which runs it only if the policy has its hash.

``img-src data:`` lets its "download as picture" button draw the figure; model text never becomes an
element, so no picture can come from it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterable


def source_hash(text: str) -> str:
    """Return the CSP source expression for an inline element with exactly this text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def packed(script: str) -> str:
    """Return a script as the page carries it: deflated, in base64."""
    return base64.b64encode(zlib.compress(script.encode("utf-8"), 9)).decode("ascii")


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the policy for a page with these inline scripts and style sheets."""
    script = " ".join(source_hash(text) for text in scripts)
    style = " ".join(source_hash(text) for text in (*styles, ""))
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {script}",
            "script-src-attr 'none'",
            f"style-src-elem {style}",
            "style-src-attr 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def still_policy(styles: Iterable[str]) -> str:
    """Return the policy for a page without any script: it may use these style sheets alone."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src-elem {' '.join(source_hash(text) for text in styles)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def reserved_styles(library: str) -> list[str]:
    """Return the ids under which a script adds style sheets with text, unless they exist already.

    They are hashes in ``getElementById("...")`` directly before the element is made.
    """
    found = re.findall(r'getElementById\("([0-9a-f]{64})"\)', library)
    return sorted(set(found))
