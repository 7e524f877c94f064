"""What a whole schema does alike is told once."""

from __future__ import annotations

import evaluators.sql.rules as package
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.rule import load, rules_of, run_rules
from evaluators.sql.schema import schema_of

load(package)


def found(text: str) -> list[Finding]:
    schema = Subject(Draft.of({"schema.sql": text})).fact(schema_of)
    findings, crashed = run_rules([each for each in rules_of("sql") if not each.strict], schema)
    assert crashed == []
    return findings


def tables(count: int, column: str, key: str = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY") -> str:
    return "\n".join(f"CREATE TABLE things_{number} ({key}, {column});" for number in range(count))


def test_a_habit_is_told_once_with_its_places() -> None:
    (finding,) = found(tables(40, "made_at timestamp NOT NULL"))
    assert finding.rule == "timestamp-without-time-zone"
    assert finding.symbol == "schema.sql"
    assert finding.message.startswith("40 tables keep moments without time zone: things_0, ")
    assert len(finding.places) == 39


def test_a_few_are_told_one_by_one() -> None:
    assert [each.symbol for each in found(tables(3, "made_at timestamp NOT NULL"))] == [
        "things_0",
        "things_1",
        "things_2",
    ]


def test_what_few_tables_do_is_no_habit() -> None:
    text = tables(7, "made_at timestamp NOT NULL") + tables(30, "note text NOT NULL").replace("things", "notes")
    assert len(found(text)) == 7


def test_naming_of_other_tools_is_one_finding() -> None:
    text = "\n".join(
        f'CREATE TABLE "Thing{number}" ("id" uuid PRIMARY KEY, "madeBy" text NOT NULL);' for number in range(50)
    )
    assert [each.rule for each in found(text)] == ["quoted-name"]
