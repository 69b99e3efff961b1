"""Tags tested against value profiles that are dealt out anew among the raters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from valuelex.instruments.portrait.correlations import correlate
from valuelex.instruments.portrait.ratings import Block, Ratings
from valuelex.instruments.portrait.score import Tag
from valuelex.instruments.portrait.tagging import Tagging, count_tags, tag_items

VALUES = ["power", "hedonism", "security"]
PEOPLE = tuple(f"p{i:02d}" for i in range(12))


def scores() -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(1)
    return {person: dict(zip(VALUES, rng.normal(size=3), strict=True)) for person in PEOPLE}


def ratings() -> Ratings:
    """Two groups of items; the first item follows power, and one is rated alike by all."""
    rng = np.random.default_rng(2)
    power = np.array([scores()[person]["power"] for person in PEOPLE])
    first = np.vstack([power, rng.integers(1, 7, 12), np.full(12, 3)])
    second = rng.integers(1, 7, (2, 10)).astype(float)
    return Ratings(
        (
            Block(0, (("1", 1), ("1", 2), ("1", 3)), PEOPLE, first.astype(float)),
            Block(1, (("2", 1), ("2", 2)), PEOPLE[:10], second),
        ),
        {},
    )


def dealt(permutations: int, seed: int) -> list[np.ndarray]:
    """Correlations (permutations, items, values) of each group, the definition written out."""
    rng = np.random.default_rng(seed)
    found = []
    for block in ratings().blocks:
        table = np.array([[scores()[p][v] for p in block.people] for v in VALUES])
        null = np.full((permutations, len(block.items), 3), np.nan)
        for draw in range(permutations):
            order = rng.permutation(len(block.people))
            for i, row in enumerate(block.ratings):
                for v in range(3):
                    if np.ptp(row):
                        null[draw, i, v] = stats.spearmanr(row, table[v, order]).statistic
        found.append(null)
    return found


def made(threshold: float = 0.3) -> Tagging:
    return tag_items(
        ratings(), scores(), VALUES, "pvq", threshold=threshold, permutations=40, seed=3
    )


def test_each_correlation_is_set_against_the_deals_of_its_own_group() -> None:
    found, null = made(), dealt(40, 3)
    r = correlate(ratings(), scores(), VALUES).r
    np.testing.assert_array_equal(found.correlations.r, r)
    assert r[0, 0] == pytest.approx(1)
    start = 0
    for part in null:
        pool = np.abs(part[np.isfinite(part)])
        for i in range(part.shape[1]):
            for v in range(3):
                beyond = int((pool >= abs(r[start + i, v]) - 1e-9).sum())
                want = (1 + beyond) / (1 + len(pool)) if np.isfinite(r[start + i, v]) else np.nan
                np.testing.assert_allclose(found.p[start + i, v], want)
        start += part.shape[1]
    there = np.isfinite(r)
    assert not there[2].any()
    np.testing.assert_allclose(found.q[there], stats.false_discovery_control(found.p[there]))
    assert np.isnan(found.q[2]).all()
    chance = sum((part > 0.3).sum(axis=1) for part in null)
    np.testing.assert_array_equal(found.chance, chance)


def test_the_published_tags_and_the_corrected_ones() -> None:
    found = made()
    r = found.correlations.r
    np.testing.assert_array_equal(found.published, r > 0.3)
    np.testing.assert_array_equal(found.corrected, (found.q < 0.05) & (r > 0))
    assert found.corrected[0, 0]
    items = found.correlations.items
    wanted = [
        Tag(items[i], "pvq", value, r[i, v])
        for v, value in enumerate(VALUES)
        for i in range(5)
        if r[i, v] > 0.3
    ]
    assert list(found.tags("published")) == wanted
    assert [tag.dimension for tag in found.tags("corrected")] == [
        value for v, value in enumerate(VALUES) for i in range(5) if found.corrected[i, v]
    ]
    assert (found.threshold, found.level, found.family) == (0.3, 0.05, "pvq")


def test_tags_are_counted_for_all_values_and_for_each() -> None:
    found = made()
    rows = count_tags(found)
    assert [row.value for row in rows] == ["", *VALUES]
    for row, columns in zip(rows, [[0, 1, 2], [0], [1], [2]], strict=True):
        chance = found.chance[:, columns].sum(axis=1)
        published = int(found.published[:, columns].sum())
        assert row.published == published
        assert row.corrected == int(found.corrected[:, columns].sum())
        assert row.expected == pytest.approx(chance.mean())
        assert (row.lower, row.upper) == pytest.approx(tuple(np.percentile(chance, [2.5, 97.5])))
        share = None if published == 0 else min(chance.mean() / published, 1)
        assert row.false_share == (None if share is None else pytest.approx(share))


def test_without_deals_or_tags_nothing_is_expected() -> None:
    found = tag_items(ratings(), scores(), VALUES, "pvq", permutations=0)
    for row in count_tags(found):
        assert (row.expected, row.lower, row.upper) == (0, 0, 0)
    none = count_tags(made(threshold=1.5))
    assert {(row.published, row.false_share) for row in none} == {(0, None)}
