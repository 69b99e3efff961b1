"""From an item set's folder to tags: the published rule, or the one corrected for chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from valuelex.errors import DataError
from valuelex.instruments.portrait.score import Tag, choose_tags
from valuelex.instruments.portrait.tagging import LEVEL, Tagging, count_tags, tag_items
from valuelex.lexica import read_yaml
from valuelex.stages.portrait_folder import Folder

PUBLISHED = "portrait/published.yaml"


@dataclass(frozen=True)
class Tags:
    """Which items count for which value, by which rule, and what that rests on.

    ``published_set`` says that this is the published item set, for which exclusions and the
    required version are known. ``tagged`` holds a test per family where people's ratings are there.
    """

    tags: tuple[Tag, ...]
    rule: str
    threshold: float
    exclusions: tuple[tuple[str, int, str], ...]
    required_version: str | None
    published_set: bool
    tagged: tuple[Tagging, ...]
    in_several_groups: Mapping[str, tuple[int, ...]]

    def counts(self) -> list[dict[str, Any]]:
        """Return, per family, tags and tags expected by chance: all together, then by value."""
        return [{"family": t.family, **asdict(row)} for t in self.tagged for row in count_tags(t)]

    def rows(self) -> list[dict[str, Any]]:
        """Return one row an item and value that either rule tags, with r, p, q and n."""
        used = {(tag.item, tag.family, tag.dimension) for tag in self.tags}
        doubtful = {group for groups in self.in_several_groups.values() for group in groups}
        found = [row for t in self.tagged for row in _rows(t, used, doubtful)]
        tested = {t.family for t in self.tagged}
        found += [_untested(tag, used) for tag in self.tags if tag.family not in tested]
        return found


def make_tags(
    folder: Folder,
    root: Path,
    rule: str,
    *,
    level: float = LEVEL,
    permutations: int = 500,
    seed: int = 0,
) -> Tags:
    """Tag an item set.

    The correlations that the file carries decide under ``published``; where it carries none, those
    computed from the ratings. ``corrected`` needs the ratings.

    Raises
    ------
    DataError
        When there is nothing to tag by, or an exclusion names no tag.
    """
    facts = read_yaml(root, PUBLISHED, ("threshold", "exclusions", "required_version"))
    threshold = float(facts["threshold"])
    tagged = _tested(folder, (threshold, level), permutations, seed)
    carried = folder.item_set.correlations or tuple(
        tag for tagging in tagged for tag in tagging.tags("published")
    )
    if not carried:
        raise DataError(
            f"{folder.path} carries no correlations and no people's ratings: nothing says which"
            " item counts for which value"
        )
    known = tuple((str(p), int(o), str(v)) for p, o, v in facts["exclusions"])
    above = {(*tag.item, tag.dimension) for tag in carried if tag.r > threshold}
    published_set = above.issuperset(known)
    exclusions = folder.exclusions
    if exclusions is None:
        exclusions = known if published_set else ()
    if rule == "published":
        tags = choose_tags(carried, threshold=threshold, exclusions=exclusions)
    elif tagged:
        tags = tuple(tag for tagging in tagged for tag in tagging.tags("corrected"))
    else:
        raise DataError(f"tags corrected for chance need the people's ratings in {folder.path}")
    return Tags(
        tags=tags,
        rule=rule,
        threshold=threshold,
        exclusions=exclusions if rule == "published" else (),
        required_version=str(facts["required_version"]) if published_set else None,
        published_set=published_set,
        tagged=tagged,
        in_several_groups=folder.ratings.in_several_groups if folder.ratings else {},
    )


def _tested(
    folder: Folder, limits: tuple[float, float], permutations: int, seed: int
) -> tuple[Tagging, ...]:
    if folder.ratings is None:
        return ()
    return tuple(
        tag_items(
            folder.ratings,
            people,
            list(next(iter(people.values()))),
            family,
            threshold=limits[0],
            level=limits[1],
            permutations=permutations,
            seed=seed,
        )
        for family, people in sorted(folder.people.items())
    )


def _rows(
    tagging: Tagging, used: set[tuple[Any, str, str]], doubtful: set[int]
) -> list[dict[str, Any]]:
    found = tagging.correlations
    rows = []
    for i, item in enumerate(found.items):
        for v, value in enumerate(found.values):
            published, corrected = tagging.published[i, v], tagging.corrected[i, v]
            mine = (item, tagging.family, value) in used
            if not (published or corrected or mine):
                continue
            rows.append(
                {
                    "family": tagging.family,
                    "value": value,
                    "portrait": item[0],
                    "option": item[1],
                    "r": float(found.r[i, v]),
                    "p": float(tagging.p[i, v]),
                    "q": float(tagging.q[i, v]),
                    "n": int(found.n[i]),
                    "published": bool(published),
                    "corrected": bool(corrected),
                    "used": mine,
                    "doubtful": int(found.group[i]) in doubtful,
                }
            )
    return rows


def _untested(tag: Tag, used: set[tuple[Any, str, str]]) -> dict[str, Any]:
    return {
        "family": tag.family,
        "value": tag.dimension,
        "portrait": tag.item[0],
        "option": tag.item[1],
        "r": tag.r,
        **dict.fromkeys(("p", "q", "n")),
        "published": True,
        "corrected": False,
        "used": (tag.item, tag.family, tag.dimension) in used,
        "doubtful": False,
    }
