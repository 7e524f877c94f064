"""What Python code declares, as facts: modules, routes, tables, environment. Parsed once.

Rules and cross rules ask `subject.fact(code_of)` and never parse again.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from evaluators.code import activity, data_models, models, orm, queries, requirements, routes
from evaluators.code.activity import Job, LogCall, TestCall
from evaluators.code.data_models import DataModel
from evaluators.code.models import Column, Table
from evaluators.code.module import Import, Module, SyntaxFlaw, read
from evaluators.code.orm import OrmQuery
from evaluators.code.queries import Query
from evaluators.code.requirements import Asked
from evaluators.code.roots import root_of
from evaluators.code.routes import Route
from evaluators.code.tools import Tools, tools_for
from evaluators.code.walking import walk
from evaluators.draft import Draft, Subject
from evaluators.finding import Location

__all__ = [
    "Code",
    "Column",
    "DataModel",
    "EnvironmentRead",
    "Import",
    "Job",
    "LogCall",
    "Module",
    "OrmQuery",
    "Query",
    "Route",
    "SyntaxFlaw",
    "Table",
    "TestCall",
    "code_in",
    "code_of",
]


@dataclass(frozen=True)
class EnvironmentRead:
    """One environment variable that the code reads."""

    name: str
    default: str | None
    """The source of its default, or None where there is none."""
    at: Location


@dataclass(frozen=True, eq=False)
class Code:
    """The Python files of a draft. `modules` holds every one, tests too."""

    modules: tuple[Module, ...] = ()
    requirements: tuple[Asked, ...] = ()
    """What the dependency lists ask for."""
    locked: bool = False
    """Whether a lock file, or hashes, say which versions are installed."""

    @cached_property
    def by_name(self) -> dict[str, Module]:
        """Dotted name -> module. A test's own folder also counts as a root, as pytest has it."""
        found = {module.name.rpartition(".")[2]: module for module in self.modules if module.testing}
        found.update({module.name: module for module in self.modules})
        return found

    @cached_property
    def own(self) -> tuple[Module, ...]:
        """The modules that are no tests."""
        return tuple(module for module in self.modules if not module.testing)

    def speaking(self, *words: str) -> tuple[Module, ...]:
        """The modules that are no tests and hold one of the words: others need not be looked into for them."""
        return tuple(module for module in self.own if module.speaks(words))

    @cached_property
    def packages(self) -> frozenset[str]:
        """Every dotted prefix of a module's name: what can be imported as a package."""
        prefixes: set[str] = set()
        for module in self.modules:
            parts = module.name.split(".")
            prefixes.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
        return frozenset(prefixes)

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Every route that the code declares, with prefixes and dependencies worked out."""
        return routes.of(self.own, self.tools)

    @cached_property
    def tools(self) -> Tools:
        """What resolves names, calls, statuses and guards over the modules that are no tests."""
        return tools_for(self.own)

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Every SQL text that code (not tests) sends."""
        return queries.of(self.own)

    @cached_property
    def orm_queries(self) -> tuple[OrmQuery, ...]:
        """Every query that an ORM writes for code (not tests)."""
        return orm.of(self.own)

    @cached_property
    def routes_of(self) -> dict[str, tuple[Route, ...]]:
        """`module.function` -> the routes that it serves, or that call it directly or by one more step."""
        found: dict[str, dict[Route, None]] = {}
        for route in self.routes:
            for module, function in self.tools.callees.reach(route.module, route.node):
                found.setdefault(f"{module.name}.{module.qualified(function)}", {})[route] = None
        return {name: tuple(each) for name, each in found.items()}

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table of SQLAlchemy, SQLModel and Django."""
        return models.of(self.own)

    @cached_property
    def data_models(self) -> tuple[DataModel, ...]:
        """Every class that requests are read as or answers are written as."""
        return data_models.of(self.tools.table)

    @cached_property
    def enums(self) -> dict[str, tuple[str, ...]]:
        """`module.Class` -> the texts of every enumeration."""
        return data_models.enums_of(self.tools.table)

    def data_model(self, symbol: str) -> DataModel | None:
        """The class of data called `module.Class`, or None."""
        return next((each for each in self.data_models if each.symbol == symbol), None)

    @cached_property
    def test_calls(self) -> tuple[TestCall, ...]:
        """Every request that the tests make."""
        return activity.test_calls(self.modules)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Everything that is done in the background."""
        return activity.jobs(self.modules)

    @cached_property
    def logs(self) -> tuple[LogCall, ...]:
        """Every line that code (not tests) writes to the log."""
        return activity.log_calls(self.own)

    @cached_property
    def environment(self) -> tuple[EnvironmentRead, ...]:
        """Every environment variable that code (not tests) reads, in order."""
        return tuple(read for module in self.speaking("environ", "getenv", "BaseSettings") for read in _reads(module))


