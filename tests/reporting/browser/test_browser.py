"""The page in a real browser: it loads from disk, fetches nothing, runs nothing of the models'."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from valuelex.reporting.content import ReportContent
from valuelex.reporting.page import render_report

if TYPE_CHECKING:
    Chromium = Any

pytestmark = pytest.mark.browser

ALL_OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory,
    content: ReportContent,
    bare: ReportContent,
    hostile: ReportContent,
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for name, study in {"full": content, "bare": bare, "hostile": hostile}.items():
        made[name] = folder / f"{name}.html"
        made[name].write_text(render_report(study), encoding="utf-8")
    return made


def _check_quiet(browser: Chromium) -> None:
    assert browser.complaints() == []
    assert [url[:80] for url in browser.requests() if not url.startswith("data:")] == []


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("full", 1366, 900),
        ("full", 390, 844),
        ("bare", 1366, 900),
        ("hostile", 1366, 900),
        ("hostile", 390, 844),
    ],
)
def test_the_page_draws_everything_and_asks_for_nothing(
    browser: Chromium, pages: dict[str, Path], name: str, width: int, height: int
) -> None:
    browser.open(pages[name], width, height)
    browser.draw_all()
    _check_quiet(browser)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_nothing_that_a_model_wrote_runs(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    browser.draw_all()
    browser.run(ALL_OPEN)
    browser.run(
        "for (const plot of document.querySelectorAll('.plot'))"
        " if (plot.layout.xaxis) for (const curve of plot.data.keys())"
        " if (plot.data[curve].visible !== false)"
        " Plotly.Fx.hover(plot, [{curveNumber: curve,"
        " pointNumber: plot.data[curve].type === 'heatmap' ? [0, 0] : 0}])"
    )
    time.sleep(0.5)
    _check_quiet(browser)
    assert browser.run("typeof window.pwned") == "undefined"
    assert browser.run("location.href").startswith("file:")
    links = browser.run("[...document.links].map(a => a.getAttribute('href'))")
    assert all(link.startswith("#") for link in links)
    strange = "script:not([type]),iframe,object,embed,img,base,form,link,video,input:not(#find)"
    assert browser.run(f"document.querySelectorAll('{strange}').length") == 2  # our own scripts
    handlers = (
        "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
        ".filter(n => n.startsWith('on')).length"
    )
    assert browser.run(handlers) == 0
    drawn_links = "document.querySelectorAll('.plot a, .plot image[href^=http]').length"
    assert browser.run(drawn_links) == 0


def test_no_button_of_a_figure_sends_it_anywhere(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    browser.draw_all()
    names = set(
        browser.run("[...document.querySelectorAll('.modebar-btn')].map(b => b.dataset.title)")
    )
    assert names == {"Download plot", "Zoom", "Pan", "Zoom in", "Zoom out", "Reset axes"}


def test_from_the_first_screen_to_a_raw_reply_in_two_steps(
    browser: Chromium, pages: dict[str, Path]
) -> None:
    browser.open(pages["full"])
    browser.run("document.querySelector('.card .terms a').click()")
    browser.wait("document.querySelector('.leaf details[open] .quote')")
    browser.run("document.querySelector('.leaf details[open] .reply summary').click()")
    browser.wait("document.querySelector('.leaf .reply[open] pre').checkVisibility()")
    reply = browser.run("document.querySelector('.leaf .reply[open] pre').textContent")
    marked = browser.run("document.querySelector('.leaf .reply[open] pre mark').textContent")
    assert reply.startswith("Certainly! Here is what I hold to be important:")
    assert marked in reply


def test_a_mark_on_the_map_leads_to_its_replies(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    browser.draw_all()
    browser.run(
        "(() => { const map = document.querySelector('[data-figure=fig-map]');"
        " map.emit('plotly_click', {points: [{customdata: map.data[0].customdata[0]}]}); })()"
    )
    browser.wait("document.querySelector('.leaf details[open] .quote')")


STEPS = """(async (row, within) => {
  const shown = (e) => e.checkVisibility() && e.textContent.trim();
  const steps = [];
  const step = async (name, element) => {
    element.click();
    steps.push(name);
    await new Promise((done) => setTimeout(done, 60));
  };
  const tables = [...document.querySelectorAll('table')];
  const table = tables.find(t => t.caption.textContent.includes(row));
  for (let n = table; n; n = n.parentElement) if (n.tagName === 'DETAILS') n.open = true;
  const link = table.tBodies[0].querySelector(within);
  await step('the name beside the number', link);
  const place = document.getElementById(link.hash.slice(1));
  if (place.matches('.dimension, .branch'))
    await step('a term', [...place.querySelectorAll('.leaf summary')].find(shown));
  const fold = [...place.querySelectorAll('.reply > summary')].find(shown);
  if (fold) await step('the whole reply', fold);
  const raw = [...place.querySelectorAll('pre')].find(shown);
  return {steps, raw: raw ? raw.textContent : ''};
})"""


@pytest.mark.parametrize(
    ("table", "name", "said"),
    [
        ("Contrasts of the", "a[href^='#g']", "I hold to be important"),
        ("Projective scores of every model", "a[href^='#m']", "I would rather not say"),
        ("What became of each model's replies", "a[href^='#m']", "I would rather not say"),
        ("Models beside people", "a[href^='#v']", "5, much like me"),
        ("Reliability of the value scores", "a[href^='#v']", "5, much like me"),
        ("Correlations between instruments", "a[href^='#g']", "I hold to be important"),
        ("Pattern loadings of every term", "a[href^='#t']", "I hold to be important"),
        ("Terms on the map", "a[href^='#t']", "I hold to be important"),
        ("Variance of the factors", "a[href^='#g']", "I hold to be important"),
    ],
)
def test_any_number_leads_to_raw_words_in_three_steps(
    browser: Chromium, pages: dict[str, Path], table: str, name: str, said: str
) -> None:
    browser.open(pages["full"])
    found = browser.run(f'{STEPS}("{table}", "{name}")')
    assert 1 <= len(found["steps"]) <= 3, found
    assert said in found["raw"], found


def test_tables_sort_by_number_and_by_word(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    browser.run(
        "window.t = [...document.querySelectorAll('table')].find(t =>"
        " t.caption.textContent.includes('Contrasts of the'))"
    )
    column = "[...t.tBodies[0].rows].map(r => r.cells[%d].textContent.trim())"
    at = browser.run("[...t.tHead.rows[0].cells].findIndex(c => c.textContent === 'Estimate')")
    before = browser.run(column % at)
    numbers = [float(text.replace("\u2212", "-")) for text in before if text != "\u2013"]
    press = "t.tHead.rows[0].cells[%d].querySelector('button').click()"
    for order, wanted in (("ascending", sorted(numbers)), ("descending", sorted(numbers)[::-1])):
        browser.run(press % at)
        found = [x for x in browser.run(column % at) if x != "\u2013"]
        assert [float(text.replace("\u2212", "-")) for text in found] == wanted
        assert browser.run(f"t.tHead.rows[0].cells[{at}].getAttribute('aria-sort')") == order
    browser.run(press % at)
    assert browser.run(column % at) == before
    browser.run(press % 0)
    names = browser.run(column % 0)
    assert names == sorted(names, key=str.lower)


def test_a_mark_of_a_figure_leads_to_words(browser: Chromium, pages: dict[str, Path]) -> None:
    for figure, place in (("fig-profiles", "m"), ("fig-groups-0", "g"), ("fig-loadings", "t")):
        browser.open(pages["full"])
        browser.draw_all()
        browser.run(
            f"(() => {{ const box = document.querySelector('[data-figure={figure}]');"
            " let carried = box.data[0].customdata[0];"
            " if (Array.isArray(carried[0])) carried = carried[0];"
            " box.emit('plotly_click', {points: [{customdata: carried}]}); })()"
        )
        browser.wait(f"location.hash.startsWith('#{place}')")
        browser.wait("document.querySelector(location.hash).checkVisibility()")


def test_search_finds_terms_on_the_map(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    browser.run(
        "(() => { const find = document.getElementById('find'); find.value = 'HONEST';"
        " find.dispatchEvent(new Event('input')); })()"
    )
    browser.wait("document.querySelector('output[for=find]').textContent === '1 found'")
    chosen = browser.run(
        "document.querySelector('[data-figure=fig-map]').data.map(t => (t.selectedpoints || [])"
        ".length).reduce((a, b) => a + b)"
    )
    assert chosen >= 1


def test_models_can_be_chosen_and_compared(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    browser.draw_all()
    shown = (
        "document.querySelector('[data-figure=fig-profiles]').data.slice(1)"
        ".filter(t => t.visible).map(t => t.name)"
    )
    before = browser.run(shown)
    assert len(before) == 4
    browser.run(
        "(() => { const s = document.querySelector('[data-pick=fig-profiles] select');"
        " s.value = ''; s.dispatchEvent(new Event('change')); })()"
    )
    assert len(browser.run(shown)) == 3


def test_the_page_can_be_read_without_its_script(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"], script=False)
    document = browser.call("DOM.getDocument", depth=0)["root"]["nodeId"]
    found = browser.call("DOM.querySelectorAll", nodeId=document, selector="noscript p")
    tables = browser.call("DOM.querySelectorAll", nodeId=document, selector="figure table")
    hidden = browser.call("DOM.querySelectorAll", nodeId=document, selector=".pick[hidden]")
    assert len(found["nodeIds"]) == 15
    assert len(tables["nodeIds"]) >= 13
    assert len(hidden["nodeIds"]) == 2


def test_dark_and_light_differ_and_figures_follow(
    browser: Chromium, pages: dict[str, Path]
) -> None:
    colours = []
    for dark in (False, True):
        browser.open(pages["full"], dark=dark)
        browser.draw_all()
        colours.append(
            browser.run(
                "[getComputedStyle(document.body).backgroundColor,"
                " document.querySelector('.plot').layout.font.color]"
            )
        )
    assert colours[0][0] != colours[1][0]
    assert colours[0][1] != colours[1][1]


def test_every_control_can_be_reached_by_keyboard(
    browser: Chromium, pages: dict[str, Path]
) -> None:
    browser.open(pages["full"])
    for _ in range(3):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
    assert browser.run("document.activeElement.closest('nav') !== null")
    positive = "[...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0).length"
    assert browser.run(positive) == 0


def test_it_prints_with_every_figure_drawn(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    document = browser.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
    assert len(document["data"]) > 50_000
    _check_quiet(browser)


NAMED = "(() => document.querySelector('[data-figure=fig-map]').data.at(-1).text.join('|'))()"


def test_zooming_in_names_more_of_what_is_in_sight(
    browser: Chromium, tmp_path: Path, make: Callable[..., ReportContent]
) -> None:
    page = tmp_path / "many.html"
    page.write_text(render_report(make(models=6, extra_terms=400)), encoding="utf-8")
    browser.open(page)
    browser.draw_all()
    browser.wait(f"{NAMED}.length > 0")
    before = set(browser.run(NAMED).split("|"))
    browser.run(
        "(() => { const map = document.querySelector('[data-figure=fig-map]');"
        " const half = ([a, b]) => [a, a + (b - a) / 3];"
        " Plotly.relayout(map, {'xaxis.range': half(map.layout.xaxis.range),"
        " 'yaxis.range': half(map.layout.yaxis.range)}); })()"
    )
    browser.wait(f"{NAMED} !== {json.dumps('|'.join(sorted(before)))}")
    time.sleep(0.3)
    after = set(browser.run(NAMED).split("|"))
    assert after - before
    outside = browser.run(
        "(() => { const map = document.querySelector('[data-figure=fig-map]');"
        " const [a, b] = map.layout.xaxis.range; const trace = map.data.at(-1);"
        " return trace.x.filter(x => x < a || x > b).length; })()"
    )
    assert outside == 0
    _check_quiet(browser)


def test_on_paper_the_whole_taxonomy_is_open(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["full"])
    browser.draw_all()
    closed = "document.querySelectorAll('.dimension:not([open]), .branch:not([open])').length"
    before = browser.run(closed)
    assert before > 0
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run(closed) == 0
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run(closed) == before


def test_an_old_browser_says_so_and_keeps_the_tables(
    browser: Chromium, pages: dict[str, Path]
) -> None:
    added = browser.call(
        "Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream"
    )
    try:
        browser.open(pages["full"])
        browser.wait("document.querySelector('.plot').textContent.includes('too old')")
        assert browser.run("document.querySelectorAll('table').length") > 10
    finally:
        browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])


def test_names_are_shown_as_they_are(browser: Chromium, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    browser.draw_all()
    legend = browser.run(
        "[...document.querySelectorAll('[data-figure=fig-map] .legendtext')]"
        ".map(text => text.textContent)"
    )
    assert any(name.startswith("%{x}") for name in legend), legend
