"""The list of licences is that of the lock, and a stranger among them is noticed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
from types import ModuleType

import pytest

from tests.closures import ROOT


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["licences"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_lists_every_locked_package_with_its_version(licences: ModuleType) -> None:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+) \| (\S+) \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE))
    listed.pop("package")
    locked = licences.locked()
    assert set(listed) == set(locked)
    for versions in (locked, listed):
        versions["torch"] = versions["torch"].partition("+")[0]  # which build is the user's choice
    assert listed == locked


def test_every_listed_licence_is_the_one_that_the_package_states(licences: ModuleType) -> None:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    for name, version, licence, kind in re.findall(
        r"^\| (\S+) \| (\S+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE
    ):
        if name == "package":
            continue
        assert licences.class_of(name, licence) == kind, name
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # locked for an extra that is not installed here
        # another version may state another one
        if installed.partition("+")[0] == version.partition("+")[0]:
            assert licences.licence_of(name) == licence, name


def test_a_new_dependency_without_a_known_licence_is_noticed(
    licences: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"Name": "stranger"}

    class About(dict[str, str]):
        def get_all(self, name: str) -> list[str]:
            return [self[name]] if name in self else []

    monkeypatch.setattr(licences.importlib.metadata, "metadata", lambda _: About(told))
    with pytest.raises(licences.UnknownLicenceError, match="states no licence"):
        licences.rows([("stranger", "1.0")])
    told["License-Expression"] = "LicenseRef-Ask-Me"
    with pytest.raises(licences.UnknownLicenceError, match="in no class"):
        licences.rows([("stranger", "1.0")])
    told["License-Expression"] = "GPL-3.0-only OR MIT"
    assert licences.rows([("stranger", "1.0")])[0][3] == "permissive"
    told["License-Expression"] = "GPL-3.0-only"
    assert licences.rows([("stranger", "1.0")])[0][3] == "copyleft"
    told["License-Expression"] = "LGPL-2.1-or-later"
    assert licences.rows([("stranger", "1.0")])[0][3] == "weak copyleft"


def test_what_the_project_itself_needs_is_locked(licences: ModuleType) -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=\[ ]", line)[0].lower() for line in project["dependencies"]}
    locked = {name.lower().replace("_", "-") for name in licences.locked()}
    assert {name.replace("_", "-") for name in wanted} <= locked
