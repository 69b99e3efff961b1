from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.discriminant import (
    discriminant_map,
    leave_one_case_out,
    leave_one_cluster_out,
)


def models(
    seed: int, *, apart: float, n_models: int = 8, trials: int = 10, p: int = 19
) -> tuple[NDArray[np.float64], list[str]]:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(n_models, p)) * apart
    scores = np.repeat(centres, trials, axis=0) + rng.normal(size=(n_models * trials, p))
    return scores, [f"m{i}" for i in range(n_models) for _ in range(trials)]


def _refit(scores: NDArray[np.float64], labels: list[str], shrinkage: float) -> list[str]:
    """The definition itself: fit to all others, one case at a time."""
    names = sorted(set(labels))
    codes = np.array([names.index(label) for label in labels])
    predicted = []
    for i in range(len(labels)):
        keep = np.arange(len(labels)) != i
        x, c = scores[keep], codes[keep]
        centres = np.array([x[c == k].mean(axis=0) for k in range(len(names))])
        residual = x - centres[c]
        s = residual.T @ residual / (len(x) - len(names))
        s = (1 - shrinkage) * s + shrinkage * np.trace(s) / s.shape[0] * np.eye(s.shape[0])
        gaps = scores[i] - centres
        predicted.append(
            names[int(np.einsum("kp,pq,kq->k", gaps, np.linalg.inv(s), gaps).argmin())]
        )
    return predicted


@pytest.mark.parametrize("shrinkage", [0.0, 0.1, 0.7])
def test_batched_leave_one_out_is_the_plain_one(shrinkage: float) -> None:
    scores, labels = models(3, apart=0.4, n_models=4, trials=9, p=5)
    scores, labels = scores[:-4], labels[:-4]  # groups of unequal size
    found = leave_one_case_out(scores, labels, permutations=19, seed=1, shrinkage=shrinkage)
    plain = np.array(_refit(scores, labels, shrinkage))
    assert found.accuracy == pytest.approx((plain == np.array(labels)).mean())
    assert found.confusion.sum(axis=1).tolist() == [9, 9, 9, 5]
    for k, name in enumerate(found.groups):
        assert found.confusion[:, k].sum() == (plain == name).sum()


def test_without_shrinkage_it_classifies_as_scikit_learn() -> None:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.model_selection import LeaveOneOut, cross_val_predict

    scores, labels = models(5, apart=0.5, n_models=3, trials=12, p=4)
    lda = LinearDiscriminantAnalysis(priors=[1 / 3] * 3)
    theirs = cross_val_predict(lda, scores, np.array(labels), cv=LeaveOneOut())
    ours = leave_one_case_out(scores, labels, permutations=19, seed=1, shrinkage=0)
    assert ours.accuracy == pytest.approx((theirs == np.array(labels)).mean())


def test_models_that_differ_are_told_apart() -> None:
    found = leave_one_case_out(*models(0, apart=1.0), permutations=99, seed=0)
    assert found.accuracy > 0.8
    assert found.p == pytest.approx(0.01)
    assert found.baseline_95 < 0.3
    assert found.chance == 1 / 8
    # 80 cases for 19 predictors: told, not hidden
    assert any("80 independent cases for 19 predictors" in text for text in found.warnings)


def test_models_that_do_not_differ_are_not_called_apart() -> None:
    called = sum(
        leave_one_case_out(*models(seed, apart=0, n_models=4), permutations=39, seed=seed).p <= 0.05
        for seed in range(20)
    )
    assert called <= 1  # 20 null studies at the 5 % level: one is expected


def test_training_is_told_by_other_models_or_not_at_all() -> None:
    scores, clusters = models(1, apart=1.0, n_models=12)
    training = ["base" if int(name[1:]) % 2 else "tuned" for name in clusters]
    nothing = leave_one_cluster_out(scores, training, clusters, permutations=39, seed=2)
    # each model is itself, and training does nothing: trials of the same model must not help
    assert nothing.p > 0.05
    assert nothing.left_out == "cluster"
    shifted = scores + 2.5 * np.array([name == "tuned" for name in training])[:, None]
    assert leave_one_cluster_out(
        shifted, training, clusters, permutations=39, seed=2
    ).p == pytest.approx(1 / 40)


def test_deterministic_trials_are_flagged_and_do_not_crash() -> None:
    scores = np.repeat(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]]), 4, axis=0)
    labels = [name for name in "abc" for _ in range(4)]
    found = leave_one_case_out(scores, labels, permutations=19, seed=0)
    assert found.accuracy == 1
    assert any("3 of 3 groups answered the same" in text for text in found.warnings)


def test_same_seed_same_result() -> None:
    scores, labels = models(9, apart=0.2)
    one = leave_one_case_out(scores, labels, permutations=19, seed=4)
    other = leave_one_case_out(scores, labels, permutations=19, seed=4)
    assert (one.p, one.baseline_mean) == (other.p, other.baseline_mean)


def test_the_map_puts_groups_on_axes_of_unit_within_variance() -> None:
    scores, labels = models(2, apart=1.0, n_models=4, trials=30, p=3)
    found = discriminant_map(scores, labels, shrinkage=0)
    within = found.cases - np.repeat(found.centres, 30, axis=0)
    assert np.allclose(within.T @ within / (120 - 4), np.eye(2), atol=1e-8)
    assert found.share[0] > found.share[1] > 0
    assert np.allclose(found.cases.mean(axis=0), 0, atol=1e-10)
    fewer = discriminant_map(scores[:90], labels[:90])  # three groups span two axes: all there is
    assert fewer.share.sum() == pytest.approx(1)
    strongest = np.abs(found.structure).argmax(axis=0)
    assert (found.structure[strongest, [0, 1]] > 0).all()
    for k in range(4):
        mine = [i for i, label in enumerate(labels) if label == found.groups[k]]
        assert np.allclose(found.cases[mine].mean(axis=0), found.centres[k])


def test_what_cannot_be_done_is_said() -> None:
    scores, labels = models(0, apart=0, n_models=2, trials=3, p=2)
    with pytest.raises(DataError, match="at least 2 groups"):
        leave_one_case_out(scores, ["a"] * 6, permutations=19, seed=0)
    with pytest.raises(DataError, match="'b' has 1"):
        leave_one_case_out(scores, [*"aaaaa", "b"], permutations=19, seed=0)
    with pytest.raises(DataError, match="permutations"):
        leave_one_case_out(scores, labels, permutations=5, seed=0)
    with pytest.raises(DataError, match="shrinkage"):
        leave_one_case_out(scores, labels, permutations=19, seed=0, shrinkage=2)
    broken = scores.copy()
    broken[0, 0] = np.nan
    with pytest.raises(DataError, match="1 cases have a missing"):
        leave_one_case_out(broken, labels, permutations=19, seed=0)
    with pytest.raises(DataError, match="must be"):
        leave_one_case_out(scores[0], labels, permutations=19, seed=0)
    with pytest.raises(DataError, match="same label"):
        leave_one_cluster_out(scores, labels, ["x"] * 6, permutations=19, seed=0)
    with pytest.raises(DataError, match="at least 2 clusters"):
        leave_one_cluster_out(scores, labels, labels, permutations=19, seed=0)
    with pytest.raises(DataError, match=r"1\.\.1, was: 2"):
        discriminant_map(scores, labels)
