"""How well a factor model reproduces the correlations it was fitted to.

The likelihood-ratio statistic carries Bartlett's correction, and RMSEA and TLI follow the formulas
of R's psych to the letter, so that the numbers can be compared: RMSEA there divides chi2 by n, not
n - 1, in its first term. The interval is 90 %, by inverting the noncentral chi-square.
All of these assume independent rows: with several rows a model they are descriptions, not tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, stats

from valuelex.psychometrics.types import Floats


@dataclass(frozen=True)
class Fit:
    """Fit of a factor model.

    Attributes
    ----------
    rmsr
        Root mean square of the off-diagonal residual correlations.
    chi2, p_value
        Likelihood-ratio statistic with Bartlett's correction, and its tail probability.
    dof
        Degrees of freedom.
    rmsea, rmsea_lower, rmsea_upper
        Root mean square error of approximation and its 90 % interval.
    tli
        Tucker-Lewis index.

    All but ``rmsr`` and ``dof`` are None where R or the model is singular, n is no larger than p,
    or no degrees of freedom are left.
    """

    rmsr: float
    chi2: float | None
    dof: int
    p_value: float | None
    rmsea: float | None
    rmsea_lower: float | None
    rmsea_upper: float | None
    tli: float | None


def degrees_of_freedom(p: int, k: int) -> int:
    """Return ((p - k)^2 - (p + k)) / 2."""
    return ((p - k) ** 2 - (p + k)) // 2


def model_fit(R: Floats, pattern: Floats, phi: Floats, n_obs: int) -> Fit:
    """Compare R (p, p) with pattern phi pattern' for ``n_obs`` rows.

    R: ``psych::fa.stats(R, pattern, phi, n.obs = n_obs, alpha = .1)``.
    """
    p, k = pattern.shape
    dof = degrees_of_freedom(p, k)
    model = pattern @ phi @ pattern.T
    residual = R - model
    np.fill_diagonal(residual, 0.0)
    rmsr = math.sqrt(float((residual**2).sum()) / (p * (p - 1)))
    np.fill_diagonal(model, 1.0)
    discrepancy, null = _discrepancy(model, R), _discrepancy(np.eye(p), R)
    if discrepancy is None or null is None or dof <= 0 or n_obs <= p:
        return Fit(rmsr, None, dof, None, None, None, None, None)
    scale = (n_obs - 1) - (2 * p + 5) / 6
    chi2 = max(discrepancy * (scale - 2 * k / 3), 0.0)
    m0, mk = null * 2 / (p * (p - 1)), discrepancy / dof
    floor = 1 / (scale - 2 * k / 3)
    tli = (m0 - mk) / (m0 - floor) if m0 != floor else None
    rmsea = math.sqrt(max(chi2 / (dof * n_obs) - 1 / (n_obs - 1), 0.0))
    lower = math.sqrt(_noncentrality(chi2, dof, 0.95) / (n_obs - 1) / dof)
    upper = math.sqrt(_noncentrality(chi2, dof, 0.05) / (n_obs - 1) / dof)
    return Fit(rmsr, chi2, dof, float(stats.chi2.sf(chi2, dof)), rmsea, lower, upper, tli)


def _discrepancy(model: Floats, R: Floats) -> float | None:
    """Return tr(model^-1 R) - log |model^-1 R| - p, or None where a matrix is singular."""
    sign, logdet = np.linalg.slogdet(R)
    if sign <= 0 or logdet < -36 * len(R):
        return None
    try:
        factor = linalg.cho_factor(model, lower=True, check_finite=False)
    except linalg.LinAlgError:
        return None
    trace = float(np.trace(linalg.cho_solve(factor, R, check_finite=False)))
    model_logdet = 2 * float(np.log(np.diag(factor[0])).sum())
    return trace - (float(logdet) - model_logdet) - len(R)


def _noncentrality(chi2: float, dof: int, level: float) -> float:
    """Return the noncentrality at which ``chi2`` sits at quantile ``level``, 0 when none does."""
    if chi2 <= 0 or stats.chi2.cdf(chi2, dof) <= level:
        return 0.0
    high = chi2 + 10 * math.sqrt(2 * chi2 + 2 * dof) + dof
    return float(
        optimize.brentq(lambda x: stats.ncx2.cdf(chi2, dof, x) - level, 1e-12, high, xtol=1e-10)
    )
