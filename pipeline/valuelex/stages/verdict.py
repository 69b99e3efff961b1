"""The verdict in words: what is supported, what is not, and by which written rule.

*Not supported*: no factor passes the rule for the number of factors, or the first eigenvalue is
one that shuffled words give. *Supported*: every factor comes back when families are resampled and
halved, is more than word meaning and more than word frequency, the matrix can be factored, and
there are models enough to tell two dimensions from one. *Partly supported*:
anything between; the reasons say what fails.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

FAIR = 0.85  # Lorenzo-Seva & ten Berge (2006): from here on congruence is fair
SAME = 0.95  # the same: from here on two factors are one
KMO_FLOOR = 0.60
FREQUENCY = 0.70  # half of the loadings' variance would be word frequency
ALPHA = 0.05
MODELS = 24  # from here on chance keeps two unrelated profiles of models below a correlation of .40


def verdict(
    diagnostics: Mapping[str, Any], stability: Mapping[str, Any], nulls: Mapping[str, Any]
) -> dict[str, Any]:
    """Return ``level``, one sentence ``text``, and ``reasons``: all that speaks against it."""
    against = _against(diagnostics, stability, nulls)
    factors = len(stability["bootstrap"]["factors"])
    if not diagnostics["supported"]:
        text = f"No dimension is supported by these replies. {diagnostics['why']}"
        return {"level": "not supported", "text": text, "reasons": against}
    if nulls["shuffled"]["p"][0] >= ALPHA:
        text = "The first factor is no larger than those of words shuffled between model families."
        return {"level": "not supported", "text": text, "reasons": against}
    lowest = min(one["phi"] for one in stability["bootstrap"]["factors"])
    basis = (
        f"{factors} factors; the weakest keeps a congruence of {lowest:.2f} when model families are"
        f" resampled (effective n {stability['effective_n']:.0f} of"
        f" {stability['n_respondents']} respondents)"
    )
    level = "partly supported" if against else "supported"
    return {"level": level, "text": f"{basis}.", "reasons": against}


def _against(
    diagnostics: Mapping[str, Any], stability: Mapping[str, Any], nulls: Mapping[str, Any]
) -> list[str]:
    found = []
    if diagnostics["kmo"] < KMO_FLOOR:
        found.append(f"KMO is {diagnostics['kmo']:.2f}, below {KMO_FLOOR}")
    models = diagnostics["n_models"]
    if models < MODELS:
        # the central 95 % of a correlation of nothing, by Fisher's z
        reach = math.tanh(1.96 / math.sqrt(max(models - 3, 1)))
        found.append(
            f"{models} models are few: two unrelated dimensions may correlate by {reach:.2f} among"
            f" them by chance and look like one ({MODELS} or more are wanted)"
        )
    for name, what in (("bootstrap", "when families are resampled"), ("split_half", "in halves")):
        weak = [
            f"{one['factor']} ({one['phi']:.2f})"
            for one in stability[name]["factors"]
            if one["phi"] < FAIR
        ]
        if weak:
            found.append(f"{', '.join(weak)} do not come back {what} (fair is {FAIR})")
    small = [one["factor"] for one in nulls["shuffled"]["factors"] if one["p"] >= ALPHA]
    if small:
        found.append(f"{', '.join(small)} no stronger than factors of shuffled words")
    meaning = [
        f"{one['factor']} ({one['phi']:.2f})"
        for one in nulls["pseudo_factors"]["factors"]
        if one["phi"] >= SAME
    ]
    if meaning:
        found.append(f"{', '.join(meaning)} could be word meaning alone")
    frequent = [
        f"{one['factor']} (r = {one['r']:.2f})"
        for one in nulls["frequency"]["factors"]
        if abs(one["r"]) >= FREQUENCY
    ]
    if frequent:
        found.append(f"{', '.join(frequent)} follow word frequency")
    return found
