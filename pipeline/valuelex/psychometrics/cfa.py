"""Confirmatory factor analysis by maximum likelihood: whether a given structure fits.

Each item loads on its own factor alone; factors have unit variance and correlate freely; errors are
uncorrelated (Joereskog 1969). R: ``lavaan::cfa(model, data, std.lv = TRUE)``, whose estimates,
chi-square (n F), CFI, TLI, RMSEA with its 90 % interval and SRMR these are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, stats

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats

_LEAST_ERROR = 1e-6
_FAILED = 1e12


@dataclass(frozen=True)
class CfaFit:
    """A fitted model, standardised, and how well it fits.

    ``loadings`` is (p,), each item on its factor; ``phi`` (k, k); ``errors`` (p,), the share of an
    item's variance that its factor leaves. ``chi2`` has ``df`` degrees of freedom and rests on
    ``n`` independent cases. ``improper`` says why a solution is inadmissible (a Heywood case, a
    correlation beyond 1), or is empty.
    """

    factors: tuple[str, ...]
    loadings: Floats
    phi: Floats
    errors: Floats
    chi2: float
    df: int
    p: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_lower: float
    rmsea_upper: float
    srmr: float
    n: int
    n_parameters: int
    improper: str


def fit_cfa(items: Floats, factors: Mapping[str, Sequence[int]]) -> CfaFit:
    """Fit the model to items (n, p).

    Parameters
    ----------
    items
        Complete answers of independent respondents, raw: centring makes items dependent.
    factors
        Factor -> the columns that load on it, two or more (three where it is the only one); each
        column once.

    Raises
    ------
    DataError
        When the structure is not identified, there are no more rows than items, an item is
        constant or a combination of others, or the optimiser does not converge: each with what
        would be needed.
    """
    x = np.asarray(items, dtype=np.float64)
    of_item = _structure(x, factors)
    n = len(x)
    spread = x.std(axis=0)
    S = np.atleast_2d(np.corrcoef(x, rowvar=False))
    _check_covariance(S)
    model = _Model(S, of_item, len(factors))
    solution = _minimise(model)
    loadings, phi, errors = model.unpack(solution.x)
    f = float(solution.fun)
    base_f = -float(np.linalg.slogdet(S)[1])  # independence: sigma is the identity
    p = len(S)
    df, base_df = p * (p + 1) // 2 - solution.x.size, p * (p - 1) // 2
    chi2, base = max(n * f, 0.0), n * base_f
    lower, upper = _rmsea_interval(chi2, df, n)
    return CfaFit(
        factors=tuple(factors),
        loadings=loadings,
        phi=phi,
        errors=errors,
        chi2=chi2,
        df=df,
        p=float(stats.chi2.sf(chi2, df)),
        cfi=_cfi(chi2, df, base, base_df),
        tli=_tli(chi2, df, base, base_df),
        rmsea=float(np.sqrt(max(chi2 - df, 0) / (df * n))),
        rmsea_lower=lower,
        rmsea_upper=upper,
        srmr=_srmr(S, model.sigma(loadings, phi, errors)),
        n=n,
        n_parameters=int(solution.x.size),
        improper=_improper(phi, errors, spread),
    )


class _Model:
    """Parameters as one vector: loadings (p), correlations (k (k - 1) / 2), errors (p)."""

    def __init__(self, S: Floats, of_item: NDArray[np.int64], k: int) -> None:
        self.S, self.of_item, self.k = S, of_item, k
        self.p = len(S)
        self.above = np.triu_indices(k, 1)
        self.constant = float(np.linalg.slogdet(S)[1]) + self.p

    def unpack(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        loadings, errors = x[: self.p], x[-self.p :]
        phi = np.eye(self.k)
        phi[self.above] = x[self.p : -self.p]
        return loadings, phi + np.triu(phi, 1).T, errors

    def sigma(self, loadings: Floats, phi: Floats, errors: Floats) -> Floats:
        common = np.outer(loadings, loadings) * phi[np.ix_(self.of_item, self.of_item)]
        return np.asarray(common + np.diag(errors))

    def __call__(self, x: Floats) -> tuple[float, Floats]:
        """Return the discrepancy log|Sigma| + tr(S Sigma^-1) - log|S| - p, and its gradient."""
        loadings, phi, errors = self.unpack(x)
        sigma = self.sigma(loadings, phi, errors)
        try:
            factor = linalg.cho_factor(sigma)
        except linalg.LinAlgError:
            return _FAILED, np.zeros_like(x)
        inverse = linalg.cho_solve(factor, np.eye(self.p))
        value = 2 * float(np.log(np.diag(factor[0])).sum()) + float((inverse * self.S).sum())
        G = inverse - inverse @ self.S @ inverse
        by_factor = np.zeros((self.p, self.k))
        by_factor[np.arange(self.p), self.of_item] = loadings
        at_loadings = 2 * (G @ by_factor @ phi)[np.arange(self.p), self.of_item]
        at_phi = 2 * (by_factor.T @ G @ by_factor)[self.above]
        gradient = np.concatenate([at_loadings, at_phi, np.diag(G)])
        return value - self.constant, gradient


def _structure(x: Floats, factors: Mapping[str, Sequence[int]]) -> NDArray[np.int64]:
    if x.ndim != 2 or not np.isfinite(x).all():
        raise DataError(f"items must be a complete table (n, p), were: shape {x.shape}")
    columns = [column for mine in factors.values() for column in mine]
    if sorted(columns) != list(range(x.shape[1])):
        raise DataError(f"each of {x.shape[1]} items must load on one factor, were: {columns}")
    least = 3 if len(factors) == 1 else 2
    short = [name for name, mine in factors.items() if len(mine) < least]
    if short:
        raise DataError(f"a factor needs {least} items to be identified; fewer: {short}")
    if len(x) <= x.shape[1]:
        raise DataError(f"{len(x)} rows for {x.shape[1]} items: the covariance matrix is singular")
    of_item = np.empty(x.shape[1], dtype=np.int64)
    for place, mine in enumerate(factors.values()):
        of_item[list(mine)] = place
    constant = np.flatnonzero(np.ptp(x, axis=0) == 0).tolist()
    if constant:
        raise DataError(f"items that never vary cannot be fitted: columns {constant}")
    return of_item


def _check_covariance(S: Floats) -> None:
    smallest = float(np.linalg.eigvalsh(S)[0])
    if smallest < 1e-8:
        raise DataError(
            f"some items are combinations of others (smallest eigenvalue {smallest:.1e})"
        )


def _minimise(model: _Model) -> optimize.OptimizeResult:
    p, n_phi = model.p, model.above[0].size
    # one start for all signs: items of a factor that correlate negatively change sign on the way
    start = np.concatenate([np.full(p, 0.7), np.full(n_phi, 0.3), np.full(p, 0.5)])
    bounds = [(-5.0, 5.0)] * p + [(-2.0, 2.0)] * n_phi + [(_LEAST_ERROR, 5.0)] * p
    found = optimize.minimize(
        model,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-8, "maxcor": 30},
    )
    inside = (found.x > [low + 1e-9 for low, _ in bounds]) & (
        found.x < [high - 1e-9 for _, high in bounds]
    )
    if found.fun >= _FAILED or np.abs(found.jac[inside]).max(initial=0.0) > 1e-3:
        raise DataError(f"the maximum-likelihood fit did not converge: {found.message}")
    return found


def _improper(phi: Floats, errors: Floats, spread: Floats) -> str:
    reasons = []
    at_bound = int((errors <= 2 * _LEAST_ERROR).sum())
    if at_bound:
        reasons.append(f"{at_bound} of {spread.size} error variances at zero (Heywood case)")
    beyond = np.abs(phi[np.triu_indices(len(phi), 1)])
    if beyond.size and beyond.max() > 1:
        reasons.append(f"a correlation of factors beyond 1 ({beyond.max():.2f})")
    elif np.linalg.eigvalsh(phi)[0] < 0:
        reasons.append("correlations of factors that cannot all hold")
    return "; ".join(reasons)


def _cfi(chi2: float, df: int, base: float, base_df: int) -> float:
    off, base_off = max(chi2 - df, 0.0), max(base - base_df, chi2 - df, 0.0)
    return 1 - off / base_off if base_off > 0 else 1.0


def _tli(chi2: float, df: int, base: float, base_df: int) -> float:
    ratio = base / base_df
    return (ratio - chi2 / df) / (ratio - 1) if ratio != 1 else float("nan")


def _rmsea_interval(chi2: float, df: int, n: float) -> tuple[float, float]:
    """Steiger's interval: non-centralities at which chi2 is the 95th and the 5th percentile."""

    def at(share: float) -> float:
        if stats.chi2.cdf(chi2, df) < share:
            return 0.0

        def gap(nc: float) -> float:
            return float(stats.ncx2.cdf(chi2, df, nc)) - share

        high = max(chi2, 1.0)
        while gap(high) > 0:
            high *= 2
        return float(optimize.brentq(gap, 1e-10, high))

    return float(np.sqrt(at(0.95) / (df * n))), float(np.sqrt(at(0.05) / (df * n)))


def _srmr(S: Floats, sigma: Floats) -> float:
    lower = np.tril_indices(len(S))
    return float(np.sqrt(((S - sigma)[lower] ** 2).mean()))
