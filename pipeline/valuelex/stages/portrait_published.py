"""Comparing an item set's published numbers with those that come out here.

The published data carry averages over versions, scores and human correlations. Where a folder has
them they are recomputed and compared, so that whoever uses the folder knows where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from valuelex.instruments.portrait.tagging import Tagging
from valuelex.stages.portrait_answers import ITEM
from valuelex.stages.portrait_folder import Folder
from valuelex.stages.portrait_scores import Answers, averages, score_rows
from valuelex.stages.portrait_tags import Tags
from valuelex.stages.table_files import label_in, number_in, open_table

SCORES = "published_scores.csv"
AVERAGES = ("averaged_answers.csv.gz", "averaged_answers.csv")
CORRELATIONS = "published_correlations_{}.json"
TOLERANCE = 1e-9
EXACT = 1e-12
_COLUMNS = ("centered_mean", "original_mean", "std_dev")


@dataclass(frozen=True, slots=True)
class Compared:
    """Published numbers of one kind: how many there are, and how many came out within tolerance."""

    what: str
    n: int
    same: int
    tolerance: float
    note: str = ""


def compare_published(folder: Folder, tags: Tags, answers: Answers | None) -> list[dict[str, Any]]:
    """Compare what the folder publishes; a kind that it does not have is left out.

    Parameters
    ----------
    answers
        Recorded answers by model, or ``None``: averages and scores are then left out.
    """
    found = [
        _correlations(tagging, folder.path / CORRELATIONS.format(tagging.family), tags)
        for tagging in tags.tagged
    ]
    if answers is not None:
        found += [_averages(folder.path, answers), _scores(folder.path, tags, answers)]
    return [asdict(one) for one in found if one is not None]


def _scores(folder: Path, tags: Tags, answers: Answers) -> Compared | None:
    if not (folder / SCORES).is_file() or tags.rule != "published":
        return None
    table = open_table(folder / SCORES)
    names = ("model", "family", "dimension", *_COLUMNS, "n_items")
    places = [table.place(name, SCORES) for name in names]
    ours = {
        (row["model"], row["family"], row["dimension"]): row
        for row in score_rows(answers, tags, tags.required_version)
    }
    n = same = 0
    for _, cells in table.rows():
        model, family, value, *numbers = (cells[place] for place in places)
        row = ours.get((label_in(model), label_in(family), label_in(value)))
        n += 1
        same += row is not None and all(
            _near(mine, number_in(theirs), TOLERANCE)
            for mine, theirs in zip(
                (row["centred"], row["mean"], row["sd"], row["n_items"]), numbers, strict=True
            )
        )
    return Compared("scores", n, same, TOLERANCE)


def _averages(folder: Path, answers: Answers) -> Compared | None:
    path = next((folder / name for name in AVERAGES if (folder / name).is_file()), None)
    if path is None:
        return None
    table = open_table(path)
    places = [table.place(name, path.name) for name in ("model", *ITEM, "numeric_response")]
    ours = {model: averages(given) for model, given in answers.items()}
    n = same = 0
    for _, cells in table.rows():
        model, portrait, option, number = (cells[place] for place in places)
        mine = ours.get(label_in(model), {}).get((label_in(portrait), int(label_in(option))))
        n += 1
        same += _near(mine, number_in(number), 0.0)
    return Compared("averages over versions", n, same, 0.0)


def _correlations(tagging: Tagging, path: Path, tags: Tags) -> Compared | None:
    if not path.is_file():
        return None
    rows: Sequence[Mapping[str, Any]] = json.loads(path.read_bytes())
    found = tagging.correlations
    place = {item: i for i, item in enumerate(found.items)}
    doubtful = {group for groups in tags.in_several_groups.values() for group in groups}
    n = same = doubted = off = 0
    for row in rows:
        i = place.get((str(row["portrait_id"]), int(row["option_id"])))
        value = str(row[f"{tagging.family}_dimension"])
        ours = (
            None
            if i is None or value not in found.values
            else float(found.r[i, found.values.index(value)])
        )
        near = _near(ours, float(row["spearman_corr"]), EXACT)
        if i is not None and int(found.group[i]) in doubtful:
            doubted, off = doubted + 1, off + (not near)
        else:
            n, same = n + 1, same + near
    people = ", ".join(tags.in_several_groups)
    note = (
        f"{off} of {doubted} more differ, in the groups of {people}, who stands in several"
        if doubted
        else ""
    )
    return Compared(f"human correlations ({tagging.family})", n, same, EXACT, note)


def _near(mine: float | None, theirs: float | None, tolerance: float) -> bool:
    return mine is not None and theirs is not None and abs(mine - theirs) <= tolerance
