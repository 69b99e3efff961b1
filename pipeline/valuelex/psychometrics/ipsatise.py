"""Taking each respondent's own level and spread out of the answers."""

from __future__ import annotations

from typing import Literal

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats

Ipsatising = Literal["none", "centre", "standardise", "balanced"]


def ipsatise(X: Floats, how: Ipsatising = "centre", midpoint: float | None = None) -> Floats:
    """Express the answers X (n, p) relative to each respondent's own.

    Parameters
    ----------
    X
        Respondents x variables, no missing values.
    how
        ``none``: as they are. ``centre``: minus the respondent's mean. ``standardise``: that, over
        the respondent's standard deviation. ``balanced``: the respondent's level is the mean of
        two means, over the variables that the whole sample endorses (column mean at or above
        ``midpoint``) and over those it does not, so that a list with more good words than bad ones
        does not read agreeing as virtue; over the respondent's standard deviation.
    midpoint
        The middle of the answer scale; needed for ``balanced``.

    Returns
    -------
    (n, p).

    Raises
    ------
    DataError
        A respondent gave the same answer throughout (no spread to divide by), no column lies on
        one side of the midpoint, or the midpoint is missing.
    """
    X = np.asarray(X, dtype=np.float64)
    if how == "none":
        return X.copy()
    if how == "centre":
        return np.asarray(X - X.mean(axis=1, keepdims=True))
    spread = X.std(axis=1, ddof=1, keepdims=True)
    if (spread <= 0).any():
        row = int(np.flatnonzero(spread.ravel() <= 0)[0]) + 1
        raise DataError(f"row {row} gives the same answer to every variable: nothing to divide by")
    if how == "standardise":
        return np.asarray((X - X.mean(axis=1, keepdims=True)) / spread)
    if how != "balanced":
        raise DataError(f"ipsatising must be none, centre, standardise or balanced; was: {how!r}")
    if midpoint is None:
        raise DataError("balanced ipsatising needs the midpoint of the answer scale")
    high = X.mean(axis=0) >= midpoint
    if high.all() or not high.any():
        raise DataError(f"every column mean lies on one side of the midpoint {midpoint}")
    level = (X[:, high].mean(axis=1) + X[:, ~high].mean(axis=1)) / 2
    return np.asarray((X - level[:, None]) / spread)
