"""Reading and writing a contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Node = dict[str, Any]
METHODS = ("get", "put", "post", "patch", "delete", "head", "options", "trace")


def path_of(folder: Path) -> Path:
    """Where the contract lies."""
    return next(path for path in sorted(folder.glob("openapi.*")) if path.suffix in (".yaml", ".yml", ".json"))


def read(folder: Path) -> Node:
    """The contract of a service."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    value: Node = yaml.load(path_of(folder).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    return value


def write(folder: Path, contract: Node) -> None:
    """Write the contract where it was; JSON is YAML too, but not the other way round."""
    import json

    path = path_of(folder)
    if path.suffix == ".json":
        text = json.dumps(contract, indent=2, default=str) + "\n"
    else:
        text = yaml.dump(contract, Dumper=Plain, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(text, encoding="utf-8")


class Plain(yaml.SafeDumper):
    """YAML without anchors: what is the same in two places is written twice."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write everything out."""
        return True


def operations(contract: Node) -> Iterator[tuple[str, str, Node]]:
    """Path, method and operation, each."""
    for path, item in contract.get("paths", {}).items():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield path, method, item[method]


def token_paths(contract: Node) -> set[str]:
    """Where tokens are given out by OAuth's rules: RFC 6749 fixes what is answered there."""
    schemes = contract.get("components", {}).get("securitySchemes", {}).values()
    flows = [flow for scheme in schemes for flow in scheme.get("flows", {}).values()]
    named = {str(flow.get(key, "")) for flow in flows for key in ("tokenUrl", "refreshUrl")} - {""}
    named = {f"/{name.lstrip('/')}" if "://" not in name else f"/{name.split('/', 3)[-1]}" for name in named}
    for path, _, operation in operations(contract):
        form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
        if "grant_type" in str(form) or ("$ref" in str(form) and "grant_type" in _resolved(contract, form)):
            named.add(path)
    return named


def _resolved(contract: Node, media: Node) -> str:
    name = str(media.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    return str(contract.get("components", {}).get("schemas", {}).get(name, {}))
