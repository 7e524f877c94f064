"""The SQL that Python code sends: every text given to a driver, with its place, arguments and surroundings."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property

from evaluators.code.expressions import keyword
from evaluators.code.module import FunctionNode, Module
from evaluators.code.texts import Text, text_at
from evaluators.code.walking import walk
from evaluators.finding import Location

STATEMENT = re.compile(
    r"^[\s(]*(?:(?:--[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)\s*)*"
    r"(select\b|insert\s+(?:or\s+\w+\s+)?into\b|replace\s+into\b|update\s+\S{1,200}(?=.{0,600}?\bset\b)|delete\s+from\b"
    r"|with\s+(?:recursive\s+)?[\w\"]+\s*(?:\([^)]*\)\s*)?as\b|merge\s+into\b|truncate\b|call\s+\w+\s*\(|values\s*\()",
    re.IGNORECASE | re.DOTALL,
)
"""How a text begins that is a query."""
_BEGUN = ("select", "insert", "replace", "update", "delete", "with", "merge", "truncate", "call", "values")
"""Without one of these a module holds no such text."""

SENDERS = {
    "execute": "", "executemany": "", "exec": "", "exec_driver_sql": "", "executescript": "",
    "fetch": "all", "fetchall": "all", "fetch_all": "all", "fetchrow": "one", "fetchval": "one", "fetch_one": "one",
    "fetch_val": "one", "fetchone": "one", "iterate": "all", "cursor": "", "stream": "all", "copy": "",
    "execute_fetchall": "all", "execute_insert": "one", "scalar": "one", "scalars": "", "raw": "all",
    "mappings": "all", "prepare": "", "text": "", "query": "", "read_sql": "all", "read_sql_query": "all",
}  # fmt: skip
"""Method that takes SQL -> how many rows it hands back: `all`, `one`, or empty where a later call says it."""

_TAKES = {
    "all": "all", "fetchall": "all", "fetchone": "one", "fetchmany": "many", "one": "one", "one_or_none": "one",
    "first": "one", "scalar": "one", "scalar_one": "one", "scalar_one_or_none": "one", "scalars": "", "mappings": "",
    "partitions": "many", "tuples": "", "unique": "", "fetchval": "one",
}  # fmt: skip
_DRIVERS = (
    "sqlite3", "psycopg", "psycopg2", "asyncpg", "pymysql", "MySQLdb", "mysql", "sqlalchemy", "sqlmodel", "aiosqlite",
    "databases", "django", "pyodbc", "pymssql", "aiomysql", "psycopg_pool", "flask_sqlalchemy", "duckdb",
)  # fmt: skip

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, eq=False)
class Query:
    """One SQL text in code, at the call that sends it."""

    source: Text
    at: Location
    """Where the text begins."""
    sent: Location
    """Where it is sent."""
    method: str
    """What it is given to: `execute`, `fetch`, `text`, ..."""
    drivers: frozenset[str]
    """The database packages that the file imports."""
    function: str
    """`module.Class.function` around it, or the module's name."""
    arguments: int | None
    """Number of values sent along; None where that cannot be told."""
    names: frozenset[str] | None
    """Names of the values sent along; None where they are not named or cannot be told."""
    fetch: str
    """How rows are taken: `all`, `many`, `one`, or empty where that cannot be told."""
    loop: bool
    """Whether it is sent once for each turn of a loop."""
    node: ast.Call
    around: FunctionNode | None
    module: Module

    @property
    def text(self) -> str:
        """The SQL; parts that are put in at run time stand as `hole_1`, `hole_2`, ..."""
        return self.source.text

    @property
    def built(self) -> bool:
        """Whether parts of it are put in at run time."""
        return self.source.built

    @cached_property
    def holes(self) -> tuple[str, ...]:
        """The source of each part that is put in at run time, in order."""
        return tuple(ast.unparse(each) for each in self.source.holes)


def of(modules: tuple[Module, ...]) -> tuple[Query, ...]:
    """Every SQL text that the modules send, in order; one that is sent twice counts once each time."""
    senders = {**_wrappers(modules), **SENDERS}
    return tuple(query for module in modules if _may_begin(module) for query in _of_module(module, senders))


