"""The text that an expression is: constants followed, pieces joined, unknown parts kept as holes."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass

from evaluators.code.module import Assigning, Module
from evaluators.code.walking import walk
from evaluators.finding import Location

HOLE = "hole_"
"""What an unknown part is called in the text: `hole_1`, `hole_2`, ... in order; an identifier in every language."""

MAX_TEXT = 200_000
"""Longest text that is put together, in characters."""

_DEPTH = 12
_CHOICE = re.compile("\ue000([^\ue000-\ue002]*)\ue001([^\ue000-\ue002]*)\ue002")
"""Two texts of which one is put in, while the whole is put together: characters that no text of ours holds."""
MAX_READINGS = 8
"""Most texts that one expression is read as."""
_SAME = ("dedent", "cleandoc", "text", "literal", "sql", "SQL", "RawSQL", "strip", "rstrip", "lstrip")
"""Calls whose result is their text, as far as a reader cares."""


@dataclass(frozen=True, eq=False)
class Text:
    """A text with holes."""

    text: str
    holes: tuple[ast.expr, ...]
    """The unknown parts, in order."""
    at: Location
    """Where its first piece stands."""
    exact: bool
    """Whether line n of the text is line n of the file, counted from `at`."""
    built: bool = False
    """Whether it is put together at run time: it has holes or choices, or is added to step by step."""
    others: tuple[str, ...] = ()
    """What else it may be, where parts are chosen from known texts; `text` is the fullest of them all."""

    def place(self, offset: int) -> Location:
        """The place of a character of the text; its begin where that cannot be told."""
        if not self.exact:
            return self.at
        return Location(self.at.path, self.at.line + self.text.count("\n", 0, max(offset, 0)), 0)


def text_at(module: Module, node: ast.expr | None) -> Text | None:
    """The text that an expression is; None where no piece of it is known.

    Names are followed to constants of the module and to assignments of the function around.
    """
    if node is None:
        return None
    holes: list[ast.expr] = []
    first: list[ast.AST] = []
    made = _pieces(module, node, holes, first, _DEPTH)
    if made is None or not first or len(made) > MAX_TEXT:
        return None
    start = first[0]
    exact = len(first) == 1 and isinstance(start, ast.Constant) and _is_verbatim(module, start)
    added = len(first) > 1 and any(
        isinstance(module.parents.get(each), ast.AugAssign) for each in first if isinstance(each, ast.expr)
    )
    text, *others = _readings(made)
    return Text(text, tuple(holes), module.at(start), exact, bool(holes or others) or added, tuple(others))


def _readings(text: str) -> list[str]:
    """Every text that the choices in a text allow, the fullest first; at most MAX_READINGS."""
    fullest = text
    while _CHOICE.search(fullest):
        fullest = _CHOICE.sub(lambda match: max(match.groups(), key=len), fullest)
    found, waiting = [fullest], [text]
    while waiting and len(found) < MAX_READINGS:
        each = waiting.pop()
        if choice := _CHOICE.search(each):
            waiting += [each[: choice.start()] + part + each[choice.end() :] for part in choice.groups()]
        elif each not in found:
            found.append(each)
    return found


def _either(module: Module, node: ast.IfExp, depth: int) -> str | None:
    """Both texts of a choice between known ones; None where one of them is not wholly known."""
    holes: list[ast.expr] = []
    made = [_pieces(module, each, holes, [], depth - 1) for each in (node.body, node.orelse)]
    if holes or made[0] is None or made[1] is None:
        return None
    return f"\ue000{made[0]}\ue001{made[1]}\ue002"


def _is_verbatim(module: Module, node: ast.Constant) -> bool:
    """Whether a text's lines are the lines of the file: true where it spans as many."""
    text = str(node.value)
    return (node.end_lineno or node.lineno) - node.lineno == text.count("\n")


