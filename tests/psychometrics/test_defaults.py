"""What a call without settings does: the same numbers each time, and as many draws as are said."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from valuelex import psychometrics

DRAWN = {
    "choices.foretell": {"permutations": 199, "draws": 1000},
    "convergence.cluster_correlation": {"draws": 500},
    "halo.halo_share": {"draws": 500},
    "intervals.cluster_ratio": {"draws": 1000},
    "mds.circle_fit": {"permutations": 999},
    "mds.match_p": {"permutations": 999},
    "multitrait.multitrait": {"draws": 1000},
    "nulls.pseudo_factors": {"draws": 199, "percentile": 95.0},
    "nulls.shuffled_null": {"draws": 99, "percentile": 95.0},
    "omega.omega_interval": {"draws": 200},
    "parallel.deflated_test": {"permutations": 200, "percentile": 99.0},
    "parallel.parallel_analysis": {"permutations": 200, "percentile": 95.0},
    "reliability.split_half": {"splits": 500},
    "retention.comparability": {"splits": 8},
    "retention.n_factors": {"permutations": 200, "percentile": 95.0, "splits": 8},
    "row_retention.n_factors_of_rows": {"permutations": 200, "percentile": 95.0},
    "stability.split_halves": {"splits": 50},
}
"""The settings that a study's numbers rest on: a p of .05 needs its draws, whoever calls."""


def defaults() -> Iterator[tuple[str, str, object]]:
    """Function, parameter and default, of every function and class of the package."""
    for found in pkgutil.iter_modules(psychometrics.__path__):
        module = importlib.import_module(f"{psychometrics.__name__}.{found.name}")
        for name, one in inspect.getmembers(module):
            if not inspect.isroutine(one) or one.__module__ != module.__name__:
                continue
            for parameter in inspect.signature(one).parameters.values():
                if parameter.default is not parameter.empty:
                    yield f"{found.name}.{name}", parameter.name, parameter.default


def test_every_seed_that_is_not_given_is_the_same() -> None:
    seeds = {name: value for name, what, value in defaults() if what == "seed"}
    assert len(seeds) > 15
    assert {name: value for name, value in seeds.items() if value != 0} == {"halo.halo_share": 1}


def test_how_much_is_drawn_when_nothing_is_said() -> None:
    found: dict[str, dict[str, object]] = {}
    for name, what, value in defaults():
        if what in ("draws", "permutations", "splits", "percentile"):
            found.setdefault(name, {})[what] = value
    assert found == DRAWN
