"""All readers that are fuzzed, by name."""

from __future__ import annotations

from tests.fuzz import answers, kept, recorded, replies, verdicts, written
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for module in (replies, answers, verdicts, recorded, written, kept)
    for target in module.TARGETS
}
