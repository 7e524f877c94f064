"""The page `docs/rules.md`, made from the rules' own docstrings: `python -m evaluators.rules_page` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from evaluators.catalogue import load_all
from evaluators.rule import FAMILIES, Rule, rules_of

__all__ = ["PAGE", "configuring", "load_all", "render"]

PAGE = Path("docs/rules.md")
"""Where the page is kept, from the project's root."""

TITLES = {
    "sql": "SQL: the schema",
    "contract": "Contract: the OpenAPI document",
    "code": "Code",
    "cross": "Across artifacts: schema, contract and code together",
    "migrations": "Migrations: what a running database survives",
    "queries": "Queries, in files and in code",
    "breaking": "Breaking changes between two states of a project",
}
"""Family -> its heading."""


def render() -> str:
    """The page's text: an overview of all rules, then each rule's manual. Ends with a line feed."""
    load_all()
    parts = [_HEAD]
    for family in FAMILIES:
        rules = rules_of(family)
        if not rules:
            continue
        parts.append(f"## {TITLES[family]}\n\n{_overview(rules)}")
        parts.extend(_manual(rule) for rule in rules)
    return "\n\n".join(part.strip() for part in parts) + "\n"


_HEAD = """
# Rules

Made from the rules' own docstrings by `python -m evaluators.rules_page`; edit those. The bad example of each rule gives
exactly this finding when all rules of its family run, no rule of the family objects to a good one, and the rule is
silent on its boundary, the nearest thing that is fine: tests hold all three. Only errors fail a stage.

Presets: `recommended` is what `check` runs, `strict` is every rule, `security` what can be exploited. How to choose
one, set a level, exclude or suppress: [configuration.md](configuration.md), and `backwright rule ID`.
"""


def _overview(rules: tuple[Rule, ...]) -> str:
    """A table of a family's rules."""
    rows = [
        f"| [{rule.id}](#{rule.id}) | {rule.severity} | {', '.join(rule.presets)} | {_cell(rule.title)} |"
        for rule in rules
    ]
    return "\n".join(["| rule | severity | presets | what is wrong |", "|---|---|---|---|", *rows])


def _manual(rule: Rule) -> str:
    """One rule's manual page."""
    lines = [
        f"### {rule.id}",
        f"*{rule.severity}*, in {', '.join(rule.presets)} - {rule.title}",
        _flowing(rule.section("Why")),
        f"Bad:\n\n{_fences(rule.section('Bad'))}",
        f"Good:\n\n{_fences(rule.section('Good'))}",
        *([f"Fine too:\n\n{_fences(rule.section('Boundary'))}"] if rule.section("Boundary") else []),
        *([f"Precision: {_flowing(rule.section('Precision'))}"] if rule.section("Precision") else []),
        f"Source: {_flowing(rule.section('Source'))}",
    ]
    return "\n\n".join(lines)


_COMMENTS = {"sql": "-- {}", "python": "# {}", "yaml": "# {}", "toml": "# {}", "text": "# {}", "env": "# {}"}
"""Language of an example -> how it comments."""


def configuring(rule: Rule) -> str:
    """How to set the rule's level and how to allow it in one place, ready to be copied."""
    found = re.search(r"^```(\w+) ", rule.section("Bad"), re.MULTILINE)
    comment = _COMMENTS.get(found.group(1) if found else "", "# {}")
    level = "error" if rule.severity != "error" else "warning"
    lines = [
        "In backwright.toml (off, info, warning or error; globs of files and of symbols that are exempt):",
        "",
        "    [rules]",
        f'    {rule.id} = "{level}"',
        f'    # {rule.id} = {{ level = "{level}", exclude = ["legacy/**"], symbols = ["audit_*"] }}',
        "",
        "In one place, on the line or alone before the statement; in a whole file with allow-file:",
        "",
        "    " + comment.format(f"backwright: allow {rule.id}: why it is right here"),
    ]
    if rule.family == "contract":
        lines += ["", "In a JSON contract, in the object concerned:", ""]
        lines.append(f'    "x-backwright-allow": {{"{rule.id}": "why it is right here"}}')
    return "\n".join(lines)


def _flowing(text: str) -> str:
    """Text with its lines joined, paragraphs kept."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _fences(text: str) -> str:
    """Examples with their path in a line of its own and a fence that a page shows in colour."""
    return re.sub(r"^```(\w+) (\S+)$", r"`\2`\n\n```\1", text, flags=re.MULTILINE)


def _cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
