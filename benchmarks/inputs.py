"""Deterministic inputs of a known size: a PostgreSQL dump, an OpenAPI document, a tree of small files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NOUNS = (
    "account", "address", "article", "asset", "batch", "bill", "booking", "branch", "budget", "carrier", "case",
    "channel", "claim", "contract", "course", "customer", "delivery", "device", "document", "employee", "event",
    "invoice", "item", "journal", "location", "machine", "member", "message", "order", "parcel", "payment", "plan",
    "policy", "product", "project", "receipt", "region", "report", "request", "route", "schedule", "shift", "site",
    "stock", "supplier", "survey", "task", "ticket", "vehicle", "warehouse",
)  # fmt: skip
"""Fifty; ten areas of each make five hundred tables."""

AREAS = ("core", "sales", "hr", "ops", "fin", "web", "lab", "crm", "log", "edu")


def dump(tables: int = 500) -> str:
    """A schema as pg_dump writes it: tables, then defaults, keys, indexes and foreign keys by ALTER."""
    names = [f"{area}_{noun}s" for area in AREAS for noun in NOUNS][:tables]
    parts = ["SET statement_timeout = 0;\nSET client_encoding = 'UTF8';\nSET check_function_bodies = false;\n"]
    parts.append("CREATE TYPE public.state AS ENUM (\n    'open',\n    'held',\n    'closed'\n);\n")
    parts.extend(_table(name) for name in names)
    parts.extend(
        f"ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_pkey PRIMARY KEY (id);\n" for name in names
    )
    for index, name in enumerate(names):
        parts.append(f"CREATE INDEX {name}_parent_id_idx ON public.{name} USING btree (parent_id);\n")
        parts.append(f"CREATE INDEX {name}_created_at_idx ON public.{name} USING btree (created_at DESC);\n")
        parts.append(
            f"ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_parent_id_fkey FOREIGN KEY (parent_id) "
            f"REFERENCES public.{names[index // 2]}(id) ON DELETE RESTRICT;\n"
        )
    return "\n\n".join(
        f"--\n-- Name: object {i}; Type: TABLE; Schema: public\n--\n\n{part}" for i, part in enumerate(parts)
    )


def _table(name: str) -> str:
    """One table of twelve columns."""
    return f"""CREATE TABLE public.{name} (
    id bigint NOT NULL,
    parent_id bigint NOT NULL,
    code character varying(40) NOT NULL,
    title text NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    state public.state DEFAULT 'open'::public.state NOT NULL,
    amount numeric(14,2) DEFAULT 0 NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{{}}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT {name}_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT {name}_code_check CHECK ((char_length((code)::text) <= 40)),
    CONSTRAINT {name}_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE public.{name} ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.{name}_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

COMMENT ON TABLE public.{name} IS 'One row for each {name.rpartition("_")[2].rstrip("s")}.';
"""


def contract(megabytes: float = 10) -> str:
    """An OpenAPI 3.0 document as JSON of about that size: resources with five operations and two schemas each."""
    document: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": "Everything", "version": "1.0.0", "description": "A large interface."},
        "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"bearer": []}],
        "tags": [],
        "paths": {},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": {"Problem": _problem()},
        },
    }
    size = len(json.dumps(document, indent=2))
    index = 0
    while size < megabytes * 1_000_000:
        name = f"{AREAS[index % 10]}-{NOUNS[index // 10 % 50]}s-{index // 500}"
        added = _resource(name, index)
        size += len(json.dumps(added, indent=2))
        document["tags"].append({"name": name, "description": f"Operations on {name}."})
        document["paths"].update(added["paths"])
        document["components"]["schemas"].update(added["schemas"])
        index += 1
    return json.dumps(document, indent=2)


def _problem() -> dict[str, Any]:
    """The error format."""
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "format": "uri", "maxLength": 200},
            "title": {"type": "string", "maxLength": 200},
            "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "maxLength": 2000},
        },
    }


def _resource(name: str, index: int) -> dict[str, Any]:
    """A resource's paths and schemas."""
    title = "".join(word.title() for word in name.split("-"))
    fields = {
        f"field{number}": {"type": "string", "description": f"The {number}th field of {name}.", "maxLength": 200}
        for number in range(12)
    }
    body = {"type": "object", "required": ["field0", "amount"], "additionalProperties": False, "properties": {
        **fields,
        "amount": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 9_000_000_000},
        "state": {"type": "string", "enum": ["open", "held", "closed"]},
        "startsAt": {"type": "string", "format": "date-time"},
    }}  # fmt: skip
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    answer = {"$ref": f"#/components/schemas/{title}"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    errors = {
        code: {"description": what, "content": problem}
        for code, what in (("400", "Invalid input."), ("401", "No valid token."), ("403", "Not allowed."),
                           ("404", "No such thing."), ("409", "A conflict."), ("429", "Too many requests."))
    }  # fmt: skip

    def operation(verb: str, code: str, content: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
        done: dict[str, Any] = {"description": "Done."}
        if content:
            done["content"] = {"application/json": {"schema": content}}
        return {
            "operationId": f"{verb}{title}", "summary": f"{verb.title()} {name}", "tags": [name],
            "description": f"What {verb} does with {name}.", **more, "responses": {code: done, **errors},
        }  # fmt: skip

    sent = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{title}Input"}}},
    }
    listed = {"type": "array", "maxItems": 100, "items": answer}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}}
    offset = {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 100000}}
    return {
        "paths": {
            f"/{name}": {
                "get": operation("list", "200", listed, parameters=[limit, offset]),
                "post": operation("create", "201", answer, requestBody=sent),
            },
            f"/{name}/{{id}}": {
                "parameters": [key],
                "get": operation("get", "200", answer),
                "put": operation("replace", "200", answer, requestBody=sent),
                "delete": operation("delete", "204", None),
            },
        },
        "schemas": {
            f"{title}Input": body,
            title: {**body, "properties": {"id": {"type": "string", "format": "uuid"}, **body["properties"]}},
        },
    }


def tree(root: Path, files: int = 1000) -> None:
    """One project of small files below `root`: fifty migrations, a contract, and Python modules for the rest."""
    (root / "migrations").mkdir(parents=True)
    statements = dump(100).split("--\n-- Name: object ")[2:]
    tables = [each.partition("\n\n")[2] for each in statements if "CREATE TABLE" in each]
    keys = [each.partition("\n\n")[2] for each in statements if "_pkey" in each]
    for number in range(50):
        text = "".join(tables[2 * number : 2 * number + 2] + keys[2 * number : 2 * number + 2])
        text = text.replace("public.state DEFAULT 'open'::public.state", "text DEFAULT 'open'::text")
        (root / "migrations" / f"{number + 1:04d}_part.sql").write_text(text, encoding="utf-8")
    (root / "openapi.json").write_text(contract(0.1), encoding="utf-8")
    for number in range(files - 51):
        folder = root / "app" / f"area{number % 40:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"part{number:03d}.py").write_text(_module(number), encoding="utf-8")


def _module(number: int) -> str:
    """A Python module of fifty lines."""
    functions = "\n\n".join(
        f"def step_{index}(items: list[int], limit: int = {index + 10}) -> list[int]:\n"
        f'    """Keep what is above {index}."""\n'
        f"    kept = [item for item in items if item > {index + number}]\n"
        f"    return sorted(kept)[:limit]\n"
        for index in range(10)
    )
    return f'"""Part {number}."""\n\nfrom __future__ import annotations\n\n\n{functions}'
