"""Changed copies of a module, made with mutmut's operators: one change each."""

from __future__ import annotations

import ast
import difflib
import hashlib
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

Nodes = Mapping[cst.CSTNode, Any]
PACKAGES = ("psychometrics", "instruments", "terms")


@dataclass(frozen=True)
class Mutant:
    """One change of one module; `key` stays the same while the changed lines do."""

    key: str
    module: str  # psychometrics/fit.py
    first: int  # lines of the statement that was changed
    last: int
    diff: str
    source: str


def modules(source: Path, packages: tuple[str, ...] = PACKAGES) -> list[str]:
    """Every module of the packages that has something to change."""
    found = [p.relative_to(source) for k in packages for p in sorted((source / k).rglob("*.py"))]
    return [str(p) for p in found if p.name != "__init__.py"]


def mutants(source: Path, module: str, seed: int = 8) -> Iterator[Mutant]:
    """Make the mutants of a module in a seeded order: its first n are a random sample."""
    text = (source / module).read_text("utf-8")
    wrapper, mutations = _mutations(text)
    # the order hangs on the module's name, so that a new module leaves the others' sample alone
    random.Random(f"{seed}:{module}").shuffle(mutations)  # noqa: S311 a sample, not a secret
    before, seen = ast.dump(ast.parse(text)), Counter[str]()
    places = wrapper.resolve(PositionProvider)
    parents = wrapper.resolve(ParentNodeProvider)
    for mutation in mutations:
        changed = wrapper.module.deep_replace(mutation.original_node, mutation.mutated_node).code
        try:
            if ast.dump(ast.parse(changed)) == before:
                continue  # the same program written otherwise
        except SyntaxError:
            continue
        lines = difflib.unified_diff(text.splitlines(), changed.splitlines(), lineterm="", n=0)
        diff = "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
        digest = hashlib.sha256(f"{module}\n{diff}".encode()).hexdigest()[:12]
        seen[digest] += 1
        first, last = _statement_lines(mutation.original_node, places, parents)
        yield Mutant(f"{digest}-{seen[digest]}", module, first, last, diff, changed)


def count(source: Path, module: str) -> int:
    """How many mutants a module has."""
    return len(_mutations((source / module).read_text("utf-8"))[1])


def _mutations(text: str) -> tuple[MetadataWrapper, list[Mutation]]:
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    parents = wrapper.resolve(ParentNodeProvider)
    return wrapper, [one for one in visitor.mutations if not _is_wording(one, parents)]


def _is_wording(mutation: Mutation, parents: Nodes) -> bool:
    """Say whether a text was changed that does nothing: an error message, a `Literal` of types."""
    node: cst.CSTNode | None = mutation.original_node
    if not isinstance(node, cst.SimpleString):
        return False
    while node is not None:
        if isinstance(node, cst.Raise):
            return True
        if isinstance(node, cst.Subscript) and m.matches(node.value, m.Name("Literal")):
            return True
        node = parents.get(node)
    return False


def _statement_lines(node: cst.CSTNode, places: Nodes, parents: Nodes) -> tuple[int, int]:
    """Lines of the changed node and its statement: a tracer notes only some of them."""
    inner = places[node]
    parent = node
    while parent is not None and not isinstance(parent, cst.SimpleStatementLine):
        if isinstance(parent, cst.BaseCompoundStatement):
            return inner.start.line, inner.end.line
        parent = parents.get(parent)
    outer = places[parent] if parent is not None else inner
    return outer.start.line, outer.end.line
