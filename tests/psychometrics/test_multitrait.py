from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.psychometrics.multitrait import Instrument, correlations, multitrait

TRAITS = ("power", "hedonism", "security", "tradition")


def made(
    seed: int, *, shared: float, general: float = 0.0, noise: float = 0.5, families: int = 12
) -> tuple[list[Instrument], np.ndarray]:
    """Return two instruments on four traits; ``shared`` is the weight of the true trait."""
    rng = np.random.default_rng(seed)
    n = families * 3
    true = rng.normal(size=(n, 4))
    level = rng.normal(size=(n, 1))
    found = []
    for name in ("one", "two"):
        own = rng.normal(size=(n, 4))
        scores = shared * true + general * level + (1 - shared) * own
        scores = scores + rng.normal(0, noise, (n, 4))
        columns = {t: scores[:, i] for i, t in enumerate(TRAITS)}
        found.append(Instrument(name, columns, dict.fromkeys(TRAITS, 0.8)))
    return found, np.repeat(np.arange(families), 3)


def test_correlations_are_pearsons_over_pairs() -> None:
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(20, 3)) + 100
    Z[:3, 0] = np.nan
    Z[5, 2] = np.nan
    r, n = correlations(Z, np.ones(20))
    for i in range(3):
        for j in range(3):
            both = np.isfinite(Z[:, i]) & np.isfinite(Z[:, j])
            assert n[i, j] == both.sum()
            assert r[i, j] == pytest.approx(np.corrcoef(Z[both, i], Z[both, j])[0, 1], abs=1e-12)
    weights = rng.integers(0, 3, 20).astype(float)
    rows = np.repeat(np.arange(20), weights.astype(int))
    expected, _ = correlations(Z[rows], np.ones(len(rows)))
    np.testing.assert_allclose(correlations(Z, weights)[0], expected, atol=1e-12)


def test_a_score_that_does_not_vary_has_no_correlation() -> None:
    Z = np.column_stack([np.full(10, 3.3), np.arange(10.0)])
    r, _ = correlations(Z, np.ones(10))
    assert np.isnan(r[0]).all()


def test_instruments_that_share_traits_agree() -> None:
    instruments, families = made(1, shared=1.0)
    table = multitrait(instruments, families, draws=200)
    (found,) = table.agreements
    assert found.level == "agree"
    assert found.traits == TRAITS
    assert found.monotrait[0] == pytest.approx(0.8, abs=0.1)
    assert found.heterotrait[0] == pytest.approx(0.0, abs=0.15)
    assert found.won / found.compared > 0.95
    assert found.open == ()
    assert (found.n, found.clusters, found.compared) == (36, 12, 24)
    relations = [cell.relation for cell in table.cells]
    assert (relations.count("monotrait"), relations.count("heterotrait")) == (4, 12)
    assert relations.count("monomethod") == 12


def test_a_common_level_alone_is_said_to_be_that() -> None:
    instruments, families = made(2, shared=0.0, general=2.0)
    (found,) = multitrait(instruments, families, draws=200).agreements
    assert found.monotrait[1] is not None
    assert found.monotrait[1] > 0
    assert found.level == "general"


def test_instruments_without_anything_in_common_are_called_in_agreement_rarely() -> None:
    levels = []
    for seed in range(20):
        instruments, families = made(seed, shared=0.0)
        (found,) = multitrait(instruments, families, draws=200, seed=seed).agreements
        levels.append(found.level)
    assert levels.count("agree") <= 2
    assert levels.count("disagree") >= 16


def test_disattenuation_is_capped_and_flagged_and_needs_reliability() -> None:
    instruments, families = made(1, shared=1.0)
    low = [
        Instrument(
            one.name,
            one.scores,
            {"power": 0.5, "hedonism": 0.9, "security": -0.2, "tradition": None},
        )
        for one in instruments
    ]
    cells = {
        cell.trait_a: cell
        for cell in multitrait(low, families, draws=50).cells
        if cell.relation == "monotrait"
    }
    power, hedonism = cells["power"], cells["hedonism"]
    assert power.exceeds
    assert power.disattenuated == 1.0
    assert hedonism.r is not None
    assert hedonism.disattenuated == pytest.approx(hedonism.r / 0.9)
    assert not hedonism.exceeds
    assert cells["security"].disattenuated is None
    assert cells["tradition"].disattenuated is None


def test_too_few_families_have_no_verdict() -> None:
    instruments, _ = made(1, shared=1.0)
    (found,) = multitrait(instruments, np.arange(36) % 2, draws=50).agreements
    assert found.level == "unknown"
    assert found.monotrait[0] is not None


