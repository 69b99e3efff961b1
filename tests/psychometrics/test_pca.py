"""Components of covariances: closed forms, units, what is refused."""

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.psychometrics.pca import pca_promax
from valuelex.psychometrics.rotation import promax

RNG = np.random.default_rng(2)
X = RNG.normal(size=(40, 2)) @ RNG.normal(size=(2, 6)) + 0.5 * RNG.normal(size=(40, 6))
X *= np.array([1, 2, 1, 3, 1, 1])


def test_unrotated_components_reproduce_the_covariances() -> None:
    found = pca_promax(X, 6, "none")
    C = np.cov(X.T)
    np.testing.assert_allclose(found.loadings @ found.loadings.T, C, atol=1e-10)
    np.testing.assert_allclose(found.eigenvalues, np.linalg.eigvalsh(C)[::-1], atol=1e-10)
    np.testing.assert_allclose(found.variance, found.eigenvalues, atol=1e-10)
    np.testing.assert_allclose(found.percent, 100 * found.eigenvalues / 6, atol=1e-10)
    np.testing.assert_allclose(found.phi, np.eye(6))
    assert (found.loadings.sum(axis=0) > 0).all()


def test_correlations_where_asked() -> None:
    found = pca_promax(X, 6, "none", covariance=False)
    np.testing.assert_allclose(found.loadings @ found.loadings.T, np.corrcoef(X.T), atol=1e-10)
    np.testing.assert_allclose(found.percent.sum(), 100)


@pytest.mark.parametrize(("power", "kaiser"), [(4, False), (4, True), (3, False)])
def test_two_components_are_rotated_by_promax_as_asked(power: int, kaiser: bool) -> None:
    found = pca_promax(X, 2, power=power, kaiser_target=kaiser)
    plain = pca_promax(X, 2, "none").loadings
    want = promax(plain, power=power, kaiser_target=kaiser, tolerance=1e-5)
    order = np.argsort(-np.diag(want.phi @ want.pattern.T @ want.pattern))
    np.testing.assert_allclose(np.abs(found.loadings), np.abs(want.pattern[:, order]), atol=1e-8)
    np.testing.assert_allclose(abs(found.phi[0, 1]), abs(want.phi[0, 1]), atol=1e-8)
    np.testing.assert_allclose(found.structure, found.loadings @ found.phi, atol=1e-12)
    np.testing.assert_allclose(found.percent, 100 * (found.loadings**2).sum(axis=0) / 6)
    one = pca_promax(X, 1)
    np.testing.assert_allclose(one.loadings, pca_promax(X, 1, "none").loadings)


def test_more_variables_than_rows() -> None:
    wide = pca_promax(X[:4], 3, "varimax")
    assert wide.eigenvalues.shape == (3,)
    np.testing.assert_allclose(wide.loadings @ wide.loadings.T, np.cov(X[:4].T), atol=1e-10)


def test_what_is_refused() -> None:
    with pytest.raises(DataError, match="between 1 and 3; was 4"):
        pca_promax(X[:4], 4)
    with pytest.raises(DataError, match="between 1 and 6; was 0"):
        pca_promax(X, 0)
    with pytest.raises(DataError, match="column 2 is constant"):
        pca_promax(np.column_stack([X[:, 0], np.ones(40), np.ones(40)]), 1)
    holes = X.copy()
    holes[0, 0] = np.nan
    with pytest.raises(DataError, match="a value is missing"):
        pca_promax(holes, 1)
