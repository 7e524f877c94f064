"""The rules that the gate knows, from their own docstrings."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from evaluators.catalogue import known, load_all, stage_of
from evaluators.finding import Severity
from evaluators.rule import FAMILIES, PRESETS, REGISTRY, Rule
from evaluators.rules_page import configuring
from web.auth import Viewer
from web.show.text import markdown
from web.site import site_of

router = APIRouter()


@router.get("/rules")
def listing(
    request: Request, visitor: Viewer, q: str = "", family: str = "", preset: str = "", severity: str = ""
) -> Response:
    """All rules, or those that a search and filters leave."""
    load_all()
    wanted = q.strip().lower()[:200]
    found = [
        each
        for each in sorted(REGISTRY.values(), key=lambda each: (each.family, each.id))
        if family in ("", each.family)
        and severity in ("", each.severity)
        and (not preset or preset in each.presets)
        and (not wanted or wanted in f"{each.id} {each.title}".lower())
    ]
    return site_of(request).pages.page(
        request,
        "rules.html",
        visitor=visitor,
        found=found,
        total=len(REGISTRY),
        chosen={"q": q, "family": family, "preset": preset, "severity": severity},
        families=tuple(FAMILIES),
        presets=PRESETS,
        severities=tuple(each.value for each in Severity),
    )


@router.get("/rules/{id}")
def one(request: Request, visitor: Viewer, id: str) -> Response:
    """A rule: what, why, examples, what it may miss, its source, how to configure it."""
    load_all()
    found = REGISTRY.get(id)
    if found is None and not known(id):
        raise HTTPException(404, "There is no such rule.")
    return site_of(request).pages.page(
        request,
        "rule.html",
        visitor=visitor,
        id=id,
        rule=found,
        manual=markdown(_manual(found)) if found else None,
        configure=markdown(configuring(found)) if found else None,
        stage="" if found else stage_of(id),
    )


def _manual(rule: Rule) -> str:
    """The docstring as Markdown: its indented sections become headings."""
    lines, title = [], True
    for line in rule.doc.splitlines():
        word = line.partition(":")[0]
        if not title and line and not line[0].isspace() and line.startswith(f"{word}:") and word.isalpha():
            lines += ["", f"# {word}", "", line.partition(":")[2].strip()]
        else:
            lines.append(line.removeprefix("    ") if not title else "")
        title = False
    return "\n".join(lines)
