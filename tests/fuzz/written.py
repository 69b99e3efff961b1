"""Readers of what people write: settings, rosters, prices, prompts, lexica, releases, item sets."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

import yaml

from tests.closures import ROOT
from tests.fuzz.target import Target, as_file, must, said, scratch, text_of
from valuelex.cli.studies import splice, studied
from valuelex.errors import ValueLexError
from valuelex.instruments.portrait.requests import read_wordings
from valuelex.instruments.projective.anchors import sub_dimensions
from valuelex.instruments.projective.completions import Unanswered
from valuelex.instruments.projective.form import form_from_dict
from valuelex.instruments.projective.themes import read_themes
from valuelex.instruments.pvq.dilemmas import read_dilemmas
from valuelex.instruments.pvq.items import read_questionnaire
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.norms import read_norms
from valuelex.lexica import read_table, read_yaml
from valuelex.prompts import load_prompt
from valuelex.reading import UnreadableYamlError, load_yaml
from valuelex.settings import load_settings
from valuelex.stages.official import load_official
from valuelex.stages.portrait_folder import read_folder
from valuelex.stages.prices import read_prices
from valuelex.stages.questionnaire import load_key
from valuelex.stages.released import FILES, read_release
from valuelex.stages.taxonomy_diff import compare_files
from valuelex.taxonomy.model import Taxonomy
from valuelex.taxonomy.naming import parse_overrides
from valuelex.taxonomy.theories import parse_theory

WORDS = (
    *(
        "study:",
        "models:",
        "name:",
        "seed:",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        ": ",
        "\n",
        "\n  ",
        "#",
    ),
    *("&a ", "*a", "<<: ", "!!python/object:os.system ", "!!int x", "!!timestamp x", "2001-13-45"),
    *(
        "0x_",
        "1:60",
        "~",
        "null",
        "true",
        "yes",
        ".inf",
        ".nan",
        "1e999",
        "'",
        '"',
        "|\n",
        ">\n",
        "? ",
    ),
    *("\t", "---\n", "...\n", "%YAML 9\n", "\x00", "\ufeff", "\u2028", "0b", "0o8", "!!binary x"),
    *("currency:", "prices:", "input:", "output:", "backend: openai", "id:", "-1", "=", "!!set"),
)


@cache
def _read(*parts: str) -> bytes:
    return ROOT.joinpath(*parts).read_bytes()


@cache
def _key() -> Key:
    return load_key(ROOT)


def _yaml(data: bytes) -> None:
    value = load_yaml(data)
    repr(value)[:80]


def _params(data: bytes) -> None:
    as_file(data, "params.yaml")
    settings = load_settings(scratch())
    must(settings.models, "a roster", settings)


def _roster(data: bytes) -> None:
    folder = scratch() / "project" / "pipeline" / "rosters"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "one.yaml").write_bytes(data)
    params = scratch() / "project" / "params.yaml"
    params.write_bytes(_read("params.yaml"))
    settings = studied(scratch() / "project", "one")
    must(settings.models, "a roster", settings)


def _spliced(data: bytes) -> None:
    text = text_of(data)
    spliced = splice(_read("params.yaml").decode(), text)
    must(spliced.endswith(text), "the roster's own text", spliced[-80:])


def _prices(data: bytes) -> None:
    for name in ("prices.yaml", "prices.csv"):
        try:
            found = read_prices(as_file(data, name))
        except ValueLexError:
            continue
        for price in found.by_model.values():
            must(0 <= price.input < float("inf"), "a price", price)
            must(0 <= price.output < float("inf"), "a price", price)


def _prompt(data: bytes) -> None:
    folder = scratch() / "prompts"
    folder.mkdir(exist_ok=True)
    (folder / "pvq.v1.yaml").write_bytes(data)
    content = load_prompt(scratch(), "pvq.v1", ("items", "scale"))
    found = read_questionnaire(content, _key())
    must(len(found.portraits) == 57, "every item", found)


def _dilemmas(data: bytes) -> None:
    content = _mapping(data)
    for one in read_dilemmas(content, list(_key().scales("ten"))):
        must(one.values[0] != one.values[1], "two values", one)


def _wordings(data: bytes) -> None:
    found = read_wordings(_mapping(data))
    must(found.scale.low < found.scale.high, "a scale", found.labels)


def _anchors(data: bytes) -> None:
    content = _mapping(data)
    read_themes(content)
    Unanswered(content.get("unanswered") or {})


def _mapping(data: bytes) -> dict[str, Any]:
    value = load_yaml(data)
    if not isinstance(value, dict):
        raise UnreadableYamlError("no mapping")
    return value


def _theory(data: bytes) -> None:
    content = load_yaml(data)
    try:
        parse_theory(content, "theory")
    except ValueLexError:
        parse_overrides(content)  # either of the two is a good file


def _lexicon(data: bytes) -> None:
    folder = scratch() / "lexicon"
    folder.mkdir(exist_ok=True)
    (folder / "t.csv").write_bytes(data)
    rows = read_table(scratch(), "t.csv", ("value", "mean"))
    read_norms(rows, _key(), "nineteen")


def _lexicon_yaml(data: bytes) -> None:
    folder = scratch() / "lexicon"
    folder.mkdir(exist_ok=True)
    (folder / "t.yaml").write_bytes(data)
    read_yaml(scratch(), "t.yaml")


def _taxonomy(data: bytes) -> None:
    path = as_file(data, "taxonomy.json")
    compare_files(path, path)
    content = json.loads(data)
    found = Taxonomy.from_dict(content)
    must(Taxonomy.from_dict(found.to_dict()) == found, "the same again", found)
    for sub in sub_dimensions(content):
        must(sub.id, "an id", sub)


def _form(data: bytes) -> None:
    found = form_from_dict(json.loads(data))
    must(len({s.id for s in found.stems}) == len(found.stems), "stems once", found)


RELEASE = sorted((ROOT / "lexicon" / "taxonomies").glob("*/release.yaml"))[0].parent


def _release(data: bytes) -> None:
    """One file of a release is the input, and its checksum is right."""
    name, _, content = data.partition(b"\n")
    which = name.decode("ascii", "replace")
    folder = scratch() / "lexicon" / "taxonomies" / RELEASE.name
    folder.mkdir(parents=True, exist_ok=True)
    about = yaml.safe_load(_read(*RELEASE.relative_to(ROOT).parts, "release.yaml"))
    for file in FILES:
        own = content if file == which else _read(*RELEASE.relative_to(ROOT).parts, file)
        (folder / file).write_bytes(own)
        about["files"][file] = hashlib.sha256(own).hexdigest()
    text = content if which == "release.yaml" else json.dumps(about).encode()
    (folder / "release.yaml").write_bytes(text)
    (scratch() / "prompts").mkdir(exist_ok=True)
    (scratch() / "prompts" / "FROZEN").write_bytes(_read("prompts", "FROZEN"))
    read_release(scratch(), RELEASE.name)


@cache
def _questionnaire() -> Any:
    return read_questionnaire(load_yaml(_read("prompts", "pvq.v1.yaml")), _key())


def _official(data: bytes) -> None:
    found = load_official(as_file(data, "official.csv"), _questionnaire(), _key())
    must(all(p.text in text_of(data) or '"' in text_of(data) for p in found.portraits), "its text")


def _folder(data: bytes) -> None:
    name, _, content = data.partition(b"\n")
    which = name.decode("ascii", "replace")
    folder = scratch() / "set"
    folder.mkdir(exist_ok=True)
    for file, own in SET.items():
        (folder / file).write_bytes(content if file == which else own)
    read_folder(folder)


_TEXTS = {
    "items.json": json.dumps(
        [
            {
                "portrait_id": 1,
                "content": {"title": "", "text": "?"},
                "outputs": [
                    {"id": 1, "content": "yes", "correlations": [["Power", 0.4]]},
                    {"id": 2, "content": "no", "bfi_correlations": []},
                ],
            }
        ]
    ),
    "human_ratings.json": json.dumps(
        [{"1": [{"option_id": 1, "data": [[3, "p1"], [4, "p2"]]}]}],
    ),
    "human_values.json": json.dumps({"p1": {"pvq": {"Power": 1.0}}, "p2": {"pvq": {"Power": 2}}}),
    "exclusions.csv": "portrait_id,option_id,value\n1,2,Power\n",
    "human_groups.csv": "person,group\np1,g\n",
}
SET = {name: text.encode() for name, text in _TEXTS.items()}


def _official_seed() -> bytes:
    rows = [f"{p.item},{p.text!r}" for p in _questionnaire().portraits]
    return "\n".join(["item,text", *rows, ""]).encode()


_YAML = (ValueLexError, UnreadableYamlError)
_JSON = (ValueLexError, ValueError, RecursionError)
TARGETS: tuple[Target, ...] = (
    Target("yaml", _yaml, said("a: [1, {b: c}]\nd: &x 1\ne: *x\n"), WORDS, "text", _YAML),
    Target("params.yaml", _params, (_read("params.yaml"),), WORDS, "yaml"),
    Target("rosters", _roster, (_read("pipeline", "rosters", "small.yaml"),), WORDS, "yaml"),
    Target("rosters: splice", _spliced, (_read("pipeline", "rosters", "small.yaml"),), WORDS),
    Target(
        "price files",
        _prices,
        said(
            "currency: USD\nprices:\n  m: {input: 1, output: 2.5}\n", "model,input,output\nm,1,2\n"
        ),
        WORDS,
        "yaml",
    ),
    Target("prompts: questionnaire", _prompt, (_read("prompts", "pvq.v1.yaml"),), WORDS, "yaml"),
    Target(
        "prompts: dilemmas",
        _dilemmas,
        (_read("prompts", "dilemmas.v1.yaml"),),
        WORDS,
        "yaml",
        _YAML,
    ),
    Target(
        "prompts: portrait",
        _wordings,
        (_read("prompts", "portrait.v1.yaml"),),
        WORDS,
        "yaml",
        _YAML,
    ),
    Target(
        "prompts: anchors", _anchors, (_read("prompts", "anchors.v2.yaml"),), WORDS, "yaml", _YAML
    ),
    Target(
        "theories and names",
        _theory,
        (
            _read("lexicon", "names.yaml"),
            *(p.read_bytes() for p in sorted((ROOT / "lexicon" / "theories").glob("*.yaml"))[:2]),
        ),
        WORDS,
        "yaml",
        _YAML,
    ),
    Target(
        "lexicon tables", _lexicon, (_read("lexicon", "norms", "pvq-rr-human.csv"),), WORDS, "csv"
    ),
    Target("lexicon yaml", _lexicon_yaml, (_read("lexicon", "names.yaml"),), WORDS, "yaml", _YAML),
    Target("taxonomy files", _taxonomy, ((RELEASE / "taxonomy.json").read_bytes(),), (), "json"),
    Target("form files", _form, ((RELEASE / "form.json").read_bytes(),), (), "json", _JSON),
    Target(
        "releases",
        _release,
        tuple(
            name.encode() + b"\n" + (RELEASE / name).read_bytes()
            for name in (*FILES, "release.yaml")
        ),
        WORDS,
        "text",
    ),
    Target("official portraits", _official, (_official_seed(),), WORDS, "csv"),
    Target(
        "portrait item sets", _folder, tuple(n.encode() + b"\n" + d for n, d in SET.items()), WORDS
    ),
)
