"""Foretelling forced choices from profiles, beyond what everybody chooses anyway.

A case sets two values against each other. The *base rate* of a case is how often the other models
choose its first option; it needs no profile at all. The profile adds how much more than those
models one model holds the first value above the second: a logistic regression with the base rate
as offset. All is predicted for families that the model was not fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats, Ints, Labels, group_index

LEAST_FAMILIES = 3
_PENALTY = 0.01  # of squared coefficients: keeps a separated sample finite, moves others by little
_STEPS = 50
_EDGE = 1e-12


@dataclass(frozen=True)
class Choices:
    """Choices counted in cells; all arrays are (cells,).

    ``taken`` of ``asked`` answers chose the first option. ``difference`` is the profile's score on
    the first option's value minus that on the second's; ``place`` is 1 where the first option was
    shown first and -1 where last.
    """

    taken: Ints
    asked: Ints
    difference: Floats
    place: Floats
    case: Labels
    model: Labels
    family: Labels


@dataclass(frozen=True)
class Logistic:
    """Coefficients (k,) of a binomial regression, whether it converged, and its steps."""

    coefficients: Floats
    converged: bool
    steps: int


@dataclass(frozen=True)
class Foretold:
    """How well choices of families left out are foretold.

    ``gain`` is the mean logarithmic score (nats a choice) of profile and base rate above that of
    the base rate alone, with a central 95 % interval over families and ``p`` against profiles
    dealt out anew among the models. ``accuracy`` and ``base_accuracy`` are shares of choices in
    which the more probable option was taken; ``alone_accuracy`` is of the profile without any base
    rate. ``chance`` (cells,) is the probability foretold of the first option, ``base`` (cells,) by
    the base rate alone, ``cell_gain`` (cells,) the summed gain in each cell.
    """

    gain: float
    lower: float | None
    upper: float | None
    p: float | None
    accuracy: float
    base_accuracy: float
    alone_accuracy: float
    slope: float
    n: int
    n_models: int
    n_families: int
    permutations: int
    chance: Floats
    base: Floats
    cell_gain: Floats

    @property
    def foretells(self) -> bool:
        """Whether the profile helps: the interval is above 0 and p is below .05."""
        return self.lower is not None and self.lower > 0 and self.p is not None and self.p < 0.05


def logistic(
    taken: Floats, asked: Floats, X: Floats, offset: Floats, penalty: float = 0.0
) -> Logistic:
    """Fit a binomial regression by Newton's method.

    R: ``glm(cbind(taken, asked - taken) ~ 0 + X + offset(offset), family = binomial)``.

    Parameters
    ----------
    taken, asked
        (n,) successes and trials.
    X
        (n, k) predictors; an intercept is a column of ones.
    offset
        (n,) log-odds known beforehand.
    penalty
        Weight of half the squared coefficients, >= 0.
    """
    beta = np.zeros(X.shape[1])
    for step in range(1, _STEPS + 1):
        p = expit(offset + X @ beta)
        slope = X.T @ (taken - asked * p) - penalty * beta
        bend = (X * (asked * p * (1 - p))[:, None]).T @ X + penalty * np.eye(len(beta))
        move = np.linalg.lstsq(bend, slope, rcond=None)[0]
        beta = beta + np.clip(move, -5, 5)
        if np.abs(move).max(initial=0.0) < 1e-10:
            return Logistic(beta, True, step)
    return Logistic(beta, False, _STEPS)


def foretell(
    choices: Choices, *, permutations: int = 199, draws: int = 1000, seed: int = 0
) -> Foretold:
    """Foretell each family's choices from the others', and ask whether the profile helped.

    Parameters
    ----------
    permutations
        Deals of the models' profiles among the models; 0 leaves ``p`` out.
    draws
        Resamples of families for the interval.

    Raises
    ------
    DataError
        When fewer than three families have choices and profiles, or all choices are alike.
    """
    choices = _usable(choices)
    families, family = group_index(choices.family)
    if len(families) < LEAST_FAMILIES:
        raise DataError(
            f"choices of at least {LEAST_FAMILIES} families with profiles are needed, were:"
            f" {len(families)}"
        )
    taken, asked = choices.taken.astype(float), choices.asked.astype(float)
    if taken.sum() in (0, asked.sum()):
        raise DataError("every choice was the same option's: nothing can be foretold")
    rng = np.random.default_rng(seed)
    base, chance, slope = _fold(choices, family, len(families))
    cell_gain = _score(taken, asked, chance) - _score(taken, asked, base)
    gain = float(cell_gain.sum() / asked.sum())
    lower, upper = _interval(cell_gain, asked, family, len(families), rng, draws)
    dealt = [_gain(_deal(choices, rng), family, len(families)) for _ in range(permutations)]
    return Foretold(
        gain=gain,
        lower=lower,
        upper=upper,
        p=(1 + sum(value >= gain for value in dealt)) / (1 + permutations) if dealt else None,
        accuracy=_accuracy(taken, asked, chance),
        base_accuracy=_accuracy(taken, asked, base),
        alone_accuracy=_accuracy(taken, asked, _alone(choices, family, len(families))),
        slope=slope,
        n=int(asked.sum()),
        n_models=len(set(np.asarray(choices.model).tolist())),
        n_families=len(families),
        permutations=permutations,
        chance=chance,
        base=base,
        cell_gain=cell_gain,
    )


def usable(choices: Choices) -> Ints:
    """Return the places of the cells that have a choice and a profile."""
    return np.flatnonzero((choices.asked > 0) & np.isfinite(choices.difference))


def _usable(choices: Choices) -> Choices:
    keep = usable(choices)
    names = ("taken", "asked", "difference", "place", "case", "model", "family")
    return replace(choices, **{name: np.asarray(getattr(choices, name))[keep] for name in names})


def _fold(choices: Choices, family: Ints, n_families: int) -> tuple[Floats, Floats, float]:
    """Return base rates and chances (cells,) foretold for families left out, and the mean slope."""
    names, case = group_index(choices.case)
    taken, asked = choices.taken.astype(float), choices.asked.astype(float)
    base, chance = np.empty(len(taken)), np.empty(len(taken))
    slopes = []
    for left_out in range(n_families):
        test, train = family == left_out, family != left_out
        rate = _by_case(case[train], taken[train], len(names)) + 0.5
        rate = rate / (_by_case(case[train], asked[train], len(names)) + 1)
        centre = _by_case(case[train], asked[train] * choices.difference[train], len(names))
        centre = centre / np.maximum(_by_case(case[train], asked[train], len(names)), 1)
        offset = logit(rate)[case]
        X = np.column_stack([choices.place, choices.difference - centre[case]])
        of_place = logistic(taken[train], asked[train], X[train, :1], offset[train], _PENALTY)
        full = logistic(taken[train], asked[train], X[train], offset[train], _PENALTY)
        base[test] = expit(offset[test] + X[test, :1] @ of_place.coefficients)
        chance[test] = expit(offset[test] + X[test] @ full.coefficients)
        slopes.append(float(full.coefficients[1]))
    return base, chance, float(np.mean(slopes))


def _alone(choices: Choices, family: Ints, n_families: int) -> Floats:
    """Return the chances (cells,) that the profile foretells without knowing any case's rate."""
    taken, asked = choices.taken.astype(float), choices.asked.astype(float)
    X = np.column_stack([np.ones(len(taken)), choices.place, choices.difference])
    chance, nothing = np.empty(len(taken)), np.zeros(len(taken))
    for left_out in range(n_families):
        test, train = family == left_out, family != left_out
        fitted = logistic(taken[train], asked[train], X[train], nothing[train], _PENALTY)
        chance[test] = expit(X[test] @ fitted.coefficients)
    return chance


