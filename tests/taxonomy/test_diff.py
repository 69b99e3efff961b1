from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from valuelex.taxonomy.diff import adjusted_rand, diff_taxonomies
from valuelex.taxonomy.model import Dimension, SubDimension, Taxonomy, TermEntry


def taxonomy(*dimensions: list[str]) -> Taxonomy:
    """Each text is a sub-dimension, each letter a term."""
    made = []
    for i, subs in enumerate(dimensions):
        groups = tuple(
            SubDimension(
                f"d{i + 1}.s{j + 1}",
                subs[j],
                "rule",
                (),
                tuple(TermEntry(t, 0.5, "loading", 1, 0.5, None, 1, 1, 1, 1, 0.1) for t in subs[j]),
            )
            for j in range(len(subs))
        )
        made.append(Dimension(f"d{i + 1}", f"D{i + 1}", "rule", f"F{i + 1}", 1, {}, (), groups))
    return Taxonomy("t", True, "1", tuple(made), ())


def test_renumbering_is_no_change() -> None:
    found = diff_taxonomies(taxonomy(["abc", "de"], ["fg"]), taxonomy(["gf"], ["ed", "cab"]))
    assert found.same
    assert (found.ari, found.ari_dimensions, found.n_shared) == (1.0, 1.0, 7)
    assert [(m.before, m.after, m.jaccard) for m in found.matches] == [
        ("d1.s1", "d2.s2", 1.0),
        ("d1.s2", "d2.s1", 1.0),
        ("d2.s1", "d1.s1", 1.0),
    ]


def test_moved_new_and_gone() -> None:
    found = diff_taxonomies(taxonomy(["abcd", "ef"]), taxonomy(["abc", "efd", "xy"]))
    assert not found.same
    assert [(m.term, m.before, m.after) for m in found.moved] == [("d", "d1.s1", "d1.s2")]
    assert (found.new, found.gone, found.new_groups) == (("x", "y"), (), ("d1.s3",))
    assert found.matches[0].jaccard == 0.75
    assert found.ari is not None
    assert 0 < found.ari < 1
    json.dumps(found.to_dict(), allow_nan=False)


def test_nothing_in_common() -> None:
    found = diff_taxonomies(taxonomy(["ab"]), taxonomy(["cd"]))
    assert (found.ari, found.n_shared, found.gone) == (None, 0, ("a", "b"))
    assert found.matches[0].after == ""


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40))
def test_adjusted_rand_equals_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    assert adjusted_rand(a, b) == pytest.approx(float(adjusted_rand_score(a, b)), abs=1e-12)
