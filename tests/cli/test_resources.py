"""What `valuelex check` says about GPUs and disk before anything is spent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.closures import ROOT

from valuelex.cli import resources
from valuelex.cli.app import run_app
from valuelex.cli.studies import studied
from valuelex.roster import ModelEntry
from valuelex.settings import load_settings


def entry(**changes: object) -> ModelEntry:
    known: dict[str, object] = {
        "backend": "vllm",
        "id": "org/model",
        "revision": "main",
        "developer": "x",
        "family": "x",
        "parameters_b": 8.0,
        "training": "instruct",
        "data_source": "web",
        "interface": "chat",
        "licence": "mit",
        "dtype": "bfloat16",
        "max_model_len": 4096,
    }
    return ModelEntry.model_validate(known | changes)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("prompts", "lexicon", "pipeline/rosters"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy2(ROOT / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-home"))
    return tmp_path


def smi(folder: Path, monkeypatch: pytest.MonkeyPatch, *mib: int) -> None:
    """Put a driver's command on the path that knows GPUs of these sizes."""
    command = folder / "bin" / "nvidia-smi"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n" + "".join(f"echo {size}\n" for size in mib))
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")


def test_eight_billion_in_two_bytes_with_four_thousand_tokens() -> None:
    # 8e9 x 2 bytes = 14.90 GiB; 8 sequences x 4,096 tokens x 128 KiB = 4 GiB; 2 GiB on top
    found = resources.need("m", entry())
    assert found is not None
    assert found.per_device == pytest.approx(14.901 + 4 + 2, abs=0.01)
    assert found.weights == pytest.approx(14.901, abs=0.01)


def test_two_devices_share_weights_and_cache_but_not_the_overhead() -> None:
    found = resources.need("m", entry(tensor_parallel=2))
    assert found is not None
    assert found.per_device == pytest.approx((14.901 + 4) / 2 + 2, abs=0.01)


@pytest.mark.parametrize(
    ("change", "width"), [({"dtype": "float32"}, 4), ({"quantization": "fp8"}, 1)]
)
def test_width_follows_dtype_and_quantization(change: dict[str, str], width: int) -> None:
    found = resources.need("m", entry(**change))
    assert found is not None
    assert found.weights == pytest.approx(8e9 * width / 2**30)


def test_a_size_that_is_not_known_is_said_so() -> None:
    assert resources.need("m", entry(parameters_b=None)) is None


def test_what_does_not_fit_is_found_by_memory_and_by_number() -> None:
    small = resources.need("small", entry())
    wide = resources.need("wide", entry(tensor_parallel=4))
    large = resources.need("large", entry(parameters_b=70.0))
    assert small
    assert wide
    assert large
    assert [n.key for n in resources.too_large([small, wide, large], [80.0])] == ["large", "wide"]
    assert resources.too_large([small], []) == [small]


def test_the_driver_is_asked_for_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi(tmp_path, monkeypatch, 81920, 40960)
    assert resources.gpus() == [80.0, 40.0]


def test_without_a_driver_there_is_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert resources.gpus() == []


def test_check_of_another_study_names_all_that_is_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    smi(project, monkeypatch, 24576)
    before = (project / "params.yaml").read_bytes()
    code = run_app(["check", "open-weight"])
    said = capsys.readouterr()
    assert "1 x 24 GiB" in said.out
    assert "models do not fit" in said.out
    assert "qwen2-5-72b-instruct" in said.out
    assert "to download" in said.out
    assert code == 2
    assert "pip install 'valuelex[vllm]'" in said.err
    assert (project / "params.yaml").read_bytes() == before


def test_weights_that_are_here_are_not_counted(project: Path) -> None:
    settings = studied(project, "open-weight")
    hub = project / "hub-home" / "hub"
    before = resources.disk_lines(settings, project / "store")[0][0]
    for model in settings.models.values():
        (hub / f"models--{model.id.replace('/', '--')}").mkdir(parents=True, exist_ok=True)
    after = resources.disk_lines(settings, project / "store")[0]
    assert "to download" in before
    assert not any("to download" in line for line in after)


@pytest.mark.usefixtures("project")
def test_a_study_that_is_not_there_is_named_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_app(["check", "open-wieght"]) == 2
    assert "did you mean 'open-weight'" in capsys.readouterr().err


def test_requests_of_the_default_study() -> None:
    settings = load_settings(ROOT)
    grid = len(settings.elicit.temperatures) * len(settings.elicit.top_ps)
    each = 15 * grid * settings.elicit.draws + 57 * settings.survey.trials
    assert resources.requests(settings) == len(settings.models) * each