def code_of(subject: Subject) -> Code:
    """The facts of a subject's Python files: `subject.fact(code_of)`."""
    return code_in(subject.draft)


def code_in(draft: Draft) -> Code:
    """The facts of a draft's Python files."""
    files = [artifact for artifact in draft if artifact.path.endswith(".py")]
    roots = root_of(files)
    modules = tuple(read(artifact, roots[artifact.path]) for artifact in files)
    return Code(modules, requirements.everything(draft), requirements.locked(draft))


def _reads(module: Module) -> list[EnvironmentRead]:
    """The environment variables that a module reads by name."""
    found: list[EnvironmentRead] = []
    for node in module.nodes:
        if isinstance(node, ast.Subscript) and module.dotted(node.value) == "os.environ":
            if (
                isinstance(node.ctx, ast.Load)
                and isinstance(name := node.slice, ast.Constant)
                and isinstance(name.value, str)
            ):
                found.append(EnvironmentRead(name.value, None, module.at(node)))
        elif isinstance(node, ast.Call) and module.called(node) in ("os.getenv", "os.environ.get", "os.environ.pop"):
            if node.args and isinstance(first := node.args[0], ast.Constant) and isinstance(first.value, str):
                given = (
                    node.args[1]
                    if len(node.args) > 1
                    else next((k.value for k in node.keywords if k.arg == "default"), None)
                )
                found.append(EnvironmentRead(first.value, ast.unparse(given) if given else None, module.at(node)))
        elif isinstance(node, ast.ClassDef) and any(
            module.dotted(base).endswith("BaseSettings") for base in node.bases
        ):
            found.extend(_settings(module, node))
    return sorted(found, key=lambda each: (each.at, each.name))


def _settings(module: Module, node: ast.ClassDef) -> list[EnvironmentRead]:
    """The variables that a pydantic-settings class reads: its fields, upper-cased, with the prefix."""
    prefix = ""
    for call in walk(node):
        if isinstance(call, ast.Call):
            for keyword in call.keywords:
                if keyword.arg == "env_prefix" and isinstance(keyword.value, ast.Constant):
                    prefix = str(keyword.value.value)
    found = []
    for statement in node.body:
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.target.id != "model_config"
        ):
            name, default = statement.target.id, statement.value
            if isinstance(default, ast.Call) and module.called(default).endswith("Field"):
                alias = next((k.value for k in default.keywords if k.arg in ("validation_alias", "alias")), None)
                if isinstance(alias, ast.Constant):
                    name, prefix_here = str(alias.value), ""
                else:
                    prefix_here = prefix
                default = (
                    default.args[0]
                    if default.args
                    else next((k.value for k in default.keywords if k.arg == "default"), None)
                )
            else:
                prefix_here = prefix
            if isinstance(default, ast.Constant) and default.value is Ellipsis:
                default = None
            found.append(
                EnvironmentRead(
                    (prefix_here + name).upper(), ast.unparse(default) if default else None, module.at(statement)
                )
            )
    return found
