"""Rule evaluated-text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import is_constant, keyword
from evaluators.code.facts import Code
from evaluators.rule import Flaw, rule


@alone
@rule("evaluated-text", family="code", security=True)
def evaluated_text(code: Code) -> Iterator[Flaw]:
    """Text is run as code.

    Why: Whoever can put a word into the text can run anything that the service can.

    Bad:
        ```python app/main.py
        def total(formula: str):
            return eval(formula)
        ```

    Good:
        ```python app/main.py
        import ast
        import subprocess

        def total(values: str):
            subprocess.run(["true"], check=True)
            return sum(ast.literal_eval(values))
        ```

    Boundary:
        ```python app/main.py
        import subprocess

        def version(name: str):
            subprocess.run("uptime", shell=True)
            return subprocess.run(["git", "log", name], check=True)
        ```

    Precision: A constant command in a shell is fine. Text is not followed: what is put together from constants
    alone is named too.

    Source: CWE-95, CWE-78.
    """
    for module in code.own:
        for call in module.calls:
            called = module.called(call)
            if called in ("eval", "exec", "os.system", "os.popen"):
                how = called
            elif called.startswith("subprocess.") and is_constant(keyword(call, "shell"), True):
                how = f"{called} with a shell"
            else:
                continue
            if call.args and not isinstance(call.args[0], ast.Constant):
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"`{how}` runs text that is put together at run time.",
                    module.source(call),
                    "Parse the input; start programs with a list of arguments.",
                )