def _may_begin(module: Module) -> bool:
    """Whether a module's text holds a word by which a query begins."""
    folded = module.text.lower()
    return any(word in folded for word in _BEGUN)


def _wrappers(modules: tuple[Module, ...]) -> dict[str, str]:
    """Functions of the project that hand one of their parameters to a driver as its SQL -> how rows are taken."""
    handed = [
        (each, call)
        for module in modules
        if module.known("hands on", lambda module: any(_hands_on(module, call) for call in module.calls))
        for call in module.calls
        if (each := _hands_on(module, call))
    ]
    found: dict[str, str] = {}
    # A function may hand its SQL to another of the project: each round finds those one step further away.
    for _ in range(3):
        for around, call in handed:
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            known = found | SENDERS
            if method in known and around.name not in found:
                found[around.name] = known[method] or _taken_in(around)
    return found


def _hands_on(module: Module, call: ast.Call) -> FunctionNode | None:
    """The function that calls a method with one of its own parameters first, or None."""
    first = call.args[0] if call.args and isinstance(call.func, ast.Attribute) else None
    around = module.function_around(call) if isinstance(first, ast.Name) else None
    if around is None or not isinstance(first, ast.Name):
        return None
    return around if first.id in {each.arg for each in (*around.args.posonlyargs, *around.args.args)[:3]} else None


def _taken_in(function: FunctionNode) -> str:
    """How many rows a function takes of what it sends: by the first method that says it."""
    calls = [node.func for node in walk(function) if isinstance(node, ast.Call)]
    taken = (_TAKES.get(func.attr, "") for func in calls if isinstance(func, ast.Attribute))
    return next((how for how in taken if how), "")


def _of_module(module: Module, senders: dict[str, str]) -> list[Query]:
    """The queries of one file."""
    drivers = frozenset(each.module.partition(".")[0] for each in module.imports) & frozenset(_DRIVERS)
    found: list[Query] = []
    inside: set[ast.AST] = set()
    for call in module.calls:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if method not in senders or call in inside:
            continue
        for given in _texts(call):
            source = text_at(module, given)
            if source is None or not STATEMENT.match(source.text):
                continue
            inside.update(walk(given))
            found.append(_query(module, call, given, source, method, drivers, senders[method]))
            break
    return found