def test_one_instrument_alone_and_none() -> None:
    instruments, families = made(1, shared=1.0)
    assert multitrait(instruments[:1], families, draws=10).agreements == ()
    assert multitrait([], families).cells == ()


def test_bad_input_is_refused() -> None:
    instruments, families = made(1, shared=1.0)
    with pytest.raises(DataError, match="name of its own"):
        multitrait([instruments[0], instruments[0]], families)
    with pytest.raises(DataError, match="must have 35 entries"):
        multitrait(instruments, families[:-1])


def test_intervals_are_those_of_families_drawn_with_replacement() -> None:
    instruments, families = made(4, shared=0.7, families=5)
    holes = instruments[1].scores["power"].copy()
    holes[0] = np.nan
    instruments[1] = Instrument("two", {**instruments[1].scores, "power": holes}, {"power": 0.5})
    found = multitrait(instruments, families, draws=60, seed=9)
    Z = np.column_stack([one.scores[t] for one in instruments for t in TRAITS])
    rng = np.random.default_rng(9)
    drawn = []
    for _ in range(60):
        rows = np.concatenate([3 * c + np.arange(3) for c in rng.integers(0, 5, 5)])
        drawn.append(correlations(Z[rows], np.ones(len(rows)))[0])
    many, plain = np.array(drawn), correlations(Z, np.ones(15))[0]
    cell = next(c for c in found.cells if (c.trait_a, c.trait_b) == ("hedonism", "power"))
    if cell.instrument_b == "one":
        cell = next(c for c in found.cells if c.instrument_b == "two" and c.trait_b == "power")
    i, j = TRAITS.index(cell.trait_a), 4 + TRAITS.index(cell.trait_b)
    assert cell.n == 14
    assert cell.r == pytest.approx(plain[i, j])
    assert (cell.lower, cell.upper) == pytest.approx(
        tuple(np.percentile(many[:, i, j], [2.5, 97.5]))
    )
    (pair,) = found.agreements
    block, apart = plain[:4, 4:], ~np.eye(4, dtype=bool)
    blocks = many[:, :4, 4:]
    means = {
        "monotrait": (np.trace(block) / 4, np.trace(blocks, axis1=1, axis2=2) / 4),
        "heterotrait": (block[apart].mean(), blocks[:, apart].mean(axis=1)),
    }
    means["difference"] = tuple(
        a - b for a, b in zip(means["monotrait"], means["heterotrait"], strict=True)
    )
    for name, (value, resampled) in means.items():
        want = (value, *np.percentile(resampled, [2.5, 97.5]))
        assert getattr(pair, name) == pytest.approx(want), name
    inside = np.concatenate([plain[:4, :4][apart], plain[4:, 4:][apart]])
    assert pair.monomethod == pytest.approx(inside.mean())
    assert pair.disattenuated == pytest.approx(np.clip(block[0, 0] / np.sqrt(0.8 * 0.5), -1, 1))
    beaten = sum(
        int(block[t, t] > other)
        for t in range(4)
        for other in (*np.delete(block[t], t), *np.delete(block[:, t], t))
    )
    assert (pair.won, pair.compared) == (beaten, 24)
    lower = np.percentile(blocks, 2.5, axis=0)
    assert pair.open == tuple(t for i, t in enumerate(TRAITS) if lower[i, i] <= 0)
    assert (pair.n, pair.clusters) == (15, 5)


@pytest.mark.parametrize(
    ("together", "apart", "level"),
    [
        *((0.1, 0.1, "agree"), (0.1, 0.0, "general"), (0.1, -0.1, "general")),
        *((0.0, 0.1, "disagree"), (-0.1, 0.1, "disagree"), (None, 0.1, "unknown")),
        (0.1, None, "unknown"),
    ],
)
def test_the_level_follows_from_both_lower_ends(
    together: float | None, apart: float | None, level: str
) -> None:
    instruments, families = made(1, shared=1.0)
    (pair,) = multitrait(instruments, families, draws=10).agreements
    changed = replace(
        pair, monotrait=(0.5, together, 0.9), difference=(0.5, apart, 0.9), open=("power",)
    )
    assert changed.level == level


def test_instruments_without_a_common_trait_have_nothing_to_agree_on() -> None:
    instruments, families = made(1, shared=1.0)
    other = Instrument("two", {"wit": instruments[1].scores["power"]}, {})
    (pair,) = multitrait([instruments[0], other], families, draws=10).agreements
    assert (pair.traits, pair.n, pair.clusters, pair.compared) == ((), 0, 0, 0)
    assert pair.monotrait == pair.heterotrait == pair.difference == (None, None, None)
    assert pair.monomethod is None
    assert pair.level == "unknown"
