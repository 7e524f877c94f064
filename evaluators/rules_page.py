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
    "probes": "Probes: what a running service lets happen",
}
"""Family -> its heading."""


def render() -> str:
    """The page's text: an overview of all rules, then each rule's manual, then what is not judged."""
    load_all()
    parts = [_HEAD]
    for family in FAMILIES:
        rules = rules_of(family)
        if not rules:
            continue
        parts.append(f"## {TITLES[family]}\n\n{_overview(rules)}")
        parts.extend(_manual(rule) for rule in rules)
    parts.append(_TAIL)
    return "\n\n".join(part.strip() for part in parts) + "\n"


_HEAD = """
# Rules

Made from the rules' own docstrings by `python -m evaluators.rules_page`; edit those. The bad example of each rule gives
exactly this finding when all rules of its family run, no rule of the family objects to a good one, and the rule is
silent on its boundary, the nearest thing that is fine: tests hold all three. Only errors fail a stage.

How to choose a preset, set a level, exclude or suppress: [configuration.md](configuration.md), and
`backwright rule ID`. What no rule judges, and why, stands at [the end](#what-is-not-judged-here-and-why).

| preset | holds |
|---|---|
| `recommended` | what a careful reviewer would say in any project; what `check` runs. Nearly silent on good work |
| `strict` | every rule: style, taste, and what is true so often that it says little |
| `security` | what can be exploited, style or not |

**Fine too** (in the source: `Boundary`) shows the trap: what looks most like the defect and is none. It tells how far
the rule reads. **Precision** says what the rule misses and where it may err. Where what is seen is doubtful, a rule
says nothing, so silence is no proof. A rule that errs in one place is allowed there with a reason; one that errs often
should be mended, and its new boundary shown here.
"""

_TAIL = """
## What is not judged here, and why

What reading files cannot judge, or leaves alone on purpose. What is judged instead stands behind the arrow; what is
run, in [gate.md](gate.md).

**Schema**

- The form of an email address or a telephone number in a column: any short pattern refuses real ones. →
  `currency-without-form`; the contract's `format` and lengths against the column.
- A MySQL table without a charset: it takes the server's, which is right since MySQL 8. → `three-byte-charset` where
  one is named.
- Whether a key is called `id` or `order_id`: a habit, not a defect. → `id-without-foreign-key`, `mixed-name-case`.
- Audit columns that a request asked for: `check` knows no request. → `missing-creation-time`, against the other
  tables.
- Formatting of SQL: a formatter does it better.

**Migrations**

- Rows that break a new unique key: needs the data. → `unique-over-existing-rows` says that there may be some.
- Whether a way down is the exact inverse: needs a database; the stage `database` runs up, down and up again.
  → `down-leaves-rest`, `down-drops-existing-data`.
- A migration that was edited after it was applied: needs a hash from the database it was applied to. →
  `schema-differs-from-migrations`.

**Queries**

- The isolation level of a move of money: set in a connection, a pool or the server, and a lock makes the default
  right. → `stale-quantity-written`, `quantity-changed-unlocked`.
- What an index is worth: needs the number of rows and the planner. → that no index begins with the column.

**Contract**

- Operations that no link leads to: few interfaces use links at all. → `broken-link`.
- Rate limits in general: most stand in a gateway. → `unlimited-login`, `retry-after-missing`.

**Across artifacts**

- Events, mails and components that architecture.md promises, and jobs whose command it does not name: prose is no fact.
- A relation without nested or linked access: a choice of design.
- A row-level policy against the filter of a route: which of the two decides depends on the role that the connection
  has. → `owner-not-filtered`, `owner-never-compared`.
- The served contract, 5xx on valid input, 401 without a token, answers of real rows: judged by running, in the stages
  `boot`, `probes` and `fuzz`. → what can be read of it: `unguarded-route`, `undeclared-status`, `null-in-response`.
- A rate limit that is declared and not enforced: seen only by running. → `wrong-passwords-past-limit` for a login;
  others are not tried yet.

**Code**

- Graceful shutdown: the server that runs the application does it.
- Configuration read at import: often right, since a missing value then stops the start. → `undocumented-variable`,
  `default-secret`.
- Whether a package exists, outside a stack: needs a registry, and `check` asks no network. → `undeclared-dependency`,
  `misspelled-dependency`, `vulnerable-dependency` by a list that ships.
- Languages other than Python: nothing reads them yet, but for secrets.
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
    weakness = "".join(f", {each}" for each in (rule.cwe, rule.owasp) if each)
    lines = [
        f"### {rule.id}",
        f"*{rule.severity}*, in {', '.join(rule.presets)}{weakness} - {rule.title}",
        _flowing(rule.section("Why")),
        *(_tried(rule) if rule.family == "probes" else _examples(rule)),
        f"Source: {_flowing(rule.section('Source'))}",
    ]
    return "\n\n".join(lines)


def _tried(rule: Rule) -> list[str]:
    """What a probe does, in paragraphs."""
    return [f"{name}: {_flowing(rule.section(name))}" for name in ("Sends", "Applies", "Proves", "Precision")]


def _examples(rule: Rule) -> list[str]:
    """A rule's examples and what it may miss."""
    return [
        f"Bad:\n\n{_fences(rule.section('Bad'))}",
        f"Good:\n\n{_fences(rule.section('Good'))}",
        *([f"Fine too:\n\n{_fences(rule.section('Boundary'))}"] if rule.section("Boundary") else []),
        *([f"Precision: {_flowing(rule.section('Precision'))}"] if rule.section("Precision") else []),
    ]


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