def _texts(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that may be its SQL, the likeliest first."""
    named = [
        each.value for each in call.keywords if each.arg in ("query", "sql", "statement", "operation", "raw_query")
    ]
    return [*call.args[:2], *named]


def _query(
    module: Module, call: ast.Call, given: ast.expr, source: Text, method: str, drivers: frozenset[str], how: str
) -> Query:
    """The query that a call sends; of `text(...)` on its own, the call that the text ends up in where it is plain."""
    sending = _sender(module, call) if method == "text" else call
    position = sending.args.index(given) if given in sending.args else 0
    count, names = _arguments(module, sending, position)
    around = module.function_around(call)
    return Query(
        source, source.at, module.at(call), method, drivers,
        f"{module.name}.{module.qualified(call)}".replace(".<module>", ""),
        count, names, how or _fetch(module, sending, method), in_loop(module, call), call, around, module,
    )  # fmt: skip


def _sender(module: Module, call: ast.Call) -> ast.Call:
    """The call that `text(...)` is given to, also by way of a variable; itself where that is not plain."""
    parent = module.parents.get(call)
    if isinstance(parent, ast.Attribute):
        return call
    if isinstance(parent, ast.Call):
        return parent
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        function = module.function_around(call)
        name = parent.targets[0].id
        users = [
            node
            for node in (walk(function) if function else module.nodes)
            if isinstance(node, ast.Call) and any(isinstance(each, ast.Name) and each.id == name for each in node.args)
        ]
        if len(users) == 1:
            return users[0]
    return call


def _arguments(module: Module, call: ast.Call, position: int) -> tuple[int | None, frozenset[str] | None]:
    """How many values a call sends beside its SQL, and their names."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None, None
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    rest = call.args[position + 1 :]
    if method in ("fetch", "fetchrow", "fetchval") or (method == "execute" and len(rest) > 1):
        return len(rest), None
    given = rest[0] if rest else next(
        (each for name in ("parameters", "params", "values", "args", "vars") if (each := keyword(call, name))), None
    )  # fmt: skip
    if given is None:
        return (0, frozenset()) if method in ("execute", "executemany") else (None, None)
    return _counted(module, call, given, method == "executemany")


def _counted(module: Module, call: ast.Call, given: ast.expr, many: bool) -> tuple[int | None, frozenset[str] | None]:
    """The number and the names of the values that an argument holds."""
    if isinstance(given, ast.Name):
        function = module.function_around(call)
        values = module.assigned(function).get(given.id, []) if function else []
        only = values[0].value if len(values) == 1 else None
        if only is None or _changed(function, given.id):
            return None, None
        given = only
    if many and isinstance(given, (ast.List, ast.ListComp)):
        given = given.elt if isinstance(given, ast.ListComp) else (given.elts[0] if given.elts else given)
    elif many:
        return None, None
    if isinstance(given, ast.Dict):
        keys = [each.value for each in given.keys if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        return (len(keys), frozenset(keys)) if len(keys) == len(given.keys) else (None, None)
    if isinstance(given, (ast.Tuple, ast.List)) and not any(isinstance(each, ast.Starred) for each in given.elts):
        if given.elts and all(isinstance(each, ast.Dict) for each in given.elts):
            return None, None
        return len(given.elts), None
    return None, None


def _changed(function: FunctionNode | None, name: str) -> bool:
    """Whether a variable that holds values is added to after it was made."""
    for node in walk(function) if function is not None else ():
        owner = node.value if isinstance(node, (ast.Attribute, ast.Subscript)) else None
        if isinstance(node, ast.AugAssign):
            owner = node.target
        if isinstance(owner, ast.Name) and owner.id == name and not isinstance(getattr(node, "ctx", None), ast.Load):
            return True
        if isinstance(node, ast.Attribute) and isinstance(owner, ast.Name) and owner.id == name:
            return True
    return False


def _fetch(module: Module, call: ast.Call, method: str) -> str:
    """How the rows of a call are taken: by itself, by what is chained to it, or by a later call on its result."""
    if SENDERS.get(method):
        return SENDERS[method]
    for name in chained(module, call):
        if _TAKES.get(name):
            return _TAKES[name]
    parent = module.parents.get(_outermost(module, call))
    function = module.function_around(call)
    names: set[str] = set()
    if isinstance(parent, ast.Assign):
        names = {each.id for each in parent.targets if isinstance(each, ast.Name)}
    elif isinstance(parent, ast.Expr) and isinstance(call.func, ast.Attribute):
        names = {call.func.value.id} if isinstance(call.func.value, ast.Name) else set()
    elif isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
        return "all"
    for node in walk(function) if function is not None and names else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            after = node.lineno > call.lineno
            if after and _TAKES.get(node.attr):
                return _TAKES[node.attr]
    return ""


def _outermost(module: Module, node: ast.AST) -> ast.AST:
    """The whole chain of attributes, calls and awaits that begins with a node."""
    current = node
    while True:
        parent = module.parents.get(current)
        if isinstance(parent, ast.Await) or (
            isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is current)
        ):
            current = parent
        else:
            return current


def chained(module: Module, call: ast.AST) -> list[str]:
    """The methods that are called on a call's result, in order; awaits are looked through."""
    found: list[str] = []
    current: ast.AST = call
    while True:
        parent = module.parents.get(current)
        if isinstance(parent, ast.Attribute):
            found.append(parent.attr)
        elif not (isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and parent.func is current)):
            return found
        current = parent


def in_loop(module: Module, node: ast.AST) -> bool:
    """Whether a node is worked out once for each turn of a loop or comprehension of its function."""
    current, child = module.parents.get(node), node
    while current is not None and not isinstance(current, (FunctionNode, ast.Lambda, ast.ClassDef)):
        if isinstance(current, (ast.For, ast.AsyncFor)) and child not in (current.iter, *current.orelse):
            return True
        if isinstance(current, _Comprehension) and (child not in current.generators or _is_inner(current, child, node)):
            return True
        child, current = current, module.parents.get(current)
    return False


def _is_inner(comprehension: _Comprehension, generator: ast.AST, node: ast.AST) -> bool:
    """Whether a node of a comprehension's generator is worked out more than once: not the first one's source."""
    first = comprehension.generators[0]
    return generator is not first or not any(each is node for each in walk(first.iter))
