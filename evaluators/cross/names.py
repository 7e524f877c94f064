"""Which name of the contract is which name of the schema, where nobody says it."""

from __future__ import annotations

import re

from evaluators.contract.words import words_of

_ROLES = frozenset(
    (
        *("new", "create", "created", "update", "updated", "patch", "put", "post", "in", "out", "input", "output"),
        *("request", "response", "read", "write", "base", "dto", "model", "schema", "payload", "body", "detail"),
        *("details", "public", "private", "resource", "result", "full", "replace", "replacement", "summary", "view"),
        *("entity", "record", "data", "form", "command", "changes", "change", "draft", "ref", "reference", "brief"),
        *("short", "overview", "creation", "submission", "attributes", "fields", "params", "list", "page", "envelope"),
        *("collection", "item", "edit", "upsert", "write", "writable", "partial", "min", "minimal", "compact", "own"),
        *("admin", "internal", "external", "api", "json", "object", "type", "embedded", "nested", "me", "my", "open"),
    )
)
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "statuses": "status"}


def singular(word: str) -> str:
    """The singular of an English word, as far as endings tell."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x|z)es$", word):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def plain(name: str) -> str:
    """A name without case, separators and plural: `OrderItems` and `order_item` are one."""
    words = words_of(name)
    return "".join([*words[:-1], singular(words[-1])]) if words else name.lower()


def table_names(schema_name: str) -> tuple[str, ...]:
    """The plain names of tables that a component's name may mean, likeliest first."""
    words = words_of(schema_name)
    kept = list(words)
    while kept and kept[0] in _ROLES:
        kept.pop(0)
    chosen = [words, kept]
    while kept and kept[-1] in _ROLES:
        kept = kept[:-1]
        chosen.append(kept)
    found = ["".join([*each[:-1], singular(each[-1])]) for each in chosen if each]
    return tuple(dict.fromkeys(found))


def folded(name: str) -> str:
    """A column's or property's name without case and separators."""
    return "".join(words_of(name)) or name.lower()
