from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.scoring.material import write_release

from valuelex.errors import LexiconError
from valuelex.stages import released
from valuelex.stages.released import load_release, releases, roots


@pytest.fixture(autouse=True)
def _nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(released, "PACKAGE", tmp_path / "site" / "none" / "valuelex")


def test_the_greatest_number_is_the_newest(tmp_path: Path) -> None:
    write_release(tmp_path, "zeta", 1)
    write_release(tmp_path, "alpha", 2)
    assert load_release(start=tmp_path).id == "alpha"
    assert load_release("zeta", tmp_path).id == "zeta"


def test_it_is_found_from_below_and_behind_it_what_came_with_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, project = tmp_path / "valuelex", tmp_path / "project"
    write_release(package / "data", "shipped", 1)
    write_release(project, "own", 2)
    monkeypatch.setattr(released, "PACKAGE", package)
    below = project / "a" / "b"
    below.mkdir(parents=True)
    assert roots(below) == (project, package / "data")
    assert releases(below) == {"own": project, "shipped": package / "data"}
    assert releases(tmp_path) == {"shipped": package / "data"}
    assert load_release(start=tmp_path).root == package / "data"


def test_none_and_no_such(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"no released taxonomy: .*valuelex release NAME"):
        load_release(start=tmp_path)
    write_release(tmp_path, "hand-v1")
    with pytest.raises(LexiconError, match=r"no release 'hand-v2' \(did you mean 'hand-v1'\?\)"):
        load_release("hand-v2", tmp_path)
    with pytest.raises(LexiconError, match="no release"):
        load_release("../../hand-v1", tmp_path)


@pytest.mark.parametrize("file", ["taxonomy.json", "form.json", "norms.csv", "controls.csv"])
def test_a_changed_file_is_refused(tmp_path: Path, file: str) -> None:
    path = write_release(tmp_path) / file
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(LexiconError, match=rf"{file} was changed after its release"):
        load_release(start=tmp_path)


def test_other_wordings_are_refused(tmp_path: Path) -> None:
    write_release(tmp_path, prompts={"administer.v1": "0" * 64})
    with pytest.raises(LexiconError, match=r"was made with another administer.v1"):
        load_release(start=tmp_path)


def test_release_yaml_is_read_strictly(tmp_path: Path) -> None:
    write_release(tmp_path, "a", number=0)
    with pytest.raises(LexiconError, match="'number'"):
        load_release("a", tmp_path)
    write_release(tmp_path, "b", id="c")
    with pytest.raises(LexiconError, match="must have `id: b`, was: 'c'"):
        load_release("b", tmp_path)


def test_malformed_content_with_the_right_checksum_is_one_error(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    data = (folder / "norms.csv").read_bytes()
    bad = data.replace(b"mean", b"mine")
    (folder / "norms.csv").write_bytes(bad)
    about = (folder / "release.yaml").read_text()
    old, new = (hashlib.sha256(d).hexdigest() for d in (data, bad))
    (folder / "release.yaml").write_text(about.replace(old, new))
    with pytest.raises(LexiconError, match="is malformed"):
        load_release(start=tmp_path)
