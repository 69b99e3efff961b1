"""Salience computed again, reply by reply and draw by draw."""

from __future__ import annotations

import numpy as np
import pytest

from valuelex.terms.salience import TermCounts, salience

FAMILIES = {"a1": "A", "a2": "A", "b1": "B", "c1": "C", "c2": "C", "c3": "C"}
Lists = list[tuple[str, str, list[str]]]


def replies(n_terms: int, seed: int) -> Lists:
    """Replies of a model come one after the other; respondents give two each, some of no term."""
    rng = np.random.default_rng(seed)
    terms = [f"t{i:03d}" for i in range(n_terms)]
    found = []
    for model in FAMILIES:
        for k in range(6):
            size = int(rng.integers(0, min(9, n_terms)))
            said = [terms[i] for i in rng.permutation(n_terms)[:size]]
            found.append((model, f"{model}-{k // 2}", said))
    return found


def counted(lists: Lists) -> TermCounts:
    counts = TermCounts(FAMILIES)
    for model, respondent, terms in lists:
        counts.add(model, respondent, terms)
    return counts


def indices(lists: Lists, term: str) -> tuple[float, float]:
    """Smith's S and Sutrop's index by their definitions, over replies with a term at all."""
    full = [terms for _, _, terms in lists if terms]
    weights = [1 - terms.index(term) / len(terms) for terms in full if term in terms]
    places = [terms.index(term) + 1 for terms in full if term in terms]
    if not places:
        return 0.0, 0.0
    n = len(full)
    return sum(weights) / n, len(places) / (n * (sum(places) / len(places)))


def test_every_quantity_by_its_definition() -> None:
    lists = replies(12, 1)
    table = salience(counted(lists), resamples=0)
    terms = sorted({t for _, _, said in lists for t in said})
    assert list(table["term"]) == terms
    for i, term in enumerate(terms):
        who = [(m, r) for m, r, said in lists if term in said]
        assert table["mentions"][i] == table["replies"][i] == len(who)
        assert table["respondents"][i] == len({r for _, r in who})
        assert table["models"][i] == len({m for m, _ in who})
        assert table["families"][i] == len({FAMILIES[m] for m, _ in who})
        found = table["smith_s"][i], table["sutrop"][i]
        assert found == pytest.approx(indices(lists, term), abs=1e-12)
        for name in ("smith_lower", "smith_upper", "sutrop_lower", "sutrop_upper"):
            assert np.isnan(np.asarray(table[name], dtype=float)).all()


def test_counts_of_respondents_and_families() -> None:
    lists = replies(12, 1)
    counts = counted(lists)
    assert counts.respondents == len({r for _, r, said in lists if said})
    assert counts.families == ["A", "B", "C"]
    term = counts.terms[0]
    who = [(m, r) for m, r, said in lists if term in said]
    assert counts.users(term) == (
        len({r for _, r in who}),
        len({m for m, _ in who}),
        len({FAMILIES[m] for m, _ in who}),
    )
    assert TermCounts({}).terms == []


@pytest.mark.parametrize("n_terms", [9, 620])
def test_intervals_draw_whole_families(n_terms: int) -> None:
    """More terms than one slice of them: each has the interval that it would have alone."""
    lists = replies(n_terms, 2)
    if n_terms > 500:
        lists += [("c3", "c3-9", [f"t{i:03d}" for i in range(n_terms)])]
    table = salience(counted(lists), resamples=25, seed=5)
    draws = np.random.default_rng(5).multinomial(3, np.full(3, 1 / 3), size=25)
    names = list(table["term"])
    assert len(names) == n_terms or n_terms == 9
    for term in names[:: max(1, len(names) // 9)]:
        values = []
        for draw in draws:
            drawn = [
                one
                for family, times in zip("ABC", draw, strict=True)
                for one in lists
                if FAMILIES[one[0]] == family
                for _ in range(times)
            ]
            values.append(indices(drawn, term))
        low, high = np.percentile(values, [2.5, 97.5], axis=0)
        i = names.index(term)
        found = [
            table[f"{name}_{end}"][i] for name in ("smith", "sutrop") for end in ("lower", "upper")
        ]
        assert found == pytest.approx([low[0], high[0], low[1], high[1]], abs=1e-12)


def test_two_families_are_enough_for_an_interval_and_one_is_not() -> None:
    two = counted([("a1", "r", ["x"]), ("b1", "s", ["x", "y"])])
    assert np.isfinite(np.array(salience(two, 1)["smith_lower"], dtype=float)).all()
    assert np.isnan(np.array(salience(two, 0)["smith_lower"], dtype=float)).all()
    one = counted([("a1", "r", ["x"]), ("a2", "s", ["x", "y"])])
    assert np.isnan(np.array(salience(one, 9)["sutrop_upper"], dtype=float)).all()
    nothing = salience(TermCounts(FAMILIES), 9)
    assert [len(column) for column in nothing.values()] == [0] * 12
