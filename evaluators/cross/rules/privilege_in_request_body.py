"""The rule privilege-in-request-body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.cross.operations import for_administrators
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_COUNTER = re.compile(
    r"(redeemed|used|failed|login|view|like|follower|sold|sent|attempt)\w*_?count$|_used$|^used_", re.IGNORECASE
)
_PRIVILEGES = frozenset(
    (
        *("isadmin", "admin", "issuperuser", "superuser", "isstaff", "isroot", "isowner", "ismoderator"),
        *("balance", "balanceminor", "balancecents", "currentbalance", "availablebalance", "creditbalance"),
        *("emailverified", "isverified", "verified", "verifiedat", "emailverifiedat", "isapproved", "approvedby"),
        *("passwordhash", "hashedpassword", "tokenhash", "loyaltypoints", "failedlogins", "failedloginattempts"),
    )
)


@rule("privilege-in-request-body", family="cross", severity=Severity.WARNING, security=True)
def privilege_in_request_body(facts: Facts) -> Iterator[Flaw]:
    """A request sets a column that only the server may set: an administrator flag, a balance, a verification.

    Why: Whoever may call the operation gives themselves the privilege. This is mass assignment, written into the
    contract.

    Bad:
    ```sql schema.sql
    create table people (
      id bigint generated always as identity primary key,
      label text not null,
      is_admin boolean not null default false,
      constraint people_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /people:
        post:
          operationId: register
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPerson"}}}}
          responses: {"201": {description: Made.}, "422": {description: No person.}}
    components:
      schemas:
        NewPerson:
          x-table: people
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
            is_admin: {type: boolean}
    ```

    Good:
    ```sql schema.sql
    create table people (
      id bigint generated always as identity primary key,
      label text not null,
      is_admin boolean not null default false,
      constraint people_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /people:
        post:
          operationId: register
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPerson"}}}}
          responses: {"201": {description: Made.}, "422": {description: No person.}}
    components:
      schemas:
        NewPerson:
          x-table: people
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Boundary:
    ```sql schema.sql
    create table people (
      id bigint generated always as identity primary key,
      label text not null,
      is_admin boolean not null default false,
      constraint people_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /admin/people:
        post:
          operationId: register
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPerson"}}}}
          responses: {"201": {description: Made.}, "422": {description: No person.}}
    components:
      schemas:
        NewPerson:
          x-table: people
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
            is_admin: {type: boolean}
    ```

    Precision: By the names of columns, so other privileges are missed. Operations below an admin path, or with a
    scope or role of administrators, are left alone; a role in an invitation is ordinary and not reported.

    Source: OWASP API3:2023, Broken Object Property Level Authorization; CWE-915.
    """
    told: set[str] = set()
    for operation in facts.contract.operations:
        for pair in facts.pairs_of(operation) if operation.method in ("POST", "PUT", "PATCH") else ():
            name = folded(pair.column.name)
            counter = _COUNTER.search(pair.column.name) is not None and pair.column.default is not None
            own = name == "role" and (not operation.secured or operation.path.rstrip("/").endswith(("/me", "/profile")))
            privilege = (name in _PRIVILEGES or own) and not for_administrators(operation)
            if (privilege or counter) and not pair.member.facets.read_only and pair.symbol not in told:
                told.add(pair.symbol)
                yield pair.flaw(
                    f"{operation.symbol} lets its caller set {pair.column_name}.", "Leave it out of the body."
                )
