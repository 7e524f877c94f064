"""The gate and the library for coding agents: a Model Context Protocol server.

Tools: `check` and `explain_rule` (the gate), `recipes` and `render_prompt` (the
library). Nothing here writes a file or asks a model. An agent sees the folder
that the server was started for, and nothing outside it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from assistant.errors import BackwrightError

if TYPE_CHECKING:
    from assistant.checking import Case

INSTRUCTIONS = """\
backwright proves backends. Call `check` after every change to SQL, an OpenAPI contract or backend code, and mend what
it finds: only errors fail. A verdict is passed, failed or unverified (something could not be judged: say so, do not
call it passed). `explain_rule` gives a rule's manual page with a bad and a good example."""

SHOWN = 50
"""Findings that `check` returns unless it is told otherwise; the worst come first."""

Stages = Literal["static", "all"]

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
"""What every tool here is: it reads, and it asks nobody outside."""


def server(root: Path) -> MCPServer[Any]:
    """The server for the folder `root`; run it with `.run("stdio")`."""
    from importlib.metadata import version

    made: MCPServer[Any] = MCPServer("backwright", version=version("backwright"), instructions=INSTRUCTIONS)
    _gate(made, root.resolve())
    _library(made)
    return made


def _gate(made: MCPServer[Any], root: Path) -> None:
    """Register the gate's tools."""

    async def check(
        context: Context[Any, Any],
        path: Annotated[str, Field(description="A folder or file below the server's folder.")] = ".",
        files: Annotated[
            dict[str, str] | None, Field(description="Path -> text: judge these instead, before they are written.")
        ] = None,
        stages: Annotated[
            Stages, Field(description="`static` takes a second; `all` also runs the SQL, boots and fuzzes the service.")
        ] = "static",
        findings: Annotated[int, Field(ge=0, le=1000, description="How many findings to return, worst first.")] = SHOWN,
    ) -> dict[str, Any]:
        """Judge a backend: SQL schema and migrations, OpenAPI contract, code, and what they say about each other.

        Returns the report: verdict (passed, failed, unverified), stages, findings (rule, severity, path, line,
        symbol, message, hint, ...), not_checked, and how many findings of each severity there are.
        """
        from assistant.check_session import case_of_files

        with _told():
            case = case_of_files(files) if files is not None else _found(root, path)
            return await _judged(case, stages, findings, context)

    def explain_rule(id: Annotated[str, Field(description="A rule's id, as a finding names it.")]) -> str:
        """A rule's manual page: what is wrong, why, a bad and a good example, its source."""
        with _told():
            return _manual(id)

    made.tool(title="Check a backend", annotations=READS)(check)
    made.tool(title="Explain a rule", annotations=READS)(explain_rule)


def _library(made: MCPServer[Any]) -> None:
    """Register the library's tools."""

    def recipes() -> list[dict[str, Any]]:
        """The prompt library's recipes: id, version, title, turns, cases."""
        from assistant.library import Library

        return [
            {
                "id": each.id,
                "version": each.version,
                "title": each.title,
                "turns": list(each.turn_names),
                "cases": {name: case.sentence for name, case in each.cases.items()},
            }
            for each in Library.load().recipes.values()
        ]

    def render_prompt(
        sentence: Annotated[str, Field(description="Write [framework] code for [action] with [auth / database].")],
        recipe: Annotated[str, Field(description="A recipe's id; default: the one that fits best.")] = "",
        slots: Annotated[dict[str, str] | None, Field(description="Slot -> value; wins over the sentence.")] = None,
    ) -> dict[str, Any]:
        """The prompt that backwright would send for a request: recipe, turn, messages. Nothing is sent."""
        from assistant.ordering import order_of

        with _told():
            order = order_of(sentence, slots, recipe)
            turn = order.recipe.turns(order.brief)[0]
            prompt = order.recipe.render(turn, order.brief, None, order.extra)
        messages = [{"role": each.role, "content": each.content} for each in prompt.messages]
        return {"recipe": order.recipe.id, "turn": turn.name, "messages": messages, "stages": list(turn.stages)}

    made.tool(title="List recipes", annotations=READS)(recipes)
    made.tool(title="Render a prompt", annotations=READS)(render_prompt)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Errors that a user can meet, as text for the agent instead of a crash."""
    try:
        yield
    except BackwrightError as error:
        raise ToolError(str(error)) from error


def _found(root: Path, path: str) -> Case:
    """What a path below `root` holds, on its own terms. Raises BackwrightError for one that is elsewhere."""
    from assistant.checking import Asked, case_of

    target = (root / path).resolve()
    if not target.is_relative_to(root):
        raise BackwrightError(f"{path} is outside the server's folder", "name a path below it")
    return case_of([target], Asked(root=root))


async def _judged(case: Case, stages: Stages, shown: int, context: Context[Any, Any]) -> dict[str, Any]:
    """The report as a value, with progress told stage by stage."""
    from collections import Counter
    from contextlib import aclosing

    from evaluators.formats.json import as_value
    from evaluators.gate import STAGES, STATIC, Gate, Started
    from evaluators.report import Report

    only = STATIC & frozenset(STAGES) if stages == "static" else None
    begun = 0
    async with aclosing(Gate(only, case.terms).judge(case.found.subject, case.before)) as stream:
        async for event in stream:
            if isinstance(event, Started):
                begun += 1
                await context.report_progress(begun, len(STAGES), event.stage)
            elif isinstance(event, Report):
                value = as_value(event)
    counts = Counter(finding["severity"] for finding in value["findings"])
    value["counts"] = {name: counts[name] for name in ("error", "warning", "info")}
    value["findings"] = value["findings"][:shown]
    value["not_checked"] += [{"what": each.what, "why": each.why} for each in case.found.left_out]
    return value


def _manual(id: str) -> str:
    """A rule's page. Raises BackwrightError for an id that nobody registered."""
    import difflib

    from evaluators.catalogue import load_all
    from evaluators.rule import REGISTRY

    load_all()
    rule = REGISTRY.get(id)
    if rule is None:
        near = difflib.get_close_matches(id, REGISTRY, n=3, cutoff=0.4)
        raise BackwrightError(f"{id!r} is no rule", f"nearest: {', '.join(near)}" if near else "")
    return f"{rule.id} ({rule.family}, {rule.severity.value})\n\n{rule.doc}"
