"""A schema of MySQL's dialect runs on MariaDB; what only MySQL knows is not held against it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.report import Reason, StageResult, State
from evaluators.service import mariadb
from evaluators.service.database import NoDatabase
from evaluators.sql import loading
from evaluators.sql.live import judge, loaded_database
from evaluators.sql.mysql_only import mysql_only, nearest


def judged(files: dict[str, str], **more: Any) -> tuple[StageResult, dict[str, int] | str]:
    """The stage's result, and the rows of the database that later stages get, or why they get none."""

    async def main() -> tuple[StageResult, dict[str, int] | str]:
        subject = Subject(Draft.of(files), dialect="mysql", **more)
        async with Bench() as bench:
            result = await judge(subject, bench)
            try:
                return result, await (await loaded_database(subject, bench)).row_counts()
            except NoDatabase as error:
                return result, str(error)

    return asyncio.run(main())


DUMP = """-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
SET @@SESSION.SQL_LOG_BIN= 0;
CREATE DATABASE IF NOT EXISTS `shop`;
USE `shop`;
SET FOREIGN_KEY_CHECKS = 0;
CREATE TABLE `lines` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `order_id` int unsigned NOT NULL,
  `note` varchar(40) COLLATE utf8mb4_0900_as_cs DEFAULT 'a; b',
  PRIMARY KEY (`id`),
  CONSTRAINT `of` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `orders` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `status` enum('open','paid') NOT NULL DEFAULT 'open',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
SET FOREIGN_KEY_CHECKS = 1;
LOCK TABLES `orders` WRITE;
INSERT INTO `orders` VALUES (1,'open'),(2,'paid');
UNLOCK TABLES;
DELIMITER //
CREATE TRIGGER `t` BEFORE INSERT ON `orders` FOR EACH ROW BEGIN
  IF NEW.id = 0 THEN SIGNAL SQLSTATE '45000'; END IF;
END//
DELIMITER ;
"""


def test_what_mysql_writes_down_runs() -> None:
    result, counts = judged({"schema.sql": DUMP})
    assert result.findings == ()
    assert (result.stage.state, result.stage.detail) == (State.PASSED, "6 statements ran")
    assert [each.what.split(":")[1] for each in result.not_checked] == ["3", "4", "5"], "an administrator's"
    assert counts == {"lines": 0, "orders": 2}


def test_each_refused_statement_is_one_finding_at_its_line() -> None:
    schema = """CREATE TABLE a (id int PRIMARY KEY, email varchar(20));

-- no such table
CREATE TABLE b (
  id int PRIMARY KEY,
  c int,
  CONSTRAINT of FOREIGN KEY (c) REFERENCES `nonesuch` (id)
);
CREATE INDEX b_c ON b (c);
foo bar;
CREATE TABLE a (id int);
INSERT INTO a VALUES (1, 'x'), (1, 'y');
CREATE VIEW v AS
  SELECT id,
         missing
  FROM a;
CREATE TABLE c (
  id int PRIMARY KEY
  name varchar(20)
);
CREATE TABLE d (id int PRIMARY KEY, j jsonb);
INSERT INTO a VALUES (2, 'ok');
ALTER TABLE a ADD CONSTRAINT few CHECK (id > 2);
LOAD DATA INFILE '/etc/passwd' INTO TABLE a;
CREATE TABLE e (id int) ENGINE=InnoBD;
"""
    result, counts = judged({"schema.sql": schema})
    assert [(f.location.line, f.symbol, [each.line for each in f.places]) for f in result.findings] == [
        (7, "CREATE TABLE b 1005 nonesuch", [9]),
        (10, "FOO BAR 1064 foo", []),
        (11, "CREATE TABLE a 1050 a", []),
        (12, "INSERT INTO a 1062 PRIMARY", []),
        (15, "CREATE VIEW v 1054 missing", []),
        (19, "CREATE TABLE c 1064 name", []),
        (21, "CREATE TABLE d 4161 jsonb", []),
        (23, "ALTER TABLE a 4025 few", []),
        (24, "LOAD DATA infile 1045", []),
        (25, "CREATE TABLE e 1286 InnoBD", []),
    ]
    assert result.stage.state is State.FAILED and counts == {"a": 1}
    view = result.findings[4]
    assert view.message == "MariaDB refuses this statement: bad field error (1054): missing"
    assert view.evidence == "13: CREATE VIEW v AS\n14:   SELECT id,\n15:          missing\n16:   FROM a"


def test_migrations_run_up_down_and_up() -> None:
    files = {
        "schema.sql": "CREATE TABLE t (id int PRIMARY KEY);",
        "migrations/1_t.up.sql": "CREATE TABLE t (id int PRIMARY KEY);",
        "migrations/1_t.down.sql": "DROP TABLE u;",
    }
    result, _ = judged(files)
    assert [(each.location.path, each.symbol.split()[-2:]) for each in result.findings] == [
        ("migrations/1_t.down.sql", ["u", "(down)"])
    ]


ONLY_MYSQL = (
    "CREATE TABLE t (id int, email varchar(20), UNIQUE KEY low ((lower(email))))",
    "CREATE TABLE t (id int, j json, KEY many ((CAST(j->'$.a' AS UNSIGNED ARRAY))))",
    "CREATE TABLE t (id int, CHECK (id > 1) NOT ENFORCED)",
    "CREATE TABLE t (id binary(16) DEFAULT (uuid_to_bin(uuid())))",
    "CREATE TABLE t (code char(3), up char(3) AS (upper(code)) STORED)",
    "CREATE TABLE t (offset int)",
    "CREATE TABLE t (v vector(3))",
    "CREATE TABLE t (id int) ENCRYPTION='N'",
    "CREATE TABLE t (id int) CHARSET gb18030",
    "CREATE TABLE t (id int REFERENCES nonesuch (id))",
)


