"""Write docs/licences.md: the licence of every locked package, by its own metadata.

    python docs/licences.py            # compare; exit 1 when the page is out of date
    python docs/licences.py --write

A package says its licence in ``License-Expression``, or in a classifier, or in words. Where the
words are none, `SAID` holds what its licence file says. A package of which nothing is known, or
whose licence is in no class below, is an error: somebody has to look.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PAGE = ROOT / "docs" / "licences.md"
ALSO = ("torch",)

# read in the package's own licence file, where its metadata say nothing that could be sorted
SAID: dict[str, str] = {
    # no longer asked for by any dependency, but still locked: as their metadata say
    "ftfy": "Apache-2.0",
    "jiter": "MIT",
    "langcodes": "MIT",
    "locate": "MIT",
    "sniffio": "MIT OR Apache-2.0",
    "wordfreq": "Apache-2.0",
    # of the others the file itself
    "antlr4-python3-runtime": "BSD-3-Clause",
    "charset-normalizer": "MIT",
    "factor_analyzer": "GPL-2.0",
    "python-dotenv": "BSD-3-Clause",
}
_CLASSES = (
    ("copyleft", re.compile(r"\bA?GPL|General Public License|GNU GPL", re.IGNORECASE)),
    ("weak copyleft", re.compile(r"LGPL|Lesser|MPL|Mozilla|EPL|Eclipse", re.IGNORECASE)),
    (
        "permissive",
        re.compile(
            r"MIT|BSD|Apache|ISC|PSF|Python|Zlib|Unlicense|0BSD|HPND|CNRI|Public Domain|CC0|Boost|"
            r"ZPL|Zope|Artistic",
            re.IGNORECASE,
        ),
    ),
)


class UnknownLicenceError(Exception):
    """A locked package of whose licence nothing is known."""


def locked() -> dict[str, str]:
    """Return name -> version of every line of requirements.lock, and of torch."""
    lines = (line.split("#")[0].strip() for line in LOCK.read_text(encoding="utf-8").splitlines())
    found = dict(line.split("==", 1) for line in lines if "==" in line)
    found |= {name: importlib.metadata.version(name) for name in ALSO}
    return dict(sorted(found.items(), key=lambda one: one[0].lower()))


def licence_of(name: str) -> str:
    """Return the licence that an installed package states."""
    if name.lower() in SAID:
        return SAID[name.lower()]
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        raise UnknownLicenceError(f"{name} is locked and not installed") from None
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [c for c in about.get_all("Classifier") or () if c.startswith("License ::")]
    named = [c.rpartition("::")[2].strip() for c in classifiers]
    named = [n for n in named if n != "OSI Approved"]
    if named:
        return ", ".join(named)
    words = str(about.get("License") or "").strip().splitlines()
    if words and len(words[0]) <= 60:
        return words[0]
    raise UnknownLicenceError(f"{name} states no licence: read its file, and name it in SAID")


def class_of(name: str, licence: str) -> str:
    """Return ``permissive``, ``weak copyleft`` or ``copyleft``; the mildest of a choice."""
    choices = re.split(r"\s+OR\s+", licence)
    found = [_class(choice) for choice in choices]
    if None in found:
        raise UnknownLicenceError(f"{name}: the licence {licence!r} is in no class")
    order = ("permissive", "weak copyleft", "copyleft")
    return min((f for f in found if f), key=order.index)


def _class(licence: str) -> str | None:
    weak = re.sub(r"LGPL|Lesser General Public|GNU Lesser[\w ]*", "Lesser", licence)
    return next((name for name, pattern in _CLASSES if pattern.search(weak)), None)


def rows(packages: Iterable[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Return (name, version, licence, class) of packages."""
    found = []
    for name, version in packages:
        licence = licence_of(name)
        found.append((name, version, licence, class_of(name, licence)))
    return found


def page() -> str:
    """Return the text of docs/licences.md."""
    table = rows(locked().items())
    counts = Counter(row[3] for row in table)
    said = ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items()))
    lines = [
        "# Licences of the locked packages",
        "",
        "Written by `python docs/licences.py --write` from the packages' own metadata. A test",
        "fails when a licence is unknown, or when this page is not that of the lock.",
        "ValueLex itself is MIT and ships none of them: an installer fetches them. Tools of its",
        "developers (linters, test runners, the documentation) are among them.",
        "",
        f"{len(table)} packages: {said}.",
        "",
        "| package | version | licence | class |",
        "|---|---|---|---|",
    ]
    lines += [f"| {n} | {v} | {licence} | {kind} |" for n, v, licence, kind in table]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Compare the page, or write it."""
    try:
        text = page()
    except UnknownLicenceError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{PAGE} is out of date: run python docs/licences.py --write\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
