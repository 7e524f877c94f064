"""Queries that Python code makes through an ORM: SQLAlchemy 1 and 2, SQLModel, Django."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.module import FunctionNode, Module
from evaluators.code.queries import in_loop
from evaluators.code.walking import walk
from evaluators.finding import Location

_ROOTS = {"select": "select", "update": "update", "delete": "delete", "insert": "insert"}
_BEGINNINGS = (*_ROOTS, "query", "objects", "get")
"""Without one of these a module begins no query."""
_DJANGO_KINDS = {"create": "insert", "bulk_create": "insert", "update": "update", "delete": "delete"}
_FILTERS = ("where", "filter", "having", "exclude")
_ONE = (
    "one", "one_or_none", "first", "scalar", "scalar_one", "scalar_one_or_none", "get", "get_or_404", "earliest",
    "latest", "last", "exists", "count", "get_or_create", "update_or_create", "first_or_404", "one_or_404", "aggregate",
)  # fmt: skip
_BOUNDS = ("limit", "fetch", "paginate", "slice", "first", "fetchmany", "partitions", "yield_per", "iterator")
_EAGER = (
    "selectinload", "joinedload", "subqueryload", "contains_eager", "select_related", "prefetch_related", "raiseload",
    "lazyload", "immediateload",
)  # fmt: skip
_COMPARISONS = (
    "in_", "like", "ilike", "is_", "is_not", "contains", "startswith", "endswith", "between", "notin_", "not_in",
    "any_", "icontains", "istartswith", "isnot",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class OrmQuery:
    """One query that an ORM writes, as far as it can be seen."""

    model: str
    """The dotted name of the mapped class (`app.models.Order`)."""
    kind: str
    """`select`, `get`, `insert`, `update` or `delete`."""
    filtered: tuple[str, ...]
    """Attributes that conditions name, sorted."""
    ordered: tuple[str, ...]
    """Attributes that the order names, in order."""
    searched: tuple[str, ...]
    """Attributes that are compared with LIKE behind a leading wildcard."""
    selected: tuple[str, ...]
    """Attributes that are selected one by one; empty for whole objects."""
    limited: bool
    offset: bool
    one: bool
    """Whether at most one row, or a number, is taken."""
    aggregated: bool
    """Whether it counts or sums, or groups."""
    locked: bool
    """FOR UPDATE."""
    conditional: bool
    """Whether it has conditions that cannot be read (`*filters`, `filter(condition)`)."""
    eager: tuple[str, ...]
    """Attributes that are loaded along with it."""
    taken: tuple[str, ...]
    """The methods by which rows are taken, in order: `scalars`, `all`."""
    loop: bool
    function: str
    at: Location
    node: ast.Call
    around: FunctionNode | None
    module: Module


def of(modules: tuple[Module, ...]) -> tuple[OrmQuery, ...]:
    """Every query of the modules that an ORM writes."""
    return tuple(
        query
        for module in modules
        if module.speaks(_BEGINNINGS)
        for call in module.calls
        if (query := _query(module, call))
    )


def _query(module: Module, call: ast.Call) -> OrmQuery | None:
    """The query that begins with a call, or None where none does."""
    begun = _begin(module, call)
    if begun is None:
        return None
    kind, entities = begun
    links = [_Link(_last(call), call), *_links(module, call)]
    models = [name for each in entities if (name := _model(module, each))]
    if not models:
        return None
    read = _Reader(module)
    for link in links:
        read.take(link)
    names = [link.name for link in links]
    if kind == "django":
        kind = next((_DJANGO_KINDS[name] for name in names if name in _DJANGO_KINDS), "select")
    selected = [each.attr for each in entities if isinstance(each, ast.Attribute) and each.attr[:1].islower()]
    functions = [each for each in entities if isinstance(each, ast.Call)]
    one = kind == "get" or any(name in _ONE for name in names) or bool(functions and len(functions) == len(entities))
    return OrmQuery(
        models[0], kind, tuple(sorted(read.filtered)), tuple(read.ordered), tuple(read.searched), tuple(selected),
        any(name in _BOUNDS for name in names) or read.sliced, "offset" in names, one,
        bool(functions) or bool({"group_by", "annotate", "aggregate", "count", "distinct"} & set(names)),
        bool({"with_for_update", "select_for_update"} & set(names)) or read.locked, read.unknown,
        tuple(sorted(read.eager)), tuple(names[1:]), in_loop(module, call),
        f"{module.name}.{module.qualified(call)}".replace(".<module>", ""), module.at(call), call,
        module.function_around(call), module,
    )  # fmt: skip


@dataclass(frozen=True)
class _Link:
    """One call of a chain; for a slice, the node that is sliced."""

    name: str
    node: ast.AST


def _last(call: ast.Call) -> str:
    """The last name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _begin(module: Module, call: ast.Call) -> tuple[str, list[ast.expr]] | None:
    """The kind and the entities of the query that begins here."""
    called, last = module.called(call), _last(call)
    if last in _ROOTS and called.rpartition(".")[0].partition(".")[0] in ("sqlalchemy", "sqlmodel", "sa"):
        return _ROOTS[last], list(call.args)
    if isinstance(call.func, ast.Attribute):
        owner = call.func.value
        session = _tail(owner).lower()
        if last in ("query", "get") and call.args and ("session" in session or session in ("db", "s", "conn")):
            if last == "get" and (len(call.args) < 2 or not _tail(call.args[0])[:1].isupper()):
                return None
            return ("get" if last == "get" else "select"), list(call.args[:1] if last == "get" else call.args)
        if isinstance(owner, ast.Attribute) and owner.attr in ("objects", "query") and _tail(owner.value)[:1].isupper():
            return "django", [owner.value]
    return None


