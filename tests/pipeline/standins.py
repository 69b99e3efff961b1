"""What stands in where the documentation speaks of servers, files and models of one's own."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from tests.backends.server import Answer, Seen, completion
from tests.closures import ROOT
from tests.pipeline.project import change_params
from tests.portrait_set.made import write_set

# Four tastes: who names one word of a line is likely to name others of it.
TASTES = tuple(
    line.split()
    for line in """
honesty integrity truthfulness sincerity candor trustworthiness fairness justice
kindness compassion empathy generosity warmth caring forgiveness friendship
creativity curiosity imagination originality humor playfulness freedom courage
safety security caution order discipline responsibility diligence reliability
""".strip().splitlines()
)


def said(prompt: str, who: str, draw: object = 0) -> str:
    """Return what the stand-in for a model answers: a list, a number, a letter or an ending.

    ``who`` is a model under its settings, and has a taste of its own.
    """
    salt, taste = f"{who} {draw}", TASTES[int(hashlib.sha256(who.encode()).hexdigest(), 16) % 4]
    dice = int(hashlib.sha256(f"{salt} {prompt}".encode()).hexdigest(), 16)
    if "very much like" in prompt:
        return str(dice % 6 + 1)
    if "beginning of a sentence" in prompt or prompt.rstrip().endswith("..."):
        return f"choose {TASTES[dice % 4][dice // 4 % 8]} over everything else."
    if "\nA" in prompt and "\nB" in prompt:
        return "AB"[dice % 2]
    chosen = [taste[(dice >> 4 * n) % 8] for n in range(1, 6)]
    other = TASTES[(dice >> 40) % 4][(dice >> 44) % 8]
    return "\n".join(f"- {word}" for word in dict.fromkeys([*chosen, other]))


def answer(seen: Seen) -> Answer:
    """Answer as a server that speaks OpenAI's interface."""
    if "prompt" in seen.body:
        choice = {"index": 0, "text": _of(seen.body), "finish_reason": "stop"}
        return Answer({"object": "text_completion", "model": "m", "choices": [choice]})
    return Answer(completion(_of(seen.body)))


def _of(body: dict[str, Any]) -> str:
    prompt = body["prompt"] if "prompt" in body else body["messages"][-1]["content"]
    who = f"{body.get('model')} {body.get('temperature')} {body.get('top_p')}"
    return said(str(prompt), who, body.get("seed"))


