"""The facts of all artifacts side by side, and which property is which column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from evaluators.code.facts import Code, code_of
from evaluators.contract.document import contract_of
from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import Property, Shape, reachable
from evaluators.cross.bounds import Bounds, bounds_of
from evaluators.cross.matching import Matching, column_named
from evaluators.cross.routing import Routing
from evaluators.draft import Artifact, Role, Subject
from evaluators.queries.facts import Queries
from evaluators.queries.sources import queries_of
from evaluators.rule import Flaw
from evaluators.sql.facts import Column, Schema, Table
from evaluators.sql.schema import migrated_schema_of, schema_artifacts, schema_of


@dataclass(frozen=True)
class Pair:
    """A property and the column that it stands for."""

    shape: Shape
    member: Property
    """The property."""
    table: Table
    column: Column
    bounds: Bounds
    """What the database accepts in the column."""
    sent: bool
    """Whether the shape is part of a request body."""
    answered: bool
    """Whether the shape is part of a response."""

    @property
    def symbol(self) -> str:
        """`Account.balance`: the shape's name and the property's."""
        return f"{self.shape.name}.{self.member.name}"

    @property
    def column_name(self) -> str:
        """`accounts.balance`."""
        return f"{self.table.key}.{self.column.name}"

    def flaw(self, message: str, hint: str = "") -> Flaw:
        """A flaw at the property, with the column as its further place."""
        node = self.member.node
        evidence = f"{node.path}{node.pointer} is {self.column_name} {self.column.type}"
        return Flaw(self.symbol, node.at, message, evidence, hint, (self.column.at,))


@dataclass(frozen=True)
class Facts:
    """What the schema, the contract and (where known) the code's routes say."""

    schema: Schema
    contract: Contract
    code: Code | None = field(default=None, compare=False)
    """What the Python files declare, or None where there are none."""
    migrated: Schema | None = field(default=None, compare=False)
    """What the migrations build, where a schema file stands beside them."""
    queries: Queries | None = field(default=None, compare=False)
    """The queries of the code, or None where there is none."""
    documents: tuple[Artifact, ...] = field(default=(), compare=False)
    """Files that are none of the three: documentation, examples of the environment, compose files."""

    @cached_property
    def matching(self) -> Matching:
        """Which shape is which table."""
        return Matching(self.schema, self.contract)

    @cached_property
    def routing(self) -> Routing:
        """Which operation is which route."""
        return Routing(self.contract, self.code)

    def table(self, name: str) -> Table | None:
        """The table that `x-table: name` means: exact, then without case and default schema."""
        return self.matching.named(name)

    def column(self, table: Table, name: str) -> Column | None:
        """The column that `x-column: name` means: exact, then without case."""
        return column_named(table, name)

    def elsewhere(self, name: str) -> bool:
        """Whether a table's name may be known to something that the facts do not hold."""
        lowered = name.lower()
        bare = lowered.rsplit(".", 1)[-1]
        outside = lowered.startswith(("auth.", "storage.", "information_schema.", "pg_catalog."))
        views = any(view.name.lower() in (lowered, bare) for view in self.schema.views)
        unread = any(bare in each.statement.text.lower() for each in self.schema.unread)
        return outside or views or unread

    @cached_property
    def shapes(self) -> tuple[tuple[Shape, bool, bool], ...]:
        """Each shape that is sent or answered, with whether it is sent and whether it is answered."""
        sent, answered = set(self.contract.request_values), set(self.contract.response_values)
        nodes = sorted(sent | answered, key=lambda node: (node.path, node.tokens))
        made = [(self.contract.shape_at(node), node in sent, node in answered) for node in nodes]
        return tuple(each for each in made if each[0].properties)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every property whose column is certain."""
        found: list[Pair] = []
        for shape, sent, answered in self.shapes:
            for named, (table, column) in self._columns_of(shape).items():
                own = shape.property(named)
                if own is not None:
                    bounds = bounds_of(table, column, self.schema.dialect)
                    found.append(Pair(shape, own, table, column, bounds, sent, answered))
        return tuple(found)

    @cached_property
    def sent(self) -> tuple[Pair, ...]:
        """The pairs of request bodies, each property and column once; what is only read is left out."""
        chosen = [pair for pair in self.pairs if pair.sent and not pair.member.facets.read_only]
        return tuple({(pair.member.node, pair.column_name): pair for pair in reversed(chosen)}.values())[::-1]

    @cached_property
    def answered(self) -> tuple[Pair, ...]:
        """The pairs of responses, each property and column once; what is only written is left out."""
        chosen = [pair for pair in self.pairs if pair.answered and not pair.member.facets.write_only]
        return tuple({(pair.member.node, pair.column_name): pair for pair in reversed(chosen)}.values())[::-1]

    @cached_property
    def used(self) -> tuple[Pair, ...]:
        """The pairs of both ways, each property and column once."""
        return tuple({(pair.member.node, pair.column_name): pair for pair in (*self.sent, *self.answered)}.values())

    def pairs_of(self, operation: Operation) -> tuple[Pair, ...]:
        """The pairs of the operation's request body, its alternatives included."""
        media = operation.body.media if operation.body else ()
        nodes: list[Node] = []
        for schema in (each.schema for each in media if each.schema is not None):
            top = schema.followed()
            nodes += [top, *(c.followed() for key in ("oneOf", "anyOf") for c in top.elements(key))]
        return tuple(pair for pair in self.pairs if pair.shape.node in nodes)

    def table_of(self, shape: Shape) -> Table | None:
        """The table that a shape stands for: said by `x-table`, else by names and structure, where not doubtful."""
        return self.matching.table_of(shape)

    def _columns_of(self, shape: Shape) -> dict[str, tuple[Table, Column]]:
        """Property name -> table and column."""
        table = self.table_of(shape)
        said = any(found.column for found in shape.properties)
        return {
            found.name: pair
            for found in shape.properties
            if (pair := self.matching.column_of(found, table, said)) is not None
        }

    def body_names(self, operation: Operation) -> frozenset[str]:
        """The names of the properties of an operation's request body."""
        media = operation.body.media if operation.body else ()
        return frozenset(
            name for each in media if each.schema is not None for name in _names(self.contract, each.schema)
        )

    def answer_names(self, operation: Operation) -> frozenset[str]:
        """The names of all properties in an operation's good answers, at any depth."""
        roots = [m.schema for each in operation.successes for m in each.media if m.schema is not None]
        return frozenset(name for node in reachable(roots) for name, _ in node.items("properties"))

    def claims(self) -> Iterator[tuple[Shape, Property]]:
        """Each property that says its column, once."""
        told: set[Node] = set()
        for shape in (*self.contract.schemas, *(each[0] for each in self.shapes)):
            for found in shape.properties:
                if found.column and found.node not in told:
                    told.add(found.node)
                    yield shape, found


