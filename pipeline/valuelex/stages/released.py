"""Released tests: a taxonomy, its form and the norms of the models that were scored on it.

A release is one folder under ``lexicon/taxonomies/``. It is found from any folder: in the project
around the current folder first, then in what came with the package. Its prompts are taken from the
same place, and everything is verified against the checksums in its ``release.yaml``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from valuelex.errors import LexiconError, near_miss
from valuelex.instruments.projective.embedding_judge import JudgeSettings
from valuelex.instruments.projective.form import Form, form_from_dict
from valuelex.instruments.projective.norms import Key
from valuelex.instruments.projective.score import Array
from valuelex.lexica import LEXICON, read_bytes, read_yaml
from valuelex.prompts import PROMPTS, frozen
from valuelex.roster import Section
from valuelex.settings import Administer, Embed

if TYPE_CHECKING:
    import pandas as pd

TAXONOMIES = "taxonomies"
RELEASE = "release.yaml"
TAXONOMY, FORM, NORMS, CONTROLS = "taxonomy.json", "form.json", "norms.csv", "controls.csv"
FILES = (TAXONOMY, FORM, NORMS, CONTROLS)
PACKAGE = Path(__file__).resolve().parents[1]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Judging(Section):
    """The judge whose verdicts the norms rest on."""

    name: Literal["embedding"]
    anchors: str
    embed: Embed
    settings: JudgeSettings


class ReleaseFile(Section):
    """The content of ``release.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    number: Annotated[int, Field(ge=1)]
    simulated: bool
    statement: str
    study: str
    taxonomy: str
    form: str
    models: Annotated[int, Field(ge=1)]
    judge: Judging
    administer: Administer
    prompts: Mapping[str, Sha256]
    files: Mapping[Literal["taxonomy.json", "form.json", "norms.csv", "controls.csv"], Sha256]
    provenance: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """A released test, read and verified.

    ``root`` is the folder that holds ``lexicon/`` and ``prompts/``; ``norms`` gives the roster's
    scores (models,) for each (level, id), NaN where a model has none; ``controls`` gives the
    judge's score for each (control, sub-dimension) at the time of release, ``None`` where it found
    the control not relevant.
    """

    root: Path
    about: ReleaseFile
    taxonomy: Mapping[str, Any]
    form: Form
    norms: Mapping[Key, Array]
    controls: Mapping[tuple[str, str], float | None]

    @property
    def id(self) -> str:
        """Its name, e.g. ``simulated-v1``."""
        return self.about.id

    @property
    def dimensions(self) -> dict[str, list[str]]:
        """Dimension id -> ids of its sub-dimensions."""
        return {
            d["id"]: [sub["id"] for sub in d["sub_dimensions"]] for d in self.taxonomy["dimensions"]
        }

    @property
    def names(self) -> dict[str, str]:
        """Name of each dimension and sub-dimension by id."""
        found = {}
        for dimension in self.taxonomy["dimensions"]:
            found[dimension["id"]] = str(dimension["name"])
            found |= {sub["id"]: str(sub["name"]) for sub in dimension["sub_dimensions"]}
        return found

    def terms_frame(self) -> pd.DataFrame:
        """Return one row a term, with its place, loading and counts."""
        from valuelex.stages.notebook import terms_frame

        return terms_frame(self.taxonomy)

    def norms_frame(self) -> pd.DataFrame:
        """Return the scores of the roster: a row a model, a column a (sub-)dimension's id."""
        import pandas as pd

        return pd.DataFrame({identity: scores for (_, identity), scores in self.norms.items()})

    def _repr_html_(self) -> str:
        from valuelex.reporting.cells import taxonomy_cell

        facts = {"models:": str(self.about.models), "form:": self.about.form}
        shown = {**self.taxonomy, "simulated": self.about.simulated}
        return taxonomy_cell(shown, f"Released test {self.id}", facts)


def roots(start: Path) -> tuple[Path, ...]:
    """Return the folders that may hold releases, the nearest first, each once.

    The first of ``start`` and its parents with ``lexicon/taxonomies/`` and ``prompts/``; then the
    package's own ``data/`` (an installed wheel) or its project (a source tree).
    """
    around = next((p for p in (start, *start.parents) if _holds_releases(p)), None)
    shipped = [p for p in (PACKAGE / "data", PACKAGE.parents[1]) if _holds_releases(p)]
    found = [p.resolve() for p in ([around] if around else []) + shipped[:1]]
    return tuple(dict.fromkeys(found))


def _holds_releases(folder: Path) -> bool:
    return (folder / LEXICON / TAXONOMIES).is_dir() and (folder / PROMPTS).is_dir()