@pytest.mark.parametrize("statement", ONLY_MYSQL)
def test_what_only_mysql_knows_is_unverified_and_so_is_what_needs_it(statement: str) -> None:
    schema = ";\n".join(("CREATE TABLE a (id int PRIMARY KEY)", statement, "CREATE VIEW v AS SELECT * FROM t"))
    result, why = judged({"schema.sql": schema})
    assert result.findings == ()
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NOT_SUPPORTED)
    assert result.stage.detail.startswith("MariaDB, which stands for MySQL here, does not know ")
    assert [each.what.split(":")[1] for each in result.not_checked] == ["2", "3"]
    assert why == result.stage.detail, "a service is not started on half of its tables"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT '{}'->>'$.a'",
        "INSERT INTO a VALUES (1) AS new ON DUPLICATE KEY UPDATE id = new.id",
        "VALUES ROW(1, 2)",
        "TABLE a",
        "SELECT * FROM a FOR SHARE",
        "SELECT CAST('1' AS JSON)",
        "SELECT bin_to_uuid(uuid_to_bin(uuid()))",
        "SELECT regexp_substr('ab', 'a', 1, 1)",
        "SELECT * FROM a, LATERAL (SELECT 1) AS b",
    ],
)
def test_statements_that_only_mysql_knows_are_unverified(statement: str) -> None:
    result, _ = judged({"schema.sql": f"CREATE TABLE a (id int PRIMARY KEY);\n{statement};\n"})
    assert (result.findings, result.stage.reason) == ((), Reason.NOT_SUPPORTED)


@pytest.mark.parametrize(
    ("code", "message", "statement"),
    [
        (1064, "near 'x' at line 1", "CREATE TABLE t (id int x, c varchar(9) DEFAULT 'j->>''$.a'' LATERAL')"),
        (1064, "near 'WHERE a > 1)' at line 1", "CREATE TABLE t (a int, UNIQUE (a) WHERE a > 1) -- NOT ENFORCED"),
        (1305, "FUNCTION app.jsonn does not exist", "SELECT jsonn(1)"),
        (1273, "Unknown collation: 'utf8mb4_nonesuch_ci'", "CREATE TABLE t (a text COLLATE utf8mb4_nonesuch_ci)"),
        (1286, "Unknown storage engine 'innobd'", "CREATE TABLE t (a int) ENGINE=innobd"),
        (1005, "errno: 150", "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES b (id))"),
        (1146, "Table 'app.t' doesn't exist", "SELECT * FROM t"),
    ],
)
def test_what_mysql_refuses_too_stays_a_defect(code: int, message: str, statement: str) -> None:
    assert mysql_only(code, message, statement) == ""


NEAREST = """CREATE TABLE a (
  id int PRIMARY KEY,
  code varchar(9) COLLATE utf8mb4_0900_bin,
  loud varchar(9) COLLATE utf8mb4_de_pb_0900_as_cs,
  at point NOT NULL SRID 4326,
  CONSTRAINT upper_only CHECK (REGEXP_LIKE(code, '^[A-Z]{2}$', 'c')),
  CONSTRAINT some CHECK (regexp_like(lower(`loud`), '^x')),
  KEY k (code) INVISIBLE
) COLLATE utf8mb4_0900_ai_ci;
ALTER TABLE a DROP CHECK some;
INSERT INTO a VALUES (1, 'AB', 'Y', point(1, 1));
INSERT INTO a VALUES (2, 'ab', 'Y', point(1, 1));
ALTER TABLE a DROP CHECK some;
"""


def test_what_mariadb_says_in_other_words_runs() -> None:
    result, counts = judged({"schema.sql": NEAREST})
    assert [(each.location.line, each.symbol) for each in result.findings] == [
        (12, "INSERT INTO a 4025 upper_only"),
        (13, "ALTER TABLE a 1091 some"),
    ]
    assert counts == {"a": 1}
    assert nearest("a COLLATE utf8mb4_0900_ai_ci, b int") == "a COLLATE utf8mb4_unicode_520_nopad_ci, b int"
    assert nearest("SELECT 'as it is'") == "SELECT 'as it is'"


def test_a_statement_that_does_not_end_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "STATEMENT_SECONDS", 0.3)
    schema = "CREATE TABLE t (x int);\nSELECT sleep(60);\nSET max_statement_time = 0;\nSELECT sleep(60);\nSELECT 1;\n"
    result, _ = judged({"schema.sql": schema})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)
    assert [each.what for each in result.not_checked] == [
        "schema.sql:2: SELECT SLEEP(60)",
        "schema.sql:4: SELECT SLEEP(60)",
    ]
    assert result.not_checked[1].why == "ended the session or the server; nothing after it was run"


def test_without_a_server_the_stage_is_unverified_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mariadb, "binaries", lambda: None)
    result, why = judged({"schema.sql": "CREATE TABLE t (x int);"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NO_DATABASE)
    assert result.stage.detail == why
    assert why == "MariaDB, which runs MySQL's dialect, is not installed: apt-get install mariadb-server"
