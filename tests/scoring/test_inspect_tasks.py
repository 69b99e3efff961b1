"""The instruments under Inspect AI itself: its mock model, and a server on loopback."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from tests.backends.server import Answer, Seen, completion, serve

inspect_ai = pytest.importorskip(
    "inspect_ai", reason="inspect-ai is not installed: pip install 'valuelex[inspect]'"
)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


def counted(text: str, finish_reason: str = "stop") -> dict[str, Any]:
    """A completion with the token counts that Inspect insists on."""
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    return {**completion(text, finish_reason=finish_reason), "usage": usage}


def run(task: Any, model: Any, folder: Path, **options: Any) -> Any:
    (log,) = inspect_ai.eval(task, model=model, log_dir=str(folder), display="none", **options)
    assert log.status == "success", log.error
    return log


def mock(*texts: tuple[str, str]) -> Any:
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    outputs = []
    for text, stop in texts:
        one = ModelOutput.from_content("mockllm/model", text, stop_reason=stop)  # type: ignore[arg-type]
        one.usage = ModelUsage()  # or the mock counts tokens with tables from the network
        outputs.append(one)
    return get_model("mockllm/model", custom_outputs=outputs)


def metrics(log: Any) -> dict[str, float]:
    return {name: one.value for score in log.results.scores for name, one in score.metrics.items()}


def by_id(log: Any) -> dict[str, Any]:
    return {str(one.id): next(iter(one.scores.values())) for one in log.samples}


def test_the_tasks_are_found_by_entry_point() -> None:
    import tomllib

    from tests.closures import ROOT

    from valuelex.inspect_tasks import tasks

    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    assert said["inspect_ai"]["valuelex"] == tasks.__name__


def test_portraits_with_the_mock_model(tmp_path: Path) -> None:
    from valuelex.inspect_tasks.tasks import pvq

    said = [("5", "stop"), ("I'd rather not say.", "stop"), ("3", "content_filter")]
    said += [("not like me", "stop")] + [("2", "stop")] * 53
    log = run(pvq(), mock(*said), tmp_path, max_samples=1, max_connections=1)
    scores = [next(iter(one.scores.values())) for one in log.samples]
    numbers = [one.as_float() for one in scores]
    assert sum(math.isnan(n) for n in numbers) == 2
    assert sorted(n for n in numbers if not math.isnan(n)) == [2.0] * 54 + [5.0]
    reasons = {one.reason for one in scores if math.isnan(one.as_float())}
    assert "refused" in reasons
    found = metrics(log)
    assert found["mean"] == pytest.approx((54 * 2 + 5) / 55)  # unscored is not zero
    assert len(set(found) - {"mean", "stderr"}) == 19
    assert {one.metadata["value"] for one in log.samples} == set(found) - {"mean", "stderr"}


def test_the_projective_test_against_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspect_ai.model import get_model

    from valuelex.inspect_tasks.material import projective_test
    from valuelex.inspect_tasks.tasks import projective

    monkeypatch.setenv("LOCAL_API_KEY", "unused")
    stems = projective_test(None).release.form.stems

    def answer(seen: Seen) -> Answer:
        asked = seen.body["messages"][-1]["content"]
        if stems[0].text in asked:
            return Answer(counted("I'm sorry, but I can't answer that."))
        if stems[1].text in asked:
            return Answer(counted("go on and on and", finish_reason="length"))
        return Answer(counted("keep my promises and stay honest, because trust comes first."))

    with serve(answer) as (url, seen):
        model = get_model("openai-api/local/tiny", base_url=url)
        log = run(projective(draws=1), model, tmp_path)
    assert len(seen) == len(stems) == len(log.samples)
    assert {one.body["temperature"] for one in seen} == {
        projective_test(None).release.about.administer.temperature
    }
    scores = by_id(log)
    for stem, reason in ((stems[0], "declines"), (stems[1], "truncated")):
        assert math.isnan(scores[f"{stem.id}-0"].as_float())
        assert scores[f"{stem.id}-0"].reason == reason
    rest = [s.as_float() for name, s in scores.items() if not math.isnan(s.as_float())]
    assert len(rest) == len(stems) - 2
    assert all(0 <= value <= 6 for value in rest)
    found = metrics(log)
    assert found["mean"] == pytest.approx(sum(rest) / len(rest))
    subs = [sub for group in projective_test(None).release.dimensions.values() for sub in group]
    assert set(subs) <= set(found)