def _tail(node: ast.expr) -> str:
    """The last name of a chain; of a call, that of what is called."""
    if isinstance(node, ast.Call):
        return _tail(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _model(module: Module, node: ast.expr) -> str:
    """The dotted name of the mapped class that an entity names (`Order`, `Order.id`, `func.count(Order.id)`)."""
    for each in walk(node):
        if isinstance(each, ast.Name) and each.id[:1].isupper():
            return module.names.get(each.id, f"{module.name}.{each.id}")
        if isinstance(each, ast.Attribute) and each.attr[:1].isupper() and (dotted := module.dotted(each)):
            return dotted
    return ""


def _links(module: Module, call: ast.AST, depth: int = 4) -> Iterator[_Link]:
    """The calls that follow on a query: chained ones, those on its variable, and those on its result."""
    current: ast.AST = call
    while True:
        parent = module.parents.get(current)
        if isinstance(parent, ast.Call) and parent.func is current and isinstance(current, ast.Attribute):
            yield _Link(current.attr, parent)
        elif isinstance(parent, ast.Subscript) and parent.value is current and isinstance(parent.slice, ast.Slice):
            yield _Link("[:]", parent)
        elif isinstance(parent, ast.Call) and current in parent.args and _last(parent) in (
            "execute", "scalars", "scalar", "exec", "stream", "stream_scalars", "paginate", "all", "list",
            "get_object_or_404", "fetch_all", "fetch_one",
        ):  # fmt: skip
            yield _Link(_last(parent), parent)
        elif not isinstance(parent, (ast.Attribute, ast.Await)):
            break
        current = parent
    function = module.function_around(call)
    if depth <= 0 or function is None or not isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return
    targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
    names = {each.id for each in targets if isinstance(each, ast.Name)}
    if not names or _is_later(module, call, names):
        return
    for node in walk(function):
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            yield from _links(module, node, depth - 1)


def _is_later(module: Module, node: ast.AST, names: set[str]) -> bool:
    """Whether a link is itself a reassignment of the variable (`q = q.where(...)`): its users are known already."""
    return isinstance(node, ast.Name) and node.id in names


class _Reader:
    """What the links of a query say."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.filtered: set[str] = set()
        self.ordered: list[str] = []
        self.searched: list[str] = []
        self.eager: set[str] = set()
        self.sliced = self.unknown = self.locked = False

    def take(self, link: _Link) -> None:
        """Read one link."""
        node = link.node
        if link.name == "[:]":
            self.sliced = True
        if not isinstance(node, ast.Call):
            return
        if link.name in (*_FILTERS, "filter_by", "get", "get_or_404", "join", "get_object_or_404"):
            self.filtered |= {each.arg.partition("__")[0] for each in node.keywords if each.arg}
            if link.name in _FILTERS:
                for given in node.args:
                    self._condition(given)
            if any(each.arg is None for each in node.keywords):
                self.unknown = True
            self.searched += [
                each.arg.partition("__")[0]
                for each in node.keywords
                if each.arg and each.arg.endswith(("__icontains", "__contains", "__iendswith", "__endswith"))
            ]
        elif link.name == "order_by":
            self.ordered += [name for given in node.args for name in self._orders(given)]
        elif link.name in ("options", "select_related", "prefetch_related"):
            self._loads(link.name, node)
        if any(each.arg == "with_for_update" and not _is_false(each.value) for each in node.keywords):
            self.locked = True

    def _condition(self, given: ast.expr) -> None:
        """The attributes of a condition."""
        attributes = [each for each in walk(given) if isinstance(each, ast.Attribute) and _is_column(each)]
        if not attributes:
            self.unknown = True
        self.filtered |= {each.attr for each in attributes}
        for call in walk(given):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_wild(call):
                owner = call.func.value
                if isinstance(owner, ast.Attribute):
                    self.searched.append(owner.attr)

    def _orders(self, given: ast.expr) -> Iterator[str]:
        """The attributes that an order names."""
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield given.value.lstrip("-").partition("__")[0]
        for each in walk(given):
            if isinstance(each, ast.Attribute) and _is_column(each):
                yield each.attr

    def _loads(self, name: str, node: ast.Call) -> None:
        """The attributes that are loaded along."""
        if name != "options":
            self.eager |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)} or {"*"}
        for call in walk(node):
            if isinstance(call, ast.Call) and _last(call) in _EAGER and call.args:
                self.eager |= {each.attr for each in call.args if isinstance(each, ast.Attribute)} or {"*"}


def _is_column(node: ast.Attribute) -> bool:
    """Whether an attribute is a mapped class's (`Order.status`)."""
    return _tail(node.value)[:1].isupper() and node.attr not in _COMPARISONS and not node.attr[:1].isupper()


def _is_wild(call: ast.Call) -> bool:
    """Whether a call compares with LIKE behind a leading wildcard."""
    name = _last(call)
    if name in ("contains", "icontains", "endswith"):
        return True
    if name not in ("like", "ilike") or not call.args:
        return False
    given = call.args[0]
    first = given.values[0] if isinstance(given, ast.JoinedStr) and given.values else given
    while isinstance(first, ast.BinOp):
        first = first.left
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.startswith("%")


def _is_false(node: ast.expr) -> bool:
    """Whether a value is False or None."""
    return isinstance(node, ast.Constant) and not node.value