def batch_results(folder: Path, exported: Path, results: Path, errors: Path) -> None:
    """Answer what was exported as batch files: all but one line, which is an error."""
    lines = [
        json.loads(line)
        for path in sorted((folder / exported).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    done = []
    for line in lines[1:]:
        body = line["body"]
        reply = completion(_of(body)) | {"model": body["model"]}
        response = {"status_code": 200, "request_id": "r", "body": reply}
        done.append({"custom_id": line["custom_id"], "response": response, "error": None})
    refused = {"status_code": 400, "body": {"error": {"message": "too long"}}}
    failed = [{"custom_id": row["custom_id"], "response": refused} for row in lines[:1]]
    for path, rows in ((results, done), (errors, failed)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / path).write_text(text, encoding="utf-8")


def my_model(folder: Path, url: str) -> None:
    """Add a model behind a server to the roster, under the name that the documentation uses."""

    def change(content: dict[str, Any]) -> None:
        template = next(iter(content["models"].values()))
        content["models"]["my-model"] = {
            **template,
            "backend": "openai",
            "id": "my-model",
            "revision": "2026-11",
            "interface": "chat",
            "base_url": url,
            "limits": {"concurrency": 16},
        }

    change_params(folder, change)
    prices = {"currency": "USD", "prices": {"my-model": {"input": 0.15, "output": 0.6}}}
    (folder / "prices.yaml").write_text(yaml.safe_dump(prices), encoding="utf-8")


def completions(path: Path) -> None:
    """Write a completion for each stem of the newest release."""
    form = ROOT / "lexicon" / "taxonomies" / "simulated-v1" / "form.json"
    stems = json.loads(form.read_text(encoding="utf-8"))["stems"]
    rows = [{"stem": s["id"], "text": said(f"{s['text']} ...", "me")} for s in stems]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def questionnaire(path: Path) -> None:
    """Write ten trials of 57 answers, a row a trial."""
    rng = np.random.default_rng(1)
    _write(path, [f"q{i}" for i in range(1, 58)], rng.integers(1, 7, (10, 57)).tolist())


def factors(path: Path, n: int = 300) -> None:
    """Write answers of persons to four items each of five factors, with age and sex."""
    rng = np.random.default_rng(2)
    raw = 0.7 * np.repeat(rng.normal(size=(n, 5)), 4, axis=1) + 0.7 * rng.normal(size=(n, 20))
    items = np.clip(np.round(5 + 1.6 * raw), 1, 9).astype(int)
    about = np.column_stack([np.arange(n), rng.integers(18, 80, n), rng.integers(0, 2, n)])
    names = [f"{letter}{i}" for letter in "abcde" for i in range(1, 5)]
    _write(path, ["person", "age", "sex", *names], np.hstack([about, items]).tolist())


def ratings_of_persons(path: Path) -> None:
    """Write the same answers with an unnamed first column that names the rows."""
    factors(path)
    _, *rows = path.read_text(encoding="utf-8").splitlines()
    names = [f"{letter}{i}" for letter in "abcde" for i in range(1, 5)]
    body = [[f"p{row.split(',')[0]}", *row.split(",")[3:]] for row in rows]
    _write(path, ["", *names], body)


def presence(path: Path) -> None:
    """Write how often models of families used twelve words, under six settings each."""
    rng = np.random.default_rng(3)
    rows = []
    for model in range(24):
        taste = np.repeat(rng.normal(size=3), 4)
        for _ in range(6):
            used = rng.poisson(np.exp(0.3 + 0.6 * taste + 0.2 * rng.normal(size=12)))
            rows.append([f"m{model}", f"f{model // 3}", *used.tolist()])
    _write(path, ["model", "family", *(f"w{i}" for i in range(12))], rows)


def judges(path: Path) -> None:
    """Write two rounds of three judges' ratings of eight models' texts on two traits."""
    rng = np.random.default_rng(4)
    rows = [
        [f"j{j}", f"m{m}", f"t{t}", r, *rng.integers(1, 11, 2).tolist()]
        for j in range(3)
        for m in range(8)
        for t in range(3)
        for r in (1, 2)
    ]
    _write(path, ["judge", "model", "text", "round", "warm", "fair"], rows)


def ratings_a_row(path: Path, item: str = "item") -> None:
    """Write the same as a rating a row; ``item`` names the column of the texts."""
    rng = np.random.default_rng(5)
    rows = [
        [f"j{j}", f"m{m}", f"t{t}", trait, int(rng.integers(1, 11))]
        for j in range(3)
        for m in range(8)
        for t in range(3)
        for trait in ("warm", "fair")
    ]
    _write(path, ["judge", "model", item, "trait", "score"], rows)


def terms(path: Path) -> None:
    """Write a hundred value words, a word a line or as the column ``name``."""
    known = (ROOT / "lexicon" / "vocabulary" / "values.csv").read_text(encoding="utf-8")
    found = [line.split(",")[0] for line in known.splitlines()[1:101]]
    head = ["name"] if path.suffix == ".csv" else []
    path.write_text("\n".join([*head, *found]) + "\n", encoding="utf-8")


def recording(path: Path) -> None:
    """Write recorded replies of four models, compressed."""
    rows = [
        {"model": f"acme-{m}", "prompt": f"What matters, {n}?", "output": said(f"{n}", f"{m}")}
        for m in range(4)
        for n in range(10)
    ]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def older_taxonomy(folder: Path) -> None:
    """Lay the present taxonomy aside as an older one."""
    (folder / "old").mkdir(exist_ok=True)
    shutil.copy2(folder / "outputs" / "taxonomy" / "taxonomy.json", folder / "old")


def portraits(folder: Path) -> None:
    """Write the item sets ``value-portrait``, with a recording, and ``my-items``."""
    for name in ("value-portrait", "my-items"):
        write_set(folder / name, n=4, groups=True)
    items = json.loads((folder / "value-portrait" / "items.json").read_text(encoding="utf-8"))
    head = ["portrait_id", "option_id", "prompt_version", "raw_response", "numeric_response"]
    versions = [f"v{i}{end}" for i in (1, 2, 3) for end in ("", "_reversed")]
    with gzip.open(
        folder / "value-portrait" / "raw_answers.csv.gz", "wt", encoding="utf-8", newline=""
    ) as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for item in items:
            for output in item["outputs"]:
                for version in versions:
                    key = (item["portrait_id"], output["id"], version)
                    writer.writerow([*key, "4. Moderately like me", 4])


def _write(path: Path, head: list[str], rows: list[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