def _pieces(module: Module, node: ast.expr, holes: list[ast.expr], first: list[ast.AST], depth: int) -> str | None:
    """The text of an expression with its holes named; None where it is wholly unknown."""
    if depth <= 0:
        return None
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            first.append(node)
            return node.value
        return None
    if isinstance(node, ast.JoinedStr):
        first.append(node)
        return "".join(_filled(module, part, holes, first, depth - 1) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _added(module, node, holes, first, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        left = _pieces(module, node.left, holes, first, depth - 1)
        given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return None if left is None else _percent(left, given, holes)
    if isinstance(node, ast.Name):
        return _named(module, node, holes, first, depth)
    if isinstance(node, ast.Call):
        return _called(module, node, holes, first, depth)
    if isinstance(node, ast.IfExp):
        return _either(module, node, depth)
    return None


def _added(module: Module, node: ast.BinOp, holes: list[ast.expr], first: list[ast.AST], depth: int) -> str | None:
    """A sum of texts; long sums lean to the left, so they are walked and not recursed."""
    parts: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):
        parts.append(current.right)
        current = current.left
    parts.append(current)
    known = len(first)
    made = "".join(_filled(module, part, holes, first, depth - 1) for part in reversed(parts[-400:]))
    return made if len(first) > known else None


def _filled(module: Module, part: ast.expr, holes: list[ast.expr], first: list[ast.AST], depth: int) -> str:
    """A piece's text, or the name of a hole."""
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    made = _pieces(module, inner, holes, first, depth)
    if made is not None:
        return made
    holes.append(inner)
    return f"{HOLE}{len(holes)}"


def _percent(text: str, given: list[ast.expr], holes: list[ast.expr]) -> str:
    """`text % (...)`: each directive becomes a hole."""
    waiting = list(given)

    def fill(match: re.Match[str]) -> str:
        if match.group() == "%%":
            return "%"
        holes.append(waiting.pop(0) if waiting else given[-1])
        return f"{HOLE}{len(holes)}"

    return re.sub(r"%%|%(?:\(\w+\))?[-+#0 ]*\d*(?:\.\d+)?[sdrifgx]", fill, text) if given else text


def _named(module: Module, node: ast.Name, holes: list[ast.expr], first: list[ast.AST], depth: int) -> str | None:
    """The text behind a name: its one assignment in the function around, else the module's constant."""
    function = module.function_around(node)
    if function is not None:
        given = module.assigned(function).get(node.id)
        if given is not None:
            return _appended(module, given, holes, first, depth - 3)
        if node.id in {each.arg for each in walk(function.args) if isinstance(each, ast.arg)}:
            return None
    constant = module.constants.get(node.id)
    return _pieces(module, constant, holes, first, depth - 3) if constant is not None else None


def _appended(
    module: Module, given: list[Assigning], holes: list[ast.expr], first: list[ast.AST], depth: int
) -> str | None:
    """The text of a variable that is assigned once and then only added to; None for anything else."""
    if isinstance(given[0], ast.AugAssign) or not all(isinstance(each, ast.AugAssign) for each in given[1:]):
        return None
    made = _pieces(module, given[0].value, holes, first, depth) if given[0].value is not None else None
    if made is None or len(given) == 1:
        return made
    return made + "".join(_filled(module, each.value, holes, first, depth) for each in given[1:] if each.value)


def _called(module: Module, node: ast.Call, holes: list[ast.expr], first: list[ast.AST], depth: int) -> str | None:
    """The text of a call: `text(x)`, `dedent(x)`, `x.format(...)`, `" ".join([...])`."""
    last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if last in _SAME:
        inner = node.args[0] if node.args else (node.func.value if isinstance(node.func, ast.Attribute) else None)
        made = _pieces(module, inner, holes, first, depth - 1) if inner is not None else None
        return textwrap.dedent(made) if made is not None and last in ("dedent", "cleandoc") else made
    if not isinstance(node.func, ast.Attribute):
        return None
    owner = node.func.value
    if last == "format":
        made = _pieces(module, owner, holes, first, depth - 1)
        if made is None:
            return None
        given = [*node.args, *(each.value for each in node.keywords)]
        return _formatted(made, given, holes)
    if last == "join" and node.args and isinstance(node.args[0], (ast.List, ast.Tuple)):
        between = _pieces(module, owner, holes, [], depth - 1)
        if between is not None:
            return between.join(_filled(module, part, holes, first, depth - 1) for part in node.args[0].elts)
    return None


def _formatted(text: str, given: list[ast.expr], holes: list[ast.expr]) -> str:
    """`text.format(...)`: each field becomes a hole."""
    waiting = list(given)

    def fill(match: re.Match[str]) -> str:
        if match.group() in ("{{", "}}"):
            return match.group()[0]
        if not given:
            return match.group()
        holes.append(waiting.pop(0) if waiting else given[-1])
        return f"{HOLE}{len(holes)}"

    return re.sub(r"\{\{|\}\}|\{\w*(?:![rsa])?(?::[^{}]*)?\}", fill, text)
