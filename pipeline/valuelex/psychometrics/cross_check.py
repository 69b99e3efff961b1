"""A second opinion on our extraction, from the factor_analyzer package.

factor_analyzer is not used for the results: it gives its optimiser no gradient (some p + 1
eigendecompositions a step), returns factor correlations in another order than its loadings, and
computes communalities as if factors were orthogonal. What it minimises is the same, though, so the
correlations that its unrotated factors reproduce must equal ours. They are compared on a subset of
the variables, because its cost grows with the fourth power of their number.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import metadata

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.extraction import extract
from valuelex.psychometrics.types import Floats


@dataclass(frozen=True)
class CrossCheck:
    """Greatest absolute difference between the common parts L L' of two programs.

    ``variables`` are the places of those compared; ``agrees`` is whether the difference is below
    .001; ``note`` says why there is none, if the package could not fit.
    """

    library: str
    version: str
    variables: tuple[int, ...]
    max_difference: float | None
    agrees: bool
    note: str = ""


def cross_check(R: Floats, k: int, communalities: Floats, limit: int = 40) -> CrossCheck:
    """Fit k minres factors to the same part of R (p, p) with both programs.

    Parameters
    ----------
    communalities
        (p,) of the full solution: the ``limit`` variables best explained are compared, where the
        answer is well determined.
    """
    version = metadata.version("factor_analyzer")
    chosen = np.sort(np.argsort(-communalities, kind="stable")[:limit])
    places = tuple(int(i) for i in chosen)
    part = R[np.ix_(chosen, chosen)]
    try:
        ours = extract(part, k).loadings
        theirs = _theirs(part, k)
    except (DataError, np.linalg.LinAlgError, ValueError, AssertionError) as error:
        return CrossCheck("factor_analyzer", version, places, None, False, f"no fit: {error}")
    difference = float(np.abs(ours @ ours.T - theirs @ theirs.T).max())
    return CrossCheck("factor_analyzer", version, places, difference, difference < 1e-3)


def _theirs(R: Floats, k: int) -> Floats:
    from factor_analyzer import FactorAnalyzer  # slow to import, and used here alone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its use of scikit-learn is deprecated there
        model = FactorAnalyzer(n_factors=k, rotation=None, method="minres", is_corr_matrix=True)
        model.fit(R)
    return np.asarray(model.loadings_, dtype=np.float64)
