"""What `valuelex survey portrait` prints: the set, the tags, the scores, with n and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.cli.terminal import one_line

_ENDS = 3  # values named at either end of a profile when several models are shown


def set_lines(facts: Mapping[str, Any], folder: Path) -> list[str]:
    """Return what the item set is, how sure its tags are, and whether published numbers hold."""
    said = facts["item_set"]
    raters = f", rated by {said['raters']} people" if said["raters"] else ""
    lines = [
        f"item set {one_line(str(folder))}: {said['items']} items on {said['questions']}"
        f" questions{raters}",
        f"tags by the {said['rule']} rule ({_rule(said)}): " + (_counts(said["tags"]) or "none"),
    ]
    if said["exclusions"]:
        left = "; ".join(f"{p}/{o} {v}" for p, o, v in said["exclusions"])
        lines.append(f"  left out as data say: {one_line(left)}")
    lines += [_chance(row, said) for row in said["chance"] if not row["value"]]
    for person, groups in said["in_several_groups"].items():
        shown = ", ".join(str(group) for group in groups)
        lines.append(
            f"  note: {one_line(person)} rates in several groups ({shown}, from 0): two people may"
            " share the id, and tags of these groups are doubtful"
        )
    for one in facts.get("published") or ():
        exact = "exactly" if not one["tolerance"] else f"to {one['tolerance']:g}"
        note = f" ({one_line(one['note'])})" if one["note"] else ""
        lines.append(f"published {one['what']}: {one['same']} of {one['n']} {exact}{note}")
    lines.append(
        f"for params.yaml: portrait.items: {{folder: {one_line(str(folder.resolve()))},"
        f" sha256: {said['sha256']}}}"
    )
    return lines


def result_lines(facts: Mapping[str, Any], scores: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what was answered, the scores, and what the answers hang on."""
    outcomes = facts["outcomes"]
    left = _counts(outcomes["unanswered"])
    lines = [
        "",
        f"{outcomes['answered']} of {outcomes['asked']} answers are on the scale"
        + (f" (not: {one_line(left)})" if left else ""),
    ]
    lines += _recorded(facts.get("recorded"))
    if facts["required_version"]:
        lines.append(
            f"  items without an answer in version {facts['required_version']} are left out of the"
            " scores, as in the published ones"
        )
    lines += _one(scores) if facts["models"] == 1 else _many(scores)
    lines += _sensitivity(facts["sensitivity"]["all"])
    return lines + _personas(facts["personas"])


def _rule(said: Mapping[str, Any]) -> str:
    if said["rule"] == "published":
        return f"Spearman's r > {said['threshold']:g}"
    return f"r > 0, false discovery rate {said['false_discovery']:g}"


def _chance(row: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    share = row["false_share"]
    false = "" if share is None else f", so {share:.0%} of them are expected to be false"
    return (
        f"  {row['family']}: {row['published']} correlations above {said['threshold']:g};"
        f" {row['expected']:.0f} [{row['lower']:.0f}, {row['upper']:.0f}] by chance{false};"
        f" {row['corrected']} stand at a false discovery rate of {said['false_discovery']:g}"
    )


def _recorded(recorded: Mapping[str, Any] | None) -> list[str]:
    if not recorded:
        return []
    lines = [f"  scored on {recorded['used']}"]
    if recorded["compared"]:
        share = recorded["same"] / recorded["compared"]
        different = _counts(recorded["differences"])
        lines.append(
            f"  texts read as the number beside them: {recorded['same']} of"
            f" {recorded['compared']} ({share:.2%})"
            + (f"; otherwise: {one_line(different)}" if different else "")
        )
    if recorded["negations"]:
        lines.append(
            f"  texts that negate a label: {recorded['negations']}, read as agreement:"
            f" {recorded['negations_agreed']}"
        )
    return lines


def _one(scores: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    for family in dict.fromkeys(row["family"] for row in scores):
        rows = [row for row in scores if row["family"] == family]
        rows.sort(key=lambda row: -(row["centred"] if row["centred"] is not None else -99))
        lines += ["", f"{one_line(family):<28}{'centred':>9}{'se':>7}{'mean':>7}{'items':>7}"]
        for row in rows:
            lines.append(
                f"  {one_line(row['dimension']):<26}{_signed(row['centred']):>9}"
                f"{_plain(row['se']):>7}{_plain(row['mean']):>7}{row['n_items']:>7}"
            )
    return lines


def _many(scores: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [""]
    first = next((row["family"] for row in scores if row["family"] == "pvq"), None)
    first = first or next((row["family"] for row in scores), None)
    for model in dict.fromkeys(row["model"] for row in scores):
        rows = [
            row
            for row in scores
            if row["model"] == model and row["family"] == first and row["centred"] is not None
        ]
        rows.sort(key=lambda row: -row["centred"])
        ends = [f"{one_line(row['dimension'])} {row['centred']:+.2f}" for row in rows]
        shown = ", ".join(ends[:_ENDS]) + (" ... " + ", ".join(ends[-_ENDS:]) if rows else "")
        lines.append(f"{one_line(model)[:38]:<40}{shown}")
    return lines


def _sensitivity(said: Mapping[str, Any]) -> list[str]:
    parts = [
        f"{what} {said[name]:.0%} (by {said[f'{name}_distance']:.2f} points)"
        for name, what in (("wording", "wording"), ("order", "option order"), ("both", "both"))
        if said[name] is not None
    ]
    if not parts:
        return []
    over = f", mean over {said['n_models']} models" if said["n_models"] > 1 else ""
    return ["", f"answers that change with the form alone: {', '.join(parts)}{over}"]


def _personas(said: Mapping[str, Any]) -> list[str]:
    lines = [
        f"  as {one_line(row['persona'])}: {one_line(row['dimension'])} {row['shift']:+.2f}"
        f" [{row['lower']:+.2f}, {row['upper']:+.2f}], {row['n']} items"
        for row in said["shifts"]
        if row["lower"] is not None and (row["lower"] > 0 or row["upper"] < 0)
    ]
    if said["shifts"]:
        tested = sum(row["lower"] is not None for row in said["shifts"])
        lines.insert(0, f"persona shifts whose interval leaves out 0: {len(lines)} of {tested}")
    for row in said["agreement"]:
        r = "n/a" if row["r"] is None else f"{row['r']:+.2f}"
        lines.append(
            f"  {one_line(row['model'])} as {one_line(row['persona'])} against people of that"
            f" group, {one_line(row['family'])}: r {r} over {row['n']} values"
        )
    return lines + ([f"  {said['note']}"] if said["note"] else [])


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in found.items())


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