def _names(contract: Contract, schema: Node) -> Iterator[str]:
    """The names of a body's properties, those of its alternatives included."""
    top = schema.followed()
    for node in (top, *(each for key in ("oneOf", "anyOf") for each in top.elements(key))):
        yield from (found.name for found in contract.shape_at(node).properties)


def documents(path: str) -> bool:
    """Whether a file tells people how to set the service up."""
    name = path.rpartition("/")[2].lower()
    told = name.startswith((".env", "env.", "readme", "docker", "compose", "config", "install", "deploy"))
    return told or name.endswith((".md", ".rst", ".yaml", ".yml", ".toml", ".ini", ".cfg"))


def facts_of(subject: Subject) -> Facts:
    """The facts of the subject; ask for them by `subject.fact(facts_of)`."""
    code = subject.fact(code_of)
    schema = subject.fact(schema_of)
    known = (Role.SCHEMA, Role.MIGRATION, Role.CONTRACT)
    documents = tuple(each for each in subject.draft if each.role not in known and not each.path.endswith(".py"))
    # Where no schema file makes tables, the schema is what the migrations build.
    both = any(artifact.role is Role.SCHEMA for artifact in schema_artifacts(subject))
    return Facts(
        schema,
        subject.fact(contract_of),
        code if code.modules else None,
        subject.fact(migrated_schema_of) if both else None,
        subject.fact(queries_of) if code.modules and schema.tables else None,
        documents,
    )
