from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from valuelex.reporting.content import ReportContent
from valuelex.reporting.page import render_report

ALLOWED_LINK = re.compile(r"#[A-Za-z0-9-]+")


class Reader(HTMLParser):
    """Collects what the tests ask of a page; text of scripts and styles is kept apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._raw = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in self.raw:
            self._raw = tag
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._raw:
            self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw:
            self.raw[self._raw][-1] += data
        else:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def page(content: ReportContent) -> str:
    return render_report(content)


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def _check_inert(reader: Reader) -> None:
    for tag, attributes in reader.tags:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert not {"src", "srcset", "style", "action", "data", "poster"} & set(attributes), tag
        if "href" in attributes:
            assert tag == "a"
            assert ALLOWED_LINK.fullmatch(attributes["href"])
    names = {tag for tag, _ in reader.tags}
    assert not names & {"iframe", "object", "embed", "img", "base", "form", "link", "video"}
    assert Counter(tag for tag, _ in reader.tags)["script"] == 3


def test_the_same_content_gives_the_same_page(page: str, content: ReportContent) -> None:
    assert render_report(content) == page


def test_the_policy_allows_exactly_the_scripts_of_the_page(read: Reader) -> None:
    (policy,) = [a["content"] for t, a in read.tags if a.get("http-equiv")]
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    _, packed, script = read.raw["script"]
    library = zlib.decompress(base64.b64decode(packed))
    assert b"Plotly" in library
    digests = [hashlib.sha256(text).digest() for text in (library, script.encode())]
    assert allowed["script-src"].split() == [
        f"'sha256-{base64.b64encode(d).decode()}'" for d in digests
    ]
    assert allowed["default-src"] == "'none'"
    assert "unsafe" not in allowed["script-src"] + allowed["style-src-elem"]


def test_nothing_in_the_page_loads_or_leads_away(read: Reader) -> None:
    _check_inert(read)


def test_a_simulated_study_says_so_in_title_banner_and_words(page: str) -> None:
    assert "<title>SIMULATED · " in page
    assert 'class="banner"' in page
    assert "@top-center" in page  # every printed page says it too


def test_a_study_of_real_models_carries_no_banner(bare: ReportContent) -> None:
    page = render_report(bare)
    assert 'class="banner"' not in page
    assert "<title>Values of" in page


def test_ids_are_unique_and_every_link_has_its_target(read: Reader) -> None:
    ids = Counter(attributes["id"] for _, attributes in read.tags if "id" in attributes)
    assert not [name for name, n in ids.items() if n > 1]
    links = {a["href"][1:] for t, a in read.tags if t == "a"}
    assert links <= set(ids)


def test_headings_never_skip_a_level(read: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_every_figure_words(read: Reader) -> None:
    counted = Counter(tag for tag, _ in read.tags)
    assert counted["table"] == counted["caption"] > 10
    plots = [a for t, a in read.tags if a.get("class") == "plot"]
    assert len(plots) == 15
    assert all(a["role"] == "group" and len(a["aria-label"]) > 30 for a in plots)


def test_the_first_screen_gives_counts_dimensions_and_verdict(read: Reader) -> None:
    words = read.words
    first = words[: words.index("What was asked, and what was lost")]
    for expected in ("6 models in 6 decoding settings", "Craft", "Partly supported", "KMO", ".83"):
        assert expected in first


def test_poor_sampling_adequacy_is_told_in_the_first_lines(content: ReportContent) -> None:
    poor = replace(content, diagnostics={**content.diagnostics, "kmo": 0.52})
    words = Reader(render_report(poor)).words
    assert words.index("KMO .52, below .60") < words.index("What came out")


def test_evidence_leads_to_the_whole_reply_with_its_span_marked(page: str) -> None:
    assert "<mark>honesty</mark>" in page
    assert "Here is what I hold to be important:" in page


def test_parts_that_were_not_given_are_named_with_reason_and_counts(bare: ReportContent) -> None:
    words = Reader(render_report(bare)).words
    assert words.count("Not administered in this study") == 2
    assert "its replies are recordings" in words
    assert "1,140 failed" in words
    assert "nothing was asked" in words
    assert "nothing to correlate" in words


def test_a_study_where_nothing_could_be_placed_still_has_a_page(bare: ReportContent) -> None:
    empty = replace(
        bare,
        taxonomy={"dimensions": [], "unplaced": []},
        terms=[],
        clusters=[],
        loadings=[],
        phi=[],
        diagnostics={},
        stability={},
        nulls={},
        attrition=[],
        outcomes=[],
        evidence={},
        study={"name": "none", "simulated": False, "seed": 1, "prompts": [], "roster": []},
        provenance={},
    )
    words = Reader(render_report(empty)).words
    assert "No dimension could be formed" in words
    assert "Not assessed" in words


def test_losses_are_counted_with_their_share(read: Reader) -> None:
    assert "72 5.5 % refused by the engine lost apology 72" in read.words
    assert "540 7.5 % not a value lost" in read.words
    assert "I would rather not say." in read.words


def test_terms_on_the_opposite_pole_are_shown_with_their_replies(content: ReportContent) -> None:
    first, *rest = content.taxonomy["dimensions"]
    entry = {**first["sub_dimensions"][0]["terms"][0], "term": "haste", "loading": -0.5}
    poled = {**content.taxonomy, "dimensions": [{**first, "negative_pole": [entry]}, *rest]}
    words = Reader(render_report(replace(content, taxonomy=poled))).words
    assert "Opposite pole" in words
    assert "haste" in words


def test_a_study_of_the_usual_size_stays_within_its_weight(
    make: Callable[..., ReportContent],
) -> None:
    page = render_report(make(models=35, extra_terms=173, cited=10, pad=300))
    assert len(page.encode()) < 7_000_000


def test_a_very_large_study_stays_within_its_weight(make: Callable[..., ReportContent]) -> None:
    page = render_report(make(models=200, extra_terms=4976, cited=3, pad=300))
    assert len(page.encode()) < 25_000_000


def test_figures_are_valid_for_the_plotting_library(read: Reader) -> None:
    from plotly.graph_objects import Figure

    for name, spec in json.loads(read.raw["script"][0]).items():
        figure = Figure(spec["data"], spec["layout"])
        assert figure.data, name


def test_hostile_text_stays_text(hostile: ReportContent) -> None:
    page = render_report(hostile)
    reader = Reader(page)
    _check_inert(reader)
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\u2028" not in page
    assert "⟨U+202E⟩" in page
    page.encode("utf-8")  # no lone surrogate is left


def test_the_questionnaire_shows_its_validity_and_what_limits_it(read: Reader) -> None:
    for words in (
        "How the models place the values",
        "Discriminant map of the models",
        "The roster's mean profile beside people",
        "r .71 [.55, .80]",
        "congruence with the theory .91",
        "Where the variance of",
        "Use of the scale",
        "not estimable: few",
        "they are no sample of persons",
        "Many predictors, few cases.",
    ):
        assert words in read.words, words
