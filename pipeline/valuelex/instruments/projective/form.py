"""A form: the stems of a projective test, the half that each is in, and what was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from valuelex.errors import DataError, well_formed
from valuelex.instruments.projective.screen import Dropped
from valuelex.records import Stem

PARALLEL = ("A", "B")


@dataclass(frozen=True, slots=True)
class Control:
    """An ending of ours whose score is known: ``expected`` above or below the middle of the scale.

    Controls are never administered. They are put to the judges among the models' endings.
    """

    id: str
    text: str
    sub_dimension: str
    expected: Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Form:
    """A projective test for one taxonomy.

    ``part`` says of each stem id whether it is in form ``A`` or in ``B``;
    ``fit`` is how near the stem's situation is to its key (cosine, centred over keys);
    ``notes`` says in words where the bank could not carry what was asked for.
    """

    version: str
    taxonomy: str
    stems: tuple[Stem, ...]
    part: Mapping[str, str]
    fit: Mapping[str, float]
    controls: tuple[Control, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()

    def stems_of(self, sub_dimension: str, part: str | None = None) -> tuple[Stem, ...]:
        """Return the stems keyed to a sub-dimension, of one part or of both."""
        return tuple(
            s
            for s in self.stems
            if s.sub_dimension == sub_dimension and part in (None, self.part[s.id])
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the structure of ``form.json``."""
        return {
            "form": "projective",
            "version": self.version,
            "taxonomy": self.taxonomy,
            "stems": [
                {**asdict(s), "part": self.part[s.id], "fit": round(self.fit.get(s.id, 0.0), 4)}
                for s in self.stems
            ],
            "controls": [asdict(c) for c in self.controls],
            "dropped": [asdict(d) for d in self.dropped],
            "notes": list(self.notes),
        }


@well_formed("form.json", DataError)
def form_from_dict(data: Mapping[str, Any]) -> Form:
    """Read the structure of ``form.json``.

    Raises
    ------
    DataError
        When a field is missing or a stem id appears twice.
    """
    try:
        stems = tuple(
            Stem(
                id=s["id"],
                text=s["text"],
                sub_dimension=s["sub_dimension"],
                kind=s["kind"],
                keying=s["keying"],
                expected=s["expected"],
            )
            for s in data["stems"]
        )
        part = {s["id"]: s["part"] for s in data["stems"]}
        fit = {s["id"]: float(s.get("fit", 0.0)) for s in data["stems"]}
        controls = tuple(
            Control(c["id"], c["text"], c["sub_dimension"], c["expected"])
            for c in data.get("controls", ())
        )
        dropped = tuple(Dropped(d["text"], d["rule"], d["detail"]) for d in data["dropped"])
        version, taxonomy = str(data["version"]), str(data["taxonomy"])
    except KeyError as error:
        raise DataError(f"form.json must have the field {error} in every record") from None
    if len(part) != len(stems):
        raise DataError("form.json: stem ids must be unique")
    return Form(
        version, taxonomy, stems, part, fit, controls, dropped, tuple(data.get("notes", ()))
    )
