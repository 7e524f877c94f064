"""What a draft's own tests are worth: defects planted into its code, one at a time, and whether a test fails.

Mutation analysis (DeMillo, Lipton and Sayward 1978) with few, spread mutants: a refusal
taken out, a comparison, an arithmetic sign or a condition turned round. Which lines are
changed follows from the draft alone, so the same draft is always judged by the same mutants.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluators.bench import Bench
from evaluators.draft import Artifact, Draft, Role, Subject
from evaluators.report import Reason
from evaluators.service import suites
from evaluators.service.sandbox import SandboxError
from evaluators.service.suites import Ran, Suite
from evaluators.service.testrun import NoRoom, asks_for_database, files_of, open_room, suites_of

MOST = 5
"""Mutants of one draft: each costs a run of its tests."""

ENOUGH = 0.6
"""The share of them that the tests must notice: three of five. Five mutants tell no finer, and some
mutants change nothing that can be seen."""

SPARE = 10.0
"""Seconds that a mutant's tests get beyond twice the time that they need without it."""

_TURNED = {
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}
_SIGNS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}


@dataclass(frozen=True)
class Mutant:
    """One defect: lines of a file, and what stands there instead."""

    path: str
    line: int
    """From 1."""
    what: str
    kind: str
    text: str
    """The whole file with the defect."""


@dataclass(frozen=True)
class Worth:
    """What the tests noticed."""

    planted: int
    noticed: int
    survivors: tuple[str, ...] = ()
    """`PATH:LINE: what`, in order."""
    reason: Reason | None = None
    """Why it is not known."""
    detail: str = ""

    @property
    def enough(self) -> bool:
        """Whether they noticed enough."""
        return self.planted > 0 and self.noticed >= ENOUGH * self.planted


async def worth(subject: Subject, bench: Bench, seconds: float) -> Worth:
    """Plant each mutant and run the draft's tests; `seconds` is what they take on the draft as it is.

    A suite that does not end on a mutant has noticed it, as in other tools of the kind, and so has one
    whose process the mutant ends: it does not on the draft as it is.
    """
    planted = mutants_of(subject.draft)
    if not planted:
        return Worth(0, 0, reason=Reason.NOTHING_TO_CHECK, detail="no line of the code can be turned round")
    tests = suites_of(subject.draft)
    survivors: list[Mutant] = []
    try:
        for mutant in planted:
            ran = await _on(mutant, subject, bench, tests, 2 * seconds + SPARE)
            if ran.broken and not ran.told:
                return Worth(len(planted), 0, reason=Reason.TOOL_FAILED, detail=ran.broken)
            if not (ran.failures or ran.timed_out or ran.broken):
                survivors.append(mutant)
    except NoRoom as error:
        return Worth(len(planted), 0, reason=error.reason, detail=str(error))
    except SandboxError as error:
        return Worth(len(planted), 0, reason=Reason.NO_SANDBOX, detail=str(error))
    told = tuple(f"{mutant.path}:{mutant.line}: {mutant.what}" for mutant in survivors)
    return Worth(len(planted), len(planted) - len(survivors), told)


async def _on(mutant: Mutant, subject: Subject, bench: Bench, tests: tuple[str, ...], seconds: float) -> Ran:
    """The tests on one mutant, with a database that nobody has touched."""
    room = await open_room(subject, bench, with_database=asks_for_database(subject.draft))
    files = files_of(subject.draft) | {mutant.path: mutant.text}
    (ran,) = await suites.run(room.confined, {"draft": files}, [Suite("draft", tests, seconds, stop=True)])
    return ran


