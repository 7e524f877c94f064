"""Rule unsafe-deserialization."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import argument
from evaluators.code.facts import Code, Module
from evaluators.rule import Flaw, rule

_RUNS = frozenset(
    f"{module}.{name}"
    for module in ("pickle", "cloudpickle", "dill", "marshal")
    for name in ("load", "loads", "Unpickler")
) | {"shelve.open", "jsonpickle.decode", "yaml.unsafe_load", "yaml.full_load"}


def _is_safe_loader(module: Module, call: ast.Call) -> bool:
    """Whether `yaml.load` is told to load plain data."""
    return "Safe" in module.dotted(argument(call, 1, "Loader"))


@alone
@rule("unsafe-deserialization", family="code", security=True)
def unsafe_deserialization(code: Code) -> Iterator[Flaw]:
    """Bytes are turned into objects by something that runs what they say.

    Why: `pickle`, `marshal`, `shelve` and YAML's full loader build any object and
    call any function that the bytes name.

    Bad:
        ```python app/jobs.py
        import pickle

        def load(body: bytes):
            return pickle.loads(body)
        ```

    Good:
        ```python app/jobs.py
        import json

        import yaml

        def load(body: bytes):
            return json.loads(body), yaml.safe_load(body), yaml.load(body, Loader=yaml.SafeLoader)
        ```

    Boundary:
        ```python app/jobs.py
        import pickle

        def store(value: object) -> bytes:
            return pickle.dumps(value)
        ```

    Precision: Every reading is named, wherever the bytes come from, for that can rarely be told. Writing is fine.

    Source: OWASP Deserialization Cheat Sheet; CWE-502.
    """
    for module in code.own:
        for call in module.calls:
            called = module.called(call)
            if called in _RUNS or (called == "yaml.load" and not _is_safe_loader(module, call)):
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"`{called}` runs what the bytes say.",
                    module.source(call),
                    "Use JSON, or yaml.safe_load.",
                )
