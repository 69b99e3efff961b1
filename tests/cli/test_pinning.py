"""`valuelex pin` and `check` against a hub on the loopback that speaks the real hub's interface."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.closures import ROOT
from tests.pipeline.project import run, shipped

from valuelex.errors import SettingsError
from valuelex.settings import load_settings
from valuelex.stages.pinning import with_revision
from valuelex.stages.provenance import unpinned, why_not

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def hub(known: set[str]) -> Iterator[str]:
    """Serve the commits of models."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/api/models/").partition("/revision/")[0]
            body: dict[str, Any] = {"id": name, "sha": COMMIT, "siblings": [], "tags": []}
            self.send_response(200 if name in known else 404)
            data = json.dumps(body if name in known else {"error": "no such model"}).encode()
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the small study."""
    content = shipped()
    roster = (ROOT / "pipeline" / "rosters" / "small.yaml").read_text(encoding="utf-8")
    head = {name: block for name, block in content.items() if name not in ("study", "models")}
    (tmp_path / "params.yaml").write_text(
        yaml.safe_dump(head, sort_keys=False) + roster, encoding="utf-8"
    )
    for name in ("prompts", "lexicon"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def test_branches_become_commits_and_check_says_which_are_none(project: Path) -> None:
    before = load_settings(project).models
    said = run(project, "valuelex", "check").stdout
    assert f"{len(before)} models are a branch, a tag, a folder or a server" in said
    assert "cannot call itself reproducible" in said
    with hub({entry.id for entry in before.values()}) as address:
        done = run(project, "valuelex", "pin", HF_ENDPOINT=address, HF_HUB_OFFLINE="0")
    assert done.returncode == 0, done.stderr
    after = load_settings(project).models
    assert {entry.revision for entry in after.values()} == {COMMIT}
    assert unpinned(after) == []
    assert why_not([]) == ""
    assert "every model is pinned" in run(project, "valuelex", "check").stdout


def test_nothing_is_written_unless_every_model_is_known(project: Path) -> None:
    models = load_settings(project).models
    text = (project / "params.yaml").read_bytes()
    with hub({next(iter(models.values())).id}) as address:
        done = run(project, "valuelex", "pin", HF_ENDPOINT=address, HF_HUB_OFFLINE="0")
    assert done.returncode == 2
    assert "does not say which commit" in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "params.yaml").read_bytes() == text


def test_a_line_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"found 0; write the commit there yourself: 0123"):
        with_revision("models:\n  a: {id: b, revision: main}\n", "c", "main", COMMIT)
    one = "models:\n  a: {id: b, revision: main, x: 1}\n"
    assert with_revision(one, "a", "main", COMMIT) == one.replace("main", f'"{COMMIT}"')
