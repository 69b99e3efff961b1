"""Every command in README and docs is one that exists, with options that exist; the site builds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.closures import ROOT
from tests.docs.commands import PAGES, commands, links

from valuelex.cli.app import app
from valuelex.cli.command_page import command_page

COMMANDS = list(commands())
OURS = [(where, words) for where, words in COMMANDS if words[0] == "valuelex"]
# what else the documentation tells people to run, and what proves each
OTHERS = {
    "make",  # targets: below
    "dvc",  # tests/pipeline: real runs; options: below
    "pip",  # packages: pyproject's extras, below
    "python",  # scripts: below
    "source",
    "export",
    "ray",  # needs several machines; tests start a real cluster through its own interface
    "vllm",
    "apt-get",  # R, which benchmarks are held against
    "inspect",  # tests/scoring/test_inspect_tasks.py, where the extra is installed
}


@pytest.mark.parametrize(("where", "words"), OURS, ids=[where for where, _ in OURS])
def test_our_commands_parse_with_these_options(where: str, words: list[str]) -> None:
    command = typer.main.get_command(app)
    arguments = words[1:]
    if arguments and arguments[0] in ("--install-completion", "--show-completion"):
        assert arguments[0] in {o for p in command.params for o in p.opts}, where
        return
    name = arguments.pop(0)
    context = typer.Context(command, info_name="valuelex")
    found = command.get_command(context, name)  # type: ignore[attr-defined]
    assert found is not None, f"{where}: there is no command {name}"
    while hasattr(found, "get_command") and arguments:
        inner = found.get_command(context, arguments[0])
        assert inner is not None, f"{where}: there is no command {name} {arguments[0]}"
        arguments.pop(0)
        found = inner
    found.make_context(name, arguments, parent=context)


def test_no_other_program_is_recommended_without_a_proof() -> None:
    named = {words[0] for _, words in COMMANDS if words[0] != "valuelex"}
    assignments = {word for word in named if re.match(r"[A-Z_]+=", word)}
    assert named - assignments <= OTHERS, named - assignments - OTHERS


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for where, words in COMMANDS:
        if words[0] == "make":
            assert {w for w in words[1:] if "=" not in w} <= targets, where


def test_dvc_commands_exist() -> None:
    asked = {
        tuple(word for word in words[1:3] if re.fullmatch(r"[a-z]+", word))
        for _, words in COMMANDS
        if words[0] == "dvc"
    }
    assert ("repro",) in asked
    for words in asked:
        tries = [words] if words[0] in {"metrics", "plots", "exp", "params"} else [words[:1]]
        for one in tries:
            program = shutil.which("dvc", path=str(Path(sys.executable).parent)) or "dvc"
            done = subprocess.run([program, *one, "--help"], capture_output=True, check=False)
            assert done.returncode == 0, one


def test_extras_that_are_installed_exist() -> None:
    extras = set(re.findall(r"^([a-z]+) = \[", (ROOT / "pyproject.toml").read_text(), re.MULTILINE))
    for where, words in COMMANDS:
        for word in words:
            found = re.fullmatch(r"valuelex\[([a-z,]+)\]", word)
            if words[0] == "pip" and found:
                assert set(found[1].split(",")) <= extras, where


def test_scripts_that_are_run_exist() -> None:
    for where, words in COMMANDS:
        for word in words:
            if words[0] == "python" and word.endswith(".py"):
                assert (ROOT / word).is_file(), where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in links(page) if link and not (page.parent / link).exists()]
    assert missing == []


def test_every_command_of_the_program_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == command_page(app), "run `make deps`"
    for name in ("check", "inspect", "export", "score", "survey portrait"):
        assert f"## `valuelex {name}`" in page


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is in the dev group")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "-d",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 12
    for page in pages:
        text = page.read_text(encoding="utf-8")
        sources = re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=\"(https?:)?//", text)
        assert sources == [], page.name
    assert "load_study" in (tmp_path / "api.html").read_text(encoding="utf-8")
