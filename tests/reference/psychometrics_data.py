"""Make the data sets of the R comparison: ``python tests/reference/psychometrics_data.py``.

The files are committed, so that R and Python read the same digits; this script says where they
came from. Written with numpy 2.4, generator PCG64.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent / "psychometrics"
Array = NDArray[np.float64]


def factor_data(
    seed: int, n: int, p: int, k: int, low: float, high: float, r: float, cross: float = 0.0
) -> Array:
    """Draw n rows of p normal variables with k factors that correlate r."""
    rng = np.random.default_rng(seed)
    loadings = rng.normal(0, cross, (p, k)) if cross else np.zeros((p, k))
    loadings[np.arange(p), np.arange(p) % k] = rng.uniform(low, high, p)
    phi = np.full((k, k), r) + (1 - r) * np.eye(k)
    unique = np.clip(1 - np.einsum("ij,jk,ik->i", loadings, phi, loadings), 0.05, None)
    scores = rng.multivariate_normal(np.zeros(k), phi, size=n)
    return np.asarray(scores @ loadings.T + rng.normal(size=(n, p)) * np.sqrt(unique))


def main() -> None:
    """Write the six data sets."""
    sets: dict[str, Array] = {}
    sets["clean"] = factor_data(1, 150, 12, 3, 0.5, 0.85, 0.0, 0.08)
    near = factor_data(2, 120, 9, 2, 0.5, 0.8, 0.2)
    near[:, 8] = near[:, 0] + np.random.default_rng(3).normal(0, 0.03, 120)
    sets["near_singular"] = near
    sets["heywood"] = factor_data(23, 60, 8, 2, 0.5, 0.85, 0.2)  # a third factor is one too many
    binary = factor_data(6, 260, 14, 3, 0.6, 0.9, 0.1)
    cut = np.quantile(binary, 1 - np.linspace(0.06, 0.35, 14), axis=0)
    sets["binary_sparse"] = (binary > np.diag(cut)).astype(np.float64)
    sets["oblique"] = factor_data(7, 200, 12, 3, 0.5, 0.85, 0.6)
    sets["small_n"] = factor_data(8, 30, 8, 2, 0.5, 0.85, 0.3)
    for name, data in sets.items():
        fmt = "%d" if name == "binary_sparse" else "%.3f" if name == "near_singular" else "%.2f"
        header = ",".join(f"v{j + 1}" for j in range(data.shape[1]))
        np.savetxt(HERE / f"{name}.csv", data, fmt=fmt, delimiter=",", header=header, comments="")


if __name__ == "__main__":
    main()