def mutants_of(draft: Draft, most: int = MOST) -> tuple[Mutant, ...]:
    """Up to `most` mutants of the draft's Python code: the kinds in turn, each spread over all its places."""
    kinds: dict[str, list[Mutant]] = {}
    for artifact in sorted(draft.having(Role.CODE), key=lambda each: each.path):
        if artifact.path.endswith(".py"):
            for mutant in _of_file(artifact):
                kinds.setdefault(mutant.kind, []).append(mutant)
    spread = [_spread(kinds[kind], most) for kind in ("refusal", "comparison", "sign", "condition") if kind in kinds]
    turns = itertools.chain.from_iterable(itertools.zip_longest(*spread))
    return tuple(itertools.islice((mutant for mutant in turns if mutant is not None), most))


def _spread(mutants: Sequence[Mutant], most: int) -> list[Mutant]:
    """At most `most` of them, evenly over their order."""
    count = min(most, len(mutants))
    return [mutants[(2 * number + 1) * len(mutants) // (2 * count)] for number in range(count)]


def _of_file(artifact: Artifact) -> Iterator[Mutant]:
    """Every mutant of one file, by its place."""
    try:
        tree = ast.parse(artifact.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for function in ast.walk(tree):
        # Code outside functions is declarations: a sign that is turned there often only breaks the import.
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in itertools.chain.from_iterable(map(_within, function.body)):
                yield from _turned(artifact, node)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is in it, without functions of its own."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _within(child)


def _turned(artifact: Artifact, node: ast.AST) -> Iterator[Mutant]:
    """The mutants that begin at one node."""
    if isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Raise):
        yield _mutant(artifact, node.body[0], "pass", "refusal", "a refusal is taken out")
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        signs = _TURNED.get(type(node.ops[0]))
        if signs:
            yield from _between(artifact, node, (node.left, node.comparators[0]), signs, "comparison")
    elif isinstance(node, ast.BinOp) and type(node.op) in _SIGNS and not _is_text(node.left, node.right):
        yield from _between(artifact, node, (node.left, node.right), _SIGNS[type(node.op)], "sign")
    elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield from _between(artifact, node, (node.values[0], node.values[1]), words, "condition")


def _is_text(*nodes: ast.expr) -> bool:
    """Whether one of them is a text: `-` between texts is no defect that anybody makes."""
    return any(isinstance(node, ast.JoinedStr | ast.Constant) and not _is_number(node) for node in nodes)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _between(
    artifact: Artifact, node: ast.expr, sides: tuple[ast.expr, ast.expr], words: tuple[str, str], kind: str
) -> Iterator[Mutant]:
    """The operator between two operands, exchanged; nothing where it does not stand there alone."""
    lines = _lines(artifact.text)
    left, right = sides
    start = _offset(lines, left.end_lineno or 0, left.end_col_offset or 0)
    end = _offset(lines, right.lineno, right.col_offset)
    gap = artifact.text[start:end]
    if gap.count(words[0]) != 1 or "#" in gap:
        return
    text = artifact.text[:start] + gap.replace(words[0], words[1]) + artifact.text[end:]
    line = left.end_lineno or node.lineno
    yield Mutant(artifact.path, line, f"`{words[0]}` has become `{words[1]}`", kind, text)


def _mutant(artifact: Artifact, node: ast.stmt, new: str, kind: str, what: str) -> Mutant:
    """A whole statement, replaced."""
    lines = _lines(artifact.text)
    start = _offset(lines, node.lineno, node.col_offset)
    end = _offset(lines, node.end_lineno or node.lineno, node.end_col_offset or 0)
    text = artifact.text[:start] + new + artifact.text[end:]
    return Mutant(artifact.path, node.lineno, what, kind, text)


def _lines(text: str) -> list[str]:
    """Lines with their ends, as Python's parser counts them: not every end of a line that Unicode knows is one."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)


def _offset(lines: Sequence[str], line: int, column: int) -> int:
    """Where a place of the syntax tree (a line from 1, a column in bytes of UTF-8) lies in the text."""
    before = sum(map(len, lines[: line - 1]))
    return before + len(lines[line - 1].encode()[:column].decode("utf-8", "ignore"))
