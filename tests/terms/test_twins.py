from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.tables import normalizer, reader, vocabulary
from valuelex.terms.twins import Use, merge_map, settle

FAMILIES = [
    ("protectiveness", "protection"),
    ("experiment", "experimentation"),
    ("altruistic", "altruism"),
    ("amusing", "amusement"),
    ("biodiverse", "biodiversity"),
    ("ecological", "ecology"),
    ("erudite", "erudition"),
    ("growing", "growth"),
    ("legal", "legality"),
    ("veracious", "veracity"),
    ("consensual", "consensus"),
    ("coordinating", "coordination"),
    ("persevering", "perseverance"),
    ("recycle", "recycling"),
    ("imaginative", "imagination"),
    ("self-determined", "self-determination"),
    ("self-governing", "self-governance"),
    ("environmentalist", "environmentalism"),
    ("reforest", "reforestation"),
    ("thriftiness", "thrift"),
    ("financially secure", "financial security"),
    ("socially just", "social justice"),
    ("intellectually honest", "intellectual honesty"),
    ("ecologically balanced", "ecological balance"),
    ("risk aware", "risk awareness"),
    ("physically safe", "physical safety"),
    ("critical thinker", "critical thinking"),
    ("free to choose", "freedom of choice"),
]
TWINS = [
    ("civil right", "civil rights", "plural-twin"),
    ("work ethics", "work ethic", "plural-twin"),
    ("team work", "teamwork", "spelling-twin"),
    ("team-spirit", "team spirit", "spelling-twin"),
    ("nondiscrimination", "non-discrimination", "spelling-twin"),
]
APART = [
    ("justice", "justification"),
    ("responsibility", "response"),
    ("responsive", "responsibility"),
    ("reasoning", "reason"),
    ("careless", "care"),
    ("careless", "carefulness"),
    ("fearless", "fear"),
    ("unjust", "justice"),
    ("socially unjust", "social justice"),
    ("not altruistic", "altruism"),
    ("never boring", "never boredom"),
    ("nonviolent", "violence"),
    ("common good", "common goods"),
    ("practical value", "practical values"),
    ("protecting vulnerable", "protecting vulnerability"),
    ("thinker", "thinking"),
    ("truth", "truthfulness"),
    ("journalist", "journal"),
    ("humanity", "humanism"),
    ("honesty", "honor"),
]


@pytest.mark.parametrize(("form", "noun"), FAMILIES)
def test_a_form_joins_the_noun_that_the_study_attests(form: str, noun: str) -> None:
    found = merge_map({form: Use(3, 9), noun: Use(8, 40)}, vocabulary())
    assert found == {form: (noun, "attested-family")}


@pytest.mark.parametrize(("form", "noun"), FAMILIES)
def test_and_stays_where_the_noun_is_rarer_or_missing(form: str, noun: str) -> None:
    assert form not in merge_map({form: Use(3, 9)}, vocabulary())
    assert form not in merge_map({form: Use(9, 9), noun: Use(2, 40)}, vocabulary())


@pytest.mark.parametrize(("twin", "term", "rule"), TWINS)
def test_twins(twin: str, term: str, rule: str) -> None:
    assert merge_map({twin: Use(3, 9), term: Use(8, 40)}, vocabulary()) == {twin: (term, rule)}


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_is_distinct_stays_apart(one: str, other: str) -> None:
    for uses in ((3, 8), (8, 3)):
        counts = {one: Use(uses[0], 9), other: Use(uses[1], 9)}
        assert merge_map(counts, vocabulary()) == {}


def test_no_value_of_the_vocabulary_is_merged_unless_by_hand() -> None:
    heads = {head: Use(i % 7, i % 11) for i, head in enumerate(sorted(vocabulary().values))}
    found = merge_map(heads, vocabulary())
    assert {(term, to) for term, (to, _) in found.items()} <= {("thriftiness", "thrift")}


@given(
    st.dictionaries(
        st.sampled_from(sorted({w for pair in FAMILIES for w in pair} | {t[0] for t in TWINS})),
        st.builds(Use, st.integers(1, 9), st.integers(1, 99)),
    )
)
def test_targets_are_final_and_attested(counts: dict[str, Use]) -> None:
    found = merge_map(counts, vocabulary())
    for term, (target, _) in found.items():
        assert term in counts
        assert target in counts
        assert target not in found
    assert found == merge_map(dict(reversed(counts.items())), vocabulary())


def test_settling_a_reply_keeps_ranks_and_drops_repetitions() -> None:
    read = reader("list").read("1. erudition\n2. Honesty\n3. erudite\n4. team work", "answered")
    merges = {
        "erudite": ("erudition", "attested-family"),
        "team work": ("teamwork", "spelling-twin"),
    }
    settled = settle(read, merges)
    assert [m.rank for m in settled.mentions] == [1, 2, 3, 4]
    assert [m.term for m in settled.mentions] == ["erudition", "honesty", None, "teamwork"]
    assert settled.mentions[2].dropped == "repeated"
    assert settled.merges == (
        ("erudition", "identity"),
        ("honesty", "identity"),
        ("team work", "spelling-twin"),
    )
    assert settle(settled, merges) == settled
    assert settle(read, {}) is read


NO_VALUES = [
    *((word, "thing") for word in ("xylophone", "Toothbrush", "quilts", "drawer", "folder")),
    *((word, "thing") for word in ("garden hose", "soap", "receipt", "wallpaper", "paper clip")),
    *((word, "colour") for word in ("blue", "Green", "blueness", "greenness", "redness")),
    ("above all", "adverbial"),
    ("Question: name three colors", "form-echo"),
    ("**Answer:** red", "form-echo"),
    ("A: red", "form-echo"),
    ("Name three colors", "form-echo"),
    ("What is the capital of France?", "form-echo"),
]


@pytest.mark.parametrize(("surface", "reason"), NO_VALUES)
def test_what_names_no_value_is_dropped(surface: str, reason: str) -> None:
    found = normalizer().normalize(surface)
    assert (found.term, found.dropped) == (None, reason)


VALUES = [
    ("Answer: honesty", "honesty"),
    ("honesty?", "honesty"),
    ("first of all courage", "courage"),
    ("moral compass", "moral compass"),
    ("analytical balance", "analytical balance"),
    ("safety net", "safety net"),
    ("water", "water"),
    ("home", "home"),
    ("wildlife", "wildlife"),
    ("giving back", "giving back"),
    ("listening", "listening"),
]


@pytest.mark.parametrize(("surface", "term"), VALUES)
def test_what_may_be_a_value_is_kept(surface: str, term: str) -> None:
    assert normalizer().normalize(surface).term == term


def test_no_value_of_the_vocabulary_is_a_thing() -> None:
    tables = vocabulary()
    assert not set(tables.things) & set(tables.values)
    assert not {f for f, (h, _) in tables.families.items() if h in tables.values} & set(
        tables.things
    )