def _gain(choices: Choices, family: Ints, n_families: int) -> float:
    base, chance, _ = _fold(choices, family, n_families)
    taken, asked = choices.taken.astype(float), choices.asked.astype(float)
    gain = _score(taken, asked, chance) - _score(taken, asked, base)
    return float(gain.sum() / asked.sum())


def _deal(choices: Choices, rng: np.random.Generator) -> Choices:
    """Give each model the whole profile of another: what is known of each case stays whole."""
    models, model = group_index(choices.model)
    cases, case = group_index(choices.case)
    table = np.full((len(models), len(cases)), np.nan)
    table[model, case] = choices.difference
    other = rng.permutation(len(models))
    dealt = table[other[model], case]
    # a profile that was never put to a case has no difference there: its own stays
    return replace(choices, difference=np.where(np.isfinite(dealt), dealt, choices.difference))


def _score(taken: Floats, asked: Floats, chance: Floats) -> Floats:
    p = np.clip(chance, _EDGE, 1 - _EDGE)
    return np.asarray(taken * np.log(p) + (asked - taken) * np.log(1 - p))


def _accuracy(taken: Floats, asked: Floats, chance: Floats) -> float:
    right = np.where(chance > 0.5, taken, np.where(chance < 0.5, asked - taken, asked / 2))
    return float(right.sum() / asked.sum())


def _interval(
    gain: Floats, asked: Floats, family: Ints, n: int, rng: np.random.Generator, draws: int
) -> tuple[float, float]:
    sums = np.bincount(family, gain, minlength=n)
    sizes = np.bincount(family, asked, minlength=n)
    drawn = rng.integers(0, n, (draws, n))
    lower, upper = np.percentile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [2.5, 97.5])
    return float(lower), float(upper)


def _by_case(case: Ints, weights: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(case, weights, minlength=n), dtype=np.float64)
