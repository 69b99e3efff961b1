"""What can be asked of the factor analysis of any table, checked before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast, get_args

from valuelex.errors import SettingsError, near_miss
from valuelex.psychometrics.extraction import Method
from valuelex.psychometrics.ipsatise import Ipsatising
from valuelex.psychometrics.prepare import Missing
from valuelex.psychometrics.rotation import Rotation

MATRICES = ("pearson", "covariance")
LENGTHS = ("none", "sum")
DEFAULT_PERMUTATIONS = 200


@dataclass(frozen=True, kw_only=True)
class FactorOptions:
    """The settings of one analysis.

    Attributes
    ----------
    matrix
        ``pearson`` correlations, or ``covariance`` (with ``extraction='pca'``): loadings are then
        in the variables' own units, as in the lexical studies of personality.
    extraction, rotation
        See :func:`~valuelex.psychometrics.factors.factor_analysis`.
    factors
        A number, or ``None`` to let the data decide.
    ipsatise, midpoint
        See :func:`~valuelex.psychometrics.ipsatise.ipsatise`. Without a midpoint, ``balanced``
        takes the middle between the least and the largest answer in the table.
    missing
        ``error``, ``drop_rows``, or ``mean`` (of the column).
    min_rows
        A column must differ from its commonest value in so many rows. ``None``: 2; with covariances
        1, because a column that hardly moves weighs hardly anything there.
    length
        ``sum``: cells are presence or counts, and with ``blocks`` the row's sum is taken out before
        asking whether there is any factor; ``none``: cells are ratings.
    permutations, percentile
        Of the parallel analysis. ``None``: 200, or none at all where ``factors`` is a number.
    seed
        Of everything random.
    """

    matrix: str = "pearson"
    extraction: str = "minres"
    rotation: str = "oblimin"
    factors: int | None = None
    ipsatise: str = "none"
    midpoint: float | None = None
    missing: str = "error"
    min_rows: int | None = None
    length: str = "none"
    permutations: int | None = None
    percentile: float = 95.0
    seed: int = 0

    def __post_init__(self) -> None:
        _one_of("--matrix", self.matrix, MATRICES)
        _one_of("--extraction", self.extraction, get_args(Method))
        _one_of("--rotation", self.rotation, get_args(Rotation))
        _one_of("--ipsatise", self.ipsatise, get_args(Ipsatising))
        _one_of("--missing", self.missing, get_args(Missing))
        _one_of("--length", self.length, LENGTHS)
        _at_least("--factors", self.factors, 1)
        _at_least("--min-rows", self.min_rows, 1)
        _at_least("--permutations", self.permutations, 19)
        if not 50 < self.percentile < 100:
            raise SettingsError(f"--percentile must lie between 50 and 100, was: {self.percentile}")
        if self.matrix == "covariance" and self.extraction != "pca":
            raise SettingsError(
                "--matrix covariance goes with --extraction pca: the factor model is fitted to"
                f" correlations; came: --extraction {self.extraction}"
            )
        if self.length == "sum" and self.ipsatise != "none":
            raise SettingsError(
                "--length sum is for presence and counts, --ipsatise for ratings: choose one"
            )
        if self.midpoint is not None and self.ipsatise != "balanced":
            raise SettingsError("--midpoint goes with --ipsatise balanced, and with nothing else")

    @property
    def least_rows(self) -> int:
        """The value of ``min_rows`` that applies."""
        if self.min_rows is not None:
            return self.min_rows
        return 1 if self.matrix == "covariance" else 2

    @property
    def draws(self) -> int:
        """Permuted data sets to draw; 0 where the number of factors is given."""
        if self.permutations is not None:
            return self.permutations
        return DEFAULT_PERMUTATIONS if self.factors is None else 0

    @property
    def method(self) -> Method:
        """The extraction, checked."""
        return cast("Method", self.extraction)

    @property
    def turn(self) -> Rotation:
        """The rotation, checked."""
        return cast("Rotation", self.rotation)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for `diagnostics.json`."""
        out = asdict(self)
        out["n_factors_setting"] = out.pop("factors") or "auto"
        return out


def parse_factors(text: str) -> int | None:
    """Return the number in ``--factors``, or ``None`` for ``auto``."""
    if text == "auto":
        return None
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"--factors must be auto or a number of 1 or more, was: {text!r}")
    return int(text)


def _one_of(option: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise SettingsError(
            f"{option} must be one of {', '.join(known)}, was: {value!r}{near_miss(value, known)}"
        )


def _at_least(option: str, value: int | None, least: int) -> None:
    if value is not None and value < least:
        raise SettingsError(f"{option} must be {least} or more, was: {value}")
