"""Make values.csv, families.csv and opposites.csv from WordNet 3.0 and selection.yaml.

Run once by hand (needs Debian's ``wordnet-base`` and the packages wordfreq and PyYAML)::

    python lexicon/vocabulary/build.py /usr/share/wordnet

The same input gives the same bytes. Nobody needs WordNet to use the tables.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import yaml
from families import Families
from wordfreq import zipf_frequency
from wordnet import ANTONYM, DERIVED, WordNet

HERE = Path(__file__).resolve().parent
ABSTRACT = re.compile(r"(?:ness|ity|ance|ence|ency|ancy|ship|dom|ism|tion|hood|acy)$")
PREFIXES = ("dis", "un", "in", "im", "ir", "il", "mis", "non-", "non", "anti", "a")
SOURCE = "# Derived from WordNet 3.0 (Copyright 2006 by Princeton University) by {}; see README.md"


def zipf(word: str) -> float:
    """Frequency of a word in English, log10 per billion."""
    return float(zipf_frequency(word, "en"))


def sense(wn: WordNet, name: str) -> str:
    """Resolve ``trait.1`` to a synset id."""
    word, number = name.rsplit(".", 1)
    return wn.index[word, "n"][int(number) - 1]


def pool(wn: WordNet, spec: dict[str, object]) -> dict[str, str]:
    """Nouns below a root by at least ``min_share`` of their senses, each with its root."""
    roots = {sense(wn, str(r)): str(r) for r in spec["roots"]}  # type: ignore[attr-defined]
    barred = {sense(wn, str(r)) for r in spec["barred"]}  # type: ignore[attr-defined]
    found = {}
    for word, pos in wn.index:
        floor = spec["min_zipf_abstract"] if ABSTRACT.search(word) else spec["min_zipf"]
        if pos != "n" or " " in word or zipf(word) < float(floor):  # type: ignore[arg-type]
            continue
        share, root = 0.0, ""
        for sid, part in wn.senses(word, "n"):
            above = wn.ancestors(sid)
            named = [roots[a] for a in sorted(above & set(roots))]
            if part >= 0.1 and named and not above & barred and wn.synsets[sid].words[0].islower():
                share, root = share + part, root or named[0]
        if share >= float(spec["min_share"]):  # type: ignore[arg-type]
            found[word] = root
    return found


def negates(word: str, form: str) -> bool:
    """Whether a word is the form's stem with a negative affix (dishonest, careless)."""
    if re.search(r"less(?:ness|ly)?$", word):
        return word[:3] == form[:3]
    return any(word.startswith(p) and word[len(p) :][:3] == form[:3] for p in PREFIXES)


def opposites(wn: WordNet, forms: dict[str, str]) -> dict[str, str]:
    """Antonyms of value words, and their own families, that carry a negative affix."""
    found: dict[str, str] = {}
    for form, head in forms.items():
        for pos in "nar":
            for word, kind, _ in wn.linked(form, pos, ANTONYM):
                if word in forms or not negates(word, form) or " " in word:
                    continue
                found.setdefault(word, head)
                near = {w for w, _, _ in wn.linked(word, kind, DERIVED)} | {adverb(word)}
                near |= {
                    w for n in near for s in wn.index.get((n, "n"), []) for w in wn.synsets[s].words
                }
                for other in sorted(near):
                    known = any((other, p) in wn.index for p in "nar")
                    if known and other not in forms and negates(other, form):
                        found.setdefault(other, head)
    return found


def adverb(adjective: str) -> str:
    """Form the regular adverb of an adjective (it may not exist)."""
    if adjective.endswith("le"):
        return adjective[:-1] + "y"
    return adjective + ("ally" if adjective.endswith("ic") else "ly")


def write(name: str, header: list[str], rows: list[list[str]], script: str = "build.py") -> None:
    """Write one table with its provenance line, sorted."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        file.write(SOURCE.format(script) + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))


def main() -> None:
    """Build the three tables."""
    wn = WordNet(Path(sys.argv[1]))
    spec = yaml.safe_load((HERE / "selection.yaml").read_text(encoding="utf-8"))
    out = {w for words in spec["excluded"].values() for w in words}
    heads = {w: root for w, root in pool(wn, spec["pool"]).items() if w not in out}
    heads.update({w: heads.get(w, "by hand") for w in spec["added"]})
    quiet = set(spec["not_in_prose"])
    families = Families(wn, set(heads), spec["families"], zipf)
    rows = families.rows()
    into = {form: head for form, head, _ in rows}
    kept = {w: root for w, root in heads.items() if into.get(w, w) == w}
    for word in heads:
        kept.setdefault(into.get(word, word), heads[word])
    loud = set(kept) - quiet
    prose_forms = families.unambiguous(rows, loud, set(spec["forms_not_in_prose"]))
    write(
        "values.csv",
        ["head", "prose", "root"],
        [[w, "yes" if w in loud else "no", root] for w, root in kept.items()],
    )
    write(
        "families.csv",
        ["form", "head", "link", "prose"],
        [[f, h, link, "yes" if f in prose_forms else "no"] for f, h, link in rows],
    )
    positive = {w: w for w in kept} | {f: h for f, h, _ in rows if h in kept}
    against = opposites(wn, positive)
    against.update(spec["opposites_added"])
    for word in spec["no_opposites"]:
        against.pop(word, None)
    write("opposites.csv", ["word", "of"], [[w, h] for w, h in against.items()])
    sys.stdout.write(f"{len(kept)} values, {len(rows)} family forms, {len(against)} opposites\n")


if __name__ == "__main__":
    main()