def releases(start: Path) -> dict[str, Path]:
    """Return id -> root of every release found from ``start``; the nearest root wins."""
    found: dict[str, Path] = {}
    for root in roots(start):
        for path in sorted((root / LEXICON / TAXONOMIES).glob(f"*/{RELEASE}")):
            found.setdefault(path.parent.name, root)
    return found


def load_release(name: str | None = None, start: Path | None = None) -> Release:
    """Read and verify a release.

    Parameters
    ----------
    name
        The release's folder name; the one with the greatest number when absent.
    start
        Where to look for a project; the current folder when absent.

    Raises
    ------
    LexiconError
        When there is no such release, or a file of it is missing, malformed or changed.
    DataError
        When its form cannot be read.
    """
    where = start or Path.cwd()
    known = releases(where)
    if not known:
        raise LexiconError(
            f"no released taxonomy: neither a project around {where} nor the package has"
            f" {LEXICON}/{TAXONOMIES}/; make one with `valuelex release NAME`"
        )
    if name is None:
        name = max(known, key=lambda one: (about_release(known[one], one).number, one))
    if name not in known:
        raise LexiconError(f"no release '{name}'{near_miss(name, known)}; there are: {list(known)}")
    return read_release(known[name], name)


def read_release(root: Path, name: str) -> Release:
    """Read and verify the release ``lexicon/taxonomies/<name>/`` below ``root``.

    Raises
    ------
    LexiconError, DataError
        See `load_release`.
    """
    about = about_release(root, name)
    files = {file: _verified(root, name, file, about) for file in FILES}
    _check_prompts(root, about)
    try:
        taxonomy = json.loads(files[TAXONOMY])
        form = form_from_dict(json.loads(files[FORM]))
        norms = _norms(_rows(files[NORMS]))
        controls = _controls(_rows(files[CONTROLS]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise LexiconError(f"release '{name}' in {root} is malformed: {error!r}") from None
    return Release(root, about, taxonomy, form, norms, controls)


def about_release(root: Path, name: str) -> ReleaseFile:
    """Read what a release says of itself, without verifying its files.

    Raises
    ------
    LexiconError
        When its ``release.yaml`` is missing or malformed.
    """
    path = f"{TAXONOMIES}/{name}/{RELEASE}"
    try:
        about = ReleaseFile.model_validate(read_yaml(root, path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LexiconError(f"{root / LEXICON / path}: '{where}': {first['msg']}") from None
    if about.id != name:
        raise LexiconError(f"{root / LEXICON / path} must have `id: {name}`, was: {about.id!r}")
    return about


def _verified(root: Path, name: str, file: str, about: ReleaseFile) -> bytes:
    data = read_bytes(root, f"{TAXONOMIES}/{name}/{file}")
    expected = {str(key): value for key, value in about.files.items()}.get(file)
    came = hashlib.sha256(data).hexdigest()
    if came != expected:
        raise LexiconError(
            f"{root / LEXICON / TAXONOMIES / name / file} was changed after its release: expected"
            f" sha256 {str(expected)[:12]}..., was {came[:12]}...; restore it, or release anew"
        )
    return data


def _check_prompts(root: Path, about: ReleaseFile) -> None:
    """Check that the wordings are those that the norms were made with."""
    try:
        here = frozen(root)
    except OSError as error:
        raise LexiconError(f"{root / PROMPTS} cannot be checked: {error.strerror}") from None
    for prompt, expected in about.prompts.items():
        if here.get(prompt) != expected:
            raise LexiconError(
                f"release '{about.id}' was made with another {prompt} than that in"
                f" {root / PROMPTS}: expected sha256 {expected[:12]}..., was"
                f" {str(here.get(prompt))[:12]}..."
            )


def _rows(data: bytes) -> list[dict[str, str]]:
    lines = (line for line in io.StringIO(data.decode("utf-8")) if not line.startswith("#"))
    return list(csv.DictReader(lines))


def _norms(rows: list[dict[str, str]]) -> dict[Key, Array]:
    found: dict[Key, list[float]] = {}
    for row in rows:
        level: Any = row["level"]
        mean = float(row["mean"]) if row["mean"] else float("nan")
        found.setdefault((level, row["id"]), []).append(mean)
    return {key: np.array(values) for key, values in found.items()}


def _controls(rows: list[dict[str, str]]) -> dict[tuple[str, str], float | None]:
    return {
        (row["control"], row["sub_dimension"]): float(row["score"]) if row["score"] else None
        for row in rows
    }
