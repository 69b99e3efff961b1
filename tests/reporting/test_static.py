"""Static figures and tables: hostile text does nothing there, and the same content is the same."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from valuelex.reporting.content import ReportContent
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.static import formats, lexical, models, tables
from valuelex.reporting.static.canvas import render
from valuelex.reporting.static.tables import Field, Result

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil.invalid")', "\t=1", "\r=1"]
COMMANDS = [r"\input{/etc/passwd}", r"\write18{rm}", "$$", "%", "&", "a_b^c~d#e{f}", "\\"]


Drawn = dict[str, dict[str, bytes]]


def _sheets(content: ReportContent) -> Drawn:
    lookup = Lookup.of(content)
    made = (*lexical.sheets(content, lookup), *models.sheets(content, lookup))
    return {sheet.name: render(sheet, simulated=True) for sheet in made}


@pytest.fixture(scope="module")
def drawn(content: ReportContent) -> Drawn:
    return _sheets(content)


def _hostile(words: list[str]) -> Result:
    fields = (Field("term", "Term"), Field("n", "n", 0))
    rows = tuple({"term": word, "n": -1} for word in words)
    return Result("t", words[0], fields, rows)


def test_figures_of_a_small_study_are_whole(drawn: Drawn) -> None:
    assert {"semantic-map", "scree", "loadings", "congruence", "profiles", "pvq-circle"} <= {*drawn}
    for name, files in drawn.items():
        assert files["png"].startswith(b"\x89PNG"), name
        assert ET.fromstring(files["svg"]).tag.endswith("svg"), name  # noqa: S314 - our own


def test_a_study_without_instruments_has_the_figures_that_it_can(bare: ReportContent) -> None:
    drawn = _sheets(bare)
    assert "semantic-map" in drawn
    assert not {"profiles", "pvq-circle", "people", "convergence"} & {*drawn}


def test_hostile_names_become_outlines_not_mark_up(hostile: ReportContent) -> None:
    for name, files in _sheets(hostile).items():
        root = ET.fromstring(files["svg"])  # noqa: S314 - our own
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not {"script", "a", "foreignObject", "text", "iframe"} & tags, name
        links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
        assert all(link.startswith(("#", "data:image/png")) for link in links), name
        names = {key for element in root.iter() for key in element.attrib}
        assert not [key for key in names if key.startswith("on")], name


def test_the_same_content_gives_the_same_bytes(content: ReportContent, drawn: Drawn) -> None:
    again = _sheets(content)
    assert [n for n in drawn for end in ("svg", "png") if drawn[n][end] != again[n][end]] == []


@pytest.mark.parametrize("word", [*FORMULAS, *COMMANDS])
def test_csv_cells_are_no_formulas_and_come_back_whole(word: str) -> None:
    data = formats.as_csv(_hostile([word]), simulated=True).decode()
    cell = next(csv.DictReader(io.StringIO(data, newline="")))["term"]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == word


def test_workbook_cells_are_text_and_never_formulas() -> None:
    from openpyxl import load_workbook

    data = formats.workbook([_hostile([*FORMULAS, "a" * 100_000, "\x00\x1b[31m"])], simulated=True)
    sheet = load_workbook(io.BytesIO(data))["t"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    said = [str(cell.value) for cell in sheet["A"]]
    assert said[0].startswith("SIMULATED STUDY")
    assert "=1+1" in said
    assert max(map(len, said)) <= 32_767


def test_numbers_stay_numbers_in_the_workbook() -> None:
    from openpyxl import load_workbook

    data = formats.workbook([_hostile(["x"])], simulated=False)
    assert load_workbook(io.BytesIO(data))["t"]["B3"].value == -1


@pytest.mark.parametrize("word", COMMANDS)
def test_latex_text_holds_no_command(word: str) -> None:
    written = formats.latex(word)
    known = r"\\(?:textbackslash|textasciicircum|textasciitilde|text\w+)\{\}|\\[{}$&#%_]|\{[\[\]]\}"
    rest = re.sub(known, "", written)
    assert not re.search(r"[\\{}$&#%_^~]", rest), written


def test_markdown_text_holds_no_mark_up_and_no_link() -> None:
    attacks = [
        "<script>pwned=1</script>",
        "[x](javascript:pwned=1)",
        "![x](http://evil.invalid/x.png)",
        "| a | b |",
        "http://evil.invalid www.evil.invalid a@evil.invalid",
        "line\nbreak",
    ]
    page = formats.as_markdown(_hostile(attacks), simulated=False).decode()
    body = page.split("\n\n", 1)[1]
    assert body.count("\n") == 2 + len(attacks)
    assert not re.search(r"<[a-z]|[^\\]\]\(|https?:|www\.|\w@\w", body)
    import markdown

    html = markdown.markdown(page, extensions=["tables"])
    assert not re.search(r"<(script|a|img)\b", html)


def test_all_tables_of_a_hostile_study_can_be_written(hostile: ReportContent) -> None:
    made = tables.results(hostile, Lookup.of(hostile))
    assert len(made) >= 8
    for result in made:
        for encode in (formats.as_csv, formats.as_markdown, formats.as_latex):
            assert encode(result, simulated=True)
        header = formats.as_csv(result, simulated=True).decode().splitlines()[0]
        assert header.startswith("study,")
    assert formats.workbook(made, simulated=True).startswith(b"PK")


def test_loadings_carry_their_intervals(content: ReportContent) -> None:
    factors = [name for name in content.loadings[0] if name != "term"]
    rows = [
        {"term": row["term"], "lower": [-0.1] * len(factors), "upper": [0.9] * len(factors)}
        for row in content.loadings
    ]
    bootstrap = {"n": 200, "factors": [{"factor": f} for f in factors], "loadings": rows}
    study = replace(content, stability={**content.stability, "bootstrap": bootstrap})
    table = next(r for r in tables.results(study, Lookup.of(study)) if r.name == "loadings")
    assert table.rows[0]["F1_lower"] == -0.1
    assert table.rows[0]["F1_upper"] == 0.9
