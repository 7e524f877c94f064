"""The rule owner-in-request-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_OWNERS = frozenset(("owner_id", "user_id", "author_id", "created_by", "owner", "creator_id", "tenant_id"))


@rule("owner-in-request-body", family="cross", severity=Severity.WARNING)
def owner_in_request_body(facts: Facts) -> Iterator[Flaw]:
    """A request body names the owner of what it makes, although the token says who is calling.

    Why: Whoever sends another id acts in that person's name, unless every handler remembers to compare.

    Bad:
    ```sql schema.sql
    create table users (
      id bigint generated always as identity primary key,
      made_at timestamptz not null default now()
    );
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null,
      constraint notes_body_length check (char_length(body) <= 80)
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Notes, version: "1"}
    security: [{jwt: []}]
    paths:
      /notes:
        post:
          operationId: createNote
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewNote"}}}}
          responses:
            "201": {description: Made.}
            "401": {description: Log in first.}
            "422": {description: No note.}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
      schemas:
        NewNote:
          x-table: notes
          type: object
          additionalProperties: false
          required: [body, owner_id]
          properties:
            body: {type: string, maxLength: 80, x-column: body}
            owner_id: {type: integer, format: int64, minimum: 1, maximum: 9999, x-column: owner_id}
    ```

    Good:
    ```sql schema.sql
    create table users (
      id bigint generated always as identity primary key,
      made_at timestamptz not null default now()
    );
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null,
      constraint notes_body_length check (char_length(body) <= 80)
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Notes, version: "1"}
    security: [{jwt: []}]
    paths:
      /notes:
        post:
          operationId: createNote
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewNote"}}}}
          responses:
            "201": {description: Made.}
            "401": {description: Log in first.}
            "422": {description: No note.}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
      schemas:
        NewNote:
          x-table: notes
          type: object
          additionalProperties: false
          required: [body]
          properties:
            body: {type: string, maxLength: 80, x-column: body}
    ```

    Boundary:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      reader_id bigint references users (id) on delete set null
    );
    create index notes_owner_idx on notes (owner_id);
    create index notes_reader_idx on notes (reader_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /notes:
        post:
          operationId: createNote
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewNote"}}}}
          responses: {"201": {description: Made.}, "401": {description: Log in.}, "404": {description: Nobody.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
      schemas:
        NewNote:
          x-table: notes
          type: object
          additionalProperties: false
          required: [reader_id]
          properties:
            reader_id: {type: integer, format: int64, minimum: 1, maximum: 9000000000}
    ```

    Precision: By the names of columns that refer to another table. Administrators' paths are left alone; a request
    that truly names somebody else (an assignee) has another name.

    Source: OWASP API1:2023, Broken Object Level Authorization; API3:2023 (mass assignment).
    """
    told: set[str] = set()
    for operation in facts.contract.operations:
        if not operation.secured or "admin" in operation.path.lower():
            continue
        for pair in facts.pairs_of(operation):
            owner = pair.column.name.lower() in _OWNERS and pair.table.foreign_key_of(pair.column.name) is not None
            # Beside another reference in a key it names somebody to add: a member, an assignee.
            owner = owner and not any(pair.column.name in key and len(key) > 1 for key in pair.table.unique_sets)
            if owner and pair.symbol not in told and not pair.member.facets.read_only:
                told.add(pair.symbol)
                yield pair.flaw(
                    f"{operation.symbol} takes {pair.column_name} from the body.", "Take it from the token."
                )
