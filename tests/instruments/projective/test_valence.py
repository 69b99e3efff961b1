"""The learned parts of the offline judge, computed again the slow way."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.instruments.projective.anchors import Anchor, SubDimension
from valuelex.instruments.projective.calibration import (
    fit_logistic,
    fit_ridge,
    fit_shares,
    shares,
    sigmoid,
)
from valuelex.instruments.projective.relevance import Examples, Relevance
from valuelex.instruments.projective.terms_chosen import representative
from valuelex.instruments.projective.themes import centroid, groups, match, read_themes, unit
from valuelex.instruments.projective.valence import fit_valence
from valuelex.instruments.projective.worth import worths

Array = NDArray[np.float64]


def directions(rng: np.random.Generator, n: int, d: int) -> Array:
    x = rng.normal(size=(n, d))
    return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def test_valence_is_kernel_ridge_with_a_kernel_of_tone_and_topic() -> None:
    rng = np.random.default_rng(1)
    tones, topics = directions(rng, 9, 5), directions(rng, 9, 3)
    topics[2] = 0.0  # a sentence on no topic
    target = rng.uniform(-1, 1, 9)
    weight = np.array([1.0, 2.0, 0.5, 1, 1, 0, 3, 1, 1])
    fold = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    fitted, predicted = fit_valence(tones, topics, target, weight, fold, penalty=0.3, specific=1.5)
    mean = (weight[:, None] * tones).sum(axis=0) / weight.sum()

    def kernel(i: int, tone: Array, topic: Array) -> float:
        one = (tones[i] - mean) / np.linalg.norm(tones[i] - mean)
        other = (tone - mean) / np.linalg.norm(tone - mean)
        alike = np.exp((topics[i] @ topic - 1) / 0.35**2) * bool(topics[i].any() and topic.any())
        return float(np.exp((one @ other - 1) / 0.6**2) * (1 + 1.5 * alike))

    def foretold(rows: list[int], tone: Array, topic: Array) -> float:
        gram = np.array([[kernel(i, tones[j], topics[j]) for j in rows] for i in rows])
        dual = np.linalg.solve(gram + np.diag(0.3 / weight[rows]), target[rows])
        return float(sum(d * kernel(i, tone, topic) for d, i in zip(dual, rows, strict=True)))

    used = [i for i in range(9) if weight[i] > 0]
    for i in range(9):
        rest = [j for j in used if fold[j] != fold[i]]
        assert predicted[i] == pytest.approx(foretold(rest, tones[i], topics[i]), abs=1e-10)
    new, about = directions(rng, 4, 5), np.vstack([directions(rng, 2, 3), np.zeros((1, 3))])
    found = fitted(new, about)
    assert found.shape == (4, 3)
    for i, tone in enumerate(new):
        for j, topic in enumerate(about):
            assert found[i, j] == pytest.approx(foretold(used, tone, topic), abs=1e-10)


def test_ridge_with_weights_solves_its_equations() -> None:
    rng = np.random.default_rng(2)
    x, y, w = rng.normal(size=(12, 3)), rng.normal(size=12), rng.uniform(0.1, 3, 12)
    fit = fit_ridge(x, y, penalty=2.5, weight=w)
    scaled = w / w.sum() * 12
    residual = y - fit(x)
    assert (scaled * residual).sum() == pytest.approx(0.0, abs=1e-10)
    assert x.T @ (scaled * residual) == pytest.approx(2.5 * fit.weights, abs=1e-10)


@pytest.mark.parametrize("intercept", [True, False])
def test_logistic_balances_the_classes_whatever_the_weights(intercept: bool) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(40, 2)) + 0.5
    y = (rng.random(40) < 0.25).astype(float)
    w = rng.uniform(0.2, 4, 40)
    fit = fit_logistic(x, y, penalty=0.7, intercept=intercept, weight=w)
    balanced = np.where(y > 0.5, w / w[y > 0.5].sum(), w / w[y < 0.5].sum()) * 20
    residual = balanced * (sigmoid(fit(x)) - y)
    assert x.T @ residual == pytest.approx(-0.7 * fit.weights, abs=1e-8)
    if intercept:
        assert residual.sum() == pytest.approx(0.0, abs=1e-6)
    else:
        assert fit.intercept == 0.0
    again = fit_logistic(x, y, penalty=0.7, intercept=intercept, weight=w * 5)
    assert again.weights == pytest.approx(fit.weights)
    default = fit_logistic(x, y, intercept=intercept)
    plain = fit_logistic(x, y, penalty=1.0, intercept=intercept, weight=np.ones(40))
    assert default.weights == pytest.approx(plain.weights)


def test_shares_are_at_the_top_of_their_likelihood() -> None:
    rng = np.random.default_rng(4)
    z = rng.normal(size=(300, 3))
    label = np.where(rng.random(300) < 0.4, -1, z.argmax(axis=1))
    slope, threshold = fit_shares(z, label)
    none = label < 0
    w = np.where(none, 150 / none.sum(), 150 / (~none).sum())

    def loss(a: float, b: float) -> float:
        p = shares(z, a, b)
        each = np.where(none, 1 - p.sum(axis=1), p[np.arange(300), label])
        return float(-(w * np.log(each)).sum() + 0.5e-3 * (a**2 + b**2))

    here = loss(slope, threshold)
    step = 1e-3
    for a, b in ((step, 0), (-step, 0), (0, step), (0, -step), (step, step), (-step, step)):
        assert loss(slope + a, threshold + b) > here
    assert (loss(slope + step, threshold) - loss(slope - step, threshold)) / (2 * step) == (
        pytest.approx(0.0, abs=1e-3)
    )


def test_shares_turn_on_slope_and_threshold() -> None:
    found = shares(np.array([[1.0, -1.0], [0.5, 2.0]]), 2.0, 0.5)
    e = np.exp([[1.5, -2.5], [0.5, 3.5]])
    assert found == pytest.approx(e / (1 + e.sum(axis=1, keepdims=True)), abs=1e-12)


SUBS = (
    SubDimension("a", "A", "d", ("a1", "a2", "a3")),
    SubDimension("b", "B", "d", ("b1",)),
)


def relevance_parts(seed: int) -> tuple[list[Anchor], Array, dict[str, Array], Array, Examples]:
    rng = np.random.default_rng(seed)
    names = [("a", "a1"), ("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("b", "b1")]
    anchors = [Anchor("x", 3, term, sub, 0) for sub, term in names]
    anchors += [Anchor("x", 3, "t", "", 0) for _ in range(4)]
    centre = {"a": directions(rng, 1, 6)[0], "b": directions(rng, 1, 6)[0], "": np.zeros(6)}
    vectors = unit(
        np.array([centre[one.sub_dimension] * 1.5 for one in anchors]) + directions(rng, 10, 6)
    )
    bare = {t: unit(centre[t[0]] + directions(rng, 1, 6)[0]) for t in ("a1", "a2", "a3", "b1")}
    examples = Examples(
        unit(directions(rng, 15, 6) + np.repeat([centre["a"], centre["b"], 0 * centre["a"]], 5, 0)),
        (np.arange(5), np.arange(5, 10), np.arange(10, 15)),
        np.array([[0.6, 0.1, 0.05], [0.0, 0.3, 0.1]]),
    )
    return anchors, vectors, bare, directions(rng, 7, 6), examples


@pytest.mark.parametrize(("terms", "nearest"), [(2, 1), (3, 2)])
def test_relevance_by_hand(terms: int, nearest: int) -> None:
    anchors, vectors, bare, background, examples = relevance_parts(8)
    judge = Relevance(
        SUBS,
        anchors,
        vectors,
        bare,
        background,
        examples=examples,
        terms=terms,
        nearest=nearest,
        taken_up=0.3,
    )
    own: list[list[list[int]]] = [
        [[i for i, a in enumerate(anchors) if a.term == t] for t in s.words[:terms]] for s in SUBS
    ]
    topics = [
        np.array(
            [
                unit(bare[t] + unit(vectors[rows].mean(axis=0)))
                for t, rows in zip(s.words[:terms], blocks, strict=True)
            ]
        )
        for s, blocks in zip(SUBS, own, strict=True)
    ]
    talk = np.vstack([vectors[6:], background])
    weight = np.array([1 / 4] * 4 + [1 / 7] * 7)

    def near(v: Array, others: Array, most: int) -> float:
        return float(np.mean(sorted((float(v @ o) for o in others), reverse=True)[:most]))

    def moments(values: list[float]) -> tuple[float, float]:
        centre = float((weight * values).sum() / 2)
        return centre, float(np.sqrt((weight * (np.array(values) - centre) ** 2).sum() / 2))

    topic_scale = [moments([near(v, t, nearest) for v in talk]) for t in topics]
    theme_scale = [moments([near(v, examples.vectors[r], 4) for v in talk]) for r in examples.rows]

    def standard(v: Array, without: tuple[int, int] | None = None, itself: int = -1) -> list[float]:
        z = []
        for j, topic in enumerate(topics):
            left = topic
            if without is not None and without[0] == j and len(topic) > 1:
                left = np.delete(topic, without[1], axis=0)
            one = (near(v, left, nearest) - topic_scale[j][0]) / topic_scale[j][1]
            for t, rows in enumerate(examples.rows):
                likeness = sorted(
                    (-1.0 if i == itself else float(v @ examples.vectors[i]) for i in rows),
                    reverse=True,
                )[:4]
                place = (float(np.mean(likeness)) - theme_scale[t][0]) / theme_scale[t][1]
                one += examples.match[j, t] * place
            z.append(one)
        return z

    rows = [standard(v) for v in vectors[6:]]
    labels = [-1] * 4
    for j, blocks in enumerate(own):
        for m, block in enumerate(blocks):
            rows += [standard(vectors[i], (j, m)) for i in block]
            labels += [j] * len(block)
    # the first theme is an example of a (borrowed to .5 and more), the last of none (.1 and less)
    for i in (*range(5), *range(10, 15)):
        rows.append(standard(examples.vectors[i], itself=i))
        labels.append(0 if i < 5 else -1)
    slope, threshold = fit_shares(np.array(rows), np.array(labels))
    clauses = directions(np.random.default_rng(9), 5, 6)
    expected = shares(
        np.array([standard(v) for v in clauses]), slope, threshold - float(np.log(0.3 / 0.7))
    )
    assert judge(clauses) == pytest.approx(expected, abs=1e-9)


def test_relevance_without_themes_hangs_on_terms_alone() -> None:
    anchors, vectors, bare, background, _ = relevance_parts(8)
    nothing = Examples(np.zeros((0, 6)), (), np.zeros((2, 0)))
    judge = Relevance(
        SUBS,
        anchors,
        vectors,
        bare,
        background,
        examples=nothing,
        terms=3,
        nearest=1,
        taken_up=0.5,
    )
    found = judge(vectors[:6])
    assert (found[:4, 0] > found[:4, 1]).all()
    assert (found[4:, 1] > found[4:, 0]).all()
    assert (found.sum(axis=1) < 1).all()


def test_a_theme_is_borrowed_by_the_nearest_as_far_as_it_is_near() -> None:
    subs, themes = np.eye(3), unit(np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]))
    found = match(subs, themes)
    r = np.sqrt(0.5)
    far = np.exp(30 * (r - 1))
    trusted = np.sqrt((r - 0.3) / 0.7)
    assert found[0] == pytest.approx([1 / (1 + far), far / (1 + far)])
    assert found[1] == pytest.approx(
        [trusted * np.exp(-30 * r) / (1 + np.exp(-30 * r)), trusted / (1 + np.exp(-30 * r))]
    )
    assert found[2] == pytest.approx([0.0, 0.0])  # at .3 and below no theme is a relative
    assert match(subs, np.zeros((0, 3))).shape == (3, 0)


def test_units_centroids_and_groups() -> None:
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])) == pytest.approx(
        np.array([[0.6, 0.8], [0.0, 0.0]])
    )
    # each row counts the same however long it is
    assert centroid(np.array([[5.0, 0.0], [0.0, 1.0]])) == pytest.approx([np.sqrt(0.5)] * 2)
    found = groups(np.array([1, 0, 1, 3]), 4)
    assert [list(rows) for rows in found] == [[1], [0, 2], [], [3]]


def test_deeds_are_framed_in_turn_and_a_turning_frame_turns_the_pole() -> None:
    content = {
        "themes": {
            "help": {"words": ["help"], "high": ["help them", "to serve"], "low": ["look away"]},
            "tidy": {"words": ["order", "neat"], "high": ["fold it"], "low": ["so, leave it"]},
        },
        "attitudes": {
            "no_deed": ["to", "so"],
            "keep": ["I like to {deed}"],
            "turn": ["I never {deed}"],
        },
    }
    found = read_themes(content)
    assert found.words == (("help",), ("order", "neat"))
    assert found.texts == ("help them", "to serve", "look away", "fold it", "so, leave it")
    assert list(found.theme) == [0, 0, 0, 1, 1]
    assert list(found.pole) == [1, 1, -1, 1, -1]
    assert found.framed == ("I like to help them", "", "I like to look away", "I never fold it", "")
    assert list(found.framed_pole) == [1, 1, -1, -1, -1]
    bare = read_themes({"themes": {"t": {"words": ["w"], "high": ["do"], "low": ["not"]}}})
    assert (bare.framed, list(bare.framed_pole)) == (("", ""), [1, -1])
    assert read_themes({}).texts == ()


def test_worth_is_a_ridge_of_good_against_bad_both_counting_the_same() -> None:
    rng = np.random.default_rng(28)
    side = np.array([1.0, 0.0, 0.0, 0.0])
    good, bad = directions(rng, 8, 4) + side, directions(rng, 3, 4) - side
    own = [directions(rng, n, 4) + s * side for n, s in ((2, 2.0), (1, -2.0), (3, 0.0), (3, -0.3))]
    mean = (good.mean(axis=0) + bad.mean(axis=0)) / 2
    x = unit(np.vstack([good, bad]) - mean)
    w = np.array([1 / 8] * 8 + [1 / 3] * 3) * 11 / 2
    y = np.array([1.0] * 8 + [-1.0] * 3)
    centre = (w[:, None] * x).sum(axis=0) / 11
    gram = (x - centre).T @ (w[:, None] * (x - centre)) + 5.0 * np.eye(4)
    slope = np.linalg.solve(gram, (x - centre).T @ (w * y))
    expected = []
    for words in own:
        value = float(((unit(words - mean) - centre) @ slope).mean())
        expected.append(np.clip(value / 0.1, -1, 1))
    found = worths(good, bad, own)
    assert found == pytest.approx(expected, abs=1e-10)
    assert [abs(v) < 1 for v in found] == [False, False, True, True]
    assert worths(np.zeros((0, 4)), bad, own) == pytest.approx([1, 1, 1, 1])


def test_the_terms_chosen_are_those_that_bring_all_nearest() -> None:
    rng = np.random.default_rng(6)
    terms = tuple(f"t{i}" for i in range(9, 0, -1))  # their order is not that of the alphabet
    vectors = directions(rng, 10, 3)
    words = sorted([*terms, "other"])
    sub = SubDimension("s", "S", "d", terms)
    lone = SubDimension("o", "O", "d", ("other",))
    (found, same) = representative([sub, lone], vectors, 3)
    at = {word: vectors[i] for i, word in enumerate(words)}
    kept: list[str] = []
    for _ in range(3):
        kept.append(
            max(
                (t for t in terms if t not in kept),
                key=lambda t: sum(max(at[o] @ at[c] for c in [*kept, t]) for o in terms),
            )
        )
    assert found.terms == tuple(t for t in terms if t in kept)
    assert same == lone
