"""Every reader on made and on found inputs: no error but the package's own, nothing invented.

The long runs are ``benchmarks/fuzz/run.py``; here each reader gets a few dozen inputs, the same
kinds, drawn and shrunk by hypothesis.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.found import FOUND
from tests.fuzz.making import ODD, inputs
from tests.fuzz.target import InventedError, Target, said, scratch
from tests.fuzz.targets import TARGETS
from valuelex.errors import DataError

SLOW = {"prompts: anchors", "releases", "params.yaml", "taxonomy files", "prompts: questionnaire"}
QUICK = [name for name in TARGETS if name not in SLOW]


@pytest.fixture(scope="module", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    shutil.rmtree(scratch(), ignore_errors=True)
    scratch.cache_clear()


@pytest.mark.parametrize("name", TARGETS)
def test_good_inputs_are_read(name: str) -> None:
    """A target whose seeds all fail would look at nothing behind the first check."""
    read = []
    for data in TARGETS[name].good:
        try:
            TARGETS[name].check(data)
        except TARGETS[name].errors:
            continue
        read.append(data)
    assert read


@pytest.mark.parametrize(
    ("name", "data"), FOUND, ids=[f"{i}-{n}" for i, (n, _) in enumerate(FOUND)]
)
def test_what_was_found_ends_well(name: str, data: bytes) -> None:
    TARGETS[name].run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_made_inputs_end_well(name: str) -> None:
    target = TARGETS[name]
    for data in itertools.islice(inputs(target, seed=3), 5 if name in SLOW else 60):
        target.run(data)


@pytest.mark.parametrize("name", QUICK)
def test_any_bytes_end_well(name: str) -> None:
    target = TARGETS[name]
    words = st.sampled_from([word for word in (*target.words, *ODD) if word])
    glued = st.lists(words, max_size=12).map(lambda found: said("".join(found))[0])

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(glued, glued, st.binary(max_size=80), st.text(max_size=80).map(_encoded)))
    def holds(data: bytes) -> None:
        target.run(data)

    holds()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def test_a_target_tells_a_crash_an_invention_and_an_own_error_apart() -> None:
    def check(data: bytes) -> None:
        if data == b"own":
            raise DataError("no data")
        if data == b"invented":
            raise InventedError
        if data == b"crash":
            raise KeyError(data)

    target = Target("t", check, (b"own",))
    target.run(b"own")
    target.run(b"fine")
    with pytest.raises(InventedError):
        target.run(b"invented")
    with pytest.raises(KeyError):
        target.run(b"crash")


def test_the_oracle_of_answers_sees_an_invention() -> None:
    """The check of the checks: a number that was not said, and a denial taken for agreement."""
    from tests.fuzz.answers import SCALE, _justified

    _justified("My answer is 5.", 5, SCALE)
    _justified('{"answer": "like me"}', 5, SCALE)
    with pytest.raises(InventedError, match="never said"):
        _justified("My answer is 4.", 5, SCALE)
    with pytest.raises(InventedError, match="negation became agreement"):
        _justified("I don't think this is like me.", 5, SCALE)
    with pytest.raises(InventedError, match="negation became agreement"):
        _justified("I don't think this is\nlike me.", 5, SCALE)
