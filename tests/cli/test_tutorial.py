"""The tutorial of hosted models: its roster is valid, and its plan is what the command prints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.served import Project
from tests.closures import ROOT

from valuelex.cli.studies import splice
from valuelex.settings import load_settings

TEXT = (ROOT / "docs" / "tutorials" / "hosted-apis.md").read_text(encoding="utf-8")


def test_the_tutorials_plan_is_what_the_command_prints(tmp_path: Path) -> None:
    roster, prices = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (transcript,) = re.findall(
        r"```text\n\$ valuelex plan --prices prices.yaml\n(.*?)```", TEXT, re.DOTALL
    )
    for name in ("prompts", "lexicon"):
        (tmp_path / name).symlink_to(ROOT / name)
    params = splice((ROOT / "params.yaml").read_text(encoding="utf-8"), roster)
    (tmp_path / "params.yaml").write_text(params, encoding="utf-8")
    (tmp_path / "prices.yaml").write_text(prices, encoding="utf-8")
    assert set(load_settings(tmp_path).models) == {
        "alpha-small",
        "alpha-large",
        "beta",
        "gamma",
    }
    done = Project(tmp_path).run("plan", "--prices", "prices.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout == transcript, "put today's plan into the tutorial"


def test_every_command_of_the_tutorial_exists(tmp_path: Path) -> None:
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL))
    commands = {tuple(words.split()) for words in re.findall(r"^valuelex ([a-z -]+)", shell, re.M)}
    assert len(commands) >= 8
    groups = {"store", "batch"}
    heads = {command[: 2 if command[0] in groups else 1] for command in commands}
    for head in sorted(heads):
        plain = [word for word in head if not word.startswith("-")]
        done = Project(tmp_path).run(*plain, "--help")
        assert done.returncode == 0, (head, done.stderr)
