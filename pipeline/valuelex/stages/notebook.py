"""A finished study and a released test as data frames, for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valuelex.artifacts import table as t
from valuelex.reporting.cells import taxonomy_cell

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Study:
    """The artifacts of a project's ``outputs/``, read when they are asked for.

    In a notebook the object shows its taxonomy, labelled when the study is simulated.
    """

    root: Path
    taxonomy: Mapping[str, Any]

    @property
    def simulated(self) -> bool:
        """Whether a program wrote the replies."""
        return bool(self.taxonomy["simulated"])

    def verdict(self) -> dict[str, Any]:
        """Return how far to trust the taxonomy: ``level``, ``text``, ``reasons``."""
        found: dict[str, Any] = t.STABILITY.read(self.root)["verdict"]
        return found

    def terms_frame(self) -> pd.DataFrame:
        """Return one row a term of the taxonomy, with its place, loading and counts."""
        return terms_frame(self.taxonomy)

    def lexicon_frame(self) -> pd.DataFrame:
        """Return ``normalize/terms.csv``: every term, in the analysis or not, with the reason."""
        return t.TERMS.frame(self.root)

    def loadings_frame(self) -> pd.DataFrame:
        """Return the pattern loadings, terms x factors."""
        return t.LOADINGS.frame(self.root).set_index("term")

    def profiles_frame(self) -> pd.DataFrame:
        """Return the projective scores: one row a model and (sub-)dimension, with errors and n."""
        return t.PROFILES.frame(self.root)

    def survey_frame(self) -> pd.DataFrame:
        """Return the questionnaire's scores: one row a model and value, with counts."""
        return t.SURVEY_PROFILES.frame(self.root)

    def people_frame(self) -> pd.DataFrame:
        """Return models beside people, value by value, with intervals."""
        return t.SURVEY_HUMAN.frame(self.root)

    def groups_frame(self) -> pd.DataFrame:
        """Return the contrasts between groups of models, with intervals and adjusted p."""
        return t.GROUPS.frame(self.root)

    def convergence_frame(self) -> pd.DataFrame:
        """Return the correlations between instruments, with intervals and n."""
        return t.CONVERGENCE.frame(self.root)

    def _repr_html_(self) -> str:
        verdict = self.verdict()
        return taxonomy_cell(
            self.taxonomy,
            f"Study {self.taxonomy['study']}",
            {"verdict:": str(verdict["level"]), "": str(verdict["text"])},
        )


def load_study(root: str | Path = ".") -> Study:
    """Open a project in which the pipeline has run.

    Raises
    ------
    ArtifactError
        When there is no finished taxonomy below ``root``.
    """
    where = Path(root)
    return Study(where, t.TAXONOMY.read(where))


def terms_frame(taxonomy: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a term of a taxonomy, unplaced terms last.

    Columns: ``dimension_id``, ``dimension``, ``sub_dimension_id``, ``sub_dimension`` (empty where
    a term has none), ``term``, ``placed_by``, ``loading`` (missing where it was not factored),
    ``mentions``, ``respondents``, ``models``.
    """
    import pandas as pd

    return pd.DataFrame.from_records(list(_term_rows(taxonomy)), columns=list(_PLACE + _FACTS))


_PLACE = ("dimension_id", "dimension", "sub_dimension_id", "sub_dimension")
_FACTS = ("term", "placed_by", "loading", "mentions", "respondents", "models")


def _term_rows(taxonomy: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for dimension in taxonomy["dimensions"]:
        head = (dimension["id"], dimension["name"])
        for sub in dimension["sub_dimensions"]:
            for entry in sub["terms"]:
                yield (*head, sub["id"], sub["name"], *(entry.get(name) for name in _FACTS))
        for entry in dimension.get("negative_pole") or ():
            yield (*head, "", "opposite pole", *(entry.get(name) for name in _FACTS))
    for entry in taxonomy.get("unplaced") or ():
        yield ("", "", "", "", *(entry.get(name) for name in _FACTS))
